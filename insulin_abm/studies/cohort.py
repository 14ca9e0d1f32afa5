"""A cohort: people drawn from stated distributions, correlated where they are in life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from insulin_abm.parameters import QuantityError
from insulin_abm.studies.draws import Amount

NORMAL, LOGNORMAL, UNIFORM = "normal", "lognormal", "uniform"
DISTRIBUTIONS = (NORMAL, LOGNORMAL, UNIFORM)
LEAST_EIGENVALUE = -1e-9
"""Correlations whose matrix has one below this contradict each other."""


@dataclass(frozen=True)
class Choice:
    """One of a few values, each with its share of people.

    Attributes
    ----------
    values : tuple
        What there is to choose from.
    shares : tuple of float
        Of all people; they add up to 1.
    """

    values: tuple[object, ...]
    shares: tuple[float, ...]

    def at(self, rank: float) -> object:
        """Give the value of the person at this rank among all, from 0 to 1."""
        place = int(np.searchsorted(np.cumsum(self.shares), rank, side="right"))
        return self.values[min(place, len(self.values) - 1)]


@dataclass(frozen=True)
class Spread:
    """A quantity that is spread over people.

    Attributes
    ----------
    distribution : str
        One of `DISTRIBUTIONS`.
    mean, sd : Amount
        Mean and standard deviation before the ends are cut off (not of a uniform one).
    low, high : float
        Nobody has less or more, in the same unit.
    """

    distribution: str
    mean: Amount
    sd: Amount
    low: float
    high: float

    def at(self, rank: float) -> str | float:
        """Write the value of the person at this rank among all, from 0 to 1."""
        if self.distribution == UNIFORM:
            return self.mean.written(self.low + rank * (self.high - self.low))
        whole = self._whole()
        first, last = whole.cdf(self.low), whole.cdf(self.high)
        return self.mean.written(float(np.clip(whole.ppf(first + rank * (last - first)), self.low, self.high)))

    def _whole(self) -> stats.rv_continuous:
        """The distribution before its ends are cut off."""
        if self.distribution == NORMAL:
            return stats.norm(self.mean.number, self.sd.number)
        width = np.sqrt(np.log1p((self.sd.number / self.mean.number) ** 2))
        return stats.lognorm(width, scale=self.mean.number * np.exp(-0.5 * width**2))


@dataclass(frozen=True)
class Cohort:
    """People to be drawn.

    Attributes
    ----------
    size : int
        How many.
    seed : int
        Of all chance.
    values : mapping of str to Spread or Choice
        In what they differ, by name.
    correlations : sequence of tuple
        Two names, and the correlation of the ranks that people have in both (of normal scores).
    """

    size: int
    seed: int
    values: Mapping[str, Spread | Choice]
    correlations: Sequence[tuple[str, str, float]]

    def scores(self) -> np.ndarray:
        """Correlation matrix of the normal scores, (values, values).

        Raises
        ------
        QuantityError
            The correlations contradict each other.
        """
        names = list(self.values)
        matrix = np.eye(len(names))
        for first, second, correlation in self.correlations:
            one, other = names.index(first), names.index(second)
            matrix[one, other] = matrix[other, one] = correlation
        if np.linalg.eigvalsh(matrix).min(initial=0.0) < LEAST_EIGENVALUE:
            raise QuantityError("the correlations contradict each other", "Make some of them weaker")
        return matrix

    def people(self) -> list[dict[str, object]]:
        """Draw all people: for each a value of every name."""
        chance = np.random.default_rng(self.seed)
        drawn = chance.multivariate_normal(np.zeros(len(self.values)), self.scores(), self.size, method="eigh")
        ranks = stats.norm.cdf(drawn)
        return [
            {name: one.at(float(rank)) for rank, (name, one) in zip(row, self.values.items(), strict=True)}
            for row in ranks
        ]
