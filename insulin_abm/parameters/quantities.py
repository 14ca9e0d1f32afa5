"""Numbers with units: the text ``"90 mg/dL"`` becomes 4.996 when mmol/L of glucose is asked for."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from insulin_abm.parameters.faults import nearest

if TYPE_CHECKING:
    from pint import UnitRegistry

KINDS = ("glucose", "insulin", "triglyceride", "cholesterol")
"""Substances whose molar mass is known: their mass and their amount convert into each other."""

LONGEST_SHOWN = 60
"""A longer value is cut in a message."""

_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*", re.DOTALL | re.ASCII)
_UNIT_TEXT = re.compile(r"[A-Za-zµμ%0-9_ ./*^()·²³-]{1,40}")
_NO_NUMBER = re.compile(r"\s*[+-]?(nan|inf|infinity)\b.*", re.IGNORECASE | re.DOTALL)
_COMMA = re.compile(r"\s*[+-]?\d+,\d.*", re.DOTALL)
_PER_SURFACE = re.compile(r"\(?1\.73 ?m(\^|\*\*)?2\)?")
_SQUARE_METRE = re.compile(r"\bm2\b")
_COUNTED = {"[receptors]", "[packets]", "[cells]", "[molecules]", "[patches]"}


class QuantityError(ValueError):
    """A text is no quantity of the wanted kind.

    Attributes
    ----------
    problem : str
        What is wrong.
    hint : str
        What to write instead.
    """

    def __init__(self, problem: str, hint: str = "") -> None:
        self.problem = problem
        self.hint = hint
        super().__init__(f"{problem}. {hint}" if hint else problem)


@cache
def _pint() -> UnitRegistry[Any]:
    from pint import UnitRegistry

    with as_file(files("insulin_abm.parameters") / "data" / "units.txt") as path:
        # exact fractions: "0.1 h" is 6 min and not 6.000000000000001 min
        return UnitRegistry(str(path), non_int_type=Fraction)


@cache
def _unit(text: str) -> Any:
    """Give pint's unit for a text ("1" is a pure number)."""
    if text in ("1", ""):
        return _pint().dimensionless
    plain = text.replace("%", "percent").replace("·", "*").replace("²", "^2").replace("³", "^3")
    plain = _SQUARE_METRE.sub("m^2", _PER_SURFACE.sub("standard_body_surface", plain))
    if not _UNIT_TEXT.fullmatch(text) or re.search(r"(\^|\*\*)\s*[-+(]*\d{2}", plain):
        raise QuantityError(f"'{text[:40]}' is not a unit")
    try:
        return _pint().parse_units(plain)
    except Exception as error:  # the parser of units fails in many ways; each of them means that this is no unit
        near = nearest(text, _unit_names())
        hint = f"Did you mean '{near}'?" if near else ""
        raise QuantityError(f"'{text}' is not a unit that is known here", hint) from error


@cache
def _unit_names() -> tuple[str, ...]:
    common = ("kg", "mg", "ng", "cm", "mL", "dL", "mmol", "umol", "nmol", "pmol", "fmol", "mmol/L", "pmol/L", "mg/dL")
    more = ("U/h", "mU/L", "uU/mL", "mmol/min", "mg/kg/min", "1/min", "kcal", "mmHg")
    known = (name for name in dir(_pint()) if not name.startswith("_"))
    plain = ("h", "min", "day", "week", "year", "yr", "g", "L", "m", "mol", "U", "percent", "receptors", "cells")
    return (*common, *more, *plain, *(name for name in known if name.islower() and len(name) > 3))


def check_unit(unit: str) -> None:
    """Raise `QuantityError` if a unit is not known."""
    _unit(unit)


def is_counted(unit: str) -> bool:
    """Whether a unit is a pure number or a number of things, which may be written without the unit."""
    return {str(dimension) for dimension in _unit(unit).dimensionality} <= _COUNTED


@cache
def power_of_time(unit: str) -> float:
    """The power in which time stands in a unit: -1 in "mmol/min".

    Years are left out: they are ages, which nobody lives through in steps; so is what mmHg and kcal have of time.
    """
    power = 0.0
    for name, exponent in _unit(unit)._units.items():
        measures: dict[str, Any] = dict(_pint().get_dimensionality(name))
        if set(measures) == {"[time]"} and name != "year":
            power += float(exponent * measures["[time]"])
    return power


