"""Kidneys: they filter glucose, take it back up to a limit, and remove insulin."""

from __future__ import annotations

from collections.abc import Mapping

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import above, power, rule
from insulin_abm.living import LivingAgent
from insulin_abm.organs.blood import Blood
from insulin_abm.parameters.conversions import MINUTES_PER_YEAR
from insulin_abm.person import Person


class Kidneys(LivingAgent):
    """Both kidneys."""

    is_single = True
    lives_in = Blood
    parameter_sites = ("blood", "kidney")

    plasma_glucose = column(0.0, "mmol/L", "glucose in plasma", wide=True, sees="plasma_glucose")
    plasma_insulin = column(0.0, "pmol/L", "insulin in plasma", wide=True, sees="plasma_insulin")
    glucose_excreted = column(0.0, "mmol/min", "glucose lost in urine", wide=True, adds_to="glucose_excreted")
    insulin_cleared = column(0.0, "pmol/min", "insulin removed", wide=True, adds_to="insulin_cleared")
    urinary_glucose = column(0.0, "mmol", "all glucose ever lost in urine", wide=True)
    weight_gained = column(0.0, "kg", "weight gained since minute 0", wide=True, sees="weight_gained")
    systolic_pressure = column(0.0, "mmHg", "systolic pressure", wide=True, sees="systolic_pressure")
    mean_glucose = column(0.0, "mmol/L", "glucose in plasma averaged over weeks", wide=True, slow="glucose_memory")
    reabsorption_limit = column(0.0, "mmol/min", "most glucose that is taken back", wide=True)
    filtration_lost = column(0.0, "mL/min/(1.73m^2)", "filtration lost since minute 0", wide=True)
    filtration_index = column(0.0, "mL/min/(1.73m^2)", "filtration for a standard body surface", wide=True)

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """Sizes for this person's lean mass and age."""
        size = person.fat_free_mass_kg / values["reference_fat_free_mass"]
        years = max(0.0, person.age_years - values["ageing_start"])
        ages = values["filtration_ageing"] * values["step_min"] / MINUTES_PER_YEAR
        left = 1.0 - values["filtration_ageing"] * years / values["filtration_index"]
        return {
            "person_filtration": values["filtration"] * size * left,
            "per_person_filtration_index": 1.0 / (values["filtration_index"] * left),
            "filtration_ageing_rate": ages if person.age_years >= values["ageing_start"] else 0.0,
            "person_reabsorption": values["reabsorption_capacity"] * size,
            "person_insulin_clearance": values["insulin_clearance"] * size,
            "person_filtration_index": values["filtration_index"] * left,
        }

    @rule
    def live_a_minute(kidneys, p, chance):
        """Filter, more where glucose stays high; take back what the tubules can; the rest is lost in urine."""
        kidneys.mean_glucose += p.glucose_memory_share * (kidneys.plasma_glucose - kidneys.mean_glucose)
        lasting = above(kidneys.mean_glucose, p.hyperfiltration_start)
        more = 1.0 + p.hyperfiltration_most * min(lasting * p.per_hyperfiltration_range, 1.0)
        more += p.hyperfiltration_per_weight * above(kidneys.weight_gained, 0.0)
        pressed = p.filtration_loss_per_pressure * above(kidneys.systolic_pressure, p.pressure_start)
        kidneys.filtration_lost += p.filtration_ageing_rate + p.filtration_loss_per_glucose * lasting + pressed
        left = max(1.0 - kidneys.filtration_lost * p.per_person_filtration_index, p.least_filtration)
        filtered = p.person_filtration * left * more * kidneys.plasma_glucose
        risen = 1.0 + p.reabsorption_rise_most * min(lasting * p.per_hyperfiltration_range, 1.0)
        capacity = p.reabsorption_factor * p.person_reabsorption * risen * left
        kidneys.reabsorption_limit = capacity
        both = power(filtered, p.reabsorption_splay) + power(capacity, p.reabsorption_splay)
        taken_back = filtered * capacity / power(both, 1.0 / p.reabsorption_splay) if both > 0.0 else 0.0
        kidneys.glucose_excreted = filtered - taken_back
        kidneys.urinary_glucose += kidneys.glucose_excreted
        kidneys.insulin_cleared = p.person_insulin_clearance * left * kidneys.plasma_insulin
        kidneys.filtration_index = p.person_filtration_index * left * more
