"""Measures facts of one part, dishes or people, with one seed: what a process of its own does."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

from insulin_abm.parameters import Faults, QuantityError
from insulin_abm.protocols.visit import VisitError
from insulin_abm.stepped import LedgerError
from insulin_abm.validation import clinic, dish
from insulin_abm.validation.curves import PANELS, Curves
from insulin_abm.validation.lab import Lab
from insulin_abm.validation.ward import Ward

_log = logging.getLogger(__name__)

FAILURES = (VisitError, QuantityError, Faults, LedgerError, ArithmeticError)
"""What a person with strange numbers may end in; the fact is then not known, and the others are measured."""

PART_OF_DISHES, PART_OF_PEOPLE = "dishes", "people"
PARTS: dict[str, tuple[type, Mapping[str, Callable[[Any], float]]]] = {
    PART_OF_DISHES: (Lab, dish.MEASURES),
    PART_OF_PEOPLE: (Ward, clinic.MEASURES),
}
"""Where the facts of each part are measured, and how."""


def measured_facts() -> set[str]:
    """Ids of all facts that can be measured."""
    return {fact for _, measures in PARTS.values() for fact in measures}


def measure_part(part: str, seed: int, changes: Mapping[str, object], facts: Collection[str]) -> dict[str, float]:
    """Measure some facts of a part; not a number where something could not be done.

    Parameters
    ----------
    part : str
        One of `PARTS`.
    seed : int
        Of all chance.
    changes : mapping of str to object
        What is different from how the program comes, by name.
    facts : collection of str
        Ids; those of other parts are left out.
    """
    kind, measures = PARTS[part]
    place = kind(seed, changes=changes)
    found = {}
    for fact, measure in measures.items():
        if fact in facts:
            try:
                found[fact] = float(measure(place))
            except FAILURES as refusal:
                _log.warning("%s cannot be measured with seed %d: %s", fact, seed, refusal)
                found[fact] = math.nan
    return found


def curves_of_people(part: str, seed: int, changes: Mapping[str, object], facts: Collection[str]) -> Curves:
    """Give the courses that are drawn beside published points; those of facts that are not asked for are left out."""
    ward = Ward(seed, changes=changes)
    found: Curves = {}
    for panel in PANELS:
        if any(fact in facts for fact in panel.facts):
            try:
                found[panel.title] = panel.simulate(ward)
            except FAILURES as refusal:
                _log.warning("'%s' cannot be drawn with seed %d: %s", panel.title, seed, refusal)
    return found
