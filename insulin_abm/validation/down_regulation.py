"""How many receptors are lost, when and at which dose, and how they and the response return."""

from __future__ import annotations

import math

import numpy as np

from insulin_abm.kinetics import dose_of_effect, dose_of_share, time_of_change, time_of_share
from insulin_abm.validation.experiments import (
    COMPLETE,
    DAY_MIN,
    DETECTABLE,
    HOUR_MIN,
    MAXIMAL,
    Measure,
    doses,
    two_days,
)
from insulin_abm.validation.lab import Culture, Lab


def _total(culture: Culture) -> tuple[np.ndarray, np.ndarray]:
    well = culture.well()
    return well["time_min"].to_numpy(), well["total_receptors_mean"].to_numpy()


def loss_time(line: str, share: float, dose: str = MAXIMAL, end_min: int = 2 * DAY_MIN) -> Measure:
    """When a share of the whole loss is gone, which is that at the end."""

    def measure(lab: Lab) -> float:
        times, total = _total(two_days(lab, line, dose))
        return time_of_share(times[times <= end_min], total[times <= end_min], share)

    return measure


def first_loss_time(lab: Lab) -> float:
    """When so many receptors of hepatoma cells are lost that it can be detected."""
    return time_of_change(*_total(two_days(lab, "htc")), DETECTABLE)


def left_after(line: str, minute: int, dose: str = MAXIMAL) -> Measure:
    """Receptors left after so many minutes, relative to the start."""

    def measure(lab: Lab) -> float:
        times, total = _total(two_days(lab, line, dose))
        return float(np.interp(minute, times, total) / total[0])

    return measure


def _loss_by_dose(lab: Lab, line: str, duration: str) -> tuple[np.ndarray, np.ndarray]:
    """Doses and the share of receptors that is lost, against the well without insulin."""
    end = doses(lab, line, duration).at_the_end()
    total = end["total_receptors_mean"].to_numpy()
    return end["insulin_pmol_per_l"].to_numpy(), 1.0 - total / total[0]


def loss_dose(line: str, duration: str, share: float) -> Measure:
    """The dose that costs a share of what the largest dose costs."""
    return lambda lab: dose_of_share(*_loss_by_dose(lab, line, duration), share)


def first_loss_dose(lab: Lab) -> float:
    """The dose that costs hepatoma cells so many receptors that it can be detected."""
    return dose_of_effect(*_loss_by_dose(lab, "htc", "16 h"), DETECTABLE)


def half_life(line: str, dose: str = "0 nmol/L", hours: int = 6) -> Measure:
    """How fast receptors are degraded, for each that there is, in the hour after so many hours in the dose."""

    def measure(lab: Lab) -> float:
        changes = {"dish.line": line, "changes[1].for": f"{hours + 1} h", "changes[1].insulin": dose}
        culture = lab.culture("dish_internalisation", {**changes, "duration": f"{hours + 1} h"})
        hour = culture.well().iloc[hours * HOUR_MIN :]
        there, degraded = (float(hour[name].mean()) for name in ("total_receptors_mean", "receptors_degraded_per_cell"))
        return math.log(2.0) * there / degraded if degraded else math.nan

    return measure


def half_life_shortening(lab: Lab) -> float:
    """How many times shorter a receptor of IM-9 cells lives in 1 umol/L of insulin."""
    return half_life("im9")(lab) / half_life("im9", "1 umol/L")(lab)


def receptors_back_time(lab: Lab) -> float:
    """How long after the wash-out nine tenths of the receptors that were lost are there again."""
    well = lab.culture("dish_washout", {}).well()
    times, total = well["time_min"].to_numpy(), well["total_receptors_mean"].to_numpy()
    after = times >= 16 * HOUR_MIN
    lacking = np.append(total[after], total[0])  # all would be back if it were as at the start
    return time_of_share(np.append(times[after], math.inf), lacking, COMPLETE)


def response_back_time(lab: Lab) -> float:
    """How long after the wash-out a fresh maximal dose does nine tenths of what it did at the start."""
    tests = lab.culture("dish_washout", {}).tests
    times, effect = tests["time_min"].to_numpy(), tests["suppression"].to_numpy()
    after = times >= 16 * HOUR_MIN
    return _first(times[after], effect[after] >= COMPLETE * effect[0]) - 16 * HOUR_MIN


def _first(times: np.ndarray, reached: np.ndarray) -> float:
    return float(times[reached][0]) if reached.any() else math.nan
