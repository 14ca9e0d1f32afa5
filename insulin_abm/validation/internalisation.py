"""How fast, and how many, receptors go inside and come back."""

from __future__ import annotations

import math

import numpy as np

from insulin_abm.kinetics import time_of_share
from insulin_abm.validation.experiments import COMPLETE, HALF, HOUR_MIN, MAXIMAL, Measure, minute_by_minute
from insulin_abm.validation.lab import Lab

EARLY_MIN = 10
"""In the first minutes of insulin nothing that was taken in has left the cell yet."""


def _inside(lab: Lab, line: str) -> tuple[np.ndarray, np.ndarray]:
    """Minutes and receptors inside until they are most, within the first hour."""
    hour = minute_by_minute(lab, line).well().iloc[: HOUR_MIN + 1]
    inside = hour["internal_receptors_mean"].to_numpy()
    most = int(inside.argmax())
    return hour["time_min"].to_numpy()[: most + 1], inside[: most + 1]


def time_inside(line: str, share: float) -> Measure:
    """When a share of the way inside is gone."""
    return lambda lab: time_of_share(*_inside(lab, line), share)


def flux_inside(lab: Lab) -> float:
    """Receptors that accumulate inside in the fastest minute."""
    return float(np.diff(_inside(lab, "rat_fat")[1]).max(initial=0.0))


def moved_inside(lab: Lab) -> float:
    """Share of the surface receptors that is gone from the surface when most are inside."""
    surface = minute_by_minute(lab, "rat_fat").well()["surface_receptors_mean"].to_numpy()
    return float(1.0 - surface[len(_inside(lab, "rat_fat")[0]) - 1] / surface[0])


def share_of_total(quantity: str, minute: int) -> Measure:
    """Receptors of fresh fat cells in one place, of all that they have in that minute."""

    def measure(lab: Lab) -> float:
        row = minute_by_minute(lab, "rat_fat").well().iloc[minute]
        return float(row[f"{quantity}_mean"] / row["total_receptors_mean"])

    return measure


def left(quantity: str, minute: int) -> Measure:
    """Receptors of fresh fat cells in a minute, relative to the start."""

    def measure(lab: Lab) -> float:
        values = minute_by_minute(lab, "rat_fat").well()[f"{quantity}_mean"].to_numpy()
        return float(values[minute] / values[0])

    return measure


def endocytic_rate(dose: str) -> Measure:
    """Insulin taken in over the first minutes for each occupied receptor and minute; here all of it is degraded."""

    def measure(lab: Lab) -> float:
        changes = {"dish.line": "rat_hepatocyte", "changes[1].insulin": dose, "liver.insulin_degraded_share": "1"}
        early = lab.culture("dish_internalisation", changes).well().iloc[: EARLY_MIN + 1]
        occupied = early["bound_receptors_mean"].to_numpy()
        return float(early["insulin_degraded_per_cell"].sum() / np.trapezoid(occupied))

    return measure


def endocytic_half_time(dose: str) -> Measure:
    """The half-time of an occupied receptor on the surface, from its rate."""
    return lambda lab: math.log(2.0) / endocytic_rate(dose)(lab)


def return_half_time(lab: Lab) -> float:
    """After ten hours of insulin: how fast the surplus inside returns to the surface in medium without."""
    changes = {"dish.line": "3t3", "changes[1].for": "10 h", "changes[1].insulin": MAXIMAL, "duration": "14 h"}
    after = lab.culture("dish_internalisation", changes).well().iloc[10 * HOUR_MIN :]
    share = (after["internal_receptors_mean"] / after["total_receptors_mean"]).to_numpy()
    return time_of_share(after["time_min"].to_numpy(), share, HALF)


def shift_time(lab: Lab) -> float:
    """When the share of receptors inside has made nine tenths of its rise."""
    hour = minute_by_minute(lab, "u937").well().iloc[: HOUR_MIN + 1]
    share = (hour["internal_receptors_mean"] / hour["total_receptors_mean"]).to_numpy()
    most = int(share.argmax())
    return time_of_share(hour["time_min"].to_numpy()[: most + 1], share[: most + 1], COMPLETE)
