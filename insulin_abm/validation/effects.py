"""At which dose cells do half of what they can, and how islets answer glucose."""

from __future__ import annotations

import numpy as np

from insulin_abm.kinetics import dose_of_share
from insulin_abm.validation.experiments import GLUCOSE_MMOL_PER_L, HALF, HOUR_MIN, Measure, islets
from insulin_abm.validation.lab import Lab

GLUCOSE_RISES_MIN, SECOND_PHASE_MIN = 60, 90
"""When glucose rises in `dish_islet`, and from when on the second phase is read."""


def half_dose(quantity: str) -> Measure:
    """The insulin at which fat cells of the body do half of what they can, pmol/L."""

    def measure(lab: Lab) -> float:
        end = lab.culture("dish_dose_response", {}).at_the_end()
        return dose_of_share(end["insulin_pmol_per_l"].to_numpy(), end[f"{quantity}_mean"].to_numpy(), HALF)

    return measure


def spare_receptors(lab: Lab) -> float:
    """How many times more insulin half of the occupancy needs than half of the transport."""
    return half_dose("bound_receptors")(lab) / half_dose("glucose_uptake")(lab)


def _second_phase(lab: Lab) -> tuple[np.ndarray, np.ndarray]:
    """Doses of glucose and the secretion of the second phase."""
    wells = islets(lab).wells
    late = wells[(wells["time_min"] >= SECOND_PHASE_MIN) & (wells["time_min"] < SECOND_PHASE_MIN + HOUR_MIN / 2)]
    means = late.groupby("well", sort=False)[["glucose_mmol_per_l", "insulin_secretion_mean"]].mean()
    return means["glucose_mmol_per_l"].to_numpy(), means["insulin_secretion_mean"].to_numpy()


def glucose_for(share: float) -> Measure:
    """The glucose at which islets secrete a share of the most, mmol/L."""
    return lambda lab: dose_of_share(*_second_phase(lab), share)


def _fold_of_basal(lab: Lab) -> np.ndarray:
    """Secretion after a step from 1 to 15 mmol/L of glucose, minute by minute, relative to before."""
    well = islets(lab).well(GLUCOSE_MMOL_PER_L.index(15))
    secretion = well["insulin_secretion_mean"].to_numpy()
    return secretion[GLUCOSE_RISES_MIN:] / secretion[1:GLUCOSE_RISES_MIN].mean()


def first_phase(lab: Lab) -> float:
    """The highest minute of the first quarter of an hour, relative to basal secretion."""
    return float(_fold_of_basal(lab)[: HOUR_MIN // 4].max())


def second_phase_fold(lab: Lab) -> float:
    """Secretion from half an hour to an hour after the step, relative to basal secretion."""
    after = SECOND_PHASE_MIN - GLUCOSE_RISES_MIN
    return float(_fold_of_basal(lab)[after : after + HOUR_MIN // 2].mean())
