"""What the usual day keeps: whoever lives it stays as they were measured, until their days change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from insulin_abm.body import Body
from insulin_abm.cells.fat import FatCell
from insulin_abm.cells.islet import BetaCell
from insulin_abm.cells.liver import LiverCell
from insulin_abm.cells.receptors import ReceptorCell
from insulin_abm.organs.energy import EnergyBalance
from insulin_abm.organs.kidneys import Kidneys
from insulin_abm.organs.vessels import Vessels
from insulin_abm.parameters.conversions import MINUTES_PER_DAY

LIPID: dict[type[ReceptorCell], str] = {FatCell: "lipid", LiverCell: "ectopic_lipid"}
"""Kinds of cells that hold what their usual day keeps, and the column of it."""


class Morning(NamedTuple):
    """What there was before a usual day.

    Attributes
    ----------
    eaten, spent : float
        All energy eaten and spent until then, kcal.
    lipid, taken : mapping of type to numpy.ndarray
        For each kind of `LIPID`, what every cell holds and all that it ever took, float64 of shape (cells,).
    """

    eaten: float
    spent: float
    lipid: Mapping[type[ReceptorCell], np.ndarray]
    taken: Mapping[type[ReceptorCell], np.ndarray]


def morning(body: Body) -> Morning:
    """Remember how a person is before a usual day; in the first one all cells are equally eager for lipid."""
    for kind in LIPID:
        eager = body.populations[kind].columns["lipid_affinity"]
        eager[eager == 0.0] = 1.0
    energy = body.organ(EnergyBalance)
    lipid = {kind: body.populations[kind].columns[name].copy() for kind, name in LIPID.items()}
    taken = {kind: body.populations[kind].columns["lipid_taken"].copy() for kind in LIPID}
    return Morning(energy.energy_eaten, energy.energy_spent, lipid, taken)


def keep(body: Body, before: Morning) -> None:
    """Let a usual day spend what is eaten in it, and every cell take as much lipid as it gives; nobody ages.

    Parameters
    ----------
    body : Body
        After the usual day.
    before : Morning
        The person before it.
    """
    energy = body.organ(EnergyBalance)
    over = (energy.energy_eaten - before.eaten) - (energy.energy_spent - before.spent)
    energy.usual_expenditure += over * body.step_min / MINUTES_PER_DAY
    energy.fat_gained = 0.0
    body.organ(Vessels).age_gained = 0.0
    body.organ(Kidneys).filtration_lost = 0.0
    body.populations[BetaCell].columns["mass"][:] = 1.0
    for kind, name in LIPID.items():
        columns = body.populations[kind].columns
        taken = columns["lipid_taken"] - before.taken[kind]
        given = taken - (columns[name] - before.lipid[kind])
        able = taken > 0.0  # none did before anything was eaten
        columns["lipid_affinity"][able] *= given[able] / taken[able]
        columns[name][:] = before.lipid[kind]
