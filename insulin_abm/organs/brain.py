"""Brain and red cells: they use glucose whether there is insulin or not."""

from __future__ import annotations

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import rule
from insulin_abm.living import LivingAgent
from insulin_abm.organs.blood import Blood


class Brain(LivingAgent):
    """Brain and red cells, which take glucose without insulin."""

    is_single = True
    lives_in = Blood
    parameter_sites = ("brain",)

    plasma_glucose = column(0.0, "mmol/L", "glucose in plasma", wide=True, sees="plasma_glucose")
    glucose_used = column(0.0, "mmol/min", "glucose used", wide=True, adds_to="organ_glucose_used")
    red_cell_glucose_used = column(0.0, "mmol/min", "of it by red cells", wide=True)

    @rule
    def live_a_minute(brain, p, chance):
        """Use glucose, less of it when there is little."""
        brain.glucose_used = p.glucose_use * brain.plasma_glucose / (brain.plasma_glucose + p.half_glucose)
        brain.red_cell_glucose_used = p.red_cell_share * brain.glucose_used
