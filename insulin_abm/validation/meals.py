"""What tolerance tests and meals find: curves of glucose and insulin, and where the glucose goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from insulin_abm.parameters import quantity
from insulin_abm.protocols.visit import GLUCOSE, PRODUCTION, Visit
from insulin_abm.validation.disposal import Measure
from insulin_abm.validation.ward import Ward

HOUR = 60
FALL_MIN = 4 * HOUR
"""How long after its peak the fall of liver glycogen is followed."""
LARGE_MEAL: Mapping[str, str] = {"carbohydrate": "149 g", "fat": "30 g", "length": "720 min"}
"""The mixed meal of Taylor 1996."""
FAT_MEAL = {"carbohydrate": "40 g", "fat": "80 g", "length": "480 min"}
MEAL_OF_78_G = {"carbohydrate": "78 g", "fat": "15 g", "length": "300 min"}
GLYCOGEN = "liver_glycogen_mmol_per_l"
LIVER_UPTAKE, APPEARANCE = "liver_glucose_uptake_mmol_per_min", "glucose_appearance_mmol_per_min"


def drink(who: str, name: str, minute: int) -> Measure:
    """Plasma glucose or insulin so many minutes after 75 g of glucose."""

    def measure(ward: Ward) -> float:
        seen = ward.visit(who, "ogtt", ogtt={"length": "240 min"})
        return seen.at(name, seen.times()[0] + minute)

    return measure


def meal(ward: Ward, who: str = "healthy", asked: Mapping[str, object] | None = None) -> Visit:
    """Give a meal."""
    return ward.visit(who, "mixed_meal", mixed_meal=asked or LARGE_MEAL)


def of_meal(read: Callable[[Visit], float], who: str = "healthy", asked: Mapping[str, object] | None = None) -> Measure:
    """What is read off a meal."""
    return lambda ward: read(meal(ward, who, asked))


def at(name: str, minute: int) -> Callable[[Visit], float]:
    """A column so many minutes after a meal."""
    return lambda seen: seen.at(name, seen.times()[0] + minute)


def production_at(minute: int) -> Callable[[Visit], float]:
    """Glucose production so many minutes after a meal, mg/kg/min: a mean of ten minutes."""
    return lambda seen: seen.per_kg(seen.mean(PRODUCTION, seen.times()[0] + minute - 5, seen.times()[0] + minute + 5))


def suppression_at(minute: int) -> Callable[[Visit], float]:
    """How far production is suppressed by then."""
    return lambda seen: 1.0 - production_at(minute)(seen) / seen.per_kg(seen.resting(PRODUCTION))


def mean_suppression(minutes: int) -> Callable[[Visit], float]:
    """How far production is suppressed over so many minutes."""
    return lambda seen: (
        1.0 - seen.mean(PRODUCTION, seen.times()[0], seen.times()[0] + minutes) / seen.resting(PRODUCTION)
    )


def peak(name: str) -> Callable[[Visit], float]:
    """The highest value of a column."""
    return lambda seen: float(seen.seen(name).max())


def peak_time(name: str) -> Callable[[Visit], float]:
    """Minutes after the meal at which a column is highest."""
    return lambda seen: float(seen.times()[seen.seen(name).argmax()] - seen.times()[0])


def rise(name: str) -> Callable[[Visit], float]:
    """From before the meal to the highest value."""
    return lambda seen: float(seen.seen(name).max()) - seen.resting(name)


def relative_rise(name: str) -> Callable[[Visit], float]:
    """The same, relative to before the meal."""
    return lambda seen: float(seen.seen(name).max()) / seen.resting(name) - 1.0


def glycogen_rate(seen: Visit) -> float:
    """Rise of liver glycogen from before the meal to its highest value, mmol/L a minute."""
    return rise(GLYCOGEN)(seen) / max(peak_time(GLYCOGEN)(seen), 1.0)


def glycogen_fall(seen: Visit) -> float:
    """Fall of liver glycogen in the hours after its highest value, mmol/L a minute."""
    glycogen = seen.seen(GLYCOGEN)
    top = int(glycogen.argmax())
    later = min(top + FALL_MIN, len(glycogen) - 1)
    return float(glycogen[top] - glycogen[later]) / max(later - top, 1)


def liver_volume(ward: Ward, who: str) -> float:
    """Litres of liver."""
    person, numbers = ward.person(who).person, ward.parameters()
    mass = numbers["liver.mass_per_fat_free_mass"].value * person.fat_free_mass_kg
    return mass * numbers["liver.volume_per_mass"].value


def glycogen_gain(ward: Ward) -> float:
    """Glycogen that the liver gained at most after the large meal, g of glucose."""
    return rise(GLYCOGEN)(meal(ward)) * liver_volume(ward, "healthy") * quantity("1 mmol", "g", "glucose")


def share_stored(ward: Ward) -> float:
    """The share of the carbohydrate of the large meal that this is."""
    return glycogen_gain(ward) / quantity(LARGE_MEAL["carbohydrate"], "g")


def _eaten(ward: Ward, seen: Visit) -> float:
    """Glucose of the meal, mmol: what the gut absorbed in all, and the part that it never does."""
    return float(seen.seen(APPEARANCE).sum()) / ward.parameters()["gut.bioavailability"].value


def share_taken_by_liver(ward: Ward) -> float:
    """The share of the large meal's glucose that the liver took up."""
    seen = meal(ward)
    return float(seen.seen(LIVER_UPTAKE).sum()) / _eaten(ward, seen)


def first_pass_extraction(ward: Ward) -> float:
    """The share of eaten glucose that does not pass: not absorbed, or kept by the liver as it flows in."""
    seen = meal(ward)
    flow = ward.person("healthy").tissue("liver").glucose_flow
    appearing = seen.seen(APPEARANCE)
    arriving = flow * seen.seen(GLUCOSE) + appearing
    passed = float((appearing * (1.0 - seen.seen(LIVER_UPTAKE) / arriving)).sum())
    return 1.0 - passed / _eaten(ward, seen)
