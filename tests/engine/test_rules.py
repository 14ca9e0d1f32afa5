"""Rules: plain Python and compiled code compute the same bits; plain arithmetic is as exact as it says."""

import numba
import numpy as np
import pytest
from bodies import FEW, differences, keeping, unsettled
from hypothesis import example, given, settings
from hypothesis import strategies as st

from insulin_abm.engine.chance import chance_of_agent, chance_of_minute
from insulin_abm.engine.minute import parameters_of
from insulin_abm.engine.phases import Act
from insulin_abm.engine.rules import (
    exponential,
    hill,
    is_rule,
    logarithm,
    power,
    present,
    rule,
    share_in_a_minute,
)
from insulin_abm.organs.gut import tanh_of
from insulin_abm.tissue.patch import Patch, mean_of_minute

DAY = 1440
AGENTS = 3
MINUTES_BETWEEN_JUMPS = 97

# what cells tell a patch, or tissues and organs the blood, has no `sees`: it is drawn as well
TOLD = {
    "binding_capacity": (0.0, 5e3),
    "insulin_set_free": (0, 800),
    "insulin_on_receptors": (0, 5000),
    "insulin_degraded": (0, 300),
    "glucose_released": (0, 3000),
    "receptors": (0, 1_000_000),
    "receptors_made": (0, 500),
    "receptors_degraded": (0, 500),
    "insulin_secreted": (0.0, 1e6),
}


# what is around a cell or comes with the blood, so that a hundred times as much is still a number of particles
USUAL = {
    "arriving_insulin": 0.1,
    "arriving_glucose": 1.0,
    "insulin_exchange_rate": 1.0,
    "glucose_exchange_rate": 1.0,
    "local_glucagon": 1.0,
    "local_fatty_acid": 1.0,
    "glycogen": 1.0,
}


@rule
def divided(one, other):
    """Divide."""
    return one / other


def phases_with_rules():
    return [phase for phase in unsettled().minute.phases if isinstance(phase, Act)]


def in_python(body, phase, minute):
    """Let every agent follow its rule as the Python method that it is."""
    with np.errstate(over="ignore"):
        of_minute = chance_of_minute(body.seed, minute)
        p = parameters_of(phase.who, body.records[phase.who])
        for agent in body.populations[phase.who].to_list():
            getattr(agent, phase.rule)(p, chance_of_agent(of_minute, agent.unique_id))


def random_numbers(random, column, size):
    """From a hundredth to a hundred times what is usual; now and then there is nothing at all to see."""
    usual = abs(column.default) or USUAL.get(column.name, 100.0)
    values = usual * 10.0 ** random.uniform(-2.0, 2.0, size)
    if column.sees and column.name != "volume" and not column.name.endswith("exchange_rate"):
        values *= random.random(size) > 0.03
    is_count = column.dtype.kind == "i" or column.name.endswith("at_hand")
    return np.floor(values) if is_count else values


def shown(random, bodies, phase, minute):
    """Show random numbers to the agents of two bodies; every so often their own state jumps as well."""
    columns = [body.populations[phase.who].columns for body in bodies]
    size = len(next(iter(columns[0].values())))
    for name, column in phase.who.columns.items():
        told = phase.who is Patch and name in TOLD
        jump = minute % MINUTES_BETWEEN_JUMPS == 0 and name not in ("east", "west", "north", "south")
        if told:
            low, high = TOLD[name]
            values = random.integers(low, high, size) if column.dtype.kind == "i" else random.uniform(low, high, size)
        elif column.sees or jump:
            values = random_numbers(random, column, size)
        else:
            continue
        for each in columns:
            each[name][:] = values
    if phase.who is Patch and phase.rule == "settle":
        # cells take no more than there is
        for name, kind in (("insulin_bound", "insulin"), ("glucose_taken", "glucose")):
            there = columns[0][kind] + columns[0][f"{kind}_entered"]
            values = np.floor(random.random(size) * there)
            for each in columns:
                each[name][:] = values


@pytest.mark.parametrize("phase", phases_with_rules(), ids=lambda phase: f"{phase.who.__name__}.{phase.rule}")
def test_the_method_and_the_compiled_rule_are_equal_to_the_bit(compiled, phase):
    """A day of random inputs, for every class with a rule."""
    assert is_rule(getattr(phase.who, phase.rule))
    cells = dict.fromkeys(FEW, AGENTS) | {"muscle": 24 if phase.who is Patch else AGENTS}
    compiled_body, python_body = keeping(unsettled(cells)), keeping(unsettled(cells))
    random = np.random.default_rng(20240607)
    for minute in range(1, DAY + 1):
        shown(random, (compiled_body, python_body), phase, minute)
        compiled_body.minute.live_phase(compiled_body, phase, minute)
        in_python(python_body, phase, minute)
        if minute % 24 == 0:
            assert differences(compiled_body, python_body) == [], f"minute {minute}"
    assert any(
        np.ptp(values) > 0 or values[0] != type(python_body.populations[phase.who][0]).columns[name].default
        for name, values in python_body.populations[phase.who].columns.items()
    )


