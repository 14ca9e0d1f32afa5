"""Half-times, half doses and binding constants, read off curves as they are read off published ones."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

Curve = Sequence[float] | np.ndarray


def time_of_share(times: Curve, values: Curve, share: float) -> float:
    """Give when a curve has gone a share of the way from its first to its last value.

    Parameters
    ----------
    times, values : sequence of float
        Of equal length, times rising.
    share : float
        Such as 0.5 for the half-time.

    Returns
    -------
    float
        Counted from the first time; not a number if the curve does not move.
    """
    way = np.asarray(values, np.float64) - values[0]
    if not way[-1]:
        return math.nan
    return _first_crossing(np.asarray(times, np.float64), way / way[-1], share) - float(times[0])


def time_of_change(times: Curve, values: Curve, change: float) -> float:
    """Give when a curve has first changed by so much, relative to its first value; counted from the first time."""
    relative = np.abs(np.asarray(values, np.float64) / values[0] - 1.0)
    return _first_crossing(np.asarray(times, np.float64), relative, change) - float(times[0])


def dose_of_share(doses: Curve, effects: Curve, share: float) -> float:
    """Give the dose with a share of the effect of the last dose, between two doses by the logarithm of the dose.

    Parameters
    ----------
    doses : sequence of float
        Rising; the first may be 0 and counts as no effect, the last as the full one.
    effects : sequence of float
        The effect of each.
    share : float
        0.5 for the half-maximal dose.
    """
    way = np.asarray(effects, np.float64) - effects[0]
    if not way[-1]:
        return math.nan
    return dose_of_effect(doses, way / way[-1], share)


def dose_of_effect(doses: Curve, effects: Curve, effect: float) -> float:
    """Give the dose at which an effect is first reached, between two doses by the logarithm of the dose."""
    known = np.asarray(doses, np.float64)
    given = known > 0.0
    with np.errstate(divide="ignore"):
        logarithms = np.log(known[given])
    return math.exp(_first_crossing(logarithms, np.asarray(effects, np.float64)[given], effect))


def scatchard(free: Curve, bound: Curve) -> tuple[float, float]:
    """Give the dissociation constant (in the unit of `free`) and the number of sites of one class of receptors.

    Bound over free falls in a straight line with bound; its slope is -1 / Kd, and it ends at the number of sites
    (Scatchard 1949, doi:10.1111/j.1749-6632.1949.tb27297.x). Not numbers, if it does not fall.
    """
    ratio = np.asarray(bound, np.float64) / np.asarray(free, np.float64)
    slope, height = np.polyfit(np.asarray(bound, np.float64), ratio, 1)
    return (-1.0 / slope, -height / slope) if slope < 0.0 else (math.nan, math.nan)


def _first_crossing(x: np.ndarray, y: np.ndarray, level: float) -> float:
    """Where y first reaches a level, on straight lines between its points (not a number if it is not among them)."""
    reached = np.flatnonzero(y >= level)
    if not len(reached) or reached[0] == 0:
        return math.nan
    last = reached[0]
    part = (level - y[last - 1]) / (y[last] - y[last - 1])
    return float(x[last - 1] + part * (x[last] - x[last - 1]))
