"""Published facts that the model is measured against, each with its spread, conditions, source and certainty."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

ASSUMED = "assumed20"
"""Kind of spread of a fact that was published without one: 20 % on both sides are assumed."""
EMERGENT = "emergent"
"""Role of a fact that must come out of the model; others went in, or stem from another model."""


@dataclass(frozen=True)
class Target:
    """A published fact.

    Attributes
    ----------
    id, group : str
        Its name and that of the paper or experiment it belongs to.
    protocol, population, quantity, unit, conditions : str
        How it was measured, in whom, and what.
    value, low, high : float
        The number and its spread.
    spread_kind : str
        What the spread is (`ASSUMED` if none was published).
    source, certainty : str
        Where it comes from, and how sure it is.
    role : str
        Whether it must come out (`EMERGENT`), went in ("input"), stems from another model ("reference_model") or is
        outside of what is simulated ("not_simulated").
    needs : str
        What must be built to measure it.
    """

    id: str
    group: str
    protocol: str
    population: str
    quantity: str
    value: float
    unit: str
    low: float
    high: float
    spread_kind: str
    conditions: str
    source: str
    certainty: str
    role: str
    needs: str

    @property
    def spread(self) -> float:
        """Half of the width of its band."""
        return 0.5 * (self.high - self.low)

    @property
    def is_upper_limit(self) -> bool:
        """Whether only a limit is known that it does not exceed."""
        return self.value == self.high

    def has(self, value: float) -> bool:
        """Whether a value is within the band."""
        return self.low <= value <= self.high


@cache
def targets() -> dict[str, Target]:
    """Give all facts by their ids, in the order of the file."""
    text = (files("insulin_abm.parameters") / "data" / "targets.csv").read_text("utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        numbers = {name: float(row.pop(name)) for name in ("value", "low", "high")}
        found[row["id"]] = Target(**row, **numbers)  # type: ignore[arg-type]
    return found
