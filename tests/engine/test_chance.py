"""Chance: draws are even, know nothing of each other, and have the means they claim.

All seeds are fixed, so a test passes always or never; each states how often a correct generator would fail it if its
seed were drawn anew (its false-alarm rate).
"""

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from insulin_abm.engine.chance import (
    chance_of_agent,
    chance_of_minute,
    mixed,
    noise,
    purpose,
    uniform,
    whole_number,
    whole_share,
)

FALSE_ALARM = 1e-6
"""Of every single statistical comparison below; a test makes at most 100 of them."""

AGENTS = (1 << 40) + np.arange(1, 20_001, dtype=np.int64)
WHAT, OTHER = purpose("one thing"), purpose("another thing")


@pytest.fixture(autouse=True)
def wrapping():
    """Hashes wrap around by design."""
    with np.errstate(over="ignore"):
        yield


@numba.njit
def draws_of(seed, minute, agents, what):
    of_minute = chance_of_minute(seed, minute)
    result = np.empty(len(agents))
    for i in range(len(agents)):
        result[i] = uniform(chance_of_agent(of_minute, agents[i]), what)
    return result


@numba.njit
def shares_of(seed, minute, agents, what, there, share):
    of_minute = chance_of_minute(seed, minute)
    result = np.empty(len(agents))
    for i in range(len(agents)):
        result[i] = whole_share(chance_of_agent(of_minute, agents[i]), what, there, share)
    return result


@numba.njit
def numbers_of(seed, minute, agents, what, mean):
    of_minute = chance_of_minute(seed, minute)
    result = np.empty(len(agents))
    for i in range(len(agents)):
        result[i] = whole_number(chance_of_agent(of_minute, agents[i]), what, mean)
    return result


def chance(seed=1, minute=1, agent=1):
    return chance_of_agent(chance_of_minute(seed, minute), agent)


def is_even(draws):
    """Kolmogorov and Smirnov for the shape, chi square of 64 classes for the fine grain."""
    counts = np.histogram(draws, 64, (0.0, 1.0))[0]
    return stats.kstest(draws, "uniform").pvalue > FALSE_ALARM and stats.chisquare(counts).pvalue > FALSE_ALARM


def are_unrelated(one, other):
    """Correlation, and chi square of 8 times 8 classes, which also sees what is not linear."""
    table = np.histogram2d(one, other, 8, [[0.0, 1.0], [0.0, 1.0]])[0]
    related = stats.pearsonr(one, other).pvalue < FALSE_ALARM
    return not related and stats.chi2_contingency(table).pvalue > FALSE_ALARM


@pytest.mark.parametrize("seed", [0, 1, 2, 12345, 2**32, 2**63 - 1])
def test_draws_are_even_over_agents_and_over_minutes(seed):
    """False alarm: 1.6e-5 over all seeds."""
    over_agents = draws_of(seed, 7, AGENTS, WHAT)
    over_minutes = np.array([draws_of(seed, minute, AGENTS[:1], WHAT)[0] for minute in range(20_000)])
    over_seeds = np.array([draws_of(seed % 1000 + k, 7, AGENTS[:1], WHAT)[0] for k in range(20_000)])
    for draws in (over_agents, over_minutes, over_seeds):
        assert draws.min() >= 0.0
        assert draws.max() < 1.0
        assert is_even(draws)


def test_draws_of_neighbours_are_unrelated():
    """Agents, minutes, purposes and seeds beside each other; false alarm: 6e-5."""
    here = draws_of(5, 100, AGENTS, WHAT)
    others = [draws_of(5, minute, AGENTS, WHAT) for minute in (101, 102, 1540, 100 + 1440 * 365)]
    others += [draws_of(5, 100, AGENTS, what) for what in (OTHER, purpose("one thinG"), np.uint32(WHAT ^ np.uint32(1)))]
    others += [draws_of(seed, 100, AGENTS, WHAT) for seed in (4, 6, 5 + 2**32)]
    others += [draws_of(5, 100, AGENTS + offset, WHAT) for offset in (1, 2, 512, 2**31)]
    for other in others:
        assert are_unrelated(here, other)


def test_pairs_of_purposes_are_unrelated_within_an_agent():
    """What a cell draws in one minute for one purpose says nothing of the next purpose; false alarm: 9e-5."""
    from insulin_abm.cells import receptors
    from insulin_abm.tissue import patch

    names = ("BINDING", "RELEASE", "ENDOCYTOSIS", "RECYCLING", "DEGRADATION", "SYNTHESIS")
    purposes = [getattr(receptors, name) for name in names] + [
        patch.INSULIN_EAST,
        patch.INSULIN_WEST,
        patch.INSULIN_EXIT,
    ]
    draws = [draws_of(11, 55, AGENTS, what) for what in purposes]
    for first in range(len(draws)):
        for second in range(first):
            assert are_unrelated(draws[first], draws[second])


def test_no_two_purposes_of_a_class_are_the_same():
    from insulin_abm.cells import fat, islet, liver, muscle, receptors
    from insulin_abm.tissue import patch

    def purposes(*modules):
        return {
            (module.__name__, name): value
            for module in modules
            for name, value in vars(module).items()
            if isinstance(value, np.uint32)
        }

    for modules in ((receptors, muscle), (receptors, fat), (receptors, liver), (receptors, islet), (patch,)):
        found = purposes(*modules)
        assert len(set(found.values())) == len(found)


