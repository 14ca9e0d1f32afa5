"""Tolerance tests and meals: glucose is drunk, eaten or injected, or insulin injected, and blood is sampled."""

from __future__ import annotations

import math

from insulin_abm.parameters import find_food
from insulin_abm.protocols import areas, indices
from insulin_abm.protocols.glycaemia import CLASSES, glucose_class
from insulin_abm.protocols.visit import FATTY_ACID, GLUCOSE, INSULIN, Visit

HALF_HOUR, TWO_HOURS = 30, 120
UNKNOWN = math.nan
TRIGLYCERIDE = "plasma_triglyceride_mmol_per_l"
HALF = 0.5
MEAL = ("white_bread", "boiled_potatoes")
"""What the carbohydrate of a mixed meal is in, half in each."""
OIL = "olive_oil"


def oral_glucose_test(visit: Visit, *, glucose: float, length: float) -> None:
    """Drink glucose after a fast; blood is sampled every half hour (WHO 1999).

    Indices and areas are those of the first two hours, whatever the length.

    Parameters
    ----------
    visit : Visit
        Who.
    glucose : float
        g.
    length : float
        min.
    """
    begin = visit.minute
    resting_values(visit)
    visit.body.drink_glucose(glucose)
    visit.live(length)
    _sampled(visit, begin, "")
    times = [begin + minute for minute in range(0, TWO_HOURS + 1, HALF_HOUR)]
    sugars = [visit.at(GLUCOSE, minute) for minute in times]
    hormones = [visit.at(INSULIN, minute) for minute in times]
    sensitivity = early = UNKNOWN
    if visit.insulin_is_own:
        sensitivity = indices.matsuda(sugars, hormones, visit.measures)
        early = indices.insulinogenic_index((sugars[0], sugars[1]), (hormones[0], hormones[1]))
    is_usual = glucose == visit.measures["tolerance_test_drink"]  # the classes are those of this drink
    found = glucose_class(visit.measures, fasting=sugars[0], two_hours=sugars[-1] if is_usual else UNKNOWN)
    end = begin + TWO_HOURS
    visit.find("matsuda", sensitivity, "1", end)
    visit.find("insulinogenic_index", early, "pmol/mmol", end)
    visit.find("disposition_index", indices.disposition_index(early, sensitivity), "pmol/mmol", end)
    visit.find("ada_class", UNKNOWN if found is None else found, CLASSES, end)
    for name, values, unit in (
        ("glucose", sugars, "mmol_min_per_l"),
        ("insulin", hormones, "pmol_min_per_l"),
    ):
        written = unit.replace("_min_per_l", "*min/L")
        visit.find(f"{name}_area_{unit}", areas.total_area(times, values), written, end)
        visit.find(f"{name}_incremental_area_{unit}", areas.net_incremental_area(times, values), written, end)


def intravenous_glucose_test(visit: Visit, *, glucose: float, insulin: float, length: float) -> None:
    """Inject glucose, and if asked insulin a little later, into a vein (Bergman 1989).

    Parameters
    ----------
    visit : Visit
        Who.
    glucose : float
        g for each kg of body weight.
    insulin : float
        U for each kg (0: not modified).
    length : float
        min.
    """
    begin = visit.minute
    resting_values(visit)
    before = visit.now(INSULIN)
    visit.inject(glucose_g_per_kg=glucose)
    if insulin > 0.0:
        visit.live(begin + visit.clinic["insulin_modification_at"] - visit.minute)
        visit.inject(insulin_u_per_kg=insulin)
    visit.live(begin + length - visit.minute)
    times = visit.times() - begin
    response = indices.acute_insulin_response(times, visit.seen(INSULIN), before, visit.measures)
    visit.find("acute_insulin_response_pmol_per_l", response, "pmol/L")
    fall = indices.glucose_disappearance(times, visit.seen(GLUCOSE), visit.measures)
    visit.find("glucose_disappearance_percent_per_min", fall, "%/min")


def insulin_tolerance_test(visit: Visit, *, insulin: float, length: float) -> None:
    """Inject insulin into a vein and see how fast glucose falls (Bonora 1989).

    Parameters
    ----------
    visit : Visit
        Who.
    insulin : float
        U for each kg of body weight.
    length : float
        min.
    """
    begin = visit.minute
    resting_values(visit)
    visit.inject(insulin_u_per_kg=insulin)
    visit.live(begin + length - visit.minute)
    fall = indices.insulin_tolerance(visit.times() - begin, visit.seen(GLUCOSE), visit.measures)
    visit.find("insulin_tolerance_percent_per_min", fall, "%/min")
    visit.find("lowest_glucose_mmol_per_l", visit.seen(GLUCOSE)[visit.times() >= begin].min(), "mmol/L")


def mixed_meal(visit: Visit, *, carbohydrate: float, fat: float, length: float) -> None:
    """Eat bread, potatoes and oil.

    Parameters
    ----------
    visit : Visit
        Who.
    carbohydrate, fat : float
        g.
    length : float
        min.
    """
    begin = visit.minute
    resting_values(visit)
    foods = {name: HALF * carbohydrate / find_food(name).carbohydrate_g(1.0) for name in MEAL}
    fat_in_them = sum(find_food(name).fat_g(grams) for name, grams in foods.items())
    foods[OIL] = max(0.0, fat - fat_in_them) / find_food(OIL).fat_g(1.0)
    visit.body.eat(foods)
    visit.live(length)
    _sampled(visit, begin, "meal_")
    there = visit.times() >= begin
    triglyceride, glycogen = visit.seen(TRIGLYCERIDE)[there], visit.seen("liver_glycogen_mmol_per_l")[there]
    visit.find("triglyceride_rise_mmol_per_l", triglyceride.max() - triglyceride[0], "mmol/L")
    visit.find("triglyceride_peak_time_min", float(triglyceride.argmax()), "min")
    visit.find("liver_glycogen_gain_mmol_per_l", glycogen.max() - glycogen[0], "mmol/L")


def resting_values(visit: Visit) -> None:
    """Note what blood holds now, and the indices of it; they mean something after a fast, of insulin of one's own."""
    glucose, insulin, fatty_acid = visit.now(GLUCOSE), visit.now(INSULIN), visit.now(FATTY_ACID)
    own = insulin if visit.insulin_is_own else UNKNOWN
    visit.find("fasting_glucose_mmol_per_l", glucose, "mmol/L")
    visit.find("fasting_insulin_pmol_per_l", insulin, "pmol/L")
    visit.find("homa_ir", indices.homa_ir(glucose, own, visit.measures), "1")
    visit.find("homa_b", indices.homa_b(glucose, own, visit.measures), "%")
    visit.find("quicki", indices.quicki(glucose, own, visit.measures), "1")
    visit.find("adipo_ir", indices.adipo_ir(fatty_acid, own, visit.measures), "mmol/L*mU/L")


def _sampled(visit: Visit, begin: int, after: str) -> None:
    """Note the samples of every half hour."""
    for minute in range(begin, visit.minute + 1, HALF_HOUR):
        time = f"{minute - begin}_min"
        visit.find(f"{after}glucose_{time}_mmol_per_l", visit.at(GLUCOSE, minute), "mmol/L", minute)
        visit.find(f"{after}insulin_{time}_pmol_per_l", visit.at(INSULIN, minute), "pmol/L", minute)