def _split(value: int | float | str) -> tuple[Fraction, str]:
    """Give the number and the text of the unit."""
    if isinstance(value, str):
        if _NO_NUMBER.fullmatch(value):
            raise QuantityError(f"{shown(value)} is not a finite number", "Write an ordinary number")
        if _COMMA.fullmatch(value):
            raise QuantityError(
                f"{shown(value)} has a comma in its number", 'Write "36000" or "3.6e4", and a point for decimals'
            )
        match = _NUMBER.fullmatch(value)
        if match is None:
            raise QuantityError(f"{shown(value)} does not begin with a number", "Write the number first, then its unit")
        written, unit = match[1], match[2]
    else:
        written, unit = value, ""
    try:
        rounded = float(written)
    except OverflowError:
        rounded = math.inf
    if not math.isfinite(rounded):
        raise QuantityError(f"{shown(value)} is not a finite number", "Write an ordinary number")
    return (Fraction(written) if rounded else Fraction(0)), unit


def quantity(value: object, unit: str, kind: str = "", example: float | None = None) -> float:
    """Read a quantity and give its number in a wanted unit.

    Parameters
    ----------
    value : str, int or float
        Such as "70 kg". Pure numbers and numbers of things (receptors, cells) may come without their unit.
    unit : str
        The wanted unit, such as "mmol/L" ("1" for a pure number; then percent may be written, too).
    kind : str
        The substance ("glucose", "insulin", ...): its mass and its amount then convert into each other.
    example : float, optional
        A sensible number in the wanted unit, for the message.

    Returns
    -------
    float
        The number in `unit`.

    Raises
    ------
    QuantityError
        No number, no unit where one is needed, an unknown unit, or one that does not measure the same thing.

    Examples
    --------
    >>> round(quantity("90 mg/dL", "mmol/L", "glucose"), 3)
    4.996
    >>> quantity("10 mU/L", "pmol/L")
    60.0
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise QuantityError(f"{shown(value)} is not a quantity", _example(unit, example))
    result, written = _split(value)
    if not written:
        if not is_counted(unit):
            raise QuantityError(f"{shown(value)} has no unit", _example(unit, example))
        return float(result)
    try:
        source = _unit(written)
    except QuantityError as error:
        raise QuantityError(error.problem, f"{error.hint} {_example(unit, example)}".strip()) from error
    factor = _factor(source, _unit(unit), kind)
    if factor is None:
        problem = f"{shown(value)} is in {written}, which does not convert to {_named(unit)}"
        raise QuantityError(problem, _example(unit, example))
    try:
        return float(result * factor)
    except OverflowError as error:
        problem = f"{shown(value)} is not a finite number of {_named(unit)}"
        raise QuantityError(problem, _example(unit, example)) from error


def _factor(source: Any, target: Any, kind: str) -> Fraction | None:
    """Give what a number in one unit is multiplied by to be in another (None if they measure different things)."""
    pint = _pint()
    one = pint.Quantity(Fraction(1), source)
    candidates = [one]
    if kind in KINDS:
        molar_mass = pint.Quantity(Fraction(1), f"{kind}_molar_mass")
        candidates += [one / molar_mass, one * molar_mass]
    for candidate in candidates:
        if candidate.is_compatible_with(target):
            return Fraction(candidate.to(target).magnitude)
    return None


def _named(unit: str) -> str:
    return "a pure number" if unit == "1" else unit


def _example(unit: str, example: float | None) -> str:
    shown = "1" if example is None else f"{example:g}"
    if unit == "1":
        return f"Write a pure number, such as {shown}, or a percentage"
    return f'Write a text with a unit that measures the same as {unit}, such as "{shown} {unit}"'


def shown(value: object) -> str:
    """Write a value as it stood in the file, cut to a length that fits a message."""
    try:
        text = f'"{value}"' if isinstance(value, str) else str(value)
    except ValueError:  # Python refuses to write whole numbers of thousands of digits
        text = "a number of thousands of digits"
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."
