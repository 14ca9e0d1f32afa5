"""Empagliflozin, an inhibitor of SGLT2: the kidneys take back less glucose."""

from __future__ import annotations

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import rule
from insulin_abm.organs.drug import Drug, absorb_and_eliminate, share_of_effect


class Empagliflozin(Drug):
    """Tablets that hold back the transport of glucose in the tubules (Al-Jobori 2017)."""

    parameter_sites = ("empagliflozin",)
    acts_on = {"kidney.reabsorption_factor": "reabsorption_left"}

    reabsorption_left = column(1.0, "1", "capacity to take back glucose that remains", wide=True)

    @rule
    def live_a_minute(drug, p, chance):
        """Be absorbed, act, be eliminated."""
        absorb_and_eliminate(drug, p)
        effect = share_of_effect(drug, p)
        drug.reabsorption_left = 1.0 - p.reabsorption_fall * effect
