"""The square sheet on which a tissue is drawn: every cell a small square, the cells of a patch side by side."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, sqrt

import numpy as np

LARGEST_SQUARE, SMALLEST_SQUARE = 48, 2
LARGEST_PICTURE = 1200
"""Pixels of the longer side, unless squares of the smallest size need more."""


@lru_cache(maxsize=16)
def pixels_of_cells(patch_of_cell: tuple[int, ...], patches: int) -> np.ndarray:
    """Say for each pixel which cell it shows, -1 where there is none.

    Patches lie on the same square sheet on which particles hop between them (`tissue.anatomy.neighbours`).

    Parameters
    ----------
    patch_of_cell : tuple of int
        Where each cell lives, counted from 0 in its tissue; at least one.
    patches : int
        How many patches the tissue has.
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
    square = int(np.clip(LARGEST_PICTURE // longest, SMALLEST_SQUARE, LARGEST_SQUARE))
    gap = max(1, square // 6)
    patch_gap = 2 * gap if most > 1 else 0
    step_x, step_y = block_width * (square + gap) + patch_gap, block_height * (square + gap) + patch_gap
    pixels = np.full((sheet_height * step_y, sheet_width * step_x), -1)
    left = patch % sheet_width * step_x + number_in_patch % block_width * (square + gap)
    above = patch // sheet_width * step_y + number_in_patch // block_width * (square + gap)
    for down in range(square):
        for right in range(square):
            pixels[above + down, left + right] = np.arange(len(patch))
    return pixels[: -patch_gap - gap, : -patch_gap - gap]
