"""How agents stand in their table: place by place, or abreast where many places are lived side by side.

Of places whose agents stand abreast, the first agent of each place comes first, in the order of the places, then the
second of each, and so on. So what agents tell their places and see there goes many places at a time.
"""

from __future__ import annotations

import numpy as np


def stands(parents: np.ndarray, abreast: int) -> np.ndarray:
    """Give for each place the first of those places whose agents stand abreast with its own.

    Parameters
    ----------
    parents : numpy.ndarray
        What each place lives in, ascending; places of two never stand abreast.
    abreast : int
        How many places at most.

    Returns
    -------
    numpy.ndarray
        Rows of places, int64.
    """
    number = np.arange(len(parents))
    if abreast == 1:
        return number
    begins = np.flatnonzero(np.diff(parents, prepend=-1))
    first = np.repeat(begins, np.diff(begins, append=len(parents)))
    return number - (number - first) % abreast


def in_order(ids: np.ndarray, place: np.ndarray, stand: np.ndarray) -> np.ndarray:
    """Give the order in which agents stand: by the stand of their places, their number in the place, and the place.

    Parameters
    ----------
    ids : numpy.ndarray
        Within a place agents are numbered by their ids.
    place : numpy.ndarray
        Row of the place of each agent.
    stand : numpy.ndarray
        See `stands`.
    """
    in_line = np.all(place[1:] >= place[:-1]) and np.all(ids[1:] > ids[:-1])
    by_place = np.arange(len(ids)) if in_line else np.lexsort((ids, place))
    where = place[by_place]
    if np.array_equal(stand, np.arange(len(stand))):
        return by_place
    begins = np.flatnonzero(np.diff(where, prepend=-1))
    number = np.arange(len(where)) - np.repeat(begins, np.diff(begins, append=len(where)))
    return by_place[np.lexsort((_as_narrow(number), _as_narrow(stand[where])))]


def _as_narrow(counts: np.ndarray) -> np.ndarray:
    """The same in the fewest bits: 16 are sorted in one pass."""
    return counts.astype(np.min_scalar_type(int(counts.max(initial=0))))


def runs(place: np.ndarray, stand: np.ndarray, abreast: int) -> np.ndarray:
    """Find agents that follow each other and live in one place or, if places stand abreast, in places in a row.

    Returns
    -------
    numpy.ndarray
        For each run the first row, the one behind the last, and the place of the first; int64 of shape (runs, 3). If
        places stand abreast, the one at row ``first + i`` lives in place ``place + i``.
    """
    where = place.astype(np.int64)
    begins = np.diff(where, prepend=-2) != (0 if abreast == 1 else 1)
    begins |= np.diff(stand[where], prepend=-1) != 0
    first = np.flatnonzero(begins)
    return np.stack([first, np.append(first[1:], len(where))[: len(first)], where[first]], axis=1)
