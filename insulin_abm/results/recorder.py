"""Writes down what happens in a body while it lives; nothing is kept in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import repeat
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from insulin_abm.body import Body
from insulin_abm.engine.table import IDS_PER_CLASS
from insulin_abm.ledger import Totals, balance, totals
from insulin_abm.parameters import find_food
from insulin_abm.parameters.conversions import MINUTES_PER_DAY, MINUTES_PER_HOUR
from insulin_abm.readings import in_minutes, read_body, read_tissues
from insulin_abm.results import names
from insulin_abm.results.tables import DIGITS, LEDGER_DIGITS, TableWriter, cell_columns, headings, write_table
from insulin_abm.scenario import Scenario, ScenarioEvent

Progress = Callable[[int, int], None]
"""Is told the minute that was reached and the last one."""


class Recorder:
    """Appends rows to the tables of a run.

    Parameters
    ----------
    folder : Path
        Where the tables are written.
    body : Body
        Whom to watch, at minute 0.
    """

    def __init__(self, folder: Path, body: Body) -> None:
        self._folder = folder
        self._body = body
        self._classes = tuple(body.cell_classes.values())
        self._start: Totals = totals(body)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            self._timeseries = opened.enter_context(self._table(names.TIMESERIES))
            self._tissues = opened.enter_context(self._table(names.TISSUES))
            self._cells = opened.enter_context(self._table(names.CELLS))
            self._ledger = opened.enter_context(self._table(names.LEDGER, LEDGER_DIGITS))
            self._open = opened.pop_all()
        return self

    def _table(self, file: str, digits: int = DIGITS) -> TableWriter:
        return TableWriter(self._folder / file, headings(file, self._classes), digits)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, traceback)

    def record(self) -> None:
        """Write a row of every table but that of the cells."""
        time = float(self._body.time)
        self._timeseries.append(read_body(self._body))
        for row in read_tissues(self._body):
            self._tissues.append(row)
        self._ledger.append({"time_min": time, **balance(self._start, totals(self._body))})

    def record_cells(self) -> None:
        """Write a row for every cell."""
        self._cells.append_texts(self._cell_rows())

    def _cell_rows(self) -> Iterator[Sequence[str]]:
        wanted = cell_columns(self._classes)
        time = f"{int(self._body.time)}"
        for kind, cls in self._body.cell_classes.items():
            population = self._body.populations[cls]
            # the shortest text that gives the same number back
            columns = [
                in_minutes(self._body, cls, name).astype("U") if name in cls.columns else repeat("") for name in wanted
            ]
            numbers = (population.ids % IDS_PER_CLASS).astype("U")  # an id is too large for a spreadsheet
            places = np.asarray(population.place).astype("U")
            yield from zip(repeat(time), repeat(kind), numbers, places, *columns, strict=False)


def live_and_record(body: Body, scenario: Scenario, folder: Path, progress: Progress) -> None:
    """Live a scenario from minute 0 to its end, recording on the way.

    Parameters
    ----------
    body : Body
        The scenario's body at minute 0.
    scenario : Scenario
        What happens, and what is recorded how often; the last minute always is.
    folder : Path
        Where the tables are written.
    progress : callable
        Is told at every recording how far it is.
    """
    end = scenario.duration_min
    write_table(folder / names.EVENTS, headings(names.EVENTS), event_rows(scenario))
    with Recorder(folder, body) as recorder:
        for minute, cells_too in _moments(end, scenario.record_every_min, scenario.record_cells_every_min):
            body.run_until(minute)
            if cells_too:
                recorder.record_cells()
            if minute % scenario.record_every_min == 0 or minute == end:
                recorder.record()
            progress(minute, end)


def _moments(end: int, every: int, cells_every: int) -> Iterator[tuple[int, bool]]:
    """Give the minutes at which something is recorded, and whether the cells are."""
    minute = 0
    while minute < end:
        yield minute, minute % cells_every == 0
        minute = min(minute - minute % every + every, minute - minute % cells_every + cells_every)
    yield end, True


def event_rows(scenario: Scenario) -> list[dict[str, object]]:
    """Give the rows of `events.csv`: all that happens, in order of time."""
    happens = [
        (minute, event)
        for event in scenario.events
        for minute in range(event.time_min, scenario.duration_min, event.every_min or scenario.duration_min)
    ]
    happens.sort(key=lambda pair: pair[0])
    return [_event_row(minute, event, scenario.start_min_of_day) for minute, event in happens]


def _event_row(minute: int, event: ScenarioEvent, start_min_of_day: int) -> dict[str, object]:
    clock = (start_min_of_day + minute) % MINUTES_PER_DAY
    row: dict[str, object] = {
        "time_min": minute,
        "clock": f"{clock // MINUTES_PER_HOUR:02d}:{clock % MINUTES_PER_HOUR:02d}",
        "event": event.kind,
        "details": json.dumps(dict(event.arguments), sort_keys=True),
    }
    if event.kind == "eat":
        foods = event.arguments["foods"]
        row["carbohydrate_g"] = float(sum(find_food(name).carbohydrate_g(grams) for name, grams in foods.items()))
    elif event.kind == "drink_glucose":
        row["carbohydrate_g"] = float(event.arguments["grams"])
    elif event.kind == "inject_insulin":
        row["insulin_units"] = float(event.arguments["units"])
    return row
