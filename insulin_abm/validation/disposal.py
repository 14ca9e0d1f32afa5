"""What clamps find: glucose use, production and lipolysis at many doses of insulin, in each kind of person."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from insulin_abm.kinetics import dose_of_effect, dose_of_share
from insulin_abm.parameters import quantity
from insulin_abm.parameters.conversions import ML_PER_L
from insulin_abm.protocols.visit import FATTY_ACID, INSULIN, PRODUCTION, Visit
from insulin_abm.validation.ward import Ward

Measure = Callable[[Ward], float]
"""Gives a number that a clinic measured."""

DOSES = (5, 10, 15, 20, 40, 80, 120, 240)
"""Insulin, mU/min for each m^2 of body surface: plasma insulin from 80 to 8,000 pmol/L."""
USUAL_DOSE, MAXIMAL_DOSE = 40, 240
HALF, MOST = 0.5, 0.8
DISPOSAL, LIPOLYSIS = "glucose_disposal_mmol_per_min", "ffa_release_mmol_per_min"
MUSCLE = "muscle_glucose_uptake_mmol_per_min"
RAISED_GLUCOSE = "11.94 mmol/L"
"""5 mmol/L and 125 mg/dL more."""


def clamp(ward: Ward, who: str, dose: float) -> Visit:
    """Give a euglycaemic clamp."""
    return ward.visit(who, "euglycaemic_clamp", euglycaemic_clamp={"insulin": f"{dose} mU/min/m2"})


def at_the_end(visit: Visit, name: str) -> float:
    """Give the mean of a column over the minutes that a clamp is measured in."""
    return visit.mean(name, visit.minute - visit.clinic["clamp_window"], visit.minute)


def curve(ward: Ward, who: str, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Give plasma insulin and the mean of a column, at rest and in a clamp with each of `DOSES`."""
    clamps = [clamp(ward, who, dose) for dose in DOSES]
    rest = clamps[0]
    insulin = [rest.resting(INSULIN), *(at_the_end(visit, INSULIN) for visit in clamps)]
    values = [rest.resting(name), *(at_the_end(visit, name) for visit in clamps)]
    return np.array(insulin), np.array(values)


def disposal_curve(ward: Ward, who: str) -> tuple[np.ndarray, np.ndarray]:
    """Give plasma insulin and glucose use in mg/kg/min."""
    insulin, used = curve(ward, who, DISPOSAL)
    return insulin, used * ward.visit(who, "biopsy").per_kg(1.0)


def half_maximal_disposal(who: str) -> Measure:
    """The insulin at which half of the way from rest to the most is gone, pmol/L."""
    return lambda ward: dose_of_share(*disposal_curve(ward, who), HALF)


def most_disposal(ward: Ward) -> float:
    """Glucose use of healthy people in the largest dose, mg/kg/min."""
    return float(disposal_curve(ward, "healthy")[1][-1])


def insulin_for_most_of_disposal(ward: Ward) -> float:
    """The insulin with four fifths of the most glucose use, pmol/L."""
    insulin, used = disposal_curve(ward, "healthy")
    return dose_of_effect(insulin, used / used[-1], MOST)


def disposal_with_raised_glucose(ward: Ward) -> float:
    """Glucose use with maximal insulin and raised glucose, mg/kg/min."""
    asked = {"insulin": f"{MAXIMAL_DOSE} mU/min/m2", "glucose": RAISED_GLUCOSE}
    seen = ward.visit("healthy", "euglycaemic_clamp", euglycaemic_clamp=asked)
    return seen["clamp_glucose_disposal_mg_per_kg_min"]


def production_left(ward: Ward, who: str) -> tuple[np.ndarray, np.ndarray]:
    """Give plasma insulin and how far glucose production is suppressed against rest."""
    insulin, made = curve(ward, who, PRODUCTION)
    return insulin, 1.0 - made / made[0]


def half_suppression(ward: Ward) -> float:
    """The insulin that halves glucose production, pmol/L."""
    return dose_of_effect(*production_left(ward, "healthy"), HALF)


def suppression_at(who: str, insulin_pmol_per_l: float) -> Measure:
    """How far production is suppressed at a plasma insulin."""
    return lambda ward: at_insulin(*production_left(ward, who), insulin_pmol_per_l)


