"""Parameters of a class, as rules see them: names, and values that are read but never compiled in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


class ParameterRecord:
    """The numbers that the rules of one class may refer to.

    Attributes
    ----------
    names : tuple of str
        In alphabetical order.
    values : numpy.ndarray
        Shape (2, names): as the rule reads them now, and as they were set. They differ where a drug acts.
    """

    def __init__(self, values: Mapping[str, float]) -> None:
        self.names = tuple(sorted(values))
        as_set = [float(values[name]) for name in self.names]
        self.values = np.array([as_set, as_set], dtype=np.float64)

    def __getitem__(self, name: str) -> float:
        return float(self.values[0, self.names.index(name)])

    def change(self, name: str, value: float) -> None:
        """Set a number anew, for all rules of the class from the next minute on."""
        self.values[:, self.names.index(name)] = value
