"""The form of a rule: scalar code for one agent and one minute that is also compiled over all rows.

A rule is written as a method, `def live_a_minute(cell, p, chance)`, and marked `@rule`. Called on an agent it is
ordinary Python; the minute compiles the same text. It reads its own row, the parameters `p` and its draws `chance`, and
writes its own row; nothing else. Functions that rules call are marked `@rule` as well.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba.extending import register_jitable

LEAST_MANTISSA = 0x3FE6A09E667F3BCD
"""The bits of the root of 1/2."""
LEAST = 1e-30
"""What is smaller has no logarithm here."""
LOGARITHM_OF_2 = 0.6931471805599453


def rule[F: Callable[..., object]](function: F) -> F:
    """Mark a method or a function as a rule: plain Python here, compiled by the minute over all rows."""
    marked = register_jitable(forceinline=True, error_model="numpy")(function)
    marked.is_rule = True  # type: ignore[attr-defined]
    return marked


def is_rule(function: object) -> bool:
    """Whether a function can be compiled into the minute."""
    return bool(getattr(function, "is_rule", False))


@rule
def share_in_a_minute(rate):
    """Share of things that leave within a minute at `rate` per minute."""
    return 1.0 - exponential(-rate)


@rule
def present(before, arriving):
    """How many are there on average in a minute: those that arrive during it are there for half of it."""
    return before + 0.5 * arriving


@rule
def leaving_in_a_minute(rate):
    """How things leave at `rate` a minute that keep arriving, however large the rate.

    Of those that are there at first, and of the arriving ones as far as they count, the share `rate * left` leaves:
    gives `left` and how far an arriving one counts. What leaves is never more than there is, at rest it is just what
    the rate says, and for a small rate those that arrive count half (with 1 - 1 / (1 + r + r * r / 2) for 1 - exp(-r)).
    """
    square = 2.0 + 2.0 * rate + rate * rate
    per_both = 1.0 / ((2.0 + rate) * square)
    return (2.0 + rate) * (2.0 + rate) * per_both, (1.0 + rate) * square * per_both


@rule
def above(value, start):
    """By how much a value is above a start, 0 below it."""
    return max(0.0, value - start)


@rule
def saturating(amount, half):
    """The share of a largest effect that an amount has: one half at `half`."""
    return amount / (amount + half)


@rule
def hill(signal, half, steepness):
    """The share of a full effect at `signal`: one half at `half`, the steeper the larger `steepness`."""
    from_half = power_of_ratio(signal, half, steepness)
    return from_half / (1.0 + from_half)


@rule
def power_of_ratio(x, reference, exponent):
    """`x` over `reference` to the power `exponent`, for x >= 0 and a positive exponent; 0 for x = 0."""
    # the logarithm of a parameter is computed once for all rows, that of a signal once for all that follows from it
    return exponential(exponent * (logarithm(max(x, LEAST)) - logarithm(reference))) if x > 0.0 else 0.0


@rule
def exponential(x):
    """Give e to the power `x` in plain arithmetic, equal on every machine.

    The relative error is below 1e-12 for abs(x) < 20.
    """
    y = min(max(x, -600.0), 600.0) * 0.0009765625
    square = y * y  # few steps wait for each other: how long a rule takes is how long its longest chain is
    e = (1.0 + y) + square * ((0.5 + y * (1 / 6)) + square * ((1 / 24 + y * (1 / 120)) + square * (1 / 720)))
    e = e * e * e * e
    e = e * e * e * e
    e = e * e * e * e
    e = e * e * e * e
    return e * e * e * e


@rule
def logarithm(x):
    """Natural logarithm of `x` > 0 in plain arithmetic; relative error below 1e-14, equal on every machine.

    `x` is m * 2**n with m between the roots of 1/2 and of 2; the logarithm of m is a series in (m - 1) / (m + 1).
    """
    above_least = np.float64(x).view(np.int64) - LEAST_MANTISSA
    n = above_least >> 52
    m = np.int64(above_least - (n << 52) + LEAST_MANTISSA).view(np.float64)
    s = (m - 1.0) / (m + 1.0)
    q = s * s
    square = q * q
    low = (1 / 3 + q * (1 / 5)) + square * (1 / 7 + q * (1 / 9))
    high = (1 / 11 + q * (1 / 13)) + square * (1 / 15 + q * (1 / 17))
    series = low + square * square * high
    return np.int32(n) * LOGARITHM_OF_2 + 2.0 * (s + s * q * series)


@rule
def power(x, exponent):
    """`x` to the power `exponent`, for x >= 0 and a positive exponent; 0 for x = 0."""
    return exponential(exponent * logarithm(max(x, LEAST))) if x > 0.0 else 0.0