def at_insulin(insulin: np.ndarray, values: np.ndarray, wanted: float) -> float:
    """Read a curve at an insulin, between two doses by the logarithm of insulin."""
    return float(np.interp(np.log(wanted), np.log(insulin), values))


def m_at(who: str, insulin_pmol_per_l: float) -> Measure:
    """M at a plasma insulin, mg/kg/min: disposal less what the liver still makes."""

    def measure(ward: Ward) -> float:
        clamps = [clamp(ward, who, dose) for dose in DOSES]
        insulin = np.array([at_the_end(visit, INSULIN) for visit in clamps])
        infused = np.array([visit["clamp_m_mg_per_kg_min"] for visit in clamps])
        return at_insulin(insulin, infused, insulin_pmol_per_l)

    return measure


def m_of_usual_clamp(who: str, *, per_lean_kg: bool = False) -> Measure:
    """M of a clamp with 40 mU/min for each m^2, mg/min for each kg, or each kg of fat-free mass."""
    name = "clamp_m_mg_per_kg_fat_free_mass_min" if per_lean_kg else "clamp_m_mg_per_kg_min"
    return lambda ward: clamp(ward, who, USUAL_DOSE)[name]


def insulin_clearance(who: str) -> Measure:
    """Insulin infused in that clamp over the rise of plasma insulin, mL/min for each m^2."""

    def measure(ward: Ward) -> float:
        seen = clamp(ward, who, USUAL_DOSE)
        infused = USUAL_DOSE * quantity("1 mU", "pmol")
        return ML_PER_L * infused / (at_the_end(seen, INSULIN) - seen.resting(INSULIN))

    return measure


def muscle_receptors(who: str) -> Measure:
    """Insulin receptors on the surface of an average muscle cell after a night."""
    return lambda ward: ward.visit(who, "biopsy").resting("muscle_receptors_per_cell")


def fall(of: Callable[[str], Measure], who: str) -> Measure:
    """How much less a person has of something than the healthy one."""
    return lambda ward: 1.0 - of(who)(ward) / of("healthy")(ward)


def muscle_uptake_per_kg(who: str) -> Measure:
    """Glucose uptake of a kg of muscle at 600 pmol/L, mmol/min: what a leg would show."""

    def measure(ward: Ward) -> float:
        mass = ward.person(who).tissue("muscle").mass
        return at_insulin(*curve(ward, who, MUSCLE), 600.0) / mass

    return measure


def muscle_share(ward: Ward) -> float:
    """Muscle's share of glucose use in the usual clamp."""
    seen = clamp(ward, "healthy", USUAL_DOSE)
    return at_the_end(seen, MUSCLE) / at_the_end(seen, DISPOSAL)


def half_antilipolysis(who: str) -> Measure:
    """The insulin at which half of the way from lipolysis at rest to the least is gone, pmol/L."""

    def measure(ward: Ward) -> float:
        insulin, released = curve(ward, who, LIPOLYSIS)
        return dose_of_share(insulin, -released, HALF)

    return measure


def antilipolysis_ratio(ward: Ward) -> float:
    """How many times more insulin the obese need for it."""
    return half_antilipolysis("obese")(ward) / half_antilipolysis("healthy")(ward)


def occupancy(kind: str, effect: Callable[[Ward], tuple[np.ndarray, np.ndarray]], share: float) -> Measure:
    """Share of the surface receptors of a kind of cell that is occupied where a share of an effect is reached."""

    def measure(ward: Ward) -> float:
        wanted = dose_of_share(*effect(ward), share)
        insulin, occupied = [], []
        for dose in DOSES:
            asked = {"insulin": f"{dose} mU/min/m2"}
            seen = ward.visit("healthy", "euglycaemic_clamp", "biopsy", euglycaemic_clamp=asked)
            bound = seen[f"{kind}_bound_receptors"]
            occupied.append(bound / (bound + seen[f"{kind}_surface_receptors"]))
            insulin.append(seen["clamp_insulin_pmol_per_l"])
        return at_insulin(np.array(insulin), np.array(occupied), wanted)

    return measure


def fatty_acid_at_rest(who: str) -> Measure:
    """Free fatty acids in plasma after a night, mmol/L."""
    return lambda ward: ward.visit(who, "biopsy").resting(FATTY_ACID)
