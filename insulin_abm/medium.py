"""Culture medium: what is around the cells of a dish."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Medium:
    """What is around the cells of a dish.

    Attributes
    ----------
    insulin : float
        pmol/L.
    glucose : float
        mmol/L.
    fatty_acid : float
        mmol/L.
    """

    insulin: float
    glucose: float
    fatty_acid: float
