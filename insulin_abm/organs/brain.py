"""Brain and red cells: they use glucose whether there is insulin or not."""

from __future__ import annotations

from collections.abc import Mapping

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import rule
from insulin_abm.living import LivingAgent
from insulin_abm.organs.blood import Blood
from insulin_abm.person import Person


class Brain(LivingAgent):
    """Brain and red cells, which take glucose without insulin."""

    is_single = True
    lives_in = Blood
    parameter_sites = ("blood", "brain")

    plasma_glucose = column(0.0, "mmol/L", "glucose in plasma", wide=True, sees="plasma_glucose")
    glucose_used = column(0.0, "mmol/min", "glucose used", wide=True, adds_to="organ_glucose_used")
    red_cell_glucose_used = column(0.0, "mmol/min", "of it by red cells", wide=True)

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """Use grows with lean size."""
        return {"person_use": values["glucose_use"] * person.fat_free_mass_kg / values["reference_fat_free_mass"]}

    @rule
    def live_a_minute(brain, p, chance):
        """Use glucose, less of it when there is little."""
        brain.glucose_used = p.person_use * brain.plasma_glucose / (brain.plasma_glucose + p.half_glucose)
        brain.red_cell_glucose_used = p.red_cell_share * brain.glucose_used
