"""Receptors in balance: how many a cell has, and where, when the insulin around it has long been the same.

The steady state of the rate equations that `receptors.receptors_live_a_minute` follows minute by minute.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from insulin_abm.parameters.conversions import PMOL_PER_NMOL

HALVINGS = 60
"""So often the interval is halved in which an occupancy lies: to the last bit."""

Numbers = float | np.ndarray


class Values(Protocol):
    """The parameters of a kind of cell by their names: a mapping, or its record."""

    def __getitem__(self, name: str, /) -> float:
        """Give a number."""


class Balance(NamedTuple):
    """Receptors of a cell, or of each of many cells.

    Attributes
    ----------
    free, bound, internal : float or numpy.ndarray
        Free and bound ones on the surface, and those inside.
    """

    free: Numbers
    bound: Numbers
    internal: Numbers

    @property
    def total(self) -> Numbers:
        """All of them."""
        return self.free + self.bound + self.internal


def occupied_endocytosis_rate(values: Values) -> float:
    """How fast an occupied receptor is taken in; without what insulin drives, no faster than a free one, 1/min."""
    free = values["free_endocytosis_rate"]
    return free + values["insulin_driven_endocytosis"] * (values["occupied_endocytosis_rate"] - free)


def receptors_in_balance(values: Values, made: Numbers, occupancy: Numbers) -> Balance:
    """Give the receptors of cells that lastingly have so many bound.

    Parameters
    ----------
    values : mapping of str to float, or ParameterRecord
        The parameters of their kind.
    made : float or numpy.ndarray
        Receptors that a cell makes in a minute if it sees no insulin; gene dose included.
    occupancy : float or numpy.ndarray
        Bound receptors relative to `receptor_count`.
    """
    usual = values["usual_occupancy"]
    lasting = usual + values["production_turn_down"] * (occupancy - usual)
    turned_down = values["turn_down_share"] * lasting / (lasting + values["turn_down_half_occupancy"])
    internal = made * (1.0 - turned_down) / values["degradation_rate"]
    bound = occupancy * values["receptor_count"]
    returns = (values["recycling_rate"] + values["degradation_rate"]) * internal
    taken_in = np.maximum(0.0, returns - occupied_endocytosis_rate(values) * bound)
    return Balance(taken_in / values["free_endocytosis_rate"], bound, internal)


def occupancy_in_balance(values: Values, made: np.ndarray, insulin_pmol_per_l: float) -> np.ndarray:
    """Give the occupancy of cells that have long been in so much insulin, float64 of shape (cells,).

    Parameters
    ----------
    values, made
        As for `receptors_in_balance`.
    insulin_pmol_per_l : float
        Free insulin around the cells.
    """
    binding = values["association_rate"] * insulin_pmol_per_l / PMOL_PER_NMOL
    leaving = values["dissociation_rate"] + occupied_endocytosis_rate(values)
    taken_in_for_each_inside = (values["recycling_rate"] + values["degradation_rate"]) / values["free_endocytosis_rate"]
    most = made / values["degradation_rate"] * (1.0 + taken_in_for_each_inside)  # what a cell has that sees no insulin
    low, high = np.zeros_like(made), most / values["receptor_count"]
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        there = receptors_in_balance(values, made, middle)
        too_few = binding * there.free > leaving * there.bound
        low, high = np.where(too_few, middle, low), np.where(too_few, high, middle)
    return low
