"""What glycogen does over a usual day with three meals."""

from __future__ import annotations

from insulin_abm.parameters import quantity
from insulin_abm.protocols.visit import PRODUCTION
from insulin_abm.validation.disposal import Measure
from insulin_abm.validation.meals import GLYCOGEN, HOUR, liver_volume
from insulin_abm.validation.ward import EVERY_MIN, Ward

BREAKFAST_MIN, DINNER_MIN = 7 * HOUR, 19 * HOUR
MUSCLE_GLYCOGEN = "muscle_glycogen_mmol_per_l"


def before_breakfast(who: str, name: str) -> Measure:
    """A column just before the first meal."""
    return lambda ward: float(ward.day(who).part(name, BREAKFAST_MIN)[0])


def most_of_day(who: str, name: str) -> Measure:
    """The highest value from breakfast on."""
    return lambda ward: float(ward.day(who).part(name, BREAKFAST_MIN).max())


def relative_rise(who: str, name: str) -> Measure:
    """By how much the highest value is above that before breakfast."""
    return lambda ward: most_of_day(who, name)(ward) / before_breakfast(who, name)(ward) - 1.0


def before_dinner(who: str) -> Measure:
    """Liver glycogen before dinner, mmol/L."""
    return lambda ward: float(ward.day(who).part(GLYCOGEN, DINNER_MIN)[0])


def peak_after_dinner(who: str) -> Measure:
    """Liver glycogen at its highest after dinner."""
    return lambda ward: float(ward.day(who).part(GLYCOGEN, DINNER_MIN).max())


def rate_after_dinner(who: str) -> Measure:
    """How fast liver glycogen rises after dinner, mg/kg/min: the steepest two hours."""

    def measure(ward: Ward) -> float:
        glycogen = ward.day(who).part(GLYCOGEN, DINNER_MIN)
        steps = 2 * HOUR // EVERY_MIN
        rate = float((glycogen[steps:] - glycogen[:-steps]).max()) / (2 * HOUR) * liver_volume(ward, who)
        return rate * quantity("1 mmol", "mg", "glucose") / ward.person(who).person.weight_kg

    return measure


def excess_production_after_dinner(ward: Ward) -> float:
    """By how much people with type 2 diabetes make more glucose after dinner than healthy ones, mg/kg/min."""

    def made(who: str) -> float:
        production = ward.day(who).part(PRODUCTION, DINNER_MIN, DINNER_MIN + 4 * HOUR).mean()
        return float(production) * quantity("1 mmol", "mg", "glucose") / ward.person(who).person.weight_kg

    return made("t2d") - made("healthy")
