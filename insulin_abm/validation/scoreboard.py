"""The scoreboard: every published fact beside what the model gives, over several seeds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from insulin_abm.parameters import Fault, Faults
from insulin_abm.parameters.faults import unknown
from insulin_abm.parameters.targets import targets
from insulin_abm.results.drawing import save_figure
from insulin_abm.results.manifest import program_version
from insulin_abm.results.names import FIGURES, MANIFEST, NOTE, SCOREBOARD, SCOREBOARD_PICTURE, VALIDATION
from insulin_abm.results.place import Place
from insulin_abm.results.tables import write_table
from insulin_abm.scenario import DishScenario
from insulin_abm.scenario.dish_scenario import KEYS
from insulin_abm.scenario.overrides import top_key
from insulin_abm.scenario.scenario import DISH
from insulin_abm.validation import dish
from insulin_abm.validation.experiments import SCENARIOS, Measure
from insulin_abm.validation.lab import Lab
from insulin_abm.validation.picture import draw
from insulin_abm.validation.score import COLUMNS, Score, in_order

PROTOCOLS: dict[str, Mapping[str, Measure]] = {"dish": dish.MEASURES}
"""How the facts of each protocol are measured."""
SEEDS = (1, 2, 3, 4, 5)
CHANGEABLE = ("cells", "parameters", "person")
"""What of a scenario may be changed in all experiments."""


def refuse(protocol: str, seeds: Sequence[int], changes: Mapping[str, object]) -> None:
    """Refuse, before anything is measured, what cannot be.

    Raises
    ------
    Faults
        There is no such protocol, no seed, or a change names nothing.
    """
    faults = []
    if protocol not in PROTOCOLS:
        faults.append(unknown("--protocol", "protocol", protocol, PROTOCOLS))
    if not seeds:
        faults.append(Fault("--seeds", "there is none", 'Write for example --seeds "1-5"'))
    faults += [
        Fault(f"--set {name}", "is part of the experiments", "Change parameters, cells, or a measure of the [person]")
        for name in changes
        if top_key(name) in KEYS and top_key(name) not in CHANGEABLE and name != f"{DISH}.cells"
    ]
    if faults:
        raise Faults(faults)
    for name in SCENARIOS:
        DishScenario.load(name, changes)


def measure(
    protocol: str,
    seeds: Sequence[int] = SEEDS,
    threads: int = 1,
    changes: Mapping[str, object] | None = None,
    done: Callable[[int, int], None] | None = None,
) -> list[Score]:
    """Measure all facts of a protocol.

    Parameters
    ----------
    protocol : str
        One of `PROTOCOLS`.
    seeds : sequence of int
        Each experiment is done with each of them.
    threads : int
        How many threads share the cells.
    changes : mapping of str to object, optional
        What is different in all experiments, by name.
    done : callable, optional
        Is told how many measurements are done, of how many.
    """
    measures = PROTOCOLS[protocol]
    facts = [fact for fact in targets().values() if fact.protocol == protocol]
    values: dict[str, list[float]] = {fact.id: [] for fact in facts}
    number = 0
    for seed in seeds:
        lab = Lab(seed, threads, changes)
        for fact in facts:
            if fact.id in measures:
                values[fact.id].append(measures[fact.id](lab))
            number += 1
            if done is not None:
                done(number, len(seeds) * len(facts))
    return [Score(fact, tuple(values[fact.id])) for fact in facts]


def validate(
    protocol: str,
    folder: Path,
    seeds: Sequence[int] = SEEDS,
    threads: int = 1,
    changes: Mapping[str, object] | None = None,
    overwrite: bool = False,
    done: Callable[[int, int], None] | None = None,
) -> list[Score]:
    """Measure all facts of a protocol, and write `scoreboard.csv`, a picture of it, and what was done.

    Parameters
    ----------
    protocol, seeds, threads, changes, done
        As for `measure`.
    folder : Path
        Where.
    overwrite : bool
        Whether a scoreboard that is there may be replaced.

    Raises
    ------
    Faults
        Something of it cannot be measured.
    PlaceError
        There is something already, or nothing can be written there.
    """
    refuse(protocol, seeds, changes or {})
    with Place(folder, VALIDATION, overwrite) as place:
        scores = measure(protocol, seeds, threads, changes, done)
        write_table(place.part / SCOREBOARD, COLUMNS, [score.row() for score in in_order(scores)])
        what = {"protocol": protocol, "seeds": list(seeds), "changes": dict(changes or {})}
        about = {"program": "insulin_abm", "version": program_version(), "note": NOTE, **what}
        (place.part / MANIFEST).write_text(f"{json.dumps(about, indent=2)}\n", encoding="utf-8")
        save_figure(draw(scores), place.part / FIGURES / SCOREBOARD_PICTURE)
        place.finish()
    return scores