def test_a_draw_depends_on_nothing_else():
    """Not on how many agents there are, their order, or what was drawn before."""
    all_at_once = draws_of(3, 9, AGENTS, WHAT)
    assert draws_of(3, 9, AGENTS[::-1], WHAT)[::-1].tobytes() == all_at_once.tobytes()
    assert draws_of(3, 9, AGENTS[500:501], WHAT)[0] == all_at_once[500]
    assert uniform(chance(3, 9, int(AGENTS[500])), WHAT) == all_at_once[500]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**63 - 1), st.integers(-(2**31), 2**31), st.integers(1, 2**63 - 1))
def test_python_and_compiled_code_draw_the_same(seed, minute, agent):
    with np.errstate(over="ignore"):
        assert uniform(chance(seed, minute, agent), WHAT) == draws_of(seed, minute, np.array([agent]), WHAT)[0]


def test_mixing_loses_nothing():
    """A permutation: different numbers stay different."""
    numbers = np.arange(1_000_000, dtype=np.uint32) * np.uint32(4297)
    assert len(np.unique(mixed(numbers))) == len(np.unique(numbers))


def test_mixing_changes_half_of_the_bits():
    """Each of 32 output bits changes with each of 32 input bits in 47 to 53 of 100 cases; false alarm: below 1e-5."""
    numbers = np.arange(1, 20_001, dtype=np.uint32)
    for bit in range(32):
        changed = mixed(numbers) ^ mixed(numbers ^ np.uint32(1 << bit))
        for out in range(32):
            share = np.mean((changed >> np.uint32(out)) & np.uint32(1))
            assert 0.47 < share < 0.53


# ---- whole numbers

MEANS = [0.0, 1e-4, 0.03, 0.5, 1.0, 2.5, 7.3, 100.25, 12_345.6]
SHARES = [
    (0.0, 0.5),
    (1.0, 0.3),
    (3.0, 0.9),
    (10.0, 0.25),
    (40.0, 0.01),
    (1000.0, 0.135),
    (1e6, 0.018),
    (50.0, 1.0),
    (50.0, 0.0),
]
MANY = (1 << 33) + np.arange(200_000, dtype=np.int64)


def mean_is(values, expected):
    """Whether the mean is as expected, to 5.3 standard errors; false alarm 1e-7."""
    error = values.std() / np.sqrt(len(values))
    return abs(values.mean() - expected) <= 5.3 * error + 1e-4 * expected


@pytest.mark.parametrize("mean", MEANS)
def test_a_whole_number_is_whole_and_has_its_mean(mean):
    values = numbers_of(17, 3, MANY, WHAT, mean)
    assert np.array_equal(values, np.floor(values))
    assert values.min() >= 0.0
    assert mean_is(values, mean)


@pytest.mark.parametrize("mean", [value for value in MEANS if value >= 2.5])
def test_a_whole_number_varies_about_as_poisson_does(mean):
    """From a mean of 3 on the spread is that of Poisson, rounding adds at most a quarter; at 2.5 it is 0.9 of it."""
    values = numbers_of(17, 3, MANY, WHAT, mean)
    assert 0.88 < values.var() / mean < 1.15


@pytest.mark.parametrize(("there", "share"), SHARES)
def test_a_whole_share_is_whole_within_bounds_and_has_its_mean(there, share):
    values = shares_of(17, 3, MANY, WHAT, there, share)
    assert np.array_equal(values, np.floor(values))
    assert values.min() >= 0.0
    assert values.max() <= there
    assert mean_is(values, there * share)


@pytest.mark.parametrize(("there", "share"), [(10.0, 0.25), (10.0, 0.5), (1000.0, 0.135), (1e6, 0.018), (200.0, 0.9)])
def test_a_whole_share_varies_as_the_text_says(there, share):
    """Against the binomial 1.00 to 1.13 where 2.5 and more go and stay; 2 % are left for the sample."""
    values = shares_of(17, 3, MANY, WHAT, there, share)
    assert 0.98 <= values.var() / (there * share * (1.0 - share)) <= 1.15


def test_a_whole_share_of_one_varies_half_as_much():
    values = shares_of(17, 3, MANY, WHAT, 100.0, 0.01)
    assert values.var() == pytest.approx(0.5 * 0.99, rel=0.2)


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 2**40), st.floats(0.0, 1.0), st.integers(1, 2**62), st.integers(0, 10**6))
def test_a_whole_share_never_leaves_its_bounds(there, share, agent, minute):
    with np.errstate(over="ignore"):
        value = whole_share(chance(1, minute, agent), WHAT, float(there), share)
    assert value == np.floor(value)
    assert 0.0 <= value <= there


@settings(max_examples=500, deadline=None)
@given(st.floats(0.0, 1e12), st.integers(1, 2**62), st.integers(0, 10**6))
def test_a_whole_number_is_never_negative(mean, agent, minute):
    with np.errstate(over="ignore"):
        value = whole_number(chance(1, minute, agent), WHAT, mean)
    assert value == np.floor(value)
    assert 0.0 <= value <= 2.0 * mean + 1.0


@given(st.floats(0.0, 3.5, width=32))
def test_noise_at_its_ends_carries_no_draw_over_its_bounds(reach):
    """What rounds stays further from 0 and from 1 than float32 can be wrong about a reach that ends at a bound."""
    wrong = np.spacing(np.float32(4.0))
    lowest, highest = (noise(np.uint32(bits), np.float32(reach)) for bits in (0, 0xFFFFFFFF))
    assert lowest + float(reach) > wrong
    assert highest - float(reach) < 1.0 - wrong
