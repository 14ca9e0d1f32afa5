"""Fits numbers of the model to published facts, with the cells; what is left out is scored, not fitted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from insulin_abm.parameters import Registry
from insulin_abm.parameters.targets import EMERGENT, Target, targets
from insulin_abm.validation.evaluations import Evaluations
from insulin_abm.validation.measuring import PARTS, PARTS_OF_PEOPLE

NUMBERS = (
    "alpha.insulin_lack_gain",
    "beta.secretion_per_refill",
    "beta.threshold_mean",
    "beta.threshold_spread",
    "beta.pool_capacity",
    "beta.potentiation_gain",
    "beta.insulin_feedback_most",
    "beta.glucose_toxicity_half",
    "muscle.insulin_glucose_capacity",
    "muscle.ectopic_lipid_gain",
    "muscle.glucose_toxicity_most",
    "muscle.glucose_toxicity_half",
    "muscle.fatty_acid_block_most",
    "muscle.glucose_oxidation_capacity",
    "muscle.oxidation_half_fatty_acid",
    "muscle.glycogen_time",
    "liver.gluconeogenesis",
    "liver.glycogenolysis",
    "liver.glycogen_synthesis_capacity",
    "liver.suppression_half_occupancy",
    "liver.ectopic_lipid_gain",
    "liver.fatty_acid_gain",
    "liver.glucagon_gain",
    "liver.ketogenesis",
    "fat.antilipolysis_half_occupancy",
    "fat.spill_gain",
    "fat.fewer_receptors_with_size",
    "fat.lipolysis_capacity",
    "gut.emptying_limit",
    "gut.incretin_gain",
    "liver.output_at_rest",
    "liver.suppression_steepness",
    "liver.suppression_glucose_exponent",
    "liver.glycogen_half",
    "liver.glycogen_synthesis_half_glucose",
    "liver.glucose_toxicity_half",
    "liver.burning",
    "muscle.uptake_half_occupancy",
    "muscle.uptake_steepness",
    "fat.lipolysis_mass_exponent",
    "fat.glucose_toxicity_most",
    "overload.surplus_damage",
    "energy.lack_start",
    "energy.lack_burning",
    "metformin.gluconeogenesis_fall",
)
"""The numbers that are fitted: sizes that no source gives (certainty "fitted" or "assumption")."""

PRIOR_WIDTH = 0.5
"""Standard deviation of the prior of the logarithm of a number around the value it has: a factor of 1.6."""
STEP = 0.05
"""Change of a logarithm by which slopes are measured; smaller ones drown in the whole numbers of particles."""
FARTHEST = 10.0
"""Residual, in half widths of its band, of a fact that could not be measured; none counts for more."""
EVALUATIONS_TO_TELL = 10
FLAT = 0.9
"""A direction in which the data narrow the prior by less than a tenth is flat."""


@dataclass(frozen=True)
class Fitted:
    """What a calibration found.

    Attributes
    ----------
    numbers : mapping of str to float
        The fitted numbers, in their registered units.
    start : mapping of str to float
        What they were.
    narrowed : mapping of str to float
        Standard deviation of the logarithm of each relative to its prior: 1 says that the data say nothing of it.
    flat : tuple of mapping
        Directions that the data do not fix: parts of the numbers in them.
    before, after : mapping of str to float
        All facts that were measured, fitted or not, with the numbers before and after.
    used : tuple of str
        Ids of the facts that were fitted.
    """

    numbers: Mapping[str, float]
    start: Mapping[str, float]
    narrowed: Mapping[str, float]
    flat: tuple[Mapping[str, float], ...]
    before: Mapping[str, float]
    after: Mapping[str, float]
    used: tuple[str, ...]


def usable_facts() -> list[Target]:
    """Give the emergent facts that can be measured in people, in the clinic or over months.

    Those of dishes fit numbers of cell lines.
    """
    measured = {fact for part in PARTS_OF_PEOPLE for fact in PARTS[part][1]}
    return [fact for fact in targets().values() if fact.role == EMERGENT and fact.id in measured]


def residuals(facts: Sequence[Target], values: Mapping[str, float]) -> np.ndarray:
    """Distances from the middle of each band in its half widths."""
    found = np.array([(values[fact.id] - 0.5 * (fact.low + fact.high)) / fact.spread for fact in facts])
    return np.where(np.isfinite(found), np.clip(found, -FARTHEST, FARTHEST), FARTHEST)


def softened(residual: np.ndarray) -> np.ndarray:
    """Residuals whose squares are log(1 + residual^2), of a Cauchy distribution: what is far off pulls little.

    So facts that contradict others do not draw the rest away from what they agree on.
    """
    return np.sign(residual) * np.sqrt(np.log1p(residual**2))


class _Hill:
    """What is gone down: residuals and their slopes, of facts and of the prior, over logarithms of numbers.

    Parameters
    ----------
    evaluations : Evaluations
        Measures all facts.
    facts : sequence of Target
        Those that are fitted.
    start : mapping of str to float
        The numbers, and the middles of their priors.
    rounds : int
        After so many steps no slopes are needed.
    said : callable
        Is told how it goes.
    """

    def __init__(
        self,
        evaluations: Evaluations,
        facts: Sequence[Target],
        start: Mapping[str, float],
        rounds: int,
        said: Callable[[str], None],
    ) -> None:
        registry = Registry.load()
        self.first = np.log(list(start.values()))
        self.low = np.log([max(registry[name].low, 1e-3 * value) for name, value in start.items()])
        self.high = np.log([registry[name].high for name in start])
        self.by_number = np.zeros((len(facts), len(start)))
        self._soft = self.by_number
        self._evaluations = evaluations
        self._facts = facts
        self._units = {name: registry[name].unit for name in start}
        self._steps_left = rounds + 1  # the first evaluation is of the start
        self._said = said

    def numbers(self, point: np.ndarray) -> dict[str, float]:
        """Give the numbers at a point, with six digits."""
        return {name: float(f"{value:.6g}") for name, value in zip(self._units, np.exp(point), strict=True)}

    def measured(self, points: Sequence[np.ndarray]) -> list[dict[str, float]]:
        """Give all facts at some points."""
        written = [
            {name: f"{value:.6g} {self._units[name]}" for name, value in self.numbers(point).items()}
            for point in points
        ]
        return self._evaluations.of(written, self._count)

    def _count(self, made: int) -> None:
        if made % EVALUATIONS_TO_TELL == 0:
            self._said(f"{made} evaluations")

    def residuals(self, point: np.ndarray) -> np.ndarray:
        """Softened residuals of the facts, and distances from the prior in its standard deviations."""
        self._steps_left -= 1
        (values,) = self.measured([point])
        found = residuals(self._facts, values)
        inside, squares = int((np.abs(found) <= 1.0).sum()), float((softened(found) ** 2).sum())
        self._said(f"{inside} of {len(found)} fitted facts inside, sum of softened squares {squares:.1f}")
        return np.concatenate([softened(found), (point - self.first) / PRIOR_WIDTH])

    def slopes(self, point: np.ndarray) -> np.ndarray:
        """Slopes of what `residuals` gives, by one small step of each number."""
        prior = np.eye(len(point)) / PRIOR_WIDTH
        if self._steps_left > 0:
            steps = np.where(point + STEP <= self.high, STEP, -STEP)
            points = [point, *(point + step * unit for step, unit in zip(steps, np.eye(len(point)), strict=True))]
            here, *there = (residuals(self._facts, values) for values in self.measured(points))
            self.by_number = ((np.array(there) - here) / steps[:, None]).T
            self._soft = ((softened(np.array(there)) - softened(here)) / steps[:, None]).T
        return np.vstack([self._soft, prior])


def fit(
    evaluations: Evaluations,
    groups: Sequence[str],
    rounds: int,
    said: Callable[[str], None],
    start: Mapping[str, float],
) -> Fitted:
    """Fit numbers to the facts of some groups, by least squares over their logarithms with a prior.

    Parameters
    ----------
    evaluations : Evaluations
        Measures all facts.
    groups : sequence of str
        Groups of facts that are fitted; the others are only looked at.
    rounds : int
        How many steps at most; each measures every slope anew.
    said : callable
        Is told how it goes.
    start : mapping of str to float
        The numbers that may change, within their plausible ranges, and where they begin; their priors lie around it.
    """
    facts = [fact for fact in usable_facts() if fact.group in groups]
    hill = _Hill(evaluations, facts, start, rounds, said)
    best = least_squares(
        hill.residuals, hill.first, jac=hill.slopes, bounds=(hill.low, hill.high), max_nfev=rounds + 1, x_scale=1.0
    )
    before, after = hill.measured([hill.first, best.x])
    narrowed, flat = _what_data_say(hill.by_number, list(start))
    return Fitted(hill.numbers(best.x), dict(start), narrowed, flat, before, after, tuple(fact.id for fact in facts))


def _what_data_say(slopes: np.ndarray, names: Sequence[str]) -> tuple[dict[str, float], tuple[dict[str, float], ...]]:
    """Give how far the data narrow each number, and the directions that they leave as wide as the prior.

    A half width of a band is taken for a standard deviation.
    """
    covariance = np.linalg.inv(slopes.T @ slopes + np.eye(len(names)) / PRIOR_WIDTH**2)
    narrowed = np.sqrt(np.diag(covariance)) / PRIOR_WIDTH
    variances, directions = np.linalg.eigh(covariance)
    flat = [
        dict(zip(names, direction.round(2).tolist(), strict=True))
        for variance, direction in zip(variances, directions.T, strict=True)
        if np.sqrt(variance) / PRIOR_WIDTH > FLAT
    ]
    return dict(zip(names, narrowed.tolist(), strict=True)), tuple(flat)
