"""Blocks: places that follow each other, with all who live in them, so few that they stay in the processor's cache.

Threads share blocks. How places are cut depends on who lives where and on nothing else, so that the number of threads
can change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from insulin_abm.engine.rows import LINE
from insulin_abm.engine.standing import stands

if TYPE_CHECKING:
    from insulin_abm.engine.agents import RowAgent
    from insulin_abm.engine.world import World

ROWS_PER_BLOCK = 1024
"""Places and agents of a block, about; fixed, so that sums over blocks are always taken in the same order."""

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
    number : int
        How many blocks there are.
    of_parents : numpy.ndarray
        For each agent in which places live, its first block, and one more behind the last; no block has places of two.
    """

    def __init__(
        self, world: World, shared: type[RowAgent] | None, residents: Sequence[type[RowAgent]], threads: int
    ) -> None:
        self._scratch: dict[tuple[type[RowAgent], str], int] = {}
        self._edges: dict[type[RowAgent], np.ndarray] = {}
        self.number = 0
        self.of_parents = np.zeros(1, np.int64)
        self._bytes, self._memory = 0, np.zeros(0, np.uint8)
        if shared is None:
            return
        places = world.populations[shared]
        living = {
            cls: np.bincount(np.asarray(world.populations[cls].place), minlength=places.size) for cls in residents
        }
        parents = np.zeros(places.size, np.int64) if places.place is None else places.place
        edges = cut(sum(living.values(), np.ones(places.size, np.int64)), parents, shared.abreast)
        self.number = len(edges) - 1
        parent_number = 1 if places.parent is None else places.parent.size
        self.of_parents = np.searchsorted(parents[edges[:-1]], np.arange(parent_number + 1)).astype(np.int64)
        self._edges = {shared: edges, **{cls: _before(number)[edges] for cls, number in living.items()}}
        self._lay_out(world, {cls: int(np.diff(rows).max(initial=0)) for cls, rows in self._edges.items()})
        self._memory = np.zeros(self._bytes * threads + PAGE, np.uint8)

    def rows(self, population: Any) -> np.ndarray:
        """The first row of each block, and the one behind the last; of a class without blocks its rows; int64."""
        return self._edges.get(population.agent_class, np.array([0, population.size], np.int64))

    def _lay_out(self, world: World, rows: Mapping[type[RowAgent], int]) -> None:
        """Give each column that is not kept its place in the memory of a thread."""
        used = 0
        for cls, most in rows.items():
            for name in world.populations[cls].spared:
                self._scratch[cls, name] = used
                # a line stays empty, or the same row of all columns would fall into one corner of the cache
                used += -(-most * cls.columns[name].dtype.itemsize // LINE) * LINE + LINE
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


def cut(rows: np.ndarray, parents: np.ndarray, abreast: int) -> np.ndarray:
    """Cut places with so many rows each into blocks that stay within one parent.

    Parameters
    ----------
    rows : numpy.ndarray
        How many rows belong to each place, at least 1; int64.
    parents : numpy.ndarray
        What each place lives in, ascending.
    abreast : int
        So many places stay together, from the first of each parent on.

    Returns
    -------
    numpy.ndarray
        Edges of the blocks, int64.
    """
    before = _before(rows)
    first = np.searchsorted(parents, parents)
    block = (before[stands(parents, abreast)] - before[first]) // ROWS_PER_BLOCK
    begins = np.flatnonzero((np.diff(block, prepend=-1) != 0) | (np.diff(parents, prepend=-1) != 0))
    return np.append(begins, len(rows)).astype(np.int64)


def _before(number: np.ndarray) -> np.ndarray:
    """How many there are before each place, and in all."""
    return np.append(0, np.cumsum(number)).astype(np.int64)
