"""Insulin after glucose in a vein, in people with fewer and fewer beta cells: a population side by side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from insulin_abm.kinetics import time_of_change
from insulin_abm.protocols.visit import INSULIN, Visit
from insulin_abm.validation.disposal import Measure
from insulin_abm.validation.experiments import DETECTABLE
from insulin_abm.validation.ward import Ward

BETA_CELLS = (1.0, 0.85, 0.7, 0.5, 0.35, 0.25, 0.2)
"""From usual to so few that fasting glucose is that of diabetes."""
DIABETES_MMOL_PER_L = 7.0
"""Fasting glucose at which it is called so."""
LATE = (20, 60)
"""Minutes after the injection that the first phase is over."""


def _tests(ward: Ward) -> list[Visit]:
    return [ward.visit("healthy", "ivgtt", beta_cells=left) for left in BETA_CELLS]


def _fasting_glucose(ward: Ward) -> list[float]:
    return [test["fasting_glucose_mmol_per_l"] for test in _tests(ward)]


def first_phase(ward: Ward) -> list[float]:
    """Mean rise of insulin in the first ten minutes in each of them, pmol/L."""
    return [test["acute_insulin_response_pmol_per_l"] for test in _tests(ward)]


def late_phase(ward: Ward) -> list[float]:
    """Mean rise of insulin in the minutes `LATE` in each of them, pmol/L."""
    first, last = LATE
    return [
        test.mean(INSULIN, test.resting_minute + first, test.resting_minute + last) - test.resting(INSULIN)
        for test in _tests(ward)
    ]


def loss_begins(phase: Callable[[Ward], list[float]]) -> Measure:
    """The fasting glucose at which a tenth of the response is lost, mmol/L."""

    def measure(ward: Ward) -> float:
        glucose = _fasting_glucose(ward)
        return glucose[0] + time_of_change(glucose, phase(ward), DETECTABLE)

    return measure


def lost_at_diabetes(ward: Ward) -> float:
    """The share of the first phase that is lost where fasting glucose is that of diabetes."""
    response = first_phase(ward)
    return 1.0 - float(np.interp(DIABETES_MMOL_PER_L, _fasting_glucose(ward), response)) / response[0]
