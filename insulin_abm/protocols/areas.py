"""Areas under curves, means over time and rates of fall of what was sampled at certain minutes.

Times are in minutes and increase; areas are in the unit of the values times minutes. Between two samples a curve is a
straight line (trapezoids). What cannot be computed is NaN: fewer than two samples, or times that do not increase.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from insulin_abm.parameters.conversions import PERCENT

UNKNOWN = math.nan
FEWEST_FOR_A_RATE = 3
"""Fewer samples do not show whether a fall is a straight line."""

Samples = Sequence[float] | np.ndarray


def total_area(times: Samples, values: Samples) -> float:
    """Area between a curve and zero.

    Formula: the sum of ``(v1 + v2) / 2 * (t2 - t1)`` over neighbours (trapezoids). Valid for two and more samples at
    increasing times.
    """
    return float(np.trapezoid(values, times)) if is_curve(times) else UNKNOWN


def net_incremental_area(times: Samples, values: Samples) -> float:
    """Area between a curve and its first value; what lies below the first value counts negative.

    Formula: total area - first value * duration. Valid for two and more samples at increasing times.
    """
    return total_area(times, np.asarray(values, float) - values[0]) if is_curve(times) else UNKNOWN


def positive_incremental_area(times: Samples, values: Samples) -> float:
    """Area above the first value; what lies below it does not count.

    Formula: trapezoids and, where the curve crosses its first value, triangles up to the crossing (Wolever & Jenkins
    1986, doi:10.1093/ajcn/43.1.167). Valid for two and more samples at increasing times.
    """
    if not is_curve(times):
        return UNKNOWN
    rise = np.asarray(values, float) - values[0]
    before, after = rise[:-1], rise[1:]
    above = np.maximum(before, 0.0) + np.maximum(after, 0.0)
    crosses = before * after < 0.0
    share = np.divide(above, np.abs(before - after), out=np.ones_like(above), where=crosses)  # of the time above
    return float((np.diff(times) * share * above).sum() / 2.0)


def mean_over_time(times: Samples, values: Samples) -> float:
    """Mean of a curve over time: total area / duration; the value itself if there is only one."""
    return float(np.trapezoid(values, times) / (times[-1] - times[0])) if len(times) > 1 else float(values[0])


def deviation_over_time(times: Samples, values: Samples) -> float:
    """Standard deviation of a curve over time: root of the mean over time of ``(value - mean)^2``.

    For samples at equal distances it is the standard deviation of the samples, but for the two at the ends, which stand
    for half as much time. It is 0 for one sample.
    """
    squares = (np.asarray(values, float) - mean_over_time(times, values)) ** 2
    return math.sqrt(mean_over_time(times, squares))


def share_below(times: Samples, values: Samples, border: float) -> float:
    """Share of time that a curve is below a border (exactly on the border is not below), 0 to 1.

    Valid for two and more samples at increasing times.
    """
    if not is_curve(times) or not np.isfinite(values).all():
        return UNKNOWN
    heights = np.asarray(values, float) - border
    low, high = np.minimum(heights[:-1], heights[1:]), np.maximum(heights[:-1], heights[1:])
    crosses = (low < 0.0) & (high > 0.0)
    share = np.divide(-low, high - low, out=(low < 0.0).astype(float), where=crosses)
    pieces = np.diff(times)
    return float((share * pieces).sum() / pieces.sum())


def rate_of_fall(times: Samples, values: Samples, first: float, last: float) -> float:
    """How fast a curve falls exponentially between two minutes, %/min.

    Formula: -100 * slope of the straight line through ln value over time (least squares). Valid for values above zero
    and three and more samples from `first` to `last` (both included), at increasing times.
    """
    minutes, levels = np.asarray(times, float), np.asarray(values, float)
    inside = (minutes >= first) & (minutes <= last)
    minutes, levels = minutes[inside], levels[inside]
    if len(minutes) < FEWEST_FOR_A_RATE or not is_curve(minutes) or not (levels > 0.0).all():
        return UNKNOWN
    from_middle = minutes - minutes.mean()
    return float(-PERCENT * (from_middle @ np.log(levels)) / (from_middle @ from_middle))


def is_curve(times: Samples) -> bool:
    """Whether there are two or more samples, each later than the one before it."""
    return len(times) > 1 and bool((np.diff(times) > 0.0).all())
