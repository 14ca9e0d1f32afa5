"""Where newcomers go who were given no place."""

from __future__ import annotations

import numpy as np


def least_crowded(crowding: np.ndarray, n: int) -> np.ndarray:
    """Send n newcomers, one after the other, each to the place with the fewest agents, the first such place.

    Parameters
    ----------
    crowding : array of int
        How many agents live in each place.
    n : int
        How many come.

    Returns
    -------
    array of int64
        The places, in the order of arrival.
    """
    low = int(crowding.min())
    high = low + n
    while low < high:  # find the highest level to which all places can be filled up
        level = (low + high + 1) // 2
        enough = np.maximum(level - crowding, 0).sum() <= n
        low, high = (level, high) if enough else (low, level - 1)
    seats = np.maximum(low + 1 - crowding, 0)
    places = np.repeat(np.arange(len(crowding)), seats)
    seat_in_place = np.arange(len(places)) - np.repeat(np.cumsum(seats) - seats, seats)
    return places[np.lexsort((places, crowding[places] + seat_in_place))][:n].astype(np.int64)
