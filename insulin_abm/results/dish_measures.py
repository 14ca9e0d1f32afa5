"""Measures of a dish, from its tables alone: what is left of receptors, half-times, half doses, binding constants."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from insulin_abm.assays import QUANTITIES
from insulin_abm.results.kinetics import dose_of_share, scatchard, time_of_share

HALF = 0.5
EFFECTS = tuple(quantity.name for quantity in QUANTITIES if not quantity.name.endswith("_receptors"))
"""What cells do, in the order of the tables."""
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
    rows = [*_of_receptors(wells), *_of_doses(wells), *_of_binding(tests)]
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
    """At which dose of the medium cells do half of the most that they do, at the end."""
    end = wells[wells["time_min"] == wells["time_min"].max()].sort_values("insulin_pmol_per_l")
    doses = end["insulin_pmol_per_l"].to_numpy(float)
    if len(np.unique(doses)) < FEWEST_DOSES:
        return
    for name in ("bound_receptors", "total_receptors", *EFFECTS):
        effects = end[f"{name}_mean"].to_numpy(float)
        if not np.isnan(effects).any():
            value = dose_of_share(doses, effects, HALF)
            yield {
                "time_min": math.nan,
                "well": "",
                "measure": f"half_dose_of_{name}",
                "value": value,
                "unit": "pmol/L",
            }


def _of_binding(tests: pd.DataFrame) -> Iterator[Row]:
    """Binding constant and number of sites of each assay on ice."""
    on_ice = tests[(tests["test"] == "binding") & (tests["dose_pmol_per_l"] > 0.0)]
    for (minute, label), assay in on_ice.groupby(["time_min", "well"], sort=False):
        if len(assay) >= FEWEST_DOSES:
            constant, sites = scatchard(assay["dose_pmol_per_l"].to_numpy(), assay["bound_receptors"].to_numpy())
            here = {"time_min": minute, "well": label}
            yield here | {"measure": "dissociation_constant", "value": constant, "unit": "pmol/L"}
            yield here | {"measure": "binding_sites", "value": sites, "unit": "receptors"}
