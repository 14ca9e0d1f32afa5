"""One person, or two side by side, as SolaraViz wants its models: made from keywords alone, and stepped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from insulin_abm.app.choices import AS_WRITTEN, NOBODY, chosen
from insulin_abm.app.life import Life
from insulin_abm.app.pace import Pace
from insulin_abm.app.space import CellSpace
from insulin_abm.parameters.conversions import MINUTES_PER_DAY, MINUTES_PER_HOUR
from insulin_abm.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

LETTERS = "AB"


class PersonModel:
    """The people on the page.

    Mesa's Reset makes a new one by ``type(model)(**parameters)``; all parameters are those of the page.

    Parameters
    ----------
    opened : Scenario
        The scenario that the page was opened with.
    pace : Pace
        How far a step goes, and what Play waits for before the next one.
    scenario : str
        What happens: the name of `opened`, or of one that comes with the program.
    person : str
        Who, see `choices.chosen`.
    beside : str
        Who lives the same with the same draws beside the person.
    seed : int
        Of all chance.
    cells : int
        Cell agents in all, in the proportions of the scenario.

    Attributes
    ----------
    lives : list of Life
        The person, and who is beside.
    running : bool
        Whether the scenario has not ended yet.
    lock : threading.RLock
        Held while the bodies live; hold it to read from another thread.
    """

    def __init__(
        self,
        *,
        opened: Scenario,
        pace: Pace,
        scenario: str = "",
        person: str = AS_WRITTEN,
        beside: str = NOBODY,
        seed: int = 1,
        cells: int = 1000,
    ) -> None:
        shown = opened if scenario in ("", opened.name) else Scenario.load(scenario)
        self.pace = pace
        self.running = True
        self.lock = threading.RLock()
        who = [person] if beside == NOBODY else [person, beside]
        self.lives = [Life(chosen(shown, one, seed, cells), one) for one in who]

    def letter(self, number: int) -> str:
        """Tell people apart in titles: "A: " and "B: ", nothing if there is only one."""
        return f"{LETTERS[number]}: " if len(self.lives) > 1 else ""

    @property
    def shown(self) -> Scenario:
        """What happens to the person, with all that was done on the page."""
        return self.lives[0].scenario

    @property
    def time(self) -> int:
        """Minutes since the start of the scenario."""
        return self.lives[0].time

    @property
    def steps(self) -> int:
        """The minute, for those who ask a Mesa model for its steps."""
        return self.time

    @property
    def clock(self) -> str:
        """The day and the time of day."""
        day, minute = divmod(self.shown.start_min_of_day + self.time, MINUTES_PER_DAY)
        return f"Day {day + 1}, {minute // MINUTES_PER_HOUR:02d}:{minute % MINUTES_PER_HOUR:02d}"

    @cached_property
    def space(self) -> CellSpace:
        """Where Mesa's own renderers find the muscle cells of the person."""
        return CellSpace(self.lives[0].body)

    @property
    def datacollector(self) -> PersonModel:
        """What Mesa's plots ask for the series of the person."""
        return self

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """Give the columns of `timeseries.csv` of the person so far; the index is the minute."""
        with self.lock:
            return self.lives[0].series.frame()

    def step(self) -> None:
        """Live as many minutes as are due; the end of the scenario is the last."""
        minutes = self.pace.minutes_due()
        with self.lock:
            first = self.lives[0]
            end = min(first.whole_steps(self.time + minutes), self.shown.duration_min)
            for life in self.lives:
                life.live_until(end)
            self.running = not self.pace.closed and end < self.shown.duration_min

    def do(self, key: str, entry_at: Callable[[int], dict[str, Any]]) -> int:
        """Let something happen to everybody on the page, at the next minute at which nothing else does.

        Parameters
        ----------
        key : str
            The list of the scenario that it belongs to, such as ``meals``.
        entry_at : callable
            Gives what the list gets, without its ``at``, for a minute.

        Returns
        -------
        int
            The minute.

        Raises
        ------
        Faults
            It is nothing that a scenario may say; nothing was done.
        """
        with self.lock:
            minute = self.soon
            for life in self.lives:
                life.do(key, {"at": f"{minute} min", **entry_at(minute)})
            return minute

    @property
    def soon(self) -> int:
        """The next minute at which nothing else happens to anybody."""
        return max(life.soon for life in self.lives)

    def close(self) -> None:
        """Give back what was kept on disk."""
        for life in self.lives:
            life.close()
