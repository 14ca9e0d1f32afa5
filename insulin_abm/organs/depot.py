"""The depot under the skin: injected insulin reaches plasma slowly."""

from __future__ import annotations

from collections.abc import Mapping

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import present, rule, share_in_a_minute
from insulin_abm.living import LivingAgent
from insulin_abm.organs.blood import Blood
from insulin_abm.person import Person


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

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """Of what leaves the first pool in a step, each way takes the part that its rate has in both."""
        moving_on, absorbed = values["dissociation"], values["absorption_first"]
        left = share_in_a_minute(moving_on + absorbed) / (moving_on + absorbed)
        return {"moved_on_share": left * moving_on, "absorbed_first_share": left * absorbed}

    @rule
    def live_a_minute(depot, p, chance):
        """Fall apart, move on, reach plasma."""
        long_acting = min(depot.long_acting_rate, depot.long_acting)
        injected = present(depot.first_pool, depot.pump_rate)
        moved_on = p.moved_on_share * injected
        from_first = p.absorbed_first_share * injected
        from_second = p.absorption_second_share * present(depot.second_pool, moved_on)
        depot.first_pool += depot.pump_rate - moved_on - from_first
        depot.second_pool += moved_on - from_second
        depot.absorbed = from_first + from_second + long_acting
        depot.long_acting -= long_acting

    def inject(self, pmol: float, *, long_acting: bool, minutes: float) -> None:
        """Inject `pmol` of insulin; long-acting insulin is released evenly over `minutes`."""
        if long_acting:
            self.long_acting_rate = (self.long_acting + pmol) / minutes
            self.long_acting += pmol
        else:
            self.first_pool += pmol
