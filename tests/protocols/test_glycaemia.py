"""What courses of glucose are called: published tables, thresholds, shares of time."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulin_abm.parameters import Registry
from insulin_abm.protocols import glycaemia
from insulin_abm.protocols.glycaemia import GlucoseClass

NUMBERS = Registry.load().site("measures")
NORMAL, PREDIABETES, DIABETES = GlucoseClass
LEVELS = st.floats(1.0, 40.0)


def test_hba1c_by_hand():
    assert glycaemia.hba1c((28.7 * 6.0 - 46.7) / 18.016, NUMBERS) == pytest.approx(6.0)


@pytest.mark.parametrize(("percent", "mg_per_dl"), [(5, 97), (6, 126), (7, 154), (8, 183), (10, 240), (12, 298)])
def test_hba1c_of_the_published_table(percent, mg_per_dl):
    """Nathan 2008, table 2; its means are rounded to 1 mg/dL, which is 0.02 %."""
    assert glycaemia.hba1c(mg_per_dl / 18.016, NUMBERS) == pytest.approx(percent, abs=0.02)


@pytest.mark.parametrize(
    ("mg_per_dl", "percent"), [(100, 5.7), (125, 6.3), (150, 6.9), (175, 7.5), (200, 8.1), (250, 9.3), (350, 11.7)]
)
def test_gmi_of_the_published_table(mg_per_dl, percent):
    """Bergenstal 2018, table 1, rounded there to 0.1 %."""
    assert glycaemia.gmi(mg_per_dl / 18.016, NUMBERS) == pytest.approx(percent, abs=0.0501)


def test_without_glucose_there_is_no_haemoglobin():
    for mean in (0.0, -1.0, math.nan):
        assert math.isnan(glycaemia.hba1c(mean, NUMBERS))
        assert math.isnan(glycaemia.gmi(mean, NUMBERS))


@pytest.mark.parametrize(
    ("known", "found"),
    [  # thresholds of the American Diabetes Association: on the threshold the worse class begins
        ({"fasting": 5.59}, NORMAL),
        ({"fasting": 5.6}, PREDIABETES),
        ({"fasting": 6.99}, PREDIABETES),
        ({"fasting": 7.0}, DIABETES),
        ({"two_hours": 7.79}, NORMAL),
        ({"two_hours": 7.8}, PREDIABETES),
        ({"two_hours": 11.09}, PREDIABETES),
        ({"two_hours": 11.1}, DIABETES),
        ({"hba1c_percent": 5.69}, NORMAL),
        ({"hba1c_percent": 5.7}, PREDIABETES),
        ({"hba1c_percent": 6.49}, PREDIABETES),
        ({"hba1c_percent": 6.5}, DIABETES),
        ({"fasting": 5.0, "two_hours": 8.0}, PREDIABETES),  # the worst counts
        ({"fasting": 7.1, "two_hours": 7.0, "hba1c_percent": 5.0}, DIABETES),
        ({"fasting": math.nan, "two_hours": 6.0, "hba1c_percent": math.nan}, NORMAL),
        ({}, None),
        ({"fasting": math.nan}, None),
    ],
)
def test_class_at_the_thresholds(known, found):
    assert glycaemia.glucose_class(NUMBERS, **known) is found


@given(LEVELS, LEVELS, st.floats(0.0, 10.0))
def test_more_glucose_is_never_a_better_class(fasting, two_hours, more):
    before = glycaemia.glucose_class(NUMBERS, fasting=fasting, two_hours=two_hours)
    assert glycaemia.glucose_class(NUMBERS, fasting=fasting + more, two_hours=two_hours) >= before
    assert glycaemia.glucose_class(NUMBERS, fasting=fasting, two_hours=two_hours + more) >= before


def test_time_in_range_by_hand():
    # 0 to 100 min from 2.9 up to 12.9 in a straight line: 10 min below 3.9, 29 min above 10.0
    below, within, above = glycaemia.time_in_range([0.0, 100.0], [2.9, 12.9], NUMBERS)
    assert (below, within, above) == pytest.approx((0.10, 0.61, 0.29))


def test_borders_are_within():
    for border in (3.9, 10.0):
        assert glycaemia.time_in_range([0.0, 60.0], [border, border], NUMBERS) == (0.0, 1.0, 0.0)


@given(st.lists(LEVELS, min_size=2, max_size=20))
def test_shares_of_time_are_one_together(glucose):
    shares = glycaemia.time_in_range(np.arange(len(glucose)) * 5.0, glucose, NUMBERS)
    assert sum(shares) == pytest.approx(1.0)
    assert min(shares) >= -1e-12


def test_a_single_recording_has_no_time():
    assert all(map(math.isnan, glycaemia.time_in_range([0.0], [5.0], NUMBERS)))


def test_variability_by_hand():
    # 4 and 6 in turn: deviation 1, mean 5
    assert glycaemia.variability([0.0, 5.0, 10.0], [4.0, 6.0, 4.0]) == pytest.approx(20.0)
    assert math.isnan(glycaemia.variability([0.0, 5.0], [0.0, 0.0]))


@given(st.lists(LEVELS, min_size=2, max_size=20), st.floats(0.1, 20.0))
def test_variability_has_no_unit(glucose, factor):
    times = np.arange(len(glucose)) * 5.0
    scaled = glycaemia.variability(times, [factor * value for value in glucose])
    assert scaled == pytest.approx(glycaemia.variability(times, glucose), rel=1e-6, abs=1e-6)
