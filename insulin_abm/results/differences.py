"""Where runs differ from the first one: their measures, and the means of their curves over the time they share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from insulin_abm.parameters.conversions import PERCENT
from insulin_abm.results.compared import COURSES, Run, common_end
from insulin_abm.results.measures import MEASURES, UNKNOWN
from insulin_abm.results.tables import TableWriter, written

WHOLE = "each run"
"""The time of what is measured over a whole run, however long it was."""
SHOWN_DIGITS = 3
LARGE_PERCENT = 10.0
"""From here on percentages are shown without decimals."""


@dataclass(frozen=True)
class Row:
    """One measure of all runs.

    Attributes
    ----------
    measure, unit, time : str
        Its name and unit, and of which time it is.
    values : tuple of float
        One for each run, NaN where it is not known.
    """

    measure: str
    unit: str
    time: str
    values: tuple[float, ...]

    @property
    def differences(self) -> list[float]:
        """How much more than the first run the others have."""
        return [value - self.values[0] for value in self.values[1:]]

    @property
    def ratios(self) -> list[float]:
        """How many times the first run's value the others have (NaN where that is zero)."""
        first = self.values[0]
        return [value / first if first else UNKNOWN for value in self.values[1:]]


def differences(runs: Sequence[Run]) -> list[Row]:
    """List the measures that any run has, and the means of the courses over the common time."""
    end = common_end(runs)
    rows = [
        Row(one.name, one.unit, WHOLE, tuple(float(run.summary.get(one.name, UNKNOWN)) for run in runs))
        for one in MEASURES
    ]
    rows += [
        Row(f"{column}_mean", unit, f"0 to {end:g} min", tuple(_mean(*run.course(column, end)) for run in runs))
        for column, unit in COURSES.items()
    ]
    return [row for row in rows if not all(map(math.isnan, row.values))]


def write_differences(path: Path, runs: Sequence[Run], rows: Sequence[Row]) -> None:
    """Write a row per measure: the value of every run, its difference from the first and its ratio to it."""
    labels = [run.label for run in runs]
    headings = ["measure", "unit", "time", *labels]
    headings += [f"{kind}_{label}" for label in labels[1:] for kind in ("difference", "ratio")]
    with TableWriter(path, headings) as table:
        for row in rows:
            pairs = [number for pair in zip(row.differences, row.ratios, strict=True) for number in pair]
            table.append_texts([(row.measure, row.unit, row.time, *map(written, (*row.values, *pairs)))])


def shown(runs: Sequence[Run], rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Give a table for people: headings first, then a row per measure, with each run's change against the first."""
    first, *others = (run.label for run in runs)
    table: list[tuple[str, ...]] = [("measure", "unit", "time", first, *others)]
    for row in rows:
        values = [written(value, SHOWN_DIGITS) if abs(value) < 1e3 else _thousands(value) for value in row.values]
        changes = [_change(ratio) for ratio in row.ratios]
        changed = [f"{value} {change}".strip() for value, change in zip(values[1:], changes, strict=True)]
        table.append((row.measure, row.unit, row.time, values[0], *changed))
    return table


def _mean(time: np.ndarray, values: np.ndarray) -> float:
    """Mean of a course over time (trapezoids)."""
    return float(np.trapezoid(values, time) / (time[-1] - time[0])) if len(time) > 1 else float(values[0])


def _thousands(value: float) -> str:
    return "" if math.isnan(value) else f"{value:,.0f}"


def _change(ratio: float) -> str:
    """Write a ratio as a change in percent."""
    percent = PERCENT * (ratio - 1.0)
    if math.isnan(percent):
        return ""
    return f"({percent:+,.0f} %)" if abs(percent) >= LARGE_PERCENT else f"({percent:+.2g} %)"
