"""Measures of a dish, from its tables alone: what is left of receptors, half-times, half doses, binding constants."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from insulin_abm.cell_quantities import QUANTITIES
from insulin_abm.kinetics import dose_of_share, scatchard, time_of_share

HALF = 0.5
EFFECTS = tuple(quantity.name for quantity in QUANTITIES if not quantity.name.endswith("_receptors"))
"""What cells do, in the order of the tables."""
DOSED = {
    "insulin_pmol_per_l": ("half_dose", "pmol/L"),
    "glucose_mmol_per_l": ("half_glucose", "mmol/L"),
}
"""In what wells may differ that has a half dose: what its measures are called, and the unit."""
LEAST_CHANGE = 0.05
"""Less than this share of receptors is no change that has a half-time."""
FEWEST_DOSES = 3
"""With fewer doses there is no curve to read a half dose or a binding constant off."""

Row = dict[str, Any]


def dish_measures(wells: pd.DataFrame, tests: pd.DataFrame) -> list[Row]:
    """Give the rows of `measures.csv`.

    Parameters
    ----------
    wells, tests : pandas.DataFrame
        `wells.csv` and `tests.csv`.
    """
    rows = [*_of_receptors(wells), *_of_doses(wells), *_of_responses(tests), *_of_binding(tests)]
    return [row for row in rows if not math.isnan(row["value"])]


def _of_receptors(wells: pd.DataFrame) -> Iterator[Row]:
    """What became of the receptors of each well."""
    for label, well in wells.groupby("well", sort=False):
        times, total = well["time_min"].to_numpy(), well["total_receptors_mean"].to_numpy()
        inside = well["internal_receptors_mean"].to_numpy() / total
        end = {"time_min": float(times[-1]), "well": label}
        yield end | {"measure": "receptors_left", "value": total[-1] / total[0], "unit": "1"}
        if abs(total[-1] / total[0] - 1.0) >= LEAST_CHANGE:
            yield end | {"measure": "half_time_of_change", "value": time_of_share(times, total, HALF), "unit": "min"}
        yield end | {"measure": "share_inside_at_first", "value": inside[0], "unit": "1"}
        yield end | {"measure": "largest_share_inside", "value": inside.max(), "unit": "1"}


def _of_doses(wells: pd.DataFrame) -> Iterator[Row]:
    """At which dose of the medium cells do half of what they do in the last, at the end."""
    end = wells[wells["time_min"] == wells["time_min"].max()]
    for column, (half, unit) in DOSED.items():
        ordered = end.sort_values(column)
        doses = ordered[column].to_numpy(float)
        if len(np.unique(doses)) < FEWEST_DOSES:
            continue
        for name in ("bound_receptors", "total_receptors", *EFFECTS):
            if is_known(end, name):
                value = dose_of_share(doses, ordered[f"{name}_mean"].to_numpy(float), HALF)
                yield {"time_min": math.nan, "well": "", "measure": f"{half}_of_{name}", "value": value, "unit": unit}


def _of_responses(tests: pd.DataFrame) -> Iterator[Row]:
    """At which test dose cells do half of what they do in the largest, if there is a test without insulin."""
    for (minute, label), one in by_moment_and_well(tests[tests["test"] == "response"]):
        ordered = one.sort_values("dose_pmol_per_l")
        doses = ordered["dose_pmol_per_l"].to_numpy(float)
        if len(np.unique(doses)) >= FEWEST_DOSES and doses[0] == 0.0:
            for name in (name for name in EFFECTS if name in ordered and not ordered[name].isna().any()):
                value = dose_of_share(doses, ordered[name].to_numpy(float), HALF)
                here = {"time_min": minute, "well": label, "measure": f"half_test_dose_of_{name}"}
                yield here | {"value": value, "unit": "pmol/L"}


def _of_binding(tests: pd.DataFrame) -> Iterator[Row]:
    """Binding constant and number of sites of each assay on ice."""
    for (minute, label), assay in binding_assays(tests):
        constant, sites = scatchard(assay["dose_pmol_per_l"].to_numpy(), assay["bound_receptors"].to_numpy())
        here = {"time_min": minute, "well": label}
        yield here | {"measure": "dissociation_constant", "value": constant, "unit": "pmol/L"}
        yield here | {"measure": "binding_sites", "value": sites, "unit": "receptors"}


def binding_assays(tests: pd.DataFrame) -> list[tuple[tuple[float, str], pd.DataFrame]]:
    """Give the binding assays that have enough doses for a Scatchard plot, by moment and well."""
    on_ice = tests[(tests["test"] == "binding") & (tests["dose_pmol_per_l"] > 0.0)]
    return [(key, one) for key, one in by_moment_and_well(on_ice) if one["dose_pmol_per_l"].nunique() >= FEWEST_DOSES]


def by_moment_and_well(tests: pd.DataFrame) -> Iterator[tuple[tuple[float, str], pd.DataFrame]]:
    """Give the tests of each moment and well."""
    for minute, of_moment in tests.groupby("time_min", sort=False):
        for well, one in of_moment.groupby("well", sort=False):
            yield (float(minute), str(well)), one  # type: ignore[arg-type]


def is_known(wells: pd.DataFrame, name: str) -> bool:
    """Whether the cells of the wells have a quantity."""
    return f"{name}_mean" in wells and not wells[f"{name}_mean"].isna().any()
