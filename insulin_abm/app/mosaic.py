"""All cells of the people on the page as one picture made from columns: a sheet for each tissue, side by side."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib
import numpy as np
from PIL import Image

from insulin_abm.app.svg import nice_above
from insulin_abm.body import Body
from insulin_abm.cell_quantities import QUANTITIES, Quantity
from insulin_abm.cells.receptors import ReceptorCell
from insulin_abm.readings import in_minutes
from insulin_abm.results.sheet import Sheet, sheet_of_cells
from insulin_abm.results.tables import cell_columns
from insulin_abm.results.tissue_picture import COLOUR_MAP, SHARE_IN_SCALE
from insulin_abm.tissue.patch import Patch

SHADES = 250
NO_VALUE, CAPILLARY, CHOSEN, NOTHING = 250, 251, 252, 255
"""Colours of the palette beside the shades: a cell without this quantity, a capillary, the opened cell, no cell."""
LARGEST_SHEET = 320
"""Pixels of the longer side of a sheet, unless cells of one pixel need more."""
OUTGROWN = 1.5
"""The scale grows when that percentile is so many times its top."""
GREY, RED, WHITE = (150, 150, 150), (200, 30, 30), (255, 255, 255)


def _palette() -> bytes:
    """From few (dark) to many (bright) in viridis, of which colour-blind people see the same order."""
    colours = np.zeros((256, 3), np.uint8)
    colours[:SHADES] = matplotlib.colormaps[COLOUR_MAP](np.linspace(0.0, 1.0, SHADES), bytes=True)[:, :3]
    colours[[NO_VALUE, CAPILLARY, CHOSEN]] = GREY, RED, WHITE
    return colours.tobytes()


PALETTE = _palette()
MAIN = ("surface_receptors", "bound_receptors", "internal_receptors", "signal", "glucose_uptake")
"""The quantities that come first in the list."""


def quantities(classes: Sequence[type[ReceptorCell]]) -> dict[str, Quantity]:
    """Give what colours can show, by name: the quantities of cells, then every other column."""
    named = {quantity.name: quantity for quantity in QUANTITIES}
    first = {name: named[name] for name in MAIN}
    columns = {
        name: Quantity(name, column.unit, column.meaning, (name,))
        for name, column in cell_columns(classes).items()
        if name not in named
    }
    return first | {name: columns[name] for name in ("glycogen", "lipid", "ectopic_lipid")} | named | columns


def values_of(body: Body, cls: type[ReceptorCell], quantity: Quantity) -> np.ndarray | None:
    """Give one number for each cell of a class, float64 of shape (cells,); None if it has no such quantity."""
    if any(name not in cls.columns for name in quantity.columns):
        return None
    values = np.sum([in_minutes(body, cls, name) for name in quantity.columns], axis=0, dtype=np.float64)
    return values * body.parameters[f"tissue.{quantity.counted_in}"].value if quantity.counted_in else values


@dataclass(frozen=True)
class Panel:
    """A tissue of somebody on the picture.

    Attributes
    ----------
    number : int
        Whose it is, counted from 0.
    tissue : str
        Its name.
    classes : tuple of type
        The kinds of cells in it.
    left : int
        Where it begins on the picture.
    sheet : Sheet
        Where its cells are.
    rows : tuple of int
        For each class, where its cells begin among those of the panel; the last is their number.
    first_patch : int
        The row of its first patch.
    """

    number: int
    tissue: str
    classes: tuple[type[ReceptorCell], ...]
    left: int
    sheet: Sheet
    rows: tuple[int, ...]
    first_patch: int

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.sheet.pixels.shape[1]

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.sheet.pixels.shape[0]


@dataclass(frozen=True)
class Shown:
    """What the colours of a panel mean at a moment."""

    top: float
    mean: float


class Mosaic:
    """Where every cell of some people is on the picture; made anew when cells are born or die.

    Parameters
    ----------
    bodies : sequence of Body
        The people.
    """

    def __init__(self, bodies: Sequence[Body]) -> None:
        self.panels: list[Panel] = []
        self._ids = [self._ids_of(body) for body in bodies]
        left = 0
        for number, body in enumerate(bodies):
            for tissue in body.anatomy:
                panel = _panel(number, body, tissue, left)
                if panel is not None:
                    self.panels.append(panel)
                    left += panel.width
        self.width, self.height = left, max(panel.height for panel in self.panels)
        self._pixels = np.full((self.height, self.width), -1)
        begin = 0
        for panel in self.panels:
            sheet = panel.sheet.pixels
            target = self._pixels[: panel.height, panel.left : panel.left + panel.width]
            target[:] = np.where(sheet >= 0, sheet + begin, sheet)
            _mark_capillaries(panel, target)
            begin += panel.rows[-1]
        self._tops: dict[tuple[str, str], float] = {}

    @staticmethod
    def _ids_of(body: Body) -> list[np.ndarray]:
        return [body.populations[cls].ids.copy() for cls in body.cell_classes.values()]

    def fits(self, bodies: Sequence[Body]) -> bool:
        """Whether the same cells are there still."""
        if len(bodies) != len(self._ids):
            return False
        pairs = zip([self._ids_of(body) for body in bodies], self._ids, strict=True)
        return all(len(now) == len(then) and all(map(np.array_equal, now, then)) for now, then in pairs)

    def draw(self, bodies: Sequence[Body], quantity: Quantity, chosen: int = -1) -> tuple[bytes, list[Shown]]:
        """Draw the cells, as the bytes of a PNG, and say what the colours of each panel mean.

        Parameters
        ----------
        bodies : sequence of Body
            The people, with the same cells.
        quantity : Quantity
            What the colours show.
        chosen : int
            The cell that is opened, as `cell_at` counts them.
        """
        shades, shown = [], []
        for panel in self.panels:
            body = bodies[panel.number]
            values = [values_of(body, cls, quantity) for cls in panel.classes]
            known = [one for one in values if one is not None]
            all_known = np.concatenate(known) if known else np.zeros(0)
            top = self._top(panel, quantity, all_known)
            shown.append(Shown(top, float(all_known.mean()) if len(all_known) else float("nan")))
            for cls, one in zip(panel.classes, values, strict=True):
                size = body.populations[cls].size
                none = np.full(size, NO_VALUE, np.uint8)
                shades.append(none if one is None else np.clip(one / top * SHADES, 0, SHADES - 1).astype(np.uint8))
        colours = np.concatenate([*shades, np.array([CAPILLARY, NOTHING], np.uint8)])
        if chosen >= 0:
            colours[chosen] = CHOSEN
        return _png(colours[self._pixels]), shown

    def _top(self, panel: Panel, quantity: Quantity, values: np.ndarray) -> float:
        """Give the top of the scale, which is that of the same tissue of everybody and never shrinks."""
        high = float(np.percentile(values, SHARE_IN_SCALE)) if len(values) else 0.0
        key = (panel.tissue, quantity.name)
        if high > self._tops.get(key, 0.0) * OUTGROWN:
            self._tops[key] = nice_above(high)
        return self._tops.get(key, 1.0)

    def cell_at(self, x: int, y: int) -> tuple[int, type[ReceptorCell], int] | None:
        """Say whose cell is at a pixel, of which class, and in which row; None where there is none."""
        if not (0 <= x < self.width and 0 <= y < self.height) or self._pixels[y, x] < 0:
            return None
        left = int(self._pixels[y, x])
        for panel in self.panels:
            if left < panel.rows[-1]:
                which = int(np.searchsorted(panel.rows, left, side="right")) - 1
                return panel.number, panel.classes[which], left - panel.rows[which]
            left -= panel.rows[-1]
        return None

    def number_of(self, number: int, cls: type[ReceptorCell], row: int) -> int:
        """Count a cell as `draw` does: the other way round than `cell_at`."""
        begin = 0
        for panel in self.panels:
            if panel.number == number and cls in panel.classes:
                return begin + panel.rows[panel.classes.index(cls)] + row
            begin += panel.rows[-1]
        raise KeyError(f"no {cls.__name__} of person {number}")


def _panel(number: int, body: Body, tissue: str, left: int) -> Panel | None:
    """Lay out a tissue (None: it has no cells)."""
    classes = tuple(cls for cls in body.cell_classes.values() if cls.tissue_name == tissue)
    populations = [body.populations[cls] for cls in classes]
    here = np.flatnonzero(body.populations[Patch].place == list(body.anatomy).index(tissue))
    places = np.concatenate([np.asarray(population.place) for population in populations] or [np.zeros(0, int)])
    if not len(places):
        return None
    sheet = sheet_of_cells(tuple((places - here[0]).tolist()), len(here), LARGEST_SHEET)
    rows = (0, *np.cumsum([population.size for population in populations]).tolist())
    return Panel(number, tissue, classes, left, sheet, rows, int(here[0]))


def _mark_capillaries(panel: Panel, target: np.ndarray) -> None:
    """Mark the capillary of each patch in the gap beside its lower right corner, where there is room for it."""
    sheet = panel.sheet
    for down in range(sheet.gap):
        for right in range(sheet.gap):
            y, x = sheet.top + sheet.patch_height + down, sheet.left + sheet.patch_width + right
            inside = (y < panel.height) & (x < panel.width)
            target[y[inside], x[inside]] = -2  # the last but one colour


def _png(colours: np.ndarray) -> bytes:
    image = Image.fromarray(colours)
    image.putpalette(PALETTE)
    file = io.BytesIO()
    image.save(file, format="PNG", compress_level=1, transparency=NOTHING)
    return file.getvalue()
