"""Drugs: one agent each, with its kinetics, acting on named parameters of its site."""

from __future__ import annotations

from typing import ClassVar

from insulin_abm.engine.columns import column
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
