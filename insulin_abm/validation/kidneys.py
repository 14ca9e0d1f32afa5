"""What kidneys filter, and when glucose appears in urine."""

from __future__ import annotations

import math

import numpy as np

from insulin_abm.organs.kidneys import Kidneys
from insulin_abm.protocols.visit import GLUCOSE
from insulin_abm.validation.disposal import Measure
from insulin_abm.validation.ward import Ward

FOUND_IN_URINE = 0.0055
"""Glucose in urine that a dipstick shows, mmol/min: 5.5 mmol/L in 1 mL/min."""
TRIED = np.arange(4.0, 20.0, 0.1)
"""Plasma glucose, mmol/L."""


def filtered_glucose(ward: Ward) -> float:
    """Glucose that is filtered on a usual day, mmol/min."""
    filtration = ward.person("healthy").records[Kidneys]["person_filtration"]
    return filtration * float(ward.day("healthy").seen[GLUCOSE].mean())


def spill_threshold(who: str) -> Measure:
    """The plasma glucose from which on a dipstick finds glucose in urine, mmol/L."""

    def measure(ward: Ward) -> float:
        body = ward.person(who).fork()
        body.events.replace_all(())
        lost = []
        for glucose in TRIED:
            body.blood.plasma_glucose = float(glucose)
            body.run_for(1)
            lost.append(body.blood.glucose_excreted)
        found = np.flatnonzero(np.array(lost) >= FOUND_IN_URINE)
        return float(TRIED[found[0]]) if len(found) else math.nan

    return measure


def reabsorption_limit(who: str) -> Measure:
    """What tubules take back at most, mmol/min: an input."""
    return lambda ward: float(ward.person(who).organ(Kidneys).reabsorption_limit)


def hyperfiltration(who: str) -> Measure:
    """By what share kidneys filter more than those of the same person at usual glucose would."""

    def measure(ward: Ward) -> float:
        body = ward.person(who)
        usual = body.records[Kidneys]["person_filtration_index"]
        return float(body.organ(Kidneys).filtration_index) / usual - 1.0

    return measure
