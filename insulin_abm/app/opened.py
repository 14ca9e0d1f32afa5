"""One cell that is looked at closely: what it holds now, how that went since it was opened, and changes by hand."""

from __future__ import annotations

import math

import numpy as np

from insulin_abm.app.model import PersonModel
from insulin_abm.app.mosaic import Mosaic
from insulin_abm.app.series import Series
from insulin_abm.body import Body
from insulin_abm.cells.receptors import RECEPTORS, ReceptorCell
from insulin_abm.engine.table import IDS_PER_CLASS
from insulin_abm.parameters.quantities import power_of_time
from insulin_abm.results.tables import cell_columns

WATCHED = (*RECEPTORS, "signal")
"""The columns whose history is shown."""


class Opened:
    """A cell of somebody on the page; it is found again by its id when rows move.

    Parameters
    ----------
    model : PersonModel
        The people; its lock is held by whoever calls.
    number : int
        Whose cell it is, counted from 0.
    cls : type
        Its kind.
    row : int
        Its row now.
    """

    def __init__(self, model: PersonModel, number: int, cls: type[ReceptorCell], row: int) -> None:
        self.model = model
        self.number = number
        self.cls = cls
        self.id = int(self.body.populations[cls].ids[row])
        self.history = Series(WATCHED)
        self.note()

    @property
    def body(self) -> Body:
        """Whose cell it is."""
        return self.model.lives[self.number].body

    @property
    def rows(self) -> np.ndarray:
        """Its row, if it lives."""
        return np.flatnonzero(self.body.populations[self.cls].ids == self.id)

    @property
    def gone(self) -> bool:
        """Whether it has died."""
        return not len(self.rows)

    @property
    def row(self) -> int:
        """Its row."""
        return int(self.rows[0])

    @property
    def title(self) -> str:
        """What the page calls it."""
        return f"{self.model.letter(self.number)}{self.cls.cell_name} cell {self.id % IDS_PER_CLASS}"

    def value(self, name: str) -> float:
        """Give what a column says of it."""
        return float(self.body.populations[self.cls].columns[name][self.row])

    def note(self) -> None:
        """Add what it holds now to its history."""
        if not self.gone:
            self.history.append(self.body.time, {name: self.value(name) for name in WATCHED})

    def number_in(self, mosaic: Mosaic) -> int:
        """Say which cell of the picture it is."""
        return mosaic.number_of(self.number, self.cls, self.row)

    def next(self, way: int) -> Opened:
        """Open the next cell of its kind, or the one before."""
        size = self.body.populations[self.cls].size
        row = 0 if self.gone else (self.row + way) % size
        return Opened(self.model, self.number, self.cls, row)

    # ---- changes by hand

    @property
    def editable(self) -> list[str]:
        """The columns that can be changed: what the cell has, not what it sees or does in a minute."""
        columns = cell_columns([self.cls]).items()
        return [name for name, column in columns if not column.sees and power_of_time(column.unit) == 0]

    def refusal(self, name: str, text: str) -> str:
        """Say why a text is no new value of a column ("" if it is one)."""
        column = self.cls.columns[name]
        whole = column.dtype.kind == "i"
        highest = float(np.iinfo(np.int32).max if whole else np.finfo(np.float32).max)
        allowed = f"a {'whole ' if whole else ''}number from 0 to {highest:.3g} ({column.unit})"
        try:
            value = float(text)
        except ValueError:
            return f"is no number. Allowed: {allowed}"
        if not (math.isfinite(value) and 0.0 <= value <= highest) or (whole and value != int(value)):
            return f"is out of range. Allowed: {allowed}"
        return ""

    def change(self, name: str, text: str) -> None:
        """Give a column a new value; the person is then no longer the one that `insulin-abm run` makes.

        Raises
        ------
        ValueError
            The text is no such value.
        """
        refused = self.refusal(name, text)
        if refused:
            raise ValueError(f"{name}: {text!r} {refused}")
        setattr(self.body.populations[self.cls].agent(self.row), name, float(text))
        self.model.lives[self.number].changed_by_hand = True
        self.note()
