"""A person as SolaraViz wants its models: made from keywords alone, and a step is some minutes long."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import replace
from typing import NamedTuple

from insulin_abm.app.pace import Pace
from insulin_abm.body import Body
from insulin_abm.parameters import Steps
from insulin_abm.parameters.conversions import MINUTES_PER_DAY
from insulin_abm.scenario import Scenario
from insulin_abm.scenario.cells import split


class Point(NamedTuple):
    """What the curves show of one moment: min, mmol/L and pmol/L."""

    time: int
    glucose: float
    insulin: float


class PersonModel:
    """The person of a scenario on the page.

    Mesa's Reset makes a new one by ``type(model)(**parameters)``; all parameters are those of the page.

    Parameters
    ----------
    shown : Scenario
        Who, and what happens.
    pace : Pace
        What Play waits for before the next step.
    seed : int
        Of all chance.
    cells : int
        Cell agents in all, in the proportions of the scenario.
    minutes_per_step : int
        How long a step is.

    Attributes
    ----------
    body : Body
        The person, a `mesa.Model`.
    running : bool
        Whether the scenario has not ended yet.
    points : deque of Point
        The curves, at most a day of them.
    lock : threading.RLock
        Held while the body lives; hold it to read from another thread.
    """

    def __init__(self, *, shown: Scenario, pace: Pace, seed: int, cells: int, minutes_per_step: int) -> None:
        self.shown = shown
        self.pace = pace
        self.minutes_per_step = minutes_per_step
        self.body: Body = replace(shown, cells=split(cells, shown.cells)).body(seed=seed)
        self.running = True
        self.lock = threading.RLock()
        self.points: deque[Point] = deque(maxlen=MINUTES_PER_DAY // min(shown.record_every_min, MINUTES_PER_DAY) + 1)
        self._note()

    @property
    def time(self) -> int:
        """Minutes since the start of the scenario."""
        return int(self.body.time)

    @property
    def clock(self) -> str:
        """The day and the time of day."""
        day, minute = divmod(self.shown.start_min_of_day + self.time, MINUTES_PER_DAY)
        return f"Day {day + 1}, {minute // 60:02d}:{minute % 60:02d}"

    def step(self) -> None:
        """Live the minutes of a step, once the page has drawn the last one; the end of the scenario is the last."""
        self.pace.wait()
        with self.lock:
            end = min(self.time + self._whole_steps(self.minutes_per_step), self.shown.duration_min)
            every = self.shown.record_every_min
            while self.time < end:
                self.body.run_until(min(end, (self.time // every + 1) * every))
                self._note()
            self.running = end < self.shown.duration_min

    def _whole_steps(self, minutes: int) -> int:
        """The next time at which a step of the body ends."""
        whole = Steps(self.shown.step_min).whole_minutes
        return -(-minutes // whole) * whole

    def _note(self) -> None:
        blood = self.body.blood
        self.points.append(Point(self.time, float(blood.plasma_glucose), float(blood.plasma_insulin)))
