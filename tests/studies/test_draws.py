"""What is drawn lies where it should: within bounds, evenly, with the correlations that were asked for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from insulin_abm.parameters import QuantityError
from insulin_abm.studies.cohort import LOGNORMAL, NORMAL, UNIFORM, Choice, Cohort, Spread
from insulin_abm.studies.draws import LATIN, METHODS, SOBOL, Amount, Between, points

ENDS = st.floats(-1e6, 1e6, allow_nan=False)


@given(st.sampled_from(METHODS), st.integers(0, 6), st.integers(0, 2**32), ENDS, ENDS)
@settings(max_examples=60, deadline=None)
def test_points_lie_between_their_bounds(method, power, seed, one, other):
    if f"{one:.6g}" == f"{other:.6g}":
        return
    low, high = sorted((one, other))
    between = {"a": Between(Amount(low, "kg"), Amount(high, "kg")), "b": Between(Amount(0.0), Amount(1.0))}
    found = points(method, 2**power, seed, between)
    assert len(found) == 2**power
    slack = 1e-5 * max(abs(low), abs(high))
    for point in found:
        number = Amount.of(point["a"])
        assert number.unit == "kg"
        assert low - slack <= number.number <= high + slack
        assert 0.0 <= point["b"] <= 1.0
    assert found == points(method, 2**power, seed, between)


@pytest.mark.parametrize("method", [LATIN, SOBOL])
def test_every_part_of_a_range_gets_its_share(method):
    found = [point["a"] for point in points(method, 64, 7, {"a": Between(Amount(0.0), Amount(64.0))})]
    assert sorted(int(value) for value in found) == list(range(64))


def test_bounds_that_are_none_are_refused():
    for wrong in ("60 kg", ["60 kg"], ["60 kg", "70 g"], ["70 kg", "60 kg"], [True, 2], ["much", "more"]):
        with pytest.raises(QuantityError):
            Between.of(wrong)


SPREADS = {
    "normal": Spread(NORMAL, Amount(45.0, "yr"), Amount(12.0, "yr"), 20.0, 75.0),
    "lognormal": Spread(LOGNORMAL, Amount(0.8), Amount(0.3), 0.2, 2.0),
    "uniform": Spread(UNIFORM, Amount(10.0, "%"), Amount(1.0, "%"), 10.0, 40.0),
    "sex": Choice(("female", "male"), (0.25, 0.75)),
}


def test_a_cohort_has_the_means_shares_ends_and_correlations_that_were_asked_for():
    """Of 4,000 people; bounds are four standard errors wide: a false alarm in 10,000 seeds, and the seed is fixed."""
    cohort = Cohort(4000, 3, SPREADS, [("normal", "lognormal", 0.6), ("normal", "uniform", -0.3)])
    people = cohort.people()
    columns = {
        name: np.array([Amount.of(person[name]).number for person in people])
        for name in ("normal", "lognormal", "uniform")
    }
    for name, spread in SPREADS.items():
        if name != "sex":
            assert columns[name].min() >= spread.low
            assert columns[name].max() <= spread.high
    error = 4 / np.sqrt(4000)
    assert columns["normal"].mean() == pytest.approx(45.0, abs=12 * error + 0.6)  # its ends are not quite symmetric
    assert columns["lognormal"].mean() == pytest.approx(0.8, abs=0.3 * error + 0.01)
    assert columns["uniform"].mean() == pytest.approx(25.0, abs=8.7 * error)
    assert np.mean([person["sex"] == "male" for person in people]) == pytest.approx(0.75, abs=0.44 * error)
    # a correlation r of normal scores is one of ranks of 6 / pi * asin(r / 2)
    for pair, score in ((("normal", "lognormal"), 0.6), (("normal", "uniform"), -0.3)):
        ranks = spearmanr(columns[pair[0]], columns[pair[1]]).statistic
        assert ranks == pytest.approx(6 / np.pi * np.arcsin(score / 2), abs=error)
    assert people == cohort.people()


def test_correlations_that_contradict_each_other_are_refused():
    cohort = Cohort(
        3, 1, SPREADS, [("normal", "lognormal", 0.9), ("normal", "uniform", 0.9), ("lognormal", "uniform", -0.9)]
    )
    with pytest.raises(QuantityError, match="contradict"):
        cohort.scores()
