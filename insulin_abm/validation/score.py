"""A published fact beside what the model gives, and how many come out."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from insulin_abm.parameters.conversions import PERCENT
from insulin_abm.parameters.targets import ASSUMED, EMERGENT, Target

YEARS = "years"
"""What facts need that months and years of a person's life show."""
COLUMNS = (
    "id",
    "group",
    "protocol",
    "population",
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
    def known(self) -> bool:
        """Whether it was measured, and could be with every seed."""
        return bool(self.simulated) and all(map(math.isfinite, self.simulated))

    @property
    def mean(self) -> float:
        """Mean over the seeds."""
        return statistics.fmean(self.simulated) if self.known else math.nan

    @property
    def inside(self) -> bool:
        """Whether the mean is within the band."""
        return self.target.has(self.mean)

    @property
    def error(self) -> float:
        """Distance from the published value, in spreads: none below an upper limit, endless where nothing is known."""
        if not self.known:
            return math.inf
        fact = self.target
        distance = self.mean - fact.value if fact.is_upper_limit else abs(self.mean - fact.value)
        return max(0.0, distance) / fact.spread if fact.spread else math.inf

    def row(self) -> dict[str, object]:
        """A row of `scoreboard.csv`."""
        fact = self.target
        return {
            **{name: getattr(fact, name) for name in COLUMNS if hasattr(fact, name)},
            "simulated": self.mean,
            "simulated_sd": statistics.stdev(self.simulated) if self.known and len(self.simulated) > 1 else math.nan,
            "inside": ("yes" if self.inside else "no") if self.simulated else "",
        }


@dataclass(frozen=True)
class Tally:
    """How many facts came out.

    Attributes
    ----------
    called : str
        Which facts.
    inside, due, measured : int
        How many are within their bands, how many must be, and how many of these were measured.
    median_error : float
        Median distance from the published values, in spreads.
    """

    called: str
    inside: int
    due: int
    measured: int
    median_error: float

    def __str__(self) -> str:
        share = f" ({PERCENT * self.inside / self.due:.0f} %)" if self.due else ""
        error = f"median |error| of the {self.measured} measured {self.median_error:.2f} half widths of the band"
        return f"{self.called}: {self.inside} of {self.due} inside{share}, {error}"


def is_due(fact: Target) -> bool:
    """Whether a fact is emergent, and needs neither months nor years."""
    return fact.role == EMERGENT and fact.needs != YEARS


def tallies(scores: Iterable[Score]) -> list[Tally]:
    """Count what came out of the facts of cells and clinics: in all, with a published band, and with an assumed one.

    Then those of months and years, and all together. What is not measured counts as not inside.
    """
    scores = list(scores)
    due = [score for score in scores if is_due(score.target)]
    assumed = [score for score in due if score.target.spread_kind == ASSUMED]
    published = [score for score in due if score.target.spread_kind != ASSUMED]
    years = [score for score in scores if score.target.role == EMERGENT and not is_due(score.target)]
    named = {
        "emergent facts": due,
        "with a published band": published,
        "with an assumed band (20 %)": assumed,
        "of months and years": years,
        "all emergent facts": [*due, *years],
    }
    return [
        Tally(
            called,
            sum(score.inside for score in some),
            len(some),
            sum(bool(score.simulated) for score in some),
            statistics.median([score.error for score in some if score.simulated] or [math.nan]),
        )
        for called, some in named.items()
    ]


def in_order(scores: Sequence[Score]) -> list[Score]:
    """Put scores into the order of the table: emergent facts first, and of them those that are not inside."""

    def place(score: Score) -> tuple[object, ...]:
        fact = score.target
        return fact.role != EMERGENT, fact.role, score.inside, fact.spread_kind == ASSUMED

    return sorted(scores, key=place)
