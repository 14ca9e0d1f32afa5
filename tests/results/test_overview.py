"""The overview: short runs are drawn moment by moment, long ones day by day."""

import numpy as np
import pandas as pd
import pytest

from insulin_abm.results import run
from insulin_abm.results.overview import day_by_day, overview
from insulin_abm.scenario import Scenario

DAYS = 16
GLUCOSE = "plasma_glucose_mmol_per_l"


def test_a_day_ends_with_its_last_minute():
    """Minute 1440 is the end of the first day and not the beginning of the second."""
    series = pd.DataFrame({"time_min": [0.0, 720.0, 1440.0, 2160.0, 2880.0], GLUCOSE: [4.0, 8.0, 6.0, 5.0, 7.0]})
    mean, (low, high) = day_by_day(series)
    assert mean[GLUCOSE].tolist() == [6.0, 6.0]
    assert low[GLUCOSE].tolist() == [4.0, 5.0]
    assert high[GLUCOSE].tolist() == [8.0, 7.0]


@pytest.fixture(scope="module")
def long_run(compiled, tmp_path_factory):
    scenario = Scenario.from_text(
        f"""
        duration = "{DAYS} days"
        cells = 60
        [person]
        sex = "female"
        weight = "70 kg"
        [[meals]]
        at = "60 min"
        every = "24 h"
        foods = {{ white_rice = "150 g" }}
        [record]
        every = "1 h"
        """,
        source="long.toml",
    )
    return run(scenario, tmp_path_factory.mktemp("overview") / "long")


def test_a_long_run_shows_the_mean_of_each_day_within_its_ribbon(long_run):
    panel = overview(long_run).axes[0]
    mean, highest = (line.get_ydata() for line in panel.lines[:2])
    assert len(mean) == len(highest) == DAYS
    assert np.all(mean < highest)
    assert highest.max() == long_run.timeseries[GLUCOSE].max()
    assert panel.get_ylim()[1] > highest.max()
    assert len(panel.lines) == 2, "no line for each of many meals"


def test_a_short_run_shows_every_moment(short):
    panel = overview(short).axes[0]
    assert panel.lines[0].get_ydata().tolist() == short.timeseries[GLUCOSE].tolist()
