"""The tables of results: their files, what is in each column, and how numbers are written."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from types import TracebackType
from typing import Self

from insulin_abm.cells.receptors import ReceptorCell
from insulin_abm.engine.columns import Column
from insulin_abm.ledger import BALANCE_COLUMNS
from insulin_abm.making import CELL_CLASSES
from insulin_abm.protocols.watched import WATCHED
from insulin_abm.readings import READINGS, TISSUE_COLUMNS
from insulin_abm.results import names
from insulin_abm.results.measures import MEASURES
from insulin_abm.results.snapshot import Written

DIGITS, LEDGER_DIGITS = 9, 15
"""Significant digits of a number; the ledger is exact enough to see that it closes."""

_FORMS = [f"%.{digits}g" for digits in range(LEDGER_DIGITS + 1)]
"""How a number of so many digits is written."""

_BLOCK = 1 << 20
"""Bytes of a table that are read at a time."""

CELL_MESSAGES = ("insulin_at_hand", "glucose_at_hand")
"""Columns of cells that only say what a patch allows; `cells.csv` leaves them out, and what passes within a minute."""


@dataclass(frozen=True)
class ColumnNote:
    """A line of the data dictionary.

    Attributes
    ----------
    file, name, unit, meaning : str
        Table, column, its unit ("" for a text) and one line of meaning.
    """

    file: str
    name: str
    unit: str
    meaning: str


TIME = ("time_min", "min", "time since the start of the scenario")
_EVENT_COLUMNS = (
    TIME,
    ("clock", "", "time of the day"),
    ("event", "", "what happened"),
    ("carbohydrate_g", "g", "carbohydrate eaten"),
    ("insulin_units", "U", "insulin injected"),
    ("details", "", "all that the event says, as JSON"),
)
MEASURE_COLUMNS = (
    ("time_min", "min", "when it was measured"),
    ("visit", "", "what it was measured in: the run as a whole, or a test"),
    ("measure", "", "name of the measure"),
    ("value", "", "the number, empty where it could not be measured"),
    ("unit", "", "its unit"),
)
_VISIT_COLUMNS = (
    ("visit", "", "what was done to a copy of the person"),
    ("visit_min", "min", "when the visit began"),
    *((reading.name, reading.unit, reading.meaning) for reading in WATCHED),
)
_OF_VISITS = (
    ("clamp_m_mg_per_kg_min", "mg/kg/min", "M of the first clamp of a visit, for each kg of body weight"),
    ("sspg_mmol_per_l", "mmol/L", "steady-state plasma glucose of the first insulin suppression test"),
)
_PROBLEM_COLUMNS = (
    ("time_min", "min", "when the visit began"),
    ("visit", "", "what was to be done to a copy of the person"),
    ("problem", "", "why it was not done, or what went wrong"),
)
OF_COLUMNS = (
    ("file", "", "table"),
    ("name", "", "name of the column"),
    ("unit", "", "its unit"),
    ("meaning", "", "what it holds"),
)
"""The columns of `columns.csv`."""
_TISSUE_SPREAD = {"mean": "mean", "p10": "10th percentile", "p90": "90th percentile"}


def cell_columns(classes: Iterable[type[ReceptorCell]]) -> dict[str, Column]:
    """Give the columns of `cells.csv` that come from the cells: all that any kind of cell has."""
    found: dict[str, Column] = {}
    for cls in classes:
        found |= {name: column for name, column in cls.columns.items() if name not in found}
    return {name: column for name, column in found.items() if name not in CELL_MESSAGES and not column.passing}


def cells_columns(classes: Iterable[type[ReceptorCell]]) -> list[tuple[str, str, str]]:
    """Give name, unit and meaning of the columns of `cells.csv`."""
    about = [
        TIME,
        ("kind", "", "kind of cell"),
        ("cell", "", "number of the cell among all that were ever of its kind, the same in the whole run"),
        ("patch", "", "number of the patch of tissue it lives in"),
    ]
    return [*about, *((name, column.unit, column.meaning) for name, column in cell_columns(classes).items())]


def column_notes(classes: Iterable[type[ReceptorCell]] = tuple(CELL_CLASSES.values())) -> list[ColumnNote]:
    """Give the data dictionary of all tables.

    Parameters
    ----------
    classes : iterable of type
        The kinds of cells; a user's own may have columns that others lack.
    """
    timeseries = [(reading.name, reading.unit, reading.meaning) for reading in READINGS]
    tissues = [TIME, ("tissue", "", "kind of cell"), ("cells", "cells", "living cells of the sample")]
    tissues += [
        (f"{name}_{key}", unit, f"{meaning}: {text} over cells")
        for name, (unit, meaning) in TISSUE_COLUMNS.items()
        for key, text in _TISSUE_SPREAD.items()
    ]
    ledger = [TIME, *((name, unit, meaning) for name, (unit, meaning) in BALANCE_COLUMNS.items())]
    summary = [("scenario", "", "name of the scenario"), ("seed", "1", "where all chance came from")]
    summary += [(measure.name, measure.unit, measure.meaning) for measure in MEASURES]
    summary += _OF_VISITS
    tables: dict[str, Sequence[tuple[str, str, str]]] = {
        names.TIMESERIES: timeseries,
        names.TISSUES: tissues,
        names.CELLS: cells_columns(classes),
        names.VISITS: _VISIT_COLUMNS,
        names.MEASURES: MEASURE_COLUMNS,
        names.PROBLEMS: _PROBLEM_COLUMNS,
        names.EVENTS: _EVENT_COLUMNS,
        names.LEDGER: ledger,
        names.SUMMARY: summary,
        names.COLUMNS: OF_COLUMNS,
    }
    return notes(tables)


def notes(tables: Mapping[str, Sequence[tuple[str, str, str]]]) -> list[ColumnNote]:
    """Give the lines of the data dictionary of tables, by their columns."""
    return [ColumnNote(file, *column) for file, columns in tables.items() for column in columns]


def headings(file: str, classes: Iterable[type[ReceptorCell]] = tuple(CELL_CLASSES.values())) -> list[str]:
    """Name the columns of a table in their order."""
    return [note.name for note in column_notes(classes) if note.file == file]


def written(value: object, digits: int = DIGITS) -> str:
    """Write a value in the same way on every machine; what is not known is left empty."""
    if not isinstance(value, float):
        return str(value)
    return "" if value != value else _FORMS[digits] % value


class TableWriter:
    """A CSV file that grows row by row.

    Parameters
    ----------
    path : Path
        The file, which must not exist.
    columns : sequence of str
        Headings.
    digits : int
        Significant digits of numbers.
    after : int or None
        The file is there, and rows are appended after so many bytes; what follows them is cut off.
    """

    def __init__(self, path: Path, columns: Sequence[str], digits: int = DIGITS, after: int | None = None) -> None:
        self.columns = list(columns)
        self._path = path
        self._digits = digits
        self._hashed = 0
        self._digest = hashlib.sha256()
        self._file = path.open("x" if after is None else "r+", encoding="utf-8", newline="")
        self._csv = csv.writer(self._file, lineterminator="\n")
        if after is None:
            self._csv.writerow(self.columns)
        else:
            self._file.truncate(after)
            self._file.seek(0, os.SEEK_END)

    def append(self, row: Mapping[str, object]) -> None:
        """Write a row in the same way on every machine; a value that is missing or not known is left empty."""
        values = map(row.get, self.columns, repeat(""))
        self._csv.writerow([written(value, self._digits) for value in values])

    def append_texts(self, rows: Iterable[Sequence[str]]) -> None:
        """Write rows that are texts already, with a value for every column."""
        self._csv.writerows(rows)

    def written(self) -> Written:
        """Bring all rows to the disk, and say how far the table goes."""
        self._file.flush()
        os.fsync(self._file.fileno())
        with self._path.open("rb") as file:
            file.seek(self._hashed)
            while block := file.read(_BLOCK):
                self._digest.update(block)
                self._hashed += len(block)
        return Written(self._hashed, self._digest.hexdigest())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self.close()
        except OSError:
            if error is None:  # else the first error says it all
                raise


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write a whole table at once."""
    with TableWriter(path, columns) as table:
        for row in rows:
            table.append(row)
