"""A user's own measurements, to be drawn beside what was simulated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from insulin_abm.results.dish_measures import is_known
from insulin_abm.results.errors import PlaceError
from insulin_abm.scenario.published import DOSE, TIME, Published

NEEDED = ("quantity", "value")
"""What a table of points must have, beside one of `X`."""
X = {"time_min": TIME, "dose_pmol_per_l": DOSE}


def read_points(path: Path, known: Sequence[str]) -> list[Published]:
    """Read a user's own points.

    Parameters
    ----------
    path : Path
        A CSV file with the columns `quantity`, `value` and `time_min` or `dose_pmol_per_l`, and if known `low`, `high`.
    known : sequence of str
        The quantities that there are.

    Raises
    ------
    PlaceError
        It cannot be read or lacks a column.
    """
    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise PlaceError(f"{path}: cannot be read: {error}") from error
    given = [name for name in X if name in table]
    if len(given) > 1:
        raise PlaceError(f"{path}: has {' and '.join(given)}; a point is at a time or at a dose")
    x = given[0] if given else ""
    missing = [name for name in NEEDED if name not in table]
    if missing or not x:
        lacking = ", ".join([*missing, *([] if x else [" or ".join(X)])])
        raise PlaceError(f"{path}: lacks the column {lacking}")
    unknown = sorted(set(table["quantity"].astype(str)) - set(known))
    if unknown:
        raise PlaceError(f"{path}: there is no quantity '{unknown[0]}'; choose among {', '.join(known)}")
    spread = [table[name] if name in table else pd.Series(math.nan, table.index) for name in ("low", "high")]
    try:
        numbers = [column.astype(float).tolist() for column in (table[x], table["value"], *spread)]
    except ValueError as error:
        raise PlaceError(f"{path}: holds something that is no number: {error}") from error
    for at, value, low, high in zip(*numbers, strict=True):
        within = not (low > value or value > high)  # what is left empty is not known
        if not (math.isfinite(at) and math.isfinite(value) and within and (at > 0.0 or X[x] == TIME)):
            raise PlaceError(
                f"{path}: the row {at:g}, {value:g}, {low:g}, {high:g} is no point with its spread around it"
            )
    if not numbers[0]:
        raise PlaceError(f"{path}: holds no points")
    return [
        Published(path.name, str(name), X[x], at, value, y_low=low, y_high=high)
        for name, at, value, low, high in zip(table["quantity"], *numbers, strict=True)
    ]


def refuse_unknown(points: list[Published], wells: pd.DataFrame, dosed: set[str], where: str) -> None:
    """Refuse points of what the cells of a dish do not have, or of which no dose-response is drawn.

    Raises
    ------
    PlaceError
        There are such; the message names the quantity.
    """
    for point in points:
        if not is_known(wells, point.quantity):
            raise PlaceError(f"{where}: these cells have no {point.quantity}")
        if point.x_unit == DOSE and point.quantity not in dosed:
            raise PlaceError(f"{where}: no dose-response of {point.quantity} is drawn, so a dose has no place")
