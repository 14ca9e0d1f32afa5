"""What was seen of a person so far: columns of numbers that grow, and few points of them to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

FIRST_ROOM = 512


class Series:
    """Rows in order of time.

    Parameters
    ----------
    names : sequence of str
        The columns beside the time.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._rows = 0
        self._times = np.empty(FIRST_ROOM)
        self._values = np.empty((len(self.names), FIRST_ROOM), np.float32)

    def __len__(self) -> int:
        return self._rows

    def append(self, time: float, row: Mapping[str, float]) -> None:
        """Add a row; it takes the place of one of the same time."""
        if self._rows and self._times[self._rows - 1] == time:
            self._rows -= 1
        if self._rows == len(self._times):
            self._times = np.concatenate([self._times, np.empty_like(self._times)])
            self._values = np.concatenate([self._values, np.empty_like(self._values)], axis=1)
        self._times[self._rows] = time
        self._values[:, self._rows] = [row[name] for name in self.names]
        self._rows += 1

    def first(self, name: str) -> float:
        """Give the first value of a column."""
        return float(self._values[self.names.index(name), 0])

    def last(self, name: str) -> float:
        """Give the last value of a column."""
        return float(self._values[self.names.index(name), self._rows - 1])

    def frame(self) -> pd.DataFrame:
        """Give everything as a table; the index is the time."""
        import pandas as pd

        rows = slice(0, self._rows)
        return pd.DataFrame(self._values[:, rows].T, index=self._times[rows], columns=list(self.names))

    def since(self, time: float) -> int:
        """Give the row at which a time begins, or the one before it: a curve comes in from the left."""
        return max(0, int(np.searchsorted(self._times[: self._rows], time)) - 1)

    def few(self, name: str, since: float, most: int) -> tuple[np.ndarray, np.ndarray]:
        """Give times and values of a column with few points: of many, the lowest and the highest of each stretch.

        Parameters
        ----------
        name : str
            The column.
        since : float
            From when on.
        most : int
            So many stretches at most, two points each.
        """
        rows = slice(self.since(since), self._rows)
        times, values = self._times[rows], self._values[self.names.index(name), rows]
        length = -(-len(times) // most)
        if length < 3:
            return times, values
        whole = len(times) // length * length
        stretches = values[:whole].reshape(-1, length)
        picked = np.sort(np.stack([stretches.argmin(axis=1), stretches.argmax(axis=1)], axis=1), axis=1)
        picked = (picked + np.arange(len(stretches))[:, np.newaxis] * length).ravel()
        rest = np.arange(whole, len(times))
        kept = np.concatenate([picked, rest, [len(times) - 1]])
        return times[kept], values[kept]
