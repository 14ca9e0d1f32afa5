"""Metformin: the liver makes less glucose anew."""

from __future__ import annotations

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import rule
from insulin_abm.organs.drug import Drug, absorb_and_eliminate, share_of_effect


class Metformin(Drug):
    """Tablets that slow gluconeogenesis (Hundal 2000, doi:10.2337/diabetes.49.12.2063)."""

    parameter_sites = ("metformin",)
    acts_on = {"liver.gluconeogenesis_factor": "gluconeogenesis_left"}

    gluconeogenesis_left = column(1.0, "1", "gluconeogenesis that remains", wide=True)

    @rule
    def live_a_minute(drug, p, chance):
        """Be absorbed, act, be eliminated."""
        absorb_and_eliminate(drug, p)
        effect = share_of_effect(drug, p)
        drug.gluconeogenesis_left = 1.0 - p.gluconeogenesis_fall * effect
