"""The balance of the body: how much glucose, insulin and receptors it holds, and what came in and went out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from insulin_abm.body import Body
from insulin_abm.cells.fat import FatCell
from insulin_abm.organs.blood import Blood
from insulin_abm.organs.energy import EnergyBalance
from insulin_abm.tissue.patch import Patch
from insulin_abm.tissue.tissue import Tissue


@dataclass(frozen=True)
class Totals:
    """What a body holds at a moment, in plasma, in the fluids around it and in all patches, scaled to whole organs.

    Attributes
    ----------
    glucose_mmol : float
        Glucose in fluids; not yet absorbed food, and glycogen and fat in cells, are outside.
    glucose_entered_mmol, glucose_left_mmol : float
        All that ever came in (food, infusion, cells) and went out (into cells, brain, urine).
    insulin_pmol : float
        Insulin in fluids and on receptors; depots under the skin are outside.
    insulin_entered_pmol, insulin_left_pmol : float
        All that was ever secreted, absorbed or infused, and cleared or degraded.
    receptors : float
        Insulin receptors of all cells of muscle, fat, liver and islets.
    receptors_entered, receptors_left : float
        All that were ever made and degraded.
    energy_kcal : float
        Energy at hand above the usual, and that of lipid in fat cells.
    energy_entered_kcal, energy_left_kcal : float
        All that was ever absorbed or infused, and spent or lost in urine.
    """

    glucose_mmol: float
    glucose_entered_mmol: float
    glucose_left_mmol: float
    insulin_pmol: float
    insulin_entered_pmol: float
    insulin_left_pmol: float
    receptors: float
    receptors_entered: float
    receptors_left: float
    energy_kcal: float
    energy_entered_kcal: float
    energy_left_kcal: float


def totals(body: Body) -> Totals:
    """Count what a body holds.

    Parameters
    ----------
    body : Body
        Between two minutes.
    """
    blood = body.blood
    volumes = body.records[Blood]
    conversions = body.records[Tissue]
    patches = body.populations[Patch]
    columns = patches.columns
    scale = body.populations[Tissue].columns["scale"][patches.place]
    packets = _scaled(columns["glucose"], scale)
    molecules = _scaled(columns["insulin"] + columns["insulin_on_receptors"], scale)
    return Totals(
        glucose_mmol=blood.plasma_glucose * volumes["person_glucose_volume"]
        + blood.slow_glucose * volumes["person_slow_glucose_volume"]
        + blood.portal_glucose  # what one minute brings
        + packets * conversions["mmol_per_packet"],
        glucose_entered_mmol=blood.glucose_entered,
        glucose_left_mmol=blood.glucose_left,
        insulin_pmol=blood.plasma_insulin * volumes["person_insulin_volume"]
        + blood.portal_insulin
        + molecules * conversions["pmol_per_molecule"],
        insulin_entered_pmol=blood.insulin_entered,
        insulin_left_pmol=blood.insulin_left,
        receptors=_scaled(columns["receptors"], scale),
        receptors_entered=blood.receptors_entered,
        receptors_left=blood.receptors_left,
        energy_kcal=_energy(body),
        energy_entered_kcal=body.organ(EnergyBalance).energy_eaten,
        energy_left_kcal=body.organ(EnergyBalance).energy_spent,
    )


def _energy(body: Body) -> float:
    """Energy at hand and in fat cells, kcal; what they took in the last step is still counted as at hand, too."""
    energy, numbers = body.organ(EnergyBalance), body.records[EnergyBalance]
    lipid = float(body.populations[FatCell].columns["lipid"].sum(dtype=np.float64)) * body.tissue("fat").scale
    in_cells = lipid / body.records[FatCell]["lipid_per_mmol"]
    released = body.blood.fatty_acid_released / numbers["fatty_acids_in_lipid"]
    just_taken = energy.former_offer * body.blood.lipid_clearing - released
    return float(energy.energy_over + numbers["fat_energy"] * (in_cells - just_taken))


def _scaled(counts: np.ndarray, scale: np.ndarray) -> float:
    """Add up whole counts of patches of a sample, each standing for `scale` real ones, in the order of the rows."""
    return float((counts * scale).sum(dtype=np.float64))


def balance(start: Totals, now: Totals) -> dict[str, float]:
    """Give a row of `ledger.csv`: what there is, what came and went since the start, and what no event explains."""
    glucose_entered = now.glucose_entered_mmol - start.glucose_entered_mmol
    glucose_left = now.glucose_left_mmol - start.glucose_left_mmol
    insulin_entered = now.insulin_entered_pmol - start.insulin_entered_pmol
    insulin_left = now.insulin_left_pmol - start.insulin_left_pmol
    receptors_entered = now.receptors_entered - start.receptors_entered
    receptors_left = now.receptors_left - start.receptors_left
    energy_entered = now.energy_entered_kcal - start.energy_entered_kcal
    energy_left = now.energy_left_kcal - start.energy_left_kcal
    return {
        "glucose_mmol": now.glucose_mmol,
        "glucose_entered_mmol": glucose_entered,
        "glucose_left_mmol": glucose_left,
        "glucose_difference_mmol": now.glucose_mmol - start.glucose_mmol - (glucose_entered - glucose_left),
        "insulin_pmol": now.insulin_pmol,
        "insulin_entered_pmol": insulin_entered,
        "insulin_left_pmol": insulin_left,
        "insulin_difference_pmol": now.insulin_pmol - start.insulin_pmol - (insulin_entered - insulin_left),
        "receptors": now.receptors,
        "receptors_entered": receptors_entered,
        "receptors_left": receptors_left,
        "receptors_difference": now.receptors - start.receptors - (receptors_entered - receptors_left),
        "energy_kcal": now.energy_kcal,
        "energy_entered_kcal": energy_entered,
        "energy_left_kcal": energy_left,
        "energy_difference_kcal": now.energy_kcal - start.energy_kcal - (energy_entered - energy_left),
    }


BALANCE_COLUMNS = {
    "glucose_mmol": ("mmol", "glucose in blood, tissue fluids and the portal vein"),
    "glucose_entered_mmol": ("mmol", "glucose that came in since minute 0: absorbed, infused, released by cells"),
    "glucose_left_mmol": ("mmol", "glucose that went out since minute 0: into cells, brain and urine"),
    "glucose_difference_mmol": ("mmol", "change of the total that the two before do not explain"),
    "insulin_pmol": ("pmol", "insulin in blood, tissue fluids, the portal vein and on receptors"),
    "insulin_entered_pmol": ("pmol", "insulin that came in since minute 0: secreted, absorbed, infused"),
    "insulin_left_pmol": ("pmol", "insulin that went out since minute 0: cleared and degraded"),
    "insulin_difference_pmol": ("pmol", "change of the total that the two before do not explain"),
    "receptors": ("receptors", "insulin receptors of the whole body's cells"),
    "receptors_entered": ("receptors", "insulin receptors made since minute 0"),
    "receptors_left": ("receptors", "insulin receptors degraded since minute 0"),
    "receptors_difference": ("receptors", "change of the total that the two before do not explain"),
    "energy_kcal": ("kcal", "energy of lipid in fat cells, and at hand above the usual"),
    "energy_entered_kcal": ("kcal", "energy absorbed and infused since minute 0"),
    "energy_left_kcal": ("kcal", "energy spent, and lost in urine, since minute 0"),
    "energy_difference_kcal": ("kcal", "change of the total that the two before do not explain"),
}
"""Unit and meaning of the columns of `balance`."""
