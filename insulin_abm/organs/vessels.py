"""Vessels: blood pressure as it goes with age, build and insulin; an association, not a mechanism."""

from __future__ import annotations

from collections.abc import Mapping

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import logarithm, rule
from insulin_abm.living import LivingAgent
from insulin_abm.organs.blood import Blood
from insulin_abm.parameters.conversions import MINUTES_PER_YEAR
from insulin_abm.person import Person


class Vessels(LivingAgent):
    """Arteries and their pressure."""

    is_single = True
    lives_in = Blood
    parameter_sites = ("vessels",)

    plasma_insulin = column(0.0, "pmol/L", "insulin in plasma", wide=True, sees="plasma_insulin")
    mean_insulin = column(0.0, "pmol/L", "insulin in plasma averaged over a day", slow="insulin_memory")
    weight_gained = column(0.0, "kg", "weight gained since minute 0", wide=True, sees="weight_gained")
    glucose_excreted = column(0.0, "mmol/min", "glucose lost in urine", wide=True, sees="glucose_excreted")
    mean_excretion = column(0.0, "mmol/min", "glucose lost in urine, averaged over days", wide=True)
    age_gained = column(0.0, "yr", "years since minute 0", wide=True)
    systolic_pressure = column(
        0.0, "mmHg", "systolic pressure (association, not mechanism)", wide=True, adds_to="systolic_pressure"
    )

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """Pressure of this person at usual insulin."""
        return {
            "person_pressure": values["systolic_at_40"]
            + values["systolic_per_year"] * (person.age_years - values["reference_age"])
            + values["systolic_per_body_mass_index"] * (person.bmi - values["reference_body_mass_index"]),
            "years_in_a_step": values["step_min"] / MINUTES_PER_YEAR,
            "systolic_per_weight": values["systolic_per_body_mass_index"] / person.height_m**2,
            "systolic_per_insulin_log": values["systolic_per_insulin_doubling"] / logarithm(2.0),
        }

    @rule
    def live_a_minute(vessels, p, chance):
        """Follow insulin, weight and age; glucose in urine takes sodium and water with it."""
        vessels.age_gained += p.years_in_a_step
        vessels.mean_excretion += p.excretion_memory_share * (vessels.glucose_excreted - vessels.mean_excretion)
        vessels.mean_insulin += p.insulin_memory_share * (vessels.plasma_insulin - vessels.mean_insulin)
        raised = logarithm(max(vessels.mean_insulin, 1.0) / p.usual_insulin)
        since = p.systolic_per_year * vessels.age_gained + p.systolic_per_weight * vessels.weight_gained
        drained = p.systolic_per_excretion * vessels.mean_excretion
        vessels.systolic_pressure = p.person_pressure + p.systolic_per_insulin_log * raised + since - drained
