"""A user's own measurements, drawn into the pictures of a dish."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from insulin_abm.assays import QUANTITIES
from insulin_abm.results.errors import PlaceError
from insulin_abm.scenario.published import DOSE, TIME, Published

NEEDED = ("quantity", "value")
"""What a table of points must have, beside one of `X`."""
X = {"time_min": TIME, "dose_pmol_per_l": DOSE}


def read_points(path: Path) -> list[Published]:
    """Read a user's own points.

    Parameters
    ----------
    path : Path
        A CSV file with the columns `quantity`, `value` and `time_min` or `dose_pmol_per_l`, and if known `low`, `high`.

    Raises
    ------
    PlaceError
        It cannot be read or lacks a column.
    """
    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise PlaceError(f"{path}: cannot be read: {error}") from error
    x = next((name for name in X if name in table), "")
    missing = [name for name in NEEDED if name not in table]
    if missing or not x:
        lacking = ", ".join([*missing, *([] if x else [" or ".join(X)])])
        raise PlaceError(f"{path}: lacks the column {lacking}")
    known = [quantity.name for quantity in QUANTITIES]
    unknown = sorted(set(table["quantity"].astype(str)) - set(known))
    if unknown:
        raise PlaceError(f"{path}: there is no quantity '{unknown[0]}'; choose among {', '.join(known)}")
    spread = [table[name] if name in table else pd.Series(math.nan, table.index) for name in ("low", "high")]
    try:
        numbers = [column.astype(float).tolist() for column in (table[x], table["value"], *spread)]
    except ValueError as error:
        raise PlaceError(f"{path}: holds something that is no number: {error}") from error
    return [
        Published(path.name, str(name), X[x], at, value, y_low=low, y_high=high)
        for name, at, value, low, high in zip(table["quantity"], *numbers, strict=True)
    ]
