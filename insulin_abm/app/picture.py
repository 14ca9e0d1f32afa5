"""The cells of a tissue as one picture: every cell a small square, the cells of a patch side by side."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from functools import lru_cache

import matplotlib
import numpy as np
from PIL import Image

from insulin_abm.app.model import PersonModel
from insulin_abm.app.svg import nice_above, number, svg, text
from insulin_abm.results.sheet import pixels_of_cells
from insulin_abm.tissue.patch import Patch

COLOURS = (matplotlib.colormaps["viridis"](np.arange(256), bytes=True)).astype(np.uint8)
"""From few (dark) to many (bright); colour-blind people see the same order."""

WIDTH, HEIGHT = 520, 330
LEFT, TOP, PICTURE_WIDTH, PICTURE_HEIGHT = 8, 8, 404, 314
BAR_LEFT, BAR_TOP, BAR_WIDTH, BAR_HEIGHT = 428, 44, 16, 240
TICKS = 5
SHARE_IN_SCALE = 98
"""Percentile of the cells at minute 0 that the colour scale reaches to."""


@dataclass(frozen=True)
class Quantity:
    """Something that the colours can show.

    Attributes
    ----------
    title, unit : str
        Shown beside the scale.
    columns : tuple of str
        Columns of the cells; their sum is shown.
    headroom : float
        How far above its value at minute 0 the scale goes.
    """

    title: str
    unit: str
    columns: tuple[str, ...]
    headroom: float


QUANTITIES = {
    "Surface receptors": Quantity(
        "Insulin receptors on the surface", "receptors", ("surface_receptors", "bound_receptors"), 1.0
    ),
    "Occupied receptors": Quantity("Receptors holding insulin", "receptors", ("bound_receptors",), 3.0),
}


def values_of(model: PersonModel, kind: str, quantity: Quantity) -> np.ndarray:
    """Give one number for each cell of a kind; float64, shape (cells,)."""
    columns = model.body.populations[model.body.cell_classes[kind]].columns
    return np.sum([np.asarray(columns[name], np.float64) for name in quantity.columns], axis=0)


def top_of_scale(values: np.ndarray, quantity: Quantity) -> float:
    """Give the upper end of the colour scale for the values at minute 0."""
    if not len(values):
        return 1.0
    return nice_above(quantity.headroom * float(np.percentile(values, SHARE_IN_SCALE)))


def tissue_picture(model: PersonModel, kind: str, quantity: Quantity, top: float) -> str:
    """Draw the cells of a kind and the scale of their colours, as SVG."""
    population = model.body.populations[model.body.cell_classes[kind]]
    values = values_of(model, kind, quantity)
    if not len(values):
        return svg(WIDTH, HEIGHT, f"No {kind} cells", [text(LEFT, TOP + 16, f"This person has no {kind} cells.")])
    tissue = list(model.body.anatomy).index(model.body.cell_classes[kind].tissue_name)
    patches = model.body.populations[Patch]
    here = np.flatnonzero(patches.place == tissue)
    pixels = pixels_of_cells(tuple((population.place - here[0]).tolist()), len(here))
    shades = np.clip(values / top * (len(COLOURS) - 1), 0, len(COLOURS) - 1).astype(np.intp)
    colours = np.vstack([COLOURS[shades], np.zeros((1, 4), np.uint8)])  # the last one: no cell
    label = f"{quantity.title} of {len(values)} {kind} cells: mean {values.mean():.3g} {quantity.unit} per cell"
    image = (
        f'<image x="{LEFT}" y="{TOP}" width="{PICTURE_WIDTH}" height="{PICTURE_HEIGHT}" '
        f'preserveAspectRatio="xMidYMid meet" href="{_png(colours[pixels])}"/>'
    )
    return svg(WIDTH, HEIGHT, label, [image, *_scale(top, float(values.mean()), quantity)])


def _png(colours: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(colours).save(file, format="PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")


@lru_cache(maxsize=1)
def _bar() -> str:
    return _png(COLOURS[::-1][:, np.newaxis, :])


def _scale(top: float, mean: float, quantity: Quantity) -> list[str]:
    """Draw the colour bar with its numbers, and where the mean is."""
    parts = [
        text(BAR_LEFT, TOP + 10, quantity.unit),
        text(BAR_LEFT, TOP + 24, "per cell"),
        f'<image x="{BAR_LEFT}" y="{BAR_TOP}" width="{BAR_WIDTH}" height="{BAR_HEIGHT}" '
        f'preserveAspectRatio="none" href="{_bar()}"/>',
    ]
    for tick in range(TICKS):
        share = tick / (TICKS - 1)
        y = BAR_TOP + BAR_HEIGHT * (1.0 - share)
        at_least = "≥ " if tick == TICKS - 1 else ""
        parts.append(text(BAR_LEFT + BAR_WIDTH + 8, y + 4, at_least + number(share * top)))
    y = BAR_TOP + BAR_HEIGHT * (1.0 - min(mean / top, 1.0))
    parts.append(f'<path d="M{BAR_LEFT - 2} {y:.1f} l-8 -5 v10 z" fill="currentColor"><title>mean</title></path>')
    parts.append(text(BAR_LEFT, BAR_TOP + BAR_HEIGHT + 22, f"▸ mean {number(mean)}"))
    return parts
