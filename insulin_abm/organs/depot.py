"""The depot under the skin: injected insulin reaches plasma slowly."""

from __future__ import annotations

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import rule
from insulin_abm.living import LivingAgent
from insulin_abm.organs.blood import Blood


class InsulinDepot(LivingAgent):
    """Insulin under the skin, injected or pumped (two pools as in Kovatchev 2009), and a long-acting store."""

    is_single = True
    lives_in = Blood
    parameter_sites = ("subcutaneous",)

    first_pool = column(0.0, "pmol", "insulin as injected", wide=True)
    second_pool = column(0.0, "pmol", "insulin fallen apart into single molecules", wide=True)
    pump_rate = column(0.0, "pmol/min", "insulin that a pump delivers", wide=True)
    long_acting = column(0.0, "pmol", "long-acting insulin", wide=True)
    long_acting_rate = column(0.0, "pmol/min", "how fast it is released", wide=True)
    absorbed = column(0.0, "pmol/min", "insulin that reached plasma", wide=True, adds_to="insulin_appearance")

    @rule
    def live_a_minute(depot, p, chance):
        """Fall apart, move on, reach plasma."""
        long_acting = min(depot.long_acting_rate, depot.long_acting)
        depot.absorbed = p.absorption_first * depot.first_pool + p.absorption_second * depot.second_pool + long_acting
        depot.second_pool += p.dissociation * depot.first_pool - p.absorption_second * depot.second_pool
        depot.first_pool += depot.pump_rate - (p.dissociation + p.absorption_first) * depot.first_pool
        depot.long_acting -= long_acting

    def inject(self, pmol: float, *, long_acting: bool, minutes: float) -> None:
        """Inject `pmol` of insulin; long-acting insulin is released evenly over `minutes`."""
        if long_acting:
            self.long_acting_rate = (self.long_acting + pmol) / minutes
            self.long_acting += pmol
        else:
            self.first_pool += pmol
