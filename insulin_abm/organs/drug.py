"""Drugs: one agent each, with its kinetics, acting on named parameters of its site."""

from __future__ import annotations

from typing import ClassVar

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import rule
from insulin_abm.living import LivingAgent
from insulin_abm.organs.blood import Blood


class Drug(LivingAgent):
    """A drug in the body of one person; subclass it in one file (examples/my_drug.py).

    A subclass says in `live_a_minute` (a rule) how the amount moves and what effect it has, and in `acts_on` which
    numbers of which site its columns multiply.

    Attributes
    ----------
    acts_on : dict of str to str
        For "site.parameter", as `insulin-abm parameters` lists it, the column that multiplies it.
    """

    is_single = True
    lives_in = Blood
    acts_on: ClassVar[dict[str, str]] = {}

    taken = column(0.0, "mg", "what was taken and is not yet absorbed", wide=True)
    amount = column(0.0, "mg", "what is in the body", wide=True)

    def take(self, milligrams: float) -> None:
        """Take a dose."""
        self.taken += milligrams


@rule
def absorb_and_eliminate(drug, p):
    """Move a drug from the gut into the body, and out of it."""
    absorbed = p.absorption_time_share * drug.taken
    drug.taken -= absorbed
    drug.amount += absorbed
    drug.amount -= p.elimination_time_share * drug.amount


@rule
def share_of_effect(drug, p):
    """The share of its largest effect that what is in the body has: half at `half_effect_amount`."""
    return drug.amount / (drug.amount + p.half_effect_amount)
