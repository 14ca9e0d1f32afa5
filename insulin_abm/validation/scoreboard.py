"""The scoreboard: every published fact beside what the model gives, over several seeds."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from insulin_abm.parameters import Fault, Faults
from insulin_abm.parameters.conversions import PERCENT
from insulin_abm.parameters.faults import unknown
from insulin_abm.parameters.targets import ASSUMED, EMERGENT, Target, targets
from insulin_abm.results.names import SCOREBOARD, VALIDATION
from insulin_abm.results.place import Place
from insulin_abm.results.tables import write_table
from insulin_abm.scenario import DishScenario
from insulin_abm.validation import dish
from insulin_abm.validation.experiments import SCENARIOS, Measure
from insulin_abm.validation.lab import Lab

PROTOCOLS: dict[str, Mapping[str, Measure]] = {"dish": dish.MEASURES}
"""How the facts of each protocol are measured."""
SEEDS = (1, 2, 3, 4, 5)
COLUMNS = (
    "id",
    "group",
    "quantity",
    "unit",
    "simulated",
    "simulated_sd",
    "value",
    "low",
    "high",
    "inside",
    "role",
    "certainty",
    "source",
)


@dataclass(frozen=True)
class Score:
    """A fact, and what the model gave with each seed (nothing, if it was not measured)."""

    target: Target
    simulated: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean over the seeds."""
        return statistics.fmean(self.simulated) if self.simulated else math.nan

    @property
    def inside(self) -> bool:
        """Whether the mean is within the band."""
        return self.target.has(self.mean)

    @property
    def error(self) -> float:
        """Distance from the published value, in spreads."""
        return abs(self.mean - self.target.value) / self.target.spread if self.target.spread else math.nan

    def row(self) -> dict[str, object]:
        """A row of `scoreboard.csv`."""
        fact = self.target
        known = bool(self.simulated)
        return {
            **{name: getattr(fact, name) for name in COLUMNS if hasattr(fact, name)},
            "simulated": self.mean,
            "simulated_sd": statistics.stdev(self.simulated) if len(self.simulated) > 1 else math.nan,
            "inside": ("yes" if self.inside else "no") if known else "",
        }


@dataclass(frozen=True)
class Tally:
    """How many facts came out.

    Attributes
    ----------
    called : str
        Which facts.
    inside, measured : int
        How many are within their bands, of how many.
    median_error : float
        Median distance from the published values, in spreads.
    """

    called: str
    inside: int
    measured: int
    median_error: float

    def __str__(self) -> str:
        share = f" ({PERCENT * self.inside / self.measured:.0f} %)" if self.measured else ""
        error = f"median |error| {self.median_error:.2f} spreads"
        return f"{self.called}: {self.inside} of {self.measured} inside{share}, {error}"


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


def tallies(scores: Iterable[Score]) -> list[Tally]:
    """Count what came out: of emergent facts in all, of those with a published spread, of those with an assumed one."""
    emergent = [score for score in scores if score.target.role == EMERGENT and score.simulated]
    assumed = [score for score in emergent if score.target.spread_kind == ASSUMED]
    published = [score for score in emergent if score.target.spread_kind != ASSUMED]
    named = {"emergent facts": emergent, "with a published band": published, "with an assumed band (20 %)": assumed}
    return [
        Tally(
            called,
            sum(score.inside for score in some),
            len(some),
            statistics.median([score.error for score in some]) if some else math.nan,
        )
        for called, some in named.items()
    ]


def write_scoreboard(scores: Sequence[Score], folder: Path, overwrite: bool) -> None:
    """Write `scoreboard.csv`: emergent facts first, those with an assumed band after the others, then what went in.

    Raises
    ------
    PlaceError
        There is something already, or nothing can be written there.
    """
    with Place(folder, VALIDATION, overwrite) as place:
        write_table(place.part / SCOREBOARD, COLUMNS, [score.row() for score in in_order(scores)])
        place.finish()


def in_order(scores: Sequence[Score]) -> list[Score]:
    """Put scores into the order of the table."""
    return sorted(scores, key=lambda s: (s.target.role != EMERGENT, s.target.role, s.target.spread_kind == ASSUMED))
