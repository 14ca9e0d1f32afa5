"""Half-times, half doses and binding constants of curves that are known."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulin_abm.kinetics import dose_of_effect, dose_of_share, scatchard, time_of_change, time_of_share

TIMES = np.arange(0.0, 2001.0)


@given(st.floats(0.005, 0.5), st.floats(-0.9, 5.0).filter(lambda change: abs(change) > 0.01))
def test_an_exponential_is_half_way_at_its_half_time(rate, change):
    curve = 1.0 + change * (1.0 - np.exp(-rate * TIMES))
    assert time_of_share(TIMES, curve, 0.5) == pytest.approx(math.log(2.0) / rate, rel=0.02, abs=0.3)
    assert time_of_share(TIMES + 77.0, curve, 0.5) == pytest.approx(time_of_share(TIMES, curve, 0.5))


def test_a_change_is_first_seen_when_it_is_as_large():
    assert time_of_change([0.0, 10.0, 20.0], [100.0, 95.0, 85.0], 0.1) == pytest.approx(15.0)
    assert math.isnan(time_of_change([0.0, 10.0], [100.0, 95.0], 0.1))


@given(st.floats(0.3, 3000.0), st.floats(-4.0, 4.0).filter(lambda most: abs(most) > 0.01))
def test_the_half_dose_of_a_hyperbola_is_its_constant(half, most):
    doses = np.array([0.0, *np.geomspace(1e-3, 1e6, 400), 1e12])
    effects = 2.0 + most * doses / (doses + half)
    assert dose_of_share(doses, effects, 0.5) == pytest.approx(half, rel=0.01)


def test_what_lies_outside_of_the_doses_is_not_known():
    assert math.isnan(dose_of_effect([1.0, 2.0, 4.0], [0.6, 0.7, 0.8], 0.5))
    assert math.isnan(dose_of_effect([1.0, 2.0, 4.0], [0.1, 0.2, 0.3], 0.5))
    assert math.isnan(dose_of_share([0.0, 1.0], [3.0, 3.0], 0.5))
    assert math.isnan(time_of_share([0.0, 1.0], [3.0, 3.0], 0.5))


@given(st.floats(0.05, 50.0), st.floats(10.0, 1e6))
def test_scatchard_finds_the_constant_and_the_sites_of_langmuir(constant, sites):
    free = np.geomspace(0.1, 100.0, 8)
    found = scatchard(free, sites * free / (free + constant))
    assert found == pytest.approx((constant, sites), rel=1e-6)
