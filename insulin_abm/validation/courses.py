"""What weeks and months of diets, drugs and training do, by the facts' ids: how each is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from insulin_abm.kinetics import time_of_change
from insulin_abm.parameters.conversions import MINUTES_PER_DAY, PERCENT
from insulin_abm.protocols.visit import Visit
from insulin_abm.validation.disposal import Measure
from insulin_abm.validation.experiments import DETECTABLE
from insulin_abm.validation.ward import Ward

GLUCOSE, PRODUCTION = "fasting_glucose_mmol_per_l", "fasting_glucose_production_mg_per_kg_min"
GLYCATED, FATTY_ACID, LIVER_FAT = "hba1c_of_weeks_percent", "fasting_ffa_mmol_per_l", "liver_fat_percent"
WEIGHT, PRESSURE, HOMA = "weight_kg", "systolic_pressure_mmhg", "homa_ir"
M, M_PER_LEAN = "clamp_m_mg_per_kg_min", "clamp_m_mg_per_kg_fat_free_mass_min"
FIRST_PHASE = "first_phase_secretion_pmol_per_min_per_m2"
DIET, GLITAZONE, METFORMIN, SGLT2 = "very_low_calorie_8w", "glitazone", "metformin", "sglt2"
INSULIN, EXERCISE = "insulin_treatment", "exercise_12w"
OVERFEEDING, FEAST = "overfeeding", "overfeeding_week"


def on_day(course: str, day: int, measure: str) -> Measure:
    """What a visit on a day of a course found; day 0 is before it began."""
    return lambda ward: ward.course(course)[day * MINUTES_PER_DAY][measure]


def change(course: str, day: int, measure: str) -> Measure:
    """By how much it changed until then."""
    return lambda ward: on_day(course, day, measure)(ward) - on_day(course, 0, measure)(ward)


def relative_rise(course: str, day: int, measure: str) -> Measure:
    """By what share it rose until then."""
    return lambda ward: on_day(course, day, measure)(ward) / on_day(course, 0, measure)(ward) - 1.0


def relative_fall(course: str, day: int, measure: str) -> Measure:
    """By what share it fell until then."""
    return lambda ward: -relative_rise(course, day, measure)(ward)


def liver_fat(day: int) -> Measure:
    """Liver fat on a day of the diet, a share."""
    return lambda ward: on_day(DIET, day, LIVER_FAT)(ward) / PERCENT


def onset_of_resistance(ward: Ward) -> float:
    """When M of a clamp a day has first fallen by a tenth, min."""
    seen = ward.course(FEAST)
    return time_of_change(list(seen), [found[M_PER_LEAN] for found in seen.values()], DETECTABLE)


MEASURES_OF: Mapping[str, Mapping[str, Measure]] = {
    DIET: {
        "T1_02": on_day(DIET, 7, GLUCOSE),
        "T1_03": relative_fall(DIET, 7, PRODUCTION),
        "T1_05": liver_fat(56),
        "T1_10": liver_fat(56),
        "T1_12": on_day(DIET, 84, FIRST_PHASE),
    },
    GLITAZONE: {
        "T2_02": on_day(GLITAZONE, 112, GLUCOSE),
        "T2_04": on_day(GLITAZONE, 112, GLYCATED),
        "T2_06": on_day(GLITAZONE, 112, FATTY_ACID),
    },
    METFORMIN: {"T3_01": change(METFORMIN, 84, GLUCOSE), "T3_02": relative_fall(METFORMIN, 84, PRODUCTION)},
    SGLT2: {"K6_03": change(SGLT2, 112, PRESSURE)},
    INSULIN: {"T4_02": on_day(INSULIN, 84, GLYCATED), "T4_04": on_day(INSULIN, 84, M)},
    EXERCISE: {"T5_02": relative_rise(EXERCISE, 84, M_PER_LEAN)},
    OVERFEEDING: {"T6_01": relative_rise(OVERFEEDING, 1, HOMA), "T6_02": change(OVERFEEDING, 56, WEIGHT)},
    FEAST: {"T6_03": onset_of_resistance},
}
"""For each course, how its facts are measured."""

BETA_CELLS = (1.18, 0.9, 0.7, 0.55, 0.45, 0.37, 0.3)
"""An obese person who has fewer and fewer beta cells: what a population shows side by side."""


def fewer_and_fewer(ward: Ward) -> list[Visit]:
    """A tolerance test of each of them."""
    return [ward.visit("obese", "ogtt", beta_cells=left) for left in BETA_CELLS]


def at_most_insulin(of: Callable[[Visit], float]) -> Measure:
    """A value of the person whose insulin in the test is highest: the top of the pancreas's Starling curve."""

    def measure(ward: Ward) -> float:
        tests = fewer_and_fewer(ward)
        insulin = [test["insulin_120_min_pmol_per_l"] for test in tests]
        return of(tests[int(np.argmax(insulin))])

    return measure
