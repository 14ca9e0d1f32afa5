"""Drugs that come with the program, one a file; a user's own one is written the same way (examples/my_drug.py)."""

from __future__ import annotations

from insulin_abm.drugs.empagliflozin import Empagliflozin
from insulin_abm.drugs.metformin import Metformin
from insulin_abm.drugs.pioglitazone import Pioglitazone
from insulin_abm.organs.drug import Drug

SHIPPED: dict[str, type[Drug]] = {drug.__name__: drug for drug in (Empagliflozin, Metformin, Pioglitazone)}
"""All of them by the name that a scenario gives."""

__all__ = ["SHIPPED", "Empagliflozin", "Metformin", "Pioglitazone"]
