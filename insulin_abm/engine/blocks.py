"""Blocks: places that follow each other, with all who live in them, so few that they stay in the processor's cache.

Threads share blocks. How places are cut depends on who lives where and on nothing else, so that the number of threads
can change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from insulin_abm.engine.agents import RowAgent
    from insulin_abm.engine.world import World

ROWS_PER_BLOCK = 1024
"""Places and agents of a block, about; fixed, so that sums over blocks are always taken in the same order."""

PLACES_TOGETHER = 32
"""A block begins at a multiple of so many places, so that loops over whole vectors of them leave no rest."""

LINE = 64
"""Bytes of a line of the processor's cache; columns of a block begin at a new one."""

PAGE = 4096


class Blocks:
    """How the places of a class are cut, and the memory for what its agents only pass on within a minute.

    Parameters
    ----------
    world : World
        Whose places.
    shared : type of RowAgent or None
        Class of the places; None: there are no blocks.
    residents : sequence of type
        The classes that live there.
    threads : int
        How many threads need memory of their own.

    Attributes
    ----------
    edges : numpy.ndarray
        Row of the first place of each block, and behind the last one; int64.
    of_parents : numpy.ndarray
        For each agent in which places live, its first block, and one more behind the last; no block has places of two.
    """

    def __init__(
        self, world: World, shared: type[RowAgent] | None, residents: Sequence[type[RowAgent]], threads: int
    ) -> None:
        self._scratch: dict[tuple[type[RowAgent], str], int] = {}
        if shared is None:
            self.edges = np.zeros(1, np.int64)
            self.of_parents = np.zeros(1, np.int64)
            self._bytes, self._memory = 0, np.zeros(0, np.uint8)
            return
        places = world.populations[shared]
        living = np.zeros(places.size, np.int64)
        for cls in residents:
            home, starts = world.populations[cls].starts()
            living[home : home + len(starts) - 1] += np.diff(starts)
        parents = np.zeros(places.size, np.int64) if places.place is None else places.place
        self.edges = cut(living + 1, parents)
        number = 1 if places.parent is None else places.parent.size
        self.of_parents = np.searchsorted(parents[self.edges[:-1]], np.arange(number + 1)).astype(np.int64)
        self._lay_out(world, {shared: self._most(np.ones_like(living)), **self._most_residents(world, residents)})
        self._memory = np.zeros(self._bytes * threads + PAGE, np.uint8)

    @property
    def number(self) -> int:
        """How many blocks there are."""
        return len(self.edges) - 1

    def _most(self, rows: np.ndarray) -> int:
        """Count the rows of the largest block."""
        return int(np.add.reduceat(rows, self.edges[:-1]).max()) if len(rows) else 0

    def _most_residents(self, world: World, residents: Sequence[type[RowAgent]]) -> dict[type[RowAgent], int]:
        most = {}
        for cls in residents:
            home, starts = world.populations[cls].starts()
            ends = starts[np.clip(self.edges - home, 0, len(starts) - 1)]
            most[cls] = int(np.diff(ends).max()) if self.number else 0
        return most

    def _lay_out(self, world: World, rows: Mapping[type[RowAgent], int]) -> None:
        """Give each column that is not kept its place in the memory of a thread."""
        used = 0
        for cls, most in rows.items():
            for name in world.populations[cls].spared:
                self._scratch[cls, name] = used
                used += -(-most * cls.columns[name].dtype.itemsize // LINE) * LINE
        self._bytes = -(-used // PAGE) * PAGE

    def addresses(self, population: Any, thread: int) -> list[tuple[int, int]]:
        """Where the columns of a population are for a thread, the ids first: see `rows.table_type`."""
        cls = population.agent_class
        begin = self._memory.ctypes.data
        begin += -begin % PAGE + thread * self._bytes
        found = [(population.ids.ctypes.data, 0)]
        for name, column in cls.columns.items():
            if (cls, name) in self._scratch:
                found.append((begin + self._scratch[cls, name], column.dtype.itemsize))
            else:
                found.append((population.columns[name].ctypes.data, 0))
        return found


def cut(rows: np.ndarray, parents: np.ndarray) -> np.ndarray:
    """Cut places with so many rows each into blocks that stay within one parent.

    Parameters
    ----------
    rows : numpy.ndarray
        How many rows belong to each place, at least 1; int64.
    parents : numpy.ndarray
        What each place lives in, ascending.

    Returns
    -------
    numpy.ndarray
        Edges of the blocks, int64.
    """
    before = np.cumsum(rows) - rows
    first = np.searchsorted(parents, parents)
    number = np.arange(len(rows)) - first
    together = first + number - number % PLACES_TOGETHER
    block = (before[together] - before[first]) // ROWS_PER_BLOCK
    begins = np.flatnonzero((np.diff(block, prepend=-1) != 0) | (np.diff(parents, prepend=-1) != 0))
    return np.append(begins, len(rows)).astype(np.int64)
