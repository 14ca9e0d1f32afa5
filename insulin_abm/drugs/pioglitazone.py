"""Pioglitazone, a glitazone: fat cells hold more and give less."""

from __future__ import annotations

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import rule
from insulin_abm.organs.drug import Drug, absorb_and_eliminate, share_of_effect


class Pioglitazone(Drug):
    """Tablets that make room in fat cells and slow lipolysis (Miyazaki 2001)."""

    parameter_sites = ("pioglitazone",)
    acts_on = {"fat.lipid_capacity_factor": "capacity", "fat.lipolysis_factor": "lipolysis_left"}

    capacity = column(1.0, "1", "lipid that fat cells can hold, relative to usual", wide=True)
    lipolysis_left = column(1.0, "1", "lipolysis that remains", wide=True)

    @rule
    def live_a_minute(drug, p, chance):
        """Be absorbed, act, be eliminated."""
        absorb_and_eliminate(drug, p)
        effect = share_of_effect(drug, p)
        drug.capacity = 1.0 + p.capacity_rise * effect
        drug.lipolysis_left = 1.0 - p.lipolysis_fall * effect
