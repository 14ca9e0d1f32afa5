"""Lives the wells of a dish scenario, one after the other from the same settled cells, and tells what is seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from insulin_abm.assays import binding, quantities, response
from insulin_abm.dish import Dish
from insulin_abm.scenario import DishScenario
from insulin_abm.scenario.assays import BINDING, Test
from insulin_abm.scenario.medium import Well

SPREAD = {"p10": 10, "p90": 90}
"""Percentiles over cells, by how their columns end."""

FLUXES = {
    "insulin_degraded": ("molecules/min", "insulin that a cell degraded in the last step"),
    "receptors_made": ("receptors/min", "receptors that a cell made in the last step"),
    "receptors_degraded": ("receptors/min", "receptors that a cell degraded in the last step"),
}
"""What the layer of cells tells, with unit and meaning for each cell."""

Row = dict[str, Any]


class Watches(Protocol):
    """Who is told what is seen."""

    def well(self, row: Row) -> None:
        """A well at a moment."""

    def test(self, row: Row) -> None:
        """The result of a test dose."""

    def cells(self, dish: Dish, well: Well) -> None:
        """The cells of a well."""


def live_wells(
    scenario: DishScenario, settled: Dish, watch: Watches, progress: Callable[[int, int], None] | None = None
) -> None:
    """Live every well to its end.

    What is seen and tested in a minute comes after the changes of that minute; at minute 0 it comes before them.

    Parameters
    ----------
    scenario : DishScenario
        What happens, and what is recorded how often; the last minute always is.
    settled : Dish
        The scenario's dish at minute 0; every well is a copy of it.
    watch : Watches
        Is told.
    progress : callable, optional
        Is told how many minutes were lived, of how many in all wells.
    """
    end = scenario.duration_min
    for number, well in enumerate(scenario.wells):
        dish = settled.fork()
        scenario.enter(dish, well)
        for minute in _moments(scenario):
            dish.run_until(minute)
            if minute % scenario.record_every_min == 0 or minute == end:
                watch.well({"time_min": float(minute), "well": well.label, **_seen(dish)})
            for test in scenario.tests:
                if test.time_min == minute:
                    _tests(dish, well, test, watch)
            if minute % scenario.record_cells_every_min == 0 or minute == end:
                watch.cells(dish, well)
            if progress is not None:
                progress(number * end + minute, len(scenario.wells) * end)


def _moments(scenario: DishScenario) -> list[int]:
    """Give the minutes at which something is seen."""
    end = scenario.duration_min
    rows = range(0, end, scenario.record_every_min)
    cells = range(0, end, scenario.record_cells_every_min)
    return sorted({*rows, *cells, *(test.time_min for test in scenario.tests), end})


def _seen(dish: Dish) -> Row:
    """Give the medium, and mean and spread over cells of every quantity."""
    medium = dish.medium
    row: Row = {
        "insulin_pmol_per_l": medium.insulin,
        "glucose_mmol_per_l": medium.glucose,
        "fatty_acid_mmol_per_l": medium.fatty_acid,
    }
    for name in FLUXES:
        row[f"{name}_per_cell"] = getattr(dish.tissue, name) / dish.population_of_cells.size / dish.step_min
    for name, values in quantities(dish).items():
        row[f"{name}_mean"] = float(values.mean())
        for end, percentile in zip(SPREAD, np.percentile(values, list(SPREAD.values())), strict=True):
            row[f"{name}_{end}"] = float(percentile)
    return row


def _tests(dish: Dish, well: Well, test: Test, watch: Watches) -> None:
    """Let copies of a dish meet each test dose."""
    measure = binding if test.kind == BINDING else response
    for dose in test.doses:
        row: Row = {"time_min": float(test.time_min), "well": well.label, "test": test.kind, "dose_pmol_per_l": dose}
        watch.test(row | measure(dish, dose, test.for_min))
