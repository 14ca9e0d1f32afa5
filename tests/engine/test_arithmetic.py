"""Rules compute in plain arithmetic: what would differ between machines, or read other rows, is refused."""

import math
from math import log

import numpy as np
import pytest
from bodies import unsettled

from insulin_abm.engine.arithmetic import refuse_slow
from insulin_abm.engine.phases import Act
from insulin_abm.engine.rules import exponential, hill, is_rule, power, rule

TABLE = np.arange(5.0)


@rule
def by_numpy(x):
    """Call the C library through NumPy."""
    return np.exp(x)


@rule
def by_math(x):
    """Call it through math."""
    return math.pow(x, 2.5)


@rule
def by_name(x):
    """Call it by its bare name."""
    return log(x)


@rule
def by_sign(x):
    """Take a power by the operator."""
    return x**1.5


@rule
def by_table(x):
    """Look a number up."""
    return TABLE[int(x)]


@rule
def by_another(x):
    """Call a rule that does it."""
    return 2.0 * by_table(x)


def enclosing(function):
    @rule
    def by_closure(x):
        """Call what it closes over."""
        return function(x)

    return by_closure


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (by_numpy, r"by_numpy calls numpy\.exp \(use `exponential`"),
        (by_math, r"by_math calls math\.pow \(use `power`"),
        (by_name, r"by_name calls log \(use `logarithm`"),
        (by_sign, r"by_sign uses \*\*"),
        (by_table, "by_table looks a number up in an array"),
        (by_another, "by_table looks a number up in an array"),
        (enclosing(np.sin), r"by_closure calls function"),
        (enclosing(by_numpy), r"by_numpy calls numpy\.exp"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_differs_between_machines_or_reads_other_rows_is_refused(function, message):
    with pytest.raises(TypeError, match=message):
        refuse_slow(function)


def test_all_rules_of_a_body_are_plain_arithmetic():
    phases = [phase for phase in unsettled().minute.phases if isinstance(phase, Act)]
    rules = [getattr(phase.who, phase.rule) for phase in phases] + [exponential, hill, power]
    assert len(rules) > 15
    for one in rules:
        assert is_rule(one)
        refuse_slow(one)
