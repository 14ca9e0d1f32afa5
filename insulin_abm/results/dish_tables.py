"""The tables of a dish: what is in each column."""

from __future__ import annotations

from collections.abc import Iterable

from insulin_abm.cell_quantities import QUANTITIES
from insulin_abm.cells.receptors import ReceptorCell
from insulin_abm.making import CELL_CLASSES
from insulin_abm.results import names
from insulin_abm.results.culture import FLUXES
from insulin_abm.results.tables import OF_COLUMNS, TIME, ColumnNote, cells_columns, notes

WELL = ("well", "", "the well, by the doses in which it differs from others")
_SPREAD = {"mean": "mean over cells", "p10": "10th percentile over cells", "p90": "90th percentile over cells"}


def dish_notes(classes: Iterable[type[ReceptorCell]] = tuple(CELL_CLASSES.values())) -> list[ColumnNote]:
    """Give the data dictionary of the tables of a dish.

    Parameters
    ----------
    classes : iterable of type
        The kinds of cells.
    """
    wells = [
        TIME,
        WELL,
        ("insulin_pmol_per_l", "pmol/L", "insulin in the medium"),
        ("glucose_mmol_per_l", "mmol/L", "glucose in the medium"),
        ("fatty_acid_mmol_per_l", "mmol/L", "fatty acids in the medium"),
        *((f"{name}_per_cell", unit, f"{meaning}, mean over cells") for name, (unit, meaning) in FLUXES.items()),
    ]
    wells += [
        (f"{quantity.name}_{end}", quantity.unit, f"{quantity.meaning}: {text}")
        for quantity in QUANTITIES
        for end, text in _SPREAD.items()
    ]
    tests = [
        TIME,
        WELL,
        ("test", "", "response: of a copy that meets the dose; binding: of a copy that was washed and put on ice"),
        ("dose_pmol_per_l", "pmol/L", "insulin of the test"),
        *((quantity.name, quantity.unit, f"{quantity.meaning}: mean over cells") for quantity in QUANTITIES),
    ]
    measures = [
        ("time_min", "min", "when it was measured, empty for the run as a whole"),
        ("well", "", "the well, empty for all of them together"),
        ("measure", "", "name of the measure"),
        ("value", "", "the number"),
        ("unit", "", "its unit"),
    ]
    return notes(
        {
            names.WELLS: wells,
            names.TESTS: tests,
            names.CELLS: [WELL, *cells_columns(classes)],
            names.MEASURES: measures,
            names.COLUMNS: OF_COLUMNS,
        }
    )


def dish_headings(file: str, classes: Iterable[type[ReceptorCell]] = tuple(CELL_CLASSES.values())) -> list[str]:
    """Name the columns of a table in their order."""
    return [note.name for note in dish_notes(classes) if note.file == file]
