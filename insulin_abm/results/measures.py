"""Measures of a run: fasting values, indices and means, computed from its time series."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from insulin_abm.parameters.conversions import MINUTES_PER_DAY
from insulin_abm.protocols import areas, glycaemia, indices

if TYPE_CHECKING:
    import pandas as pd

    from insulin_abm.scenario import Scenario

UNKNOWN = math.nan
FOOD = ("eat", "drink_glucose")
"""Kinds of events that end a fast."""
INSULIN_GIVEN = ("inject_insulin", "infuse_insulin")
"""Kinds of events after which insulin in plasma says nothing about a person's own."""
GLUCOSE, INSULIN = "plasma_glucose_mmol_per_l", "plasma_insulin_pmol_per_l"
TIME, IN_URINE = "time_min", "urinary_glucose_mmol_per_min"
FATTY_ACIDS = "plasma_ffa_mmol_per_l"
NEEDED = (TIME, GLUCOSE, INSULIN, IN_URINE, FATTY_ACIDS)
"""The columns of `timeseries.csv` that measures are computed from."""
OF_OWN_INSULIN = ("matsuda", "insulinogenic_index", "disposition_index")
"""Measures of a tolerance test that suppose that all insulin is a person's own."""
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
    Measure("homa_b", "%", "homeostasis model assessment of beta-cell function", FASTING),
    Measure("adipo_ir", "mmol/L*mU/L", "insulin resistance of fat tissue: fatty acids times insulin", FASTING),
    Measure("time_in_range", "1", "share of time with plasma glucose of 3.9 to 10.0 mmol/L", WHOLE_RUN),
    Measure("time_below_range", "1", "share of time with plasma glucose below 3.9 mmol/L", WHOLE_RUN),
    Measure("time_above_range", "1", "share of time with plasma glucose above 10.0 mmol/L", WHOLE_RUN),
    Measure("glucose_sd_mmol_per_l", "mmol/L", "standard deviation of plasma glucose over time", WHOLE_RUN),
    Measure("glucose_cv_percent", "%", "standard deviation of plasma glucose over its mean", WHOLE_RUN),
    Measure("gmi_percent", "%", "glucose management indicator: HbA1c expected from mean glucose", WHOLE_RUN),
    Measure("insulinogenic_index", "pmol/mmol", "rise of insulin over rise of glucose in half an hour", TOLERANCE_TEST),
    Measure("disposition_index", "pmol/mmol", "insulinogenic index times Matsuda's index", TOLERANCE_TEST),
    Measure("glucose_area_mmol_min_per_l", "mmol*min/L", "area under glucose in two hours", TOLERANCE_TEST),
    Measure(
        "glucose_incremental_area_mmol_min_per_l",
        "mmol*min/L",
        "area between glucose and its fasting value in two hours; below it counts negative",
        TOLERANCE_TEST,
    ),
    Measure("insulin_area_pmol_min_per_l", "pmol*min/L", "area under insulin in two hours", TOLERANCE_TEST),
    Measure(
        "insulin_incremental_area_pmol_min_per_l",
        "pmol*min/L",
        "area between insulin and its fasting value in two hours; below it counts negative",
        TOLERANCE_TEST,
    ),
    Measure(
        "ada_class",
        glycaemia.CLASSES,
        "class of the American Diabetes Association, from fasting and two-hour glucose",
        WHOLE_RUN,
    ),
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


def insulin_was_given(scenario: Scenario, until_min: float) -> bool:
    """Whether a person was given insulin before some minute, the usual day included."""
    kinds = [event.kind for event in scenario.habits.events]
    kinds += [event.kind for event in scenario.events if event.time_min < until_min]
    return any(kind in INSULIN_GIVEN for kind in kinds)


