"""Brain and red cells: they use glucose with and without insulin; the brain spares it where there are ketones."""

from __future__ import annotations

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import rule, saturating
from insulin_abm.living import LivingAgent
from insulin_abm.organs.blood import Blood


class Brain(LivingAgent):
    """Brain and red cells, which take glucose without insulin.

    Of the brain's fuel ketones are a third at 2 mmol/L (Hasselbalch 1996, doi:10.1152/ajpendo.1996.270.5.E746), nearly
    two thirds after weeks of fasting (Owen 1967, doi:10.1172/JCI105650).
    """

    is_single = True
    lives_in = Blood
    parameter_sites = ("brain",)

    plasma_glucose = column(0.0, "mmol/L", "glucose in plasma", wide=True, sees="plasma_glucose")
    plasma_ketone = column(0.0, "mmol/L", "3-hydroxybutyrate in plasma", wide=True, sees="plasma_ketone")
    glucose_used = column(0.0, "mmol/min", "glucose used", wide=True, adds_to="organ_glucose_used")
    red_cell_glucose_used = column(0.0, "mmol/min", "of it by red cells", wide=True)

    @rule
    def live_a_minute(brain, p, chance):
        """Use glucose, less of it when there is little; ketones replace some of the brain's."""
        wanted = p.glucose_use * brain.plasma_glucose / (brain.plasma_glucose + p.half_glucose)
        brain.red_cell_glucose_used = p.red_cell_share * wanted
        spared = (wanted - brain.red_cell_glucose_used) * saturating(brain.plasma_ketone, p.half_ketone)
        brain.glucose_used = wanted - spared
