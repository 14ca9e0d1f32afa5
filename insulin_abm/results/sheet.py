"""The square sheet on which a tissue is drawn: every cell a small square, the cells of a patch side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, sqrt

import numpy as np

LARGEST_SQUARE = 48
LARGEST_PICTURE = 1200
"""Pixels of the longer side, unless cells of one pixel need more."""


@dataclass(frozen=True)
class Sheet:
    """Where the cells of a tissue are drawn.

    Patches lie on the same square sheet on which particles hop between them (`tissue.anatomy.neighbours`).

    Attributes
    ----------
    pixels : ndarray of int64, shape (height, width)
        Which cell each pixel shows, -1 where there is none.
    left, top : ndarray of int64, shape (patches,)
        Where each patch begins.
    patch_width, patch_height : int
        Pixels of a patch, without the gap to the next one.
    gap : int
        Pixels between two cells; 0 where there is no room for it.
    """

    pixels: np.ndarray
    left: np.ndarray
    top: np.ndarray
    patch_width: int
    patch_height: int
    gap: int


@lru_cache(maxsize=16)
def sheet_of_cells(patch_of_cell: tuple[int, ...], patches: int, largest: int = LARGEST_PICTURE) -> Sheet:
    """Lay out the cells of a tissue.

    Parameters
    ----------
    patch_of_cell : tuple of int
        Where each cell lives, counted from 0 in its tissue; at least one.
    patches : int
        How many patches the tissue has.
    largest : int
        How many pixels the longer side shall have at most, unless cells of one pixel need more.
    """
    patch = np.array(patch_of_cell)
    by_patch = np.argsort(patch, kind="stable")
    number_in_patch = np.empty_like(patch)
    number_in_patch[by_patch] = np.arange(len(patch)) - np.searchsorted(patch[by_patch], patch[by_patch])
    most = int(np.bincount(patch).max())
    block_width = ceil(sqrt(most))
    block_height = ceil(most / block_width)
    sheet_width = ceil(sqrt(patches))
    sheet_height = ceil(patches / sheet_width)
    longest = max(sheet_width * (block_width + 1), sheet_height * (block_height + 1))
    square = int(np.clip(largest // longest, 1, LARGEST_SQUARE))
    gap = max(1, square // 6) if square > 1 else 0
    patch_gap = 2 * gap if most > 1 else 0
    step_x, step_y = block_width * (square + gap) + patch_gap, block_height * (square + gap) + patch_gap
    pixels = np.full((sheet_height * step_y, sheet_width * step_x), -1)
    patch_left = np.arange(patches) % sheet_width * step_x
    patch_top = np.arange(patches) // sheet_width * step_y
    left = patch_left[patch] + number_in_patch % block_width * (square + gap)
    above = patch_top[patch] + number_in_patch // block_width * (square + gap)
    for down in range(square):
        for right in range(square):
            pixels[above + down, left + right] = np.arange(len(patch))
    height, width = (pixels.shape[0] - patch_gap - gap, pixels.shape[1] - patch_gap - gap)
    return Sheet(
        pixels[:height, :width], patch_left, patch_top, step_x - patch_gap - gap, step_y - patch_gap - gap, gap
    )
