"""A public library for glucose monitors (iglu-python) reads simulated days and finds what `summary.csv` says of them.

The library counts recordings, one every five minutes, and weighs each alike; the measures here are over time, on
straight lines between recordings, so that the first and the last of 289 recordings count half, and a crossing of a
border is placed between two recordings. From that follow the tolerances.
"""

import os

import pandas as pd
import pytest

from insulin_abm.protocols.indices import mg_per_dl
from insulin_abm.results import run

RECORDINGS = 289
HALVES = 0.002
"""Relative: two half recordings of 289 that are up to 60 % from the mean make 0.6 / 289."""
CROSSINGS_PERCENT = 1.2
"""Of the day: six crossings in three meals, half a recording each, are 3 of 289, 1.04 %. The rest is for the borders:
70 and 180 mg/dL are 3.885 and 9.991 mmol/L, the measures have 3.9 and 10.0, glucose needs half a minute for that."""


@pytest.fixture(scope="module")
def iglu():
    """The library; it asks for the computer's time zone when it is imported and warns where none is set."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    try:
        import iglu_python
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
    return iglu_python


@pytest.fixture(scope="module", params=["healthy_day", "type2_day"])
def day(request, compiled, tmp_path_factory):
    """A day with three meals, and what a glucose monitor would have written of it."""
    results = run(request.param, tmp_path_factory.mktemp("monitor") / request.param, overrides={"cells": 200})
    series = results.timeseries
    recordings = pd.DataFrame(
        {
            "id": request.param,
            "time": pd.Timestamp("2025-01-01") + pd.to_timedelta(series["time_min"], unit="min"),
            "gl": mg_per_dl(series["plasma_glucose_mmol_per_l"]),
        }
    )
    assert len(recordings) == RECORDINGS
    return results.summary, recordings


def only(table, column):
    """The value that the library gives for the only person."""
    assert len(table) == 1
    return float(table[column].iloc[0])


def test_the_mean_is_the_same(iglu, day):
    summary, recordings = day
    mean = mg_per_dl(summary["mean_glucose_mmol_per_l"])
    assert mean == pytest.approx(only(iglu.mean_glu(recordings), "mean"), rel=HALVES)


def test_the_management_indicator_is_the_same(iglu, day):
    summary, recordings = day
    assert summary["gmi_percent"] == pytest.approx(only(iglu.gmi(recordings), "GMI"), rel=HALVES)


def test_time_in_range_is_the_same(iglu, day):
    summary, recordings = day
    within = only(iglu.in_range_percent(recordings, [[70, 180]]), "in_range_70_180")
    below = only(iglu.below_percent(recordings, [70]), "below_70")
    above = only(iglu.above_percent(recordings, [180]), "above_180")
    for where, percent in (("in", within), ("below", below), ("above", above)):
        assert 100.0 * summary[f"time_{where}_range"] == pytest.approx(percent, abs=CROSSINGS_PERCENT)


def test_variability_is_the_same(iglu, day):
    """The library divides squares by 288 and not by 289, which is another 0.2 %; the halves count twice in squares."""
    summary, recordings = day
    deviation = mg_per_dl(summary["glucose_sd_mmol_per_l"])
    assert deviation == pytest.approx(only(iglu.sd_glu(recordings), "SD"), rel=4 * HALVES)
    assert summary["glucose_cv_percent"] == pytest.approx(only(iglu.cv_glu(recordings), "CV"), rel=4 * HALVES)


def test_the_days_are_of_different_people(day):
    """What the library reads is not trivial: all of a healthy day is in range, and not all of a diabetic one."""
    summary, recordings = day
    healthy = recordings["id"].iloc[0] == "healthy_day"
    assert bool(summary["time_in_range"] == 1.0) is healthy
    assert summary["ada_class"] == (0.0 if healthy else 2.0)
