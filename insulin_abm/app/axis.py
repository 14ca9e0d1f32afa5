"""The time axis of the chart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from insulin_abm.app.model import PersonModel
from insulin_abm.parameters.conversions import MINUTES_PER_DAY, MINUTES_PER_HOUR

LEFT, RIGHT = 44, 552
TICK_MINUTES = (5, 15, 30, 60, 120, 180, 240)
TICK_DAYS = (1, 2, 5, 10, 30, 60, 180, 365, 730, 1825, 3650)
MOST_TICKS = 8
SPANS = {"a day": MINUTES_PER_DAY, "a week": 7 * MINUTES_PER_DAY, "30 days": 30 * MINUTES_PER_DAY, "everything": 0}
"""How much of the past is shown, in minutes; 0: all of it."""


@dataclass(frozen=True)
class Axis:
    """The time that is shown, in minutes after the start of the scenario."""

    first: int
    last: int
    start_min_of_day: int

    def x(self, time: float) -> float:
        """Where a minute is."""
        return LEFT + (time - self.first) / (self.last - self.first) * (RIGHT - LEFT)

    def ticks(self) -> Iterator[tuple[int, str]]:
        """Give round times of day, of longer times round days."""
        length = self.last - self.first
        steps = (*TICK_MINUTES, *(days * MINUTES_PER_DAY for days in TICK_DAYS))
        step = next((step for step in steps if length / step <= MOST_TICKS), steps[-1])
        time = self.first + -(self.first + self.start_min_of_day) % step
        while time <= self.last:
            day, minute = divmod(self.start_min_of_day + time, MINUTES_PER_DAY)
            clock = f"{minute // MINUTES_PER_HOUR:02d}:{minute % MINUTES_PER_HOUR:02d}"
            yield time, clock if step < MINUTES_PER_DAY else f"day {day + 1}"
            time += step


def axis_of(model: PersonModel, span: str) -> Axis:
    """Show a span of time that ends now, or the beginning of the scenario."""
    length = min(model.shown.duration_min, SPANS[span] or model.shown.duration_min)
    first = max(0, model.time - length)
    return Axis(first, first + length, model.shown.start_min_of_day)
