"""Numbers between bounds: drawn at random, in a Latin hypercube, or as a Sobol sequence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from insulin_abm.parameters import QuantityError

RANDOM, LATIN, SOBOL = "random", "latin_hypercube", "sobol"
METHODS = (RANDOM, LATIN, SOBOL)
DIGITS = 6
"""Significant digits of a number that was drawn: what is written down is what was used."""

_WRITTEN = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*")


@dataclass(frozen=True)
class Amount:
    """A number with the unit that stands behind it, as it is written in a file.

    Attributes
    ----------
    number : float
        The number.
    unit : str
        Its unit ("": none was written).
    """

    number: float
    unit: str = ""

    @classmethod
    def of(cls, value: object) -> Amount:
        """Read a number, or a text such as "70 kg".

        Raises
        ------
        QuantityError
            It is neither.
        """
        if isinstance(value, int | float) and not isinstance(value, bool):
            return cls(float(value))
        found = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise QuantityError(f"{value!r} is not a quantity", 'Write a number, or a text such as "70 kg"')
        return cls(float(found[1]), found[2])

    def written(self, number: float) -> str | float:
        """Write another number in the same unit."""
        rounded = float(f"{number:.{DIGITS}g}")
        return f"{rounded:g} {self.unit}" if self.unit else rounded


@dataclass(frozen=True)
class Between:
    """What a sampled value lies between.

    Attributes
    ----------
    low, high : Amount
        The bounds, in one unit.
    """

    low: Amount
    high: Amount

    @classmethod
    def of(cls, value: object) -> Between:
        """Read a list of two quantities in one unit.

        Raises
        ------
        QuantityError
            It is none.
        """
        if not isinstance(value, list) or len(value) != 2:
            raise QuantityError("is not a list of two", 'Write the bounds, such as ["60 kg", "120 kg"]')
        low, high = (Amount.of(one) for one in value)
        if low.unit != high.unit:
            raise QuantityError(f"the bounds are in '{low.unit}' and '{high.unit}'", "Write both in one unit")
        if not low.number < high.number:
            raise QuantityError("the first bound is not below the second", "Write the lower one first")
        return cls(low, high)

    def at(self, share: float) -> str | float:
        """Write the value at a share of the way from the lower to the upper bound."""
        return self.low.written(self.low.number + share * (self.high.number - self.low.number))


def points(method: str, size: int, seed: int, ranges: Mapping[str, Between]) -> list[dict[str, str | float]]:
    """Draw points between bounds.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    size : int
        How many; of a Sobol sequence a power of two, for its balance (Owen 2020, arXiv:2008.08051).
    seed : int
        Of all chance.
    ranges : mapping of str to Between
        The bounds of each value, by its name.

    Returns
    -------
    list of dict
        For each point a value for every name.
    """
    return [at(shares, ranges) for shares in _shares(method, size, seed, len(ranges))]


def at(shares: Sequence[float], ranges: Mapping[str, Between]) -> dict[str, str | float]:
    """Give the point that lies at these shares of the ways between bounds."""
    return {name: one.at(float(share)) for share, (name, one) in zip(shares, ranges.items(), strict=True)}


def _shares(method: str, size: int, seed: int, dimensions: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    if method == RANDOM:
        return chance.random((size, dimensions))
    if method == LATIN:
        return qmc.LatinHypercube(dimensions, rng=chance).random(size)
    return qmc.Sobol(dimensions, rng=chance).random(size)
