"""A check-up: weight, fasting blood, pressure, kidneys, and the risk that goes with them."""

from __future__ import annotations

from insulin_abm.organs.kidneys import Kidneys
from insulin_abm.parameters.conversions import PERCENT
from insulin_abm.protocols.areas import UNKNOWN
from insulin_abm.protocols.glycaemia import CLASSES, GlucoseClass, glucose_class, hba1c
from insulin_abm.protocols.prevent import OUTCOMES, NotApplicableError, RiskFactors, ten_year_risk
from insulin_abm.protocols.tolerance_tests import TRIGLYCERIDE, resting_values
from insulin_abm.protocols.visit import FATTY_ACID, GLUCOSE, KETONE, PRODUCTION, Visit

PRESSURE, FILTRATION = "systolic_pressure_mmhg", "egfr_ml_per_min_per_1p73m2"


def check_up(visit: Visit) -> None:
    """Weigh the person, take fasting blood and pressure, and compute the risk of the next ten years.

    Parameters
    ----------
    visit : Visit
        Who.
    """
    person = visit.person
    visit.find("age_yr", person.age_years, "yr")
    visit.find("weight_kg", person.weight_kg, "kg")
    visit.find("body_mass_index_kg_per_m2", person.bmi, "kg/m^2")
    visit.find("body_fat_percent", PERCENT * person.body_fat_fraction, "%")
    visit.find("liver_fat_percent", PERCENT * person.liver_fat_fraction, "%")
    visit.find("beta_cell_mass", person.beta_cell_mass, "1")
    resting_values(visit)
    visit.find("fasting_ffa_mmol_per_l", visit.now(FATTY_ACID), "mmol/L")
    visit.find("fasting_triglyceride_mmol_per_l", visit.now(TRIGLYCERIDE), "mmol/L")
    visit.find("fasting_3_hydroxybutyrate_mmol_per_l", visit.now(KETONE), "mmol/L")
    visit.find("fasting_glucose_production_mg_per_kg_min", visit.per_kg(visit.now(PRODUCTION)), "mg/kg/min")
    visit.find("hdl_mmol_per_l", hdl(visit), "mmol/L")
    visit.find("systolic_pressure_mmhg", visit.now(PRESSURE), "mmHg")
    visit.find("egfr_ml_per_min_per_1p73m2", visit.now(FILTRATION), "mL/min/(1.73m^2)")
    mean_glucose = float(visit.body.organ(Kidneys).mean_glucose)
    glycated = hba1c(mean_glucose, visit.measures)
    visit.find("mean_glucose_of_weeks_mmol_per_l", mean_glucose, "mmol/L")
    visit.find("hba1c_of_weeks_percent", glycated, "%")
    found = glucose_class(visit.measures, fasting=visit.now(GLUCOSE), hba1c_percent=glycated)
    visit.find("fasting_glucose_class", UNKNOWN if found is None else found, CLASSES)
    _risk(visit, diabetes=found == GlucoseClass.DIABETES)


def hdl(visit: Visit) -> float:
    """HDL cholesterol that goes with the person's triglyceride, mmol/L: an association, no mechanism."""
    falls = visit.measures["hdl_per_triglyceride"] * visit.now(TRIGLYCERIDE)
    return max(visit.measures["hdl_without_triglyceride"] - falls, visit.measures["least_hdl"])


def _risk(visit: Visit, *, diabetes: bool) -> None:
    """Note the risk, or that the equations are not made for this person, and why."""
    factors = RiskFactors(
        sex=visit.person.sex,
        age_years=visit.person.age_years,
        total_cholesterol_mmol_per_l=visit.measures["total_cholesterol"],
        hdl_mmol_per_l=hdl(visit),
        systolic_mmhg=visit.now(PRESSURE),
        egfr_ml_per_min_per_1p73m2=visit.now(FILTRATION),
        diabetes=diabetes,
        smoking=visit.measures["smoking"] > 0.0,
    )
    for outcome in OUTCOMES:
        try:
            visit.find(f"ten_year_{outcome}_risk", ten_year_risk(factors, outcome), "1")
        except NotApplicableError as reason:
            visit.find(f"ten_year_{outcome}_risk", UNKNOWN, f"not applicable: {reason}")
