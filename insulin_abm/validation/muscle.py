"""What becomes of glucose in muscle: oxidised or stored, in clamps and over days."""

from __future__ import annotations

import numpy as np

from insulin_abm.kinetics import dose_of_share
from insulin_abm.validation.disposal import DISPOSAL, Measure, at_the_end, curve
from insulin_abm.validation.ward import Ward

OXIDATION, STORED = "glucose_oxidation_mmol_per_min", "muscle_glycogen_synthesis_mmol_per_min"
HALF = 0.5
HYPERGLYCAEMIC = {"insulin": "25 mU/min/m2", "glucose": "10 mmol/L"}
"""A clamp with raised glucose and insulin (Shulman 1990)."""


def _per_kg(ward: Ward, values: np.ndarray) -> np.ndarray:
    return values * ward.visit("healthy", "biopsy").per_kg(1.0)


def _storage(ward: Ward) -> tuple[np.ndarray, np.ndarray]:
    """Plasma insulin and glucose that is used and not oxidised, mmol/min."""
    insulin, used = curve(ward, "healthy", DISPOSAL)
    return insulin, used - curve(ward, "healthy", OXIDATION)[1]


def half_maximal_oxidation(ward: Ward) -> float:
    """The insulin at which half of the way from rest to the most oxidation is gone, pmol/L."""
    return dose_of_share(*curve(ward, "healthy", OXIDATION), HALF)


def most_oxidation(ward: Ward) -> float:
    """Oxidation with the largest dose, mg/kg/min."""
    return float(_per_kg(ward, curve(ward, "healthy", OXIDATION)[1])[-1])


def half_maximal_storage(ward: Ward) -> float:
    """The insulin at which half of the way from rest to the most storage is gone, pmol/L."""
    return dose_of_share(*_storage(ward), HALF)


def most_storage(ward: Ward) -> float:
    """Storage with the largest dose, mg/kg/min."""
    return float(_per_kg(ward, _storage(ward)[1])[-1])


def glycogen_synthesis(who: str) -> Measure:
    """Glycogen made by a kg of muscle in a clamp with raised glucose and insulin, mmol/min."""

    def measure(ward: Ward) -> float:
        seen = ward.visit(who, "euglycaemic_clamp", euglycaemic_clamp=HYPERGLYCAEMIC)
        return at_the_end(seen, STORED) / ward.person(who).tissue("muscle").mass

    return measure