def test_every_class_that_lives_has_a_rule(few):
    """Organs, tissues, patches and cells: none is left out of the test above."""
    acting = {phase.who for phase in phases_with_rules()}
    assert acting == set(few.populations)


def test_the_chunk_computes_what_the_rules_say_agent_by_agent(few):
    """The flat loop over all phases, in which LLVM may mix rules, against plain Python for every agent."""
    by_hand = keeping(few.fork())
    for body in (few, by_hand):
        body.eat({"white_bread": 100.0})
        body.inject_insulin(2.0, "rapid")
    few.run_for(20)
    by_hand.minute.live_phase(by_hand, by_hand._tell_anew, 0)
    for minute in range(1, 21):
        for phase in by_hand.minute.phases:
            if isinstance(phase, Act):
                in_python(by_hand, phase, minute)
            else:
                by_hand.minute.live_phase(by_hand, phase, minute)
    assert differences(few, by_hand) == []


# ---- plain arithmetic

reals = st.floats(-20.0, 20.0)
positive = st.floats(1e-12, 1e12)


def as_compiled(function):
    @numba.njit(error_model="numpy")
    def call(*arguments):
        return function(*arguments)

    return call


COMPILED = {
    function.__name__: as_compiled(function)
    for function in (exponential, logarithm, power, hill, share_in_a_minute, present, tanh_of, mean_of_minute)
}


def both_ways(function, *arguments):
    """The result in Python, which must be that of the compiled function."""
    result = float(function(*arguments))
    assert np.float64(COMPILED[function.__name__](*arguments)).tobytes() == np.float64(result).tobytes()
    return result


@settings(max_examples=300, deadline=None)
@given(reals)
@example(0.0)
@example(1e-18)
def test_exponential(x):
    assert both_ways(exponential, x) == pytest.approx(np.exp(x), rel=1e-12)


def test_exponential_far_out_is_finite_and_keeps_its_order():
    """Beyond what it is made for it bends, but a rule never meets infinity or a number that is none."""
    values = [both_ways(exponential, x) for x in (-1e9, -700.0, -600.0, -100.0, -20.0, 20.0, 100.0, 600.0, 700.0, 1e9)]
    assert np.isfinite(values).all()
    assert min(values) >= 0.0
    assert values == sorted(values)


@settings(max_examples=300, deadline=None)
@given(positive)
@example(1.0)
def test_logarithm(x):
    assert both_ways(logarithm, x) == pytest.approx(np.log(x), rel=1e-14, abs=1e-15)


@settings(max_examples=300, deadline=None)
@given(st.floats(1e-6, 1e6), st.floats(0.1, 1.4))
def test_power(x, exponent):
    assert both_ways(power, x, exponent) == pytest.approx(x**exponent, rel=3e-9)


def test_power_of_nothing():
    assert both_ways(power, 0.0, 0.5) == 0.0
    assert both_ways(power, 1.0, 3.0) == pytest.approx(1.0, rel=1e-9)


@settings(max_examples=300, deadline=None)
@given(st.floats(0.0, 100.0), st.floats(1e-3, 10.0), st.floats(0.5, 4.0))
def test_hill(signal, half, steepness):
    share = both_ways(hill, signal, half, steepness)
    expected = signal**steepness / (signal**steepness + half**steepness)
    assert share == pytest.approx(expected, rel=1e-8, abs=1e-12)
    assert 0.0 <= share <= 1.0
    assert both_ways(hill, half, half, steepness) == pytest.approx(0.5, rel=1e-9)


@settings(max_examples=200, deadline=None)
@given(st.floats(0.0, 20.0), st.floats(0.0, 1e6))
def test_shares_and_presence(rate, number):
    assert both_ways(share_in_a_minute, rate) == pytest.approx(-np.expm1(-rate), abs=1e-12)
    assert both_ways(present, number, rate) == number + rate / 2.0


@settings(max_examples=200, deadline=None)
@given(st.floats(-9.0, 9.0))
def test_hyperbolic_tangent(x):
    assert both_ways(tanh_of, x) == pytest.approx(np.tanh(x), abs=1e-12)


def test_a_rule_divides_by_zero_as_numpy_does():
    """In compiled code nothing stops a minute; a rule guards its own denominators."""
    assert np.isinf(as_compiled(divided)(1.0, 0.0))
