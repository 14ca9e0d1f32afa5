"""Measures facts of one part, dishes or people, with one seed: what a process of its own does."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from insulin_abm.parameters import Faults, QuantityError
from insulin_abm.protocols.visit import VisitError
from insulin_abm.stepped import LedgerError
from insulin_abm.validation import clinic, courses, dish
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
    **{f"course {name}": (Ward, measures) for name, measures in courses.MEASURES_OF.items()},
}
"""Where the facts of each part are measured, and how."""


PARTS_OF_PEOPLE = tuple(part for part in PARTS if part != PART_OF_DISHES)


def measured_facts() -> set[str]:
    """Ids of all facts that can be measured."""
    return {fact for _, measures in PARTS.values() for fact in measures}


class Found(NamedTuple):
    """What was found of a part with one seed.

    Attributes
    ----------
    values : dict of str to float
        Each fact by its id.
    curves : dict
        The courses of people that are drawn beside published points.
    """

    values: dict[str, float]
    curves: Curves


def measure_part(
    part: str, seed: int, changes: Mapping[str, object], facts: Collection[str], *, with_curves: bool = False
) -> Found:
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
    with_curves : bool
        Whether courses are wanted, too: those of panels that show one of the facts.
    """
    kind, measures = PARTS[part]
    place = kind(seed, changes=changes)
    values, curves = {}, {}
    for fact, measure in measures.items():
        if fact in facts:
            values[fact] = math.nan
            with _unless_it_fails(f"{fact} cannot be measured with seed {seed}"):
                values[fact] = float(measure(place))
    for panel in PANELS if with_curves and part == PART_OF_PEOPLE else ():
        if any(fact in facts for fact in panel.facts):
            with _unless_it_fails(f"'{panel.title}' cannot be drawn with seed {seed}"):
                curves[panel.title] = panel.simulate(place)
    return Found(values, curves)


def measure_people(seed: int, changes: Mapping[str, object], facts: Collection[str]) -> dict[str, float]:
    """Measure facts about people, in the clinic and over months: all parts but dishes, one after the other."""
    found = (measure_part(part, seed, changes, facts).values for part in PARTS_OF_PEOPLE)
    return {fact: value for values in found for fact, value in values.items()}


@contextmanager
def _unless_it_fails(problem: str) -> Iterator[None]:
    """Say what went wrong, and go on."""
    try:
        yield
    except FAILURES as refusal:
        _log.warning("%s: %s", problem, refusal)