def known_measures(measured: Iterable[Measured]) -> list[Measured]:
    """Leave out what could not be measured."""
    return [one for one in measured if not math.isnan(one.value)]


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
    values = _whole_run(time, glucose, numbers)
    values["urinary_glucose_mmol"] = areas.total_area(time, timeseries[IN_URINE].to_numpy(float))
    fasting_at = fasting_minute(scenario)
    if not math.isnan(fasting_at):
        last = int(np.searchsorted(time, fasting_at, side="right")) - 1  # the last recording before food
        fasting_at = float(time[last])
        first = int(np.searchsorted(time, fasting_at - numbers["fasting_window"]))
        window = slice(first, last + 1)
        fats = timeseries[FATTY_ACIDS].to_numpy(float)
        sugar, hormone, fat = (float(one[window].mean()) for one in (glucose, insulin, fats))
        values |= {"fasting_glucose_mmol_per_l": sugar, "fasting_insulin_pmol_per_l": hormone}
        if not insulin_was_given(scenario, fasting_at):
            values |= _fasting_indices(sugar, hormone, fat, numbers)
    test_at = tolerance_test_start(scenario)
    if not math.isnan(test_at):
        sampled = _tolerance_test(time, glucose, insulin, test_at, numbers)
        if insulin_was_given(scenario, test_at + numbers["tolerance_test_length"]):
            sampled = {name: value for name, value in sampled.items() if name not in OF_OWN_INSULIN}
        values |= sampled
    values["ada_class"] = _ada_class(scenario, values, numbers)
    moments = {FASTING: fasting_at, TOLERANCE_TEST: test_at, WHOLE_RUN: float(scenario.duration_min)}
    return [
        Measured(moments[one.visit], one.visit, one.name, values.get(one.name, UNKNOWN), one.unit) for one in MEASURES
    ]


def _whole_run(time: np.ndarray, glucose: np.ndarray, numbers: Mapping[str, float]) -> dict[str, float]:
    """Give what is known of glucose over a run; a test of some hours says nothing about months and days."""
    mean = areas.mean_over_time(time, glucose)
    values = {
        "mean_glucose_mmol_per_l": mean,
        "minimal_glucose_mmol_per_l": float(glucose.min()),
        "maximal_glucose_mmol_per_l": float(glucose.max()),
        "glucose_sd_mmol_per_l": areas.deviation_over_time(time, glucose),
        "glucose_cv_percent": glycaemia.variability(time, glucose),
    }
    if time[-1] - time[0] >= MINUTES_PER_DAY:
        shares = glycaemia.time_in_range(time, glucose, numbers)
        values |= {"hba1c_percent": glycaemia.hba1c(mean, numbers), "gmi_percent": glycaemia.gmi(mean, numbers)}
        values |= {"time_in_range": shares.within, "time_below_range": shares.below, "time_above_range": shares.above}
    return values


def _fasting_indices(sugar: float, hormone: float, fat: float, numbers: Mapping[str, float]) -> dict[str, float]:
    """Give what is computed from fasting glucose, insulin and fatty acids."""
    return {
        "homa_ir": indices.homa_ir(sugar, hormone, numbers),
        "quicki": indices.quicki(sugar, hormone, numbers),
        "homa_b": indices.homa_b(sugar, hormone, numbers),
        "adipo_ir": indices.adipo_ir(fat, hormone, numbers),
    }


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
    early = (start, start + numbers["insulinogenic_time"])
    (sugar, later_sugar), (hormone, later_hormone) = (np.interp(early, time, one) for one in (glucose, insulin))
    insulinogenic = indices.insulinogenic_index((sugar, later_sugar), (hormone, later_hormone))
    sensitivity = indices.matsuda(list(sugars), list(hormones), numbers)
    return {
        "glucose_120_min_mmol_per_l": two_hours,
        "matsuda": sensitivity,
        "insulinogenic_index": insulinogenic,
        "disposition_index": indices.disposition_index(insulinogenic, sensitivity),
        "glucose_area_mmol_min_per_l": areas.total_area(samples, sugars),
        "glucose_incremental_area_mmol_min_per_l": areas.net_incremental_area(samples, sugars),
        "insulin_area_pmol_min_per_l": areas.total_area(samples, hormones),
        "insulin_incremental_area_pmol_min_per_l": areas.net_incremental_area(samples, hormones),
    }


def _ada_class(scenario: Scenario, values: Mapping[str, float], numbers: Mapping[str, float]) -> float:
    """Give the class of the American Diabetes Association; only a drink of its size says something at two hours."""
    drinks = [event.arguments["grams"] for event in scenario.events if event.kind == "drink_glucose"]
    two_hours = values.get("glucose_120_min_mmol_per_l", UNKNOWN)
    found = glycaemia.glucose_class(
        numbers,
        fasting=values.get("fasting_glucose_mmol_per_l", UNKNOWN),
        two_hours=two_hours if drinks == [numbers["tolerance_test_drink"]] else UNKNOWN,
    )
    return UNKNOWN if found is None else float(found)
