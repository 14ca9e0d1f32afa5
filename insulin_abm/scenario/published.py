"""Published facts that the pictures of a dish show beside its curves."""

from __future__ import annotations

import math
from dataclasses import dataclass

from insulin_abm.parameters import Registry, quantity
from insulin_abm.parameters.faults import unknown
from insulin_abm.parameters.targets import targets
from insulin_abm.scenario.reader import Reader
from insulin_abm.scenario.times import whole_minutes

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
        Relative to the curve's first value.
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
        of_line = reader.text("line", line)
        name = reader.text("target", "")
        quantity = reader.text("quantity", "total_receptors")
        minute = reader.read("at", whole_minutes, None)
        dose = reader.quantity("dose", parameters["dish.insulin"]) if reader.has("dose") else None
        begin = reader.read("from", whole_minutes, 0)
        level = reader.read("level", _number, math.nan)
        reader.finish()
        if name not in targets():
            scenario.faults.append(unknown(reader.at("target"), "published fact", name, targets()))
            continue
        fact = targets()[name]
        label = f"{fact.source} ({fact.id})"
        if of_line != line:
            continue
        spread = {"low": fact.low, "high": fact.high}
        if minute is not None or dose is not None:
            x, unit = (float(minute), TIME) if minute is not None else (dose or 0.0, DOSE)
            up = {f"y_{end}": value for end, value in spread.items()}
            points.append(Published(label, quantity, unit, x, fact.value, **up))
        elif fact.unit in (TIME, DOSE, GLUCOSE) and not math.isnan(level):
            along = {f"x_{end}": begin + value for end, value in spread.items()}
            points.append(Published(label, quantity, fact.unit, begin + fact.value, level, **along))
        else:
            reader.refuse("at", "is missing", "Say at which time (at) or dose the fact holds, or at which level")
    return tuple(points)


def _number(value: object) -> float:
    """Read a pure number.

    Raises
    ------
    QuantityError
        It is none.
    """
    return quantity(value, "1", example=0.5)
