"""Runs a scenario of a dish into a folder of results."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from insulin_abm.dish import Dish
from insulin_abm.making import CELL_CLASSES
from insulin_abm.parameters import Fault, Faults
from insulin_abm.results import names
from insulin_abm.results.culture import Row, live_wells
from insulin_abm.results.dish_measures import dish_measures
from insulin_abm.results.dish_picture import draw_dish
from insulin_abm.results.dish_tables import dish_headings, dish_notes
from insulin_abm.results.errors import RunError
from insulin_abm.results.manifest import write_manifest
from insulin_abm.results.place import Place
from insulin_abm.results.recorder import cell_rows
from insulin_abm.results.results import Results
from insulin_abm.results.tables import TableWriter, cell_columns, write_table
from insulin_abm.scenario import DishScenario
from insulin_abm.scenario.medium import Well
from insulin_abm.stepped import LedgerError


class DishRecorder:
    """Appends what is seen of the wells to the tables in a folder.

    Parameters
    ----------
    folder : Path
        Where the tables are written.
    scenario : DishScenario
        What is run.
    """

    def __init__(self, folder: Path, scenario: DishScenario) -> None:
        self._folder = folder
        self._classes = (CELL_CLASSES[scenario.kind],)
        self._tables: dict[str, TableWriter] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            for file in (names.WELLS, names.TESTS, names.CELLS):
                table = TableWriter(self._folder / file, dish_headings(file, self._classes))
                self._tables[file] = opened.enter_context(table)
            self._open = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, traceback)

    def well(self, row: Row) -> None:
        """Write a row of a well."""
        self._tables[names.WELLS].append(row)

    def test(self, row: Row) -> None:
        """Write the result of a test dose."""
        self._tables[names.TESTS].append(row)

    def cells(self, dish: Dish, well: Well) -> None:
        """Write a row for every cell."""
        rows = cell_rows(dish, dish.kind, dish.cell_class, cell_columns(self._classes))
        self._tables[names.CELLS].append_texts((well.label, *row) for row in rows)


def live_dishes_in(place: Place, scenario: DishScenario, threads: int, progress: Callable[[int, int], None]) -> None:
    """Live a scenario of a dish, and finish its place.

    Raises
    ------
    Faults
        Its numbers are impossible together.
    RunError
        The ledger did not close.
    """
    began = time.perf_counter()
    place.clear()
    progress(0, scenario.duration_min)
    try:
        settled = scenario.dish(threads=threads)
    except LedgerError as error:
        raise RunError(f"{scenario.name}: {error}") from error
    except ValueError as error:
        raise Faults([Fault("", str(error))], scenario.name) from error
    try:
        with DishRecorder(place.part, scenario) as recorder:
            live_wells(scenario, settled, recorder, progress)
    except LedgerError as error:
        raise RunError(f"{scenario.name}: {error}") from error
    results = Results(place.part)
    measures = dish_measures(results.read(names.WELLS), results.read(names.TESTS))
    write_table(place.part / names.MEASURES, dish_headings(names.MEASURES), measures)
    notes = [asdict(note) for note in dish_notes((CELL_CLASSES[scenario.kind],))]
    write_table(place.part / names.COLUMNS, dish_headings(names.COLUMNS), notes)
    write_manifest(place.part, scenario, time.perf_counter() - began, threads)
    draw_dish(results)
    place.finish()
