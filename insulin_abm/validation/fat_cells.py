"""Fat cells taken out of a person: what they carry in at each dose of insulin (Kashiwagi 1983)."""

from __future__ import annotations

import numpy as np

from insulin_abm.cells.balance import occupied_endocytosis_rate
from insulin_abm.cells.fat import FatCell
from insulin_abm.engine.rules import hill
from insulin_abm.kinetics import dose_of_share
from insulin_abm.parameters.conversions import PMOL_PER_NMOL
from insulin_abm.validation.disposal import HALF, Measure
from insulin_abm.validation.ward import Ward

DOSES_PMOL_PER_L = (0, 5, 10, 20, 40, 70, 100, 150, 250, 400, 700, 1500, 5000, 50000)


def transport(ward: Ward, who: str) -> np.ndarray:
    """Glucose transport of the average fat cell in each of `DOSES_PMOL_PER_L`, packets/min at saturating glucose.

    The cells keep the receptors and the GLUT4 that they had in the person; insulin binds until as much leaves.
    """
    body = ward.person(who)
    cells, numbers = body.populations[FatCell].columns, body.records[FatCell]
    on_surface = cells["surface_receptors"].astype(np.float64) + cells["bound_receptors"]
    leaving = numbers["dissociation_rate"] + occupied_endocytosis_rate(numbers)
    share_called = np.vectorize(hill, otypes=[np.float64])
    found = []
    for dose in DOSES_PMOL_PER_L:
        binding = numbers["association_rate"] * dose / PMOL_PER_NMOL
        occupancy = on_surface / numbers["receptor_count"] * binding / (binding + leaving)
        signal = numbers["sensitivity_factor"] * occupancy * cells["insulin_sensitivity"]
        called = share_called(signal, numbers["uptake_half_occupancy"], numbers["uptake_steepness"])
        carried = cells["glut4_pool"] * (numbers["basal_packets"] + numbers["insulin_packets"] * called)
        found.append(float(carried.mean()))
    return np.array(found)


def fall_of_transport(place: int) -> Measure:
    """How much less fat cells of type 2 diabetes carry in than those of the healthy, in the dose at this place."""
    return lambda ward: float(1.0 - transport(ward, "t2d")[place] / transport(ward, "healthy")[place])


def half_maximal_transport(who: str) -> Measure:
    """The insulin at which half of the way from none to the most is gone, pmol/L."""
    return lambda ward: dose_of_share(DOSES_PMOL_PER_L, transport(ward, who), HALF)


def fall_of_sensitivity(ward: Ward) -> float:
    """How much less sensitive the fat cells of type 2 diabetes are: by that insulin."""
    return 1.0 - half_maximal_transport("healthy")(ward) / half_maximal_transport("t2d")(ward)
