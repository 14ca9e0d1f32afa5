"""Measures of a run: fasting values, indices and means, computed from its time series."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from insulin_abm.parameters import quantity
from insulin_abm.parameters.conversions import MINUTES_PER_DAY

if TYPE_CHECKING:
    import pandas as pd

    from insulin_abm.scenario import Scenario

UNKNOWN = math.nan
FOOD = ("eat", "drink_glucose")
"""Kinds of events that end a fast."""
GLUCOSE, INSULIN = "plasma_glucose_mmol_per_l", "plasma_insulin_pmol_per_l"
TIME, IN_URINE = "time_min", "urinary_glucose_mmol_per_min"
NEEDED = (TIME, GLUCOSE, INSULIN, IN_URINE)
"""The columns of `timeseries.csv` that measures are computed from."""
WHOLE_RUN, FASTING, TOLERANCE_TEST = "run", "fasting", "ogtt"


@dataclass(frozen=True)
class Measure:
    """Something that is measured.

    Attributes
    ----------
    name, unit, meaning : str
        Column of `summary.csv`, its unit, one line of meaning.
    visit : str
        What it is measured in.
    """

    name: str
    unit: str
    meaning: str
    visit: str


MEASURES = (
    Measure(
        "fasting_glucose_mmol_per_l",
        "mmol/L",
        "plasma glucose, mean of the end of a fast (see results/measures.py)",
        FASTING,
    ),
    Measure("fasting_insulin_pmol_per_l", "pmol/L", "plasma insulin, mean of the same recordings", FASTING),
    Measure("homa_ir", "1", "homeostasis model assessment of insulin resistance", FASTING),
    Measure("quicki", "1", "quantitative insulin sensitivity check index", FASTING),
    Measure("mean_glucose_mmol_per_l", "mmol/L", "plasma glucose, mean over time", WHOLE_RUN),
    Measure(
        "hba1c_percent",
        "%",
        "glycated haemoglobin after months of such days",
        WHOLE_RUN,
    ),
    Measure("minimal_glucose_mmol_per_l", "mmol/L", "lowest recorded plasma glucose", WHOLE_RUN),
    Measure("maximal_glucose_mmol_per_l", "mmol/L", "highest recorded plasma glucose", WHOLE_RUN),
    Measure("urinary_glucose_mmol", "mmol", "glucose lost in urine", WHOLE_RUN),
    Measure(
        "glucose_120_min_mmol_per_l", "mmol/L", "plasma glucose two hours after a drink of glucose", TOLERANCE_TEST
    ),
    Measure("matsuda", "1", "Matsuda's insulin sensitivity index of a tolerance test", TOLERANCE_TEST),
)
"""All measures, in the order of `summary.csv`; a change is a line in CHANGELOG.md."""


@dataclass(frozen=True)
class Measured:
    """One measured value, a row of `measures.csv`."""

    time_min: float
    visit: str
    measure: str
    value: float
    unit: str


def milliunits_per_l(insulin_pmol_per_l: float) -> float:
    """Convert insulin to mU/L, which is uU/mL: 1 mU/L is 6.00 pmol/L (Knopp 2019)."""
    return insulin_pmol_per_l * quantity("1 pmol/L", "mU/L")


def mg_per_dl(glucose_mmol_per_l: float) -> float:
    """Convert glucose to mg/dL: 1 mmol/L is 18.016 mg/dL."""
    return glucose_mmol_per_l * quantity("1 mmol/L", "mg/dL", "glucose")


def homa_ir(glucose: float, insulin: float, numbers: Mapping[str, float]) -> float:
    """HOMA-IR: fasting glucose [mmol/L] * fasting insulin [uU/mL] / 22.5 (Matthews 1985).

    Parameters
    ----------
    glucose, insulin : float
        Fasting values in mmol/L and pmol/L.
    numbers : mapping of str to float
        The parameters of site ``measures``.
    """
    return glucose * milliunits_per_l(insulin) / numbers["homa_ir_divisor"]


def quicki(glucose: float, insulin: float) -> float:
    """QUICKI: 1 / (log10 fasting insulin [uU/mL] + log10 fasting glucose [mg/dL]) (Katz 2000).

    It is not defined where the product is not above 1, as without insulin.
    """
    product = milliunits_per_l(insulin) * mg_per_dl(glucose)
    return 1.0 / math.log10(product) if product > 1.0 else UNKNOWN


def hba1c(mean_glucose: float, numbers: Mapping[str, float]) -> float:
    """HbA1c [%]: mean glucose [mg/dL] = 28.7 * HbA1c - 46.7 (Nathan 2008)."""
    return (mg_per_dl(mean_glucose) + numbers["hba1c_offset"]) / numbers["hba1c_slope"]


def matsuda(glucose: Sequence[float], insulin: Sequence[float], numbers: Mapping[str, float]) -> float:
    """Matsuda's index: 10000 / sqrt(G0 * I0 * mean G * mean I) in mg/dL and uU/mL (Matsuda 1999).

    Parameters
    ----------
    glucose, insulin : sequence of float
        Samples of a tolerance test in mmol/L and pmol/L, the fasting one first.
    numbers : mapping of str to float
        The parameters of site ``measures``.
    """
    sugars = mg_per_dl(glucose[0]) * mg_per_dl(float(np.mean(glucose)))
    hormones = milliunits_per_l(insulin[0]) * milliunits_per_l(float(np.mean(insulin)))
    product = sugars * hormones
    return numbers["matsuda_scale"] / math.sqrt(product) if product > 0.0 else UNKNOWN


def food_minutes(scenario: Scenario) -> list[int]:
    """Give all minutes at which something is eaten or drunk, in order."""
    minutes: set[int] = set()
    for event in scenario.events:
        if event.kind in FOOD:
            minutes.update(range(event.time_min, scenario.duration_min, event.every_min or scenario.duration_min))
    return sorted(minutes)


def fasting_minute(scenario: Scenario) -> float:
    """Give the minute whose values count as fasting.

    It is the first moment just before food at which nothing has been eaten for eight hours, the usual day before
    minute 0 included; in a scenario without food, or with a fast only at its end, the end of the run. If no fast is
    long enough there is none (NaN).
    """
    food = food_minutes(scenario)
    long_enough = scenario.parameters["measures.fast"].value
    previous = _last_food_of_usual_day(scenario)
    for minute in [*food, scenario.duration_min]:
        if minute - previous >= long_enough:
            return float(minute)
        previous = minute
    return UNKNOWN


def _last_food_of_usual_day(scenario: Scenario) -> float:
    """Give when the person last ate before minute 0 (a negative number of minutes)."""
    start = scenario.start_min_of_day
    ago = [
        (start - event.minute_of_day - 1) % MINUTES_PER_DAY + 1
        for event in scenario.habits.events
        if event.kind in FOOD
    ]
    return -float(min(ago)) if ago else -math.inf


def tolerance_test_start(scenario: Scenario) -> float:
    """Give when a tolerance test begins: one drink of glucose after a fast and nothing else (NaN: there is none)."""
    meals = [event for event in scenario.events if event.kind in FOOD]
    if len(meals) != 1 or meals[0].kind != "drink_glucose" or meals[0].every_min:
        return UNKNOWN
    start = meals[0].time_min
    length = scenario.parameters["measures.tolerance_test_length"].value
    is_whole = start + length <= scenario.duration_min
    return float(start) if is_whole and fasting_minute(scenario) == start else UNKNOWN


def measure(scenario: Scenario, timeseries: pd.DataFrame) -> list[Measured]:
    """Measure a run.

    Parameters
    ----------
    scenario : Scenario
        What was run.
    timeseries : DataFrame
        Its recordings, at least the columns `NEEDED`.

    Returns
    -------
    list of Measured
        One for each of `MEASURES`; a value that the run does not give is NaN.
    """
    numbers = scenario.parameters.site("measures")
    time = timeseries[TIME].to_numpy(float)
    glucose = timeseries[GLUCOSE].to_numpy(float)
    insulin = timeseries[INSULIN].to_numpy(float)
    values: dict[str, float] = {
        "mean_glucose_mmol_per_l": _mean_over_time(time, glucose),
        "minimal_glucose_mmol_per_l": float(glucose.min()),
        "maximal_glucose_mmol_per_l": float(glucose.max()),
        "urinary_glucose_mmol": float(np.trapezoid(timeseries[IN_URINE].to_numpy(float), time)),
    }
    if time[-1] - time[0] >= MINUTES_PER_DAY:  # a test of some hours says nothing about months
        values["hba1c_percent"] = hba1c(values["mean_glucose_mmol_per_l"], numbers)
    fasting_at = fasting_minute(scenario)
    if not math.isnan(fasting_at):
        last = int(np.searchsorted(time, fasting_at, side="right")) - 1  # the last recording before food
        fasting_at = float(time[last])
        first = int(np.searchsorted(time, fasting_at - numbers["fasting_window"]))
        sugar, hormone = float(glucose[first : last + 1].mean()), float(insulin[first : last + 1].mean())
        values |= {"fasting_glucose_mmol_per_l": sugar, "fasting_insulin_pmol_per_l": hormone}
        values |= {"homa_ir": homa_ir(sugar, hormone, numbers), "quicki": quicki(sugar, hormone)}
    test_at = tolerance_test_start(scenario)
    if not math.isnan(test_at):
        values |= _tolerance_test(time, glucose, insulin, test_at, numbers)
    moments = {FASTING: fasting_at, TOLERANCE_TEST: test_at, WHOLE_RUN: float(scenario.duration_min)}
    return [
        Measured(moments[one.visit], one.visit, one.name, values.get(one.name, UNKNOWN), one.unit) for one in MEASURES
    ]


def _tolerance_test(
    time: np.ndarray, glucose: np.ndarray, insulin: np.ndarray, start: float, numbers: Mapping[str, float]
) -> dict[str, float]:
    """Sample a tolerance test every half hour; recordings further apart than that do not measure one."""
    length, interval = numbers["tolerance_test_length"], numbers["tolerance_test_interval"]
    if float(np.diff(time).max(initial=0.0)) > interval:
        return {}
    samples = start + np.arange(0.0, length + interval / 2, interval)
    sugars, hormones = np.interp(samples, time, glucose), np.interp(samples, time, insulin)
    two_hours = float(np.interp(start + length, time, glucose))
    return {"glucose_120_min_mmol_per_l": two_hours, "matsuda": matsuda(list(sugars), list(hormones), numbers)}


def _mean_over_time(time: np.ndarray, values: np.ndarray) -> float:
    """Mean of a course that was recorded at certain times (trapezoids)."""
    return float(np.trapezoid(values, time) / (time[-1] - time[0])) if len(time) > 1 else float(values[0])
