"""A biopsy: what the average cell of each kind holds and does at this moment."""

from __future__ import annotations

import numpy as np

from insulin_abm.protocols.visit import Visit
from insulin_abm.readings import in_minutes

HELD = ("surface_receptors", "bound_receptors", "internal_receptors", "signal", "surface_glut4", "glut4_pool")
STORED = ("glycogen", "ectopic_lipid", "lipid")


def biopsy(visit: Visit) -> None:
    """Note means over cells of receptors, signal, transporters, glycogen and lipid.

    Parameters
    ----------
    visit : Visit
        Who.
    """
    for kind, cls in visit.body.cell_classes.items():
        if not visit.body.populations[cls].size:
            continue
        for name in (*HELD, *STORED):
            if name in cls.columns:
                mean = in_minutes(visit.body, cls, name).mean(dtype=np.float64)
                visit.find(f"{kind}_{name}", mean, cls.columns[name].unit)
