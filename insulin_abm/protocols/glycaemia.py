"""What courses of glucose are called in a clinic: glycated haemoglobin, class, time in range, variability.

Glucose is in mmol/L, times are in minutes. What is out of the valid range of a formula is NaN. `numbers` are the
parameters of the site ``measures``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

from insulin_abm.parameters.conversions import PERCENT
from insulin_abm.protocols.areas import UNKNOWN, Samples, deviation_over_time, mean_over_time, share_below
from insulin_abm.protocols.indices import mg_per_dl

CLASSES = "0 normal, 1 prediabetes, 2 diabetes"
"""What a number of a `GlucoseClass` stands for: its unit in tables."""


class GlucoseClass(IntEnum):
    """What the American Diabetes Association calls a level of glucose."""

    NORMAL = 0
    PREDIABETES = 1
    DIABETES = 2


class Shares(NamedTuple):
    """Shares of time, 0 to 1, with glucose below, within and above a range; together they are 1."""

    below: float
    within: float
    above: float


def hba1c(mean_glucose: float, numbers: Mapping[str, float]) -> float:
    """HbA1c, %, that goes with months of a mean glucose.

    Formula: mean glucose [mg/dL] = 28.7 * HbA1c - 46.7 (Nathan 2008, doi:10.2337/dc08-0545). Valid for mean glucose
    above zero; published tables reach from 5 to 12 % (5.4 to 16.5 mmol/L), beyond them the line is prolonged.
    """
    if not mean_glucose > 0.0:
        return UNKNOWN
    return (mg_per_dl(mean_glucose) + numbers["hba1c_offset"]) / numbers["hba1c_slope"]


def gmi(mean_glucose: float, numbers: Mapping[str, float]) -> float:
    """Glucose management indicator, %: what HbA1c is expected from a glucose monitor.

    Formula: 3.31 + 0.02392 * mean glucose [mg/dL] (Bergenstal 2018, doi:10.2337/dc18-1581). Valid for mean glucose
    above zero; it was fitted to two weeks and more of adults with diabetes.
    """
    if not mean_glucose > 0.0:
        return UNKNOWN
    return numbers["gmi_intercept"] + numbers["gmi_slope"] * mg_per_dl(mean_glucose)


def glucose_class(
    numbers: Mapping[str, float],
    *,
    fasting: float = UNKNOWN,
    two_hours: float = UNKNOWN,
    hba1c_percent: float = UNKNOWN,
) -> GlucoseClass | None:
    """Class of the American Diabetes Association: the worst that any of the known values has.

    Formula: prediabetes from 5.6 mmol/L fasting, 7.8 mmol/L two hours after 75 g of glucose or 5.7 % of HbA1c, diabetes
    from 7.0, 11.1 or 6.5 (American Diabetes Association 2024, doi:10.2337/dc24-S002); a threshold itself belongs to the
    class that begins there. Not for pregnancy. A diagnosis needs a second abnormal test, which is not asked for here.

    Parameters
    ----------
    numbers : mapping of str to float
        The parameters of site ``measures``.
    fasting, two_hours : float
        Plasma glucose in mmol/L after eight hours without food, and two hours after the drink (NaN: not known).
    hba1c_percent : float
        Glycated haemoglobin in % (NaN: not known).

    Returns
    -------
    GlucoseClass or None
        None if no value is known.
    """
    values = {"fasting_glucose": fasting, "two_hour_glucose": two_hours, "hba1c": hba1c_percent}
    classes = [
        GlucoseClass((value >= numbers[f"prediabetes_{name}"]) + (value >= numbers[f"diabetes_{name}"]))
        for name, value in values.items()
        if not math.isnan(value)
    ]
    return max(classes, default=None)


def time_in_range(times: Samples, glucose: Samples, numbers: Mapping[str, float]) -> Shares:
    """Shares of time below, within and above 3.9 to 10.0 mmol/L, both borders within.

    Formula: time on that side of the border / whole time, on straight lines between recordings (range: Battelino 2019,
    doi:10.2337/dci19-0028). Valid for two and more recordings at increasing times; a clinic asks for two weeks.
    """
    below = share_below(times, glucose, numbers["target_glucose_low"])
    above = share_below(times, [-value for value in glucose], -numbers["target_glucose_high"])
    return Shares(below, 1.0 - below - above, above)


def variability(times: Samples, glucose: Samples) -> float:
    """Coefficient of variation of glucose, %.

    Formula: 100 * standard deviation over time / mean over time (Danne 2017, doi:10.2337/dc17-1600). Valid for mean
    glucose above zero.
    """
    mean = mean_over_time(times, glucose)
    return PERCENT * deviation_over_time(times, glucose) / mean if mean > 0.0 else UNKNOWN
