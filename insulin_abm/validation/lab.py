"""A laboratory that does the shipped experiments with one seed, each of them once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from insulin_abm.dish import Dish
from insulin_abm.parameters import Registry
from insulin_abm.results.culture import Row, live_wells
from insulin_abm.scenario import DishScenario
from insulin_abm.scenario.medium import Well


@dataclass(frozen=True)
class Culture:
    """What was seen of a dish.

    Attributes
    ----------
    wells, tests : pandas.DataFrame
        As in `wells.csv` and `tests.csv`.
    """

    wells: pd.DataFrame
    tests: pd.DataFrame

    def well(self, number: int = 0) -> pd.DataFrame:
        """Give the rows of a well, in the order of the doses."""
        labels = list(dict.fromkeys(self.wells["well"]))
        return self.wells[self.wells["well"] == labels[number]]

    def at_the_end(self) -> pd.DataFrame:
        """Give the last row of every well, in the order of the doses."""
        return self.wells[self.wells["time_min"] == self.wells["time_min"].max()]


class _Notes:
    """Keeps what is seen."""

    def __init__(self) -> None:
        self.wells: list[Row] = []
        self.tests: list[Row] = []

    def well(self, row: Row) -> None:
        """A well at a moment."""
        self.wells.append(row)

    def test(self, row: Row) -> None:
        """The result of a test dose."""
        self.tests.append(row)

    def cells(self, dish: Dish, well: Well) -> None:
        """Single cells are not looked at."""


class Lab:
    """Does experiments, and remembers what it has done.

    Parameters
    ----------
    seed : int
        Of all chance.
    threads : int
        How many threads share the cells.
    changes : mapping of str to object
        What is different in all experiments from how they are shipped, by name.
    """

    def __init__(self, seed: int, threads: int = 1, changes: Mapping[str, object] | None = None) -> None:
        self.seed = seed
        self._threads = threads
        self._changes = dict(changes or {})
        self._done: dict[str, Culture] = {}

    def parameters(self, line: str) -> Registry:
        """Give the numbers of a line, or of cells of the body, with what is different here."""
        return DishScenario.load("dish_dose_response", {**self._changes, "dish.line": line}).parameters

    def culture(self, scenario: str, changes: Mapping[str, object]) -> Culture:
        """Do a shipped experiment.

        Parameters
        ----------
        scenario : str
            Name of a shipped scenario of a dish.
        changes : mapping of str to object
            What is different here, by name, such as ``{"dish.line": "im9"}``.
        """
        named = {**self._changes, **changes, "seed": self.seed}  # what a measurement depends on is its own
        key = json.dumps([scenario, named], sort_keys=True)
        if key not in self._done:
            notes = _Notes()
            loaded = DishScenario.load(scenario, named)
            live_wells(loaded, loaded.dish(threads=self._threads), notes)
            self._done[key] = Culture(pd.DataFrame(notes.wells), pd.DataFrame(notes.tests))
        return self._done[key]
