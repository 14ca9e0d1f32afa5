"""Chance without a generator: a draw is a hash of seed, purpose, agent and minute.

No state is kept anywhere, so neither the order of agents, nor threads, nor other agents change a draw; a twin with a
drug differs from its twin without only by the drug.
"""

from __future__ import annotations

import zlib
from collections import namedtuple

import numpy as np

from insulin_abm.engine.rules import rule

u32, f32 = np.uint32, np.float32

Chance = namedtuple("Chance", "state")


def purpose(name: str) -> np.uint32:
    """What a draw is for, known by its name: adding a purpose shifts no other draw."""
    return np.uint32(zlib.crc32(name.encode()))


@rule
def mixed(z):
    """Mix 32 bits (the `lowbias32` permutation of C. Wellons, 2018): every bit of `z` changes half of the result."""
    z = u32(z ^ (z >> u32(16)))
    z = u32(z * u32(0x7FEB352D))
    z = u32(z ^ (z >> u32(15)))
    z = u32(z * u32(0x846CA68B))
    return u32(z ^ (z >> u32(16)))


@rule
def chance_of_minute(seed, minute):
    """What every agent's chance in this minute starts from."""
    return mixed(u32(mixed(u32(seed & 0xFFFFFFFF)) + u32(minute & 0xFFFFFFFF)) ^ u32((seed >> 32) & 0xFFFFFFFF))


@rule
def chance_of_agent(of_minute, agent):
    """The chance of one agent (its unique id) in one minute."""
    return Chance(mixed(u32(mixed(u32(of_minute + u32(agent & 0xFFFFFFFF))) ^ u32(agent >> 31))))


@rule
def uniform(chance, what):
    """Draw a number in [0, 1) for the purpose `what`."""
    return np.float64(np.int32(mixed(u32(chance.state ^ what)) >> u32(1))) * (1 / 2147483648)


@rule
def noise(bits, reach):
    """A number within `reach` on both sides of 0, and on top one in (0, 1), with which `floor` rounds either way.

    In float32: it need not be exact. The part that rounds is kept so far from 0 and from 1 that no error of `reach`
    can carry a draw over its bounds.
    """
    spread = f32(np.int32(bits >> u32(16))) * f32(1 / 32767.5) - f32(1.0)
    rest = (f32(np.int32(bits & u32(0xFFFF))) + f32(0.5)) * f32(1 / 65536)
    return np.float64(reach * spread + rest)


@rule
def whole_number(chance, what, mean):
    """Draw a whole number with the given mean and about the variance of a Poisson number.

    It is never below 0; a mean below 0 counts as 0.
    """
    expected = max(mean, 0.0)
    about = f32(expected)
    reach = min(np.sqrt(f32(3.0) * about), about)
    return np.floor(expected + noise(mixed(u32(chance.state ^ what)), reach))


@rule
def whole_share(chance, what, there, share):
    """Draw how many of `there` whole things move when each does so with probability `share`.

    The mean is exact and the number always within 0..there; variance against the binomial 1.00 to 1.13 for means of
    2.5 and more, 0.5 at a mean of 1.
    """
    # what depends on the share alone is computed once for all rows where it is a parameter
    stays = 1.0 - share
    about = f32(there)
    reach = min(np.sqrt(about) * np.sqrt(f32(3.0 * share * stays)), about * f32(min(share, stays)))
    return np.floor(there * share + noise(mixed(u32(chance.state ^ what)), reach))
