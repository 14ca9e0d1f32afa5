"""Areas, means and rates of fall: by hand, and the laws they obey."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulin_abm.protocols import areas

LEVELS = st.floats(0.5, 40.0)
COURSES = st.lists(LEVELS, min_size=2, max_size=12)


def test_areas_by_hand():
    # 5, 9, 5, 3 every half hour. Trapezoids: 30 * (7 + 7 + 4). Above 5: two triangles of 30 * 4 / 2; below: 30 * 2 / 2.
    times, values = [0.0, 30.0, 60.0, 90.0], [5.0, 9.0, 5.0, 3.0]
    assert areas.total_area(times, values) == pytest.approx(540.0)
    assert areas.net_incremental_area(times, values) == pytest.approx(540.0 - 450.0)
    assert areas.positive_incremental_area(times, values) == pytest.approx(120.0)


def test_a_curve_that_crosses_its_first_value_counts_up_to_the_crossing():
    # Wolever & Jenkins 1986: from 4 above to 2 below within 30 min the curve is above for 20 min: 20 * 4 / 2 = 40;
    # with the rise before it, 30 * 4 / 2 = 60. It comes back from 2 below to 2 above: 15 min, 15 * 2 / 2 = 15.
    times, values = [0.0, 30.0, 60.0, 90.0], [5.0, 9.0, 3.0, 7.0]
    assert areas.positive_incremental_area(times, values) == pytest.approx(60.0 + 40.0 + 15.0)


@given(COURSES, st.floats(0.1, 10.0), st.floats(0.0, 20.0))
def test_areas_scale_with_the_values_and_incremental_ones_forget_the_level(values, factor, shift):
    times = np.arange(len(values)) * 30.0
    for area in (areas.total_area, areas.net_incremental_area, areas.positive_incremental_area):
        scaled = area(times, [factor * value for value in values])
        assert scaled == pytest.approx(factor * area(times, values), rel=1e-9, abs=1e-6)
    for area in (areas.net_incremental_area, areas.positive_incremental_area):
        assert area(times, [value + shift for value in values]) == pytest.approx(area(times, values), abs=1e-6)


@given(COURSES)
def test_the_positive_area_is_at_least_the_net_one_and_mirrors_what_is_below(values):
    times = np.arange(len(values)) * 30.0
    net, positive = areas.net_incremental_area(times, values), areas.positive_incremental_area(times, values)
    below = areas.positive_incremental_area(times, [-value for value in values])
    assert positive >= max(net, 0.0) - 1e-9
    assert positive - below == pytest.approx(net, abs=1e-6)


@given(COURSES, LEVELS, LEVELS)
def test_shares_of_time_rise_with_the_border_and_are_shares(values, one, other):
    times = np.arange(len(values)) * 5.0
    low, high = (areas.share_below(times, values, border) for border in sorted((one, other)))
    assert 0.0 <= low <= high + 1e-12 <= 1.0 + 1e-9


def test_shares_of_time_by_hand():
    assert areas.share_below([0.0, 10.0], [2.0, 6.0], 3.0) == pytest.approx(0.25)
    assert areas.share_below([0.0, 10.0, 30.0], [2.0, 2.0, 2.0], 2.0) == 0.0  # on the border is not below
    assert areas.share_below([0.0, 10.0, 40.0], [1.0, 3.0, 3.0], 2.0) == pytest.approx(5.0 / 40.0)


def test_means_and_deviations_over_time():
    assert areas.mean_over_time([0.0, 10.0, 40.0], [4.0, 6.0, 6.0]) == pytest.approx((10 * 5 + 30 * 6) / 40)
    assert areas.mean_over_time([7.0], [5.0]) == 5.0
    assert areas.deviation_over_time([7.0], [5.0]) == 0.0
    # 4 and 6 in turn, ends with half the weight: mean 5, every value one away
    assert areas.deviation_over_time([0.0, 5.0, 10.0], [4.0, 6.0, 4.0]) == pytest.approx(1.0)


@given(st.floats(-5.0, 5.0), LEVELS)
def test_the_rate_of_an_exponential_fall_is_found(rate, level):
    times = np.array([0.0, 3.0, 6.0, 9.0, 12.0, 15.0, 20.0])
    values = level * np.exp(-rate / 100.0 * times)
    assert areas.rate_of_fall(times, values, 3.0, 15.0) == pytest.approx(rate, abs=1e-9)


@pytest.mark.parametrize("times", [[], [0.0], [0.0, 0.0], [5.0, 0.0]])
def test_without_a_curve_there_is_no_area(times):
    values = [5.0] * len(times)
    for area in (areas.total_area, areas.net_incremental_area, areas.positive_incremental_area):
        assert math.isnan(area(times, values))
    assert math.isnan(areas.share_below(times, values, 5.0))


def test_what_is_not_known_is_not_a_share_of_time():
    assert math.isnan(areas.share_below([0.0, 5.0], [5.0, math.nan], 4.0))


@pytest.mark.parametrize("values", [[5.0, 0.0, 4.0], [5.0, -1.0, 4.0], [5.0, math.nan, 4.0]])
def test_no_rate_without_a_logarithm(values):
    assert math.isnan(areas.rate_of_fall([0.0, 5.0, 10.0], values, 0.0, 10.0))


def test_no_rate_from_two_samples():
    assert math.isnan(areas.rate_of_fall([0.0, 5.0, 10.0], [5.0, 4.5, 4.0], 3.0, 15.0))
