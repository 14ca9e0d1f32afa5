"""Published facts that the pictures of a dish show beside its curves."""

from __future__ import annotations

import math
from dataclasses import dataclass

from insulin_abm.cell_quantities import QUANTITIES
from insulin_abm.parameters import Registry, quantity
from insulin_abm.parameters.targets import Target, targets
from insulin_abm.scenario.cell_lines import known_lines
from insulin_abm.scenario.reader import Reader
from insulin_abm.scenario.times import minute_after_start

TIME, DOSE, GLUCOSE = "min", "pmol/L", "mmol/L"


@dataclass(frozen=True)
class Published:
    """A point with its spread; what is not known is not a number.

    Attributes
    ----------
    label : str
        Where it comes from.
    quantity : str
        Which curve it belongs to, as in `assays.QUANTITIES`.
    x_unit : str
        "min", "pmol/L" or "mmol/L": which picture it belongs to.
    x, x_low, x_high : float
        Time or dose.
    y, y_low, y_high : float
        Relative to the curve's first value over time, to its largest change over doses.
    """

    label: str
    quantity: str
    x_unit: str
    x: float
    y: float
    x_low: float = math.nan
    x_high: float = math.nan
    y_low: float = math.nan
    y_high: float = math.nan


def read_published(scenario: Reader, line: str, parameters: Registry) -> tuple[Published, ...]:
    """Read ``[[published]]``; those of another line are left out."""
    points = []
    for reader in scenario.tables("published"):
        of_line = reader.text("line", line, known_lines())
        target = reader.text("target", "", targets())
        quantity_of = reader.text("quantity", "total_receptors", [quantity.name for quantity in QUANTITIES])
        begin = reader.read("from", _minutes, 0)
        places = [name for name in ("at", "dose", "level") if reader.has(name)]
        if "target" not in reader.values:
            reader.refuse("target", "is missing", 'Name a fact of the scoreboard, such as target = "R14_03"')
        elif len(places) != 1:
            reader.refuse("at", "is not said in one way", "Say at which time (at), at which dose or at which level")
        elif target in targets():
            point = _point(reader, targets()[target], quantity_of, places[0], begin, parameters)
            if point is not None and of_line == line:
                points.append(point)
        reader.finish()
    return tuple(points)


def _point(
    reader: Reader, fact: Target, quantity_of: str, place: str, begin: int, parameters: Registry
) -> Published | None:
    """Put a fact into a picture: its number up, at a time or a dose; or, if it is one of these, along, at a level."""
    label, spread = f"{fact.id}: {fact.source}", {"low": fact.low, "high": fact.high}
    is_place = fact.unit in (TIME, DOSE, GLUCOSE)
    if (place == "level") != is_place:
        what = f"is a time or a dose ({fact.unit}): say at which level" if is_place else "is no time: say at or dose"
        reader.refuse("target", f"{fact.id} {what}")
        return None
    if place == "level":
        level = reader.read("level", _number, math.nan)
        later = begin if fact.unit == TIME else 0
        along = {f"x_{end}": later + value for end, value in spread.items()}
        return Published(label, quantity_of, fact.unit, later + fact.value, level, **along)
    up = {f"y_{end}": value for end, value in spread.items()}
    if place == "dose":
        dose = reader.quantity("dose", parameters["culture.insulin"])
        return Published(label, quantity_of, DOSE, dose, fact.value, **up)
    return Published(label, quantity_of, TIME, begin + float(reader.read("at", _minutes, 0)), fact.value, **up)


def _minutes(value: object) -> int:
    """Read a time after the start.

    Raises
    ------
    QuantityError
        It is none.
    """
    return minute_after_start(value, 0)


def _number(value: object) -> float:
    """Read a pure number.

    Raises
    ------
    QuantityError
        It is none.
    """
    return quantity(value, "1", example=0.5)
