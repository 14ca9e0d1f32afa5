"""The cells of a tissue as a space of Mesa's, so that Mesa's own renderers can draw them on a page beside ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from mesa.experimental.continuous_space import ContinuousSpace

from insulin_abm.body import Body
from insulin_abm.results.sheet import sheet_of_cells
from insulin_abm.tissue.patch import Patch

if TYPE_CHECKING:
    from insulin_abm.cells.receptors import ReceptorCell


class CellSpace(ContinuousSpace):
    """Where the cells of a kind lie on the sheet of their tissue.

    Parameters
    ----------
    body : Body
        Whose cells.
    kind : str
        Their kind.
    """

    def __init__(self, body: Body, kind: str = "muscle") -> None:
        self._population = body.populations[body.cell_classes[kind]]
        tissue = list(body.anatomy).index(body.cell_classes[kind].tissue_name)
        here = np.flatnonzero(body.populations[Patch].place == tissue)
        sheet = sheet_of_cells(tuple((np.asarray(self._population.place) - here[0]).tolist()), len(here))
        height, width = sheet.pixels.shape
        down, right = np.nonzero(sheet.pixels >= 0)
        cells = sheet.pixels[down, right]
        sizes = np.bincount(cells)
        self._x = np.bincount(cells, right) / sizes
        self._y = height - np.bincount(cells, down) / sizes
        super().__init__([[0, width], [0, height]], random=body.random)

    @property
    def agents(self) -> list[Any]:
        """The cells, as agents of Mesa."""
        return [self._population.agent(row) for row in range(self._population.size)]

    def place_of(self, cell: ReceptorCell) -> tuple[float, float]:
        """Give where a cell is drawn, for the x and y of a portrayal."""
        return float(self._x[cell.row]), float(self._y[cell.row])
