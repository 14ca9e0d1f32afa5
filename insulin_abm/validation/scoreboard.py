"""The scoreboard: every published fact beside what the model gives, over several seeds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from insulin_abm.parameters import Fault, Faults
from insulin_abm.parameters.faults import unknown
from insulin_abm.parameters.targets import Target, targets
from insulin_abm.results.cluster import Work
from insulin_abm.results.cluster import done as done_in_processes
from insulin_abm.results.drawing import save_figure
from insulin_abm.results.manifest import program_version
from insulin_abm.results.names import (
    FIGURES,
    MANIFEST,
    NOTE,
    RIBBONS_PICTURE,
    SCOREBOARD,
    SCOREBOARD_PICTURE,
    SCOREBOARD_TEXT,
    VALIDATION,
)
from insulin_abm.results.place import Place
from insulin_abm.results.tables import write_table
from insulin_abm.scenario import DishScenario
from insulin_abm.scenario.overrides import top_key
from insulin_abm.scenario.scenario import DISH, KEYS
from insulin_abm.validation import picture, report
from insulin_abm.validation.curves import Curves
from insulin_abm.validation.experiments import SCENARIOS
from insulin_abm.validation.measuring import PART_OF_PEOPLE, PARTS, Found, measure_part
from insulin_abm.validation.score import COLUMNS, Score, in_order
from insulin_abm.validation.ward import Ward

SEEDS = (1, 2, 3, 4, 5)
CHANGEABLE = ("cells", "parameters")
"""What of a scenario may be changed in all experiments."""


def protocols() -> tuple[str, ...]:
    """Name the protocols that facts were measured by."""
    return tuple(dict.fromkeys(fact.protocol for fact in targets().values()))


def facts_of(protocol: str | None) -> list[Target]:
    """Give the facts of a protocol, all if none is named."""
    return [fact for fact in targets().values() if protocol in (None, fact.protocol)]


def refuse(protocol: str | None, seeds: Sequence[int], changes: Mapping[str, object]) -> None:
    """Refuse, before anything is measured, what cannot be.

    Raises
    ------
    Faults
        There is no such protocol, no seed, or a change names nothing.
    """
    faults = []
    if protocol is not None and protocol not in protocols():
        faults.append(unknown("--protocol", "protocol", protocol, protocols()))
    if not seeds:
        faults.append(Fault("--seeds", "there is none", 'Write for example --seeds "1-5"'))
    faults += [
        Fault(f"--set {name}", "is part of the experiments", "Change parameters, or cells")
        for name in changes
        if top_key(name) in (*KEYS, DISH, "changes", "tests") and top_key(name) not in CHANGEABLE
    ]
    if faults:
        raise Faults(faults)
    Ward(seeds[0], changes=changes).parameters()
    for name in SCENARIOS:
        DishScenario.load(name, changes)


def measure(
    protocol: str | None = None,
    seeds: Sequence[int] = SEEDS,
    workers: int = 1,
    changes: Mapping[str, object] | None = None,
    done: Callable[[int, int], None] | None = None,
) -> list[Score]:
    """Measure all facts, or those of a protocol.

    Parameters
    ----------
    protocol : str or None
        One of `protocols`; all of them if none is named.
    seeds : sequence of int
        Each experiment is done with each of them.
    workers : int
        How many processes measure at a time; 1 measures in this one.
    changes : mapping of str to object, optional
        What is different in all experiments, by name.
    done : callable, optional
        Is told how many of the parts (dishes or people, with one seed) are measured, of how many.
    """
    return _measured(protocol, seeds, workers, changes or {}, done, with_curves=False)[0]


def _measured(
    protocol: str | None,
    seeds: Sequence[int],
    workers: int,
    changes: Mapping[str, object],
    done: Callable[[int, int], None] | None,
    *,
    with_curves: bool,
) -> tuple[list[Score], list[Curves]]:
    facts = facts_of(protocol)
    wanted = frozenset(fact.id for fact in facts)
    parts = [(part, seed) for seed in seeds for part, (_, measures) in PARTS.items() if wanted & measures.keys()]
    measure_one = partial(measure_part, with_curves=with_curves)
    work: dict[tuple[str, int], Work] = {
        (part, seed): (measure_one, (part, seed, changes, wanted)) for part, seed in parts
    }
    found: dict[tuple[str, int], Found] = {}
    for number, (place, result) in enumerate(done_in_processes(work, workers), start=1):
        found[place] = result
        if done is not None:
            done(number, len(work))
    values: dict[str, list[float]] = {fact.id: [] for fact in facts}
    for place in parts:
        for fact, value in found[place].values.items():
            values[fact].append(value)
    curves = [found[place].curves for place in parts if place[0] == PART_OF_PEOPLE]
    return [Score(fact, tuple(values[fact.id])) for fact in facts], curves


def validate(
    protocol: str | None,
    folder: Path,
    seeds: Sequence[int] = SEEDS,
    workers: int = 1,
    changes: Mapping[str, object] | None = None,
    overwrite: bool = False,
    done: Callable[[int, int], None] | None = None,
) -> list[Score]:
    """Measure facts, and write `scoreboard.csv`, `scoreboard.md`, pictures, and what was done.

    Parameters
    ----------
    protocol, seeds, workers, changes, done
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
        scores, curves = _measured(protocol, seeds, workers, changes or {}, done, with_curves=True)
        write_table(place.part / SCOREBOARD, COLUMNS, [score.row() for score in in_order(scores)])
        text = report.scoreboard(scores, seeds, changes or {})
        (place.part / SCOREBOARD_TEXT).write_text(text, encoding="utf-8")
        what = {"protocol": protocol or "all", "seeds": list(seeds), "changes": dict(changes or {})}
        about = {"program": "insulin_abm", "version": program_version(), "note": NOTE, **what}
        (place.part / MANIFEST).write_text(f"{json.dumps(about, indent=2)}\n", encoding="utf-8")
        save_figure(picture.draw(scores), place.part / FIGURES / SCOREBOARD_PICTURE)
        if any(curves):
            save_figure(picture.draw_ribbons(curves), place.part / FIGURES / RIBBONS_PICTURE)
        place.finish()
    return scores
