"""Writes down what happens in a body while it lives; nothing is kept in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from itertools import repeat
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from mesa.time import Priority

from insulin_abm.body import Body
from insulin_abm.cells.receptors import ReceptorCell
from insulin_abm.engine.table import IDS_PER_CLASS
from insulin_abm.ledger import Totals, balance, totals
from insulin_abm.parameters import find_food
from insulin_abm.parameters.conversions import MINUTES_PER_DAY, MINUTES_PER_HOUR
from insulin_abm.protocols.clinic import perform
from insulin_abm.protocols.visit import Visit, VisitError
from insulin_abm.readings import in_minutes, read_body, read_tissues
from insulin_abm.results import names
from insulin_abm.results.snapshot import Snapshot, Written
from insulin_abm.results.tables import DIGITS, LEDGER_DIGITS, TableWriter, cell_columns, headings, write_table
from insulin_abm.scenario import Scenario, ScenarioEvent, ScenarioVisit
from insulin_abm.stepped import SteppedWorld

Progress = Callable[[int, int], None]
"""Is told the minute that was reached and the last one."""

_IN_FEW_DIGITS = (names.TIMESERIES, names.TISSUES, names.CELLS, names.VISITS, names.MEASURES, names.PROBLEMS)
RECORDED = {**dict.fromkeys(_IN_FEW_DIGITS, DIGITS), names.LEDGER: LEDGER_DIGITS}
"""The tables that grow while a body lives, and the significant digits of their numbers."""


class Keeps(Protocol):
    """Keeps a run on its way, every so many minutes."""

    every_min: int

    def keep(self, body: Body, recorder: Recorder) -> None:
        """Keep the body and the tables as they are."""


class Recorder:
    """Appends rows to the tables of a run.

    Parameters
    ----------
    folder : Path
        Where the tables are written.
    body : Body
        Whom to watch, at minute 0 or where the snapshot was made.
    snapshot : Snapshot or None
        Where the tables go on that are in the folder already.

    Attributes
    ----------
    start : Totals
        What the body held at minute 0.
    """

    def __init__(self, folder: Path, body: Body, snapshot: Snapshot | None = None) -> None:
        self._folder = folder
        self._body = body
        self._snapshot = snapshot
        self._classes = tuple(body.cell_classes.values())
        self.start: Totals = totals(body) if snapshot is None else snapshot.start
        self._tables: dict[str, TableWriter] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            for file, digits in RECORDED.items():
                after = None if self._snapshot is None else self._snapshot.tables[file].size
                table = TableWriter(self._folder / file, headings(file, self._classes), digits, after)
                self._tables[file] = opened.enter_context(table)
            self._open = opened.pop_all()
        return self

    def written(self) -> dict[str, Written]:
        """Bring all tables to the disk, and say how far they go."""
        return {file: table.written() for file, table in self._tables.items()}

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, traceback)

    def record(self) -> None:
        """Write a row of every table but that of the cells."""
        time = float(self._body.time)
        self._tables[names.TIMESERIES].append(read_body(self._body))
        for row in read_tissues(self._body):
            self._tables[names.TISSUES].append(row)
        self._tables[names.LEDGER].append({"time_min": time, **balance(self.start, totals(self._body))})

    def record_cells(self) -> None:
        """Write a row for every cell."""
        self._tables[names.CELLS].append_texts(self._cell_rows())

    def visit(self, visits: Sequence[ScenarioVisit]) -> None:
        """Let copies of the person go to the clinic, and write down what was seen and found, or why nothing was."""
        for planned in visits:
            self._visit(planned)

    def _visit(self, planned: ScenarioVisit) -> None:
        minute = float(self._body.time)
        about = {"visit": planned.name, "visit_min": minute}
        seen, problems = attend(self._body, planned)
        if seen is not None:
            for row in seen.rows():
                self._tables[names.VISITS].append({**about, **row})
            for finding in seen.findings:
                self._tables[names.MEASURES].append({**about, **asdict(finding)})
        for problem in problems:
            self._tables[names.PROBLEMS].append({**about, "time_min": minute, "problem": problem})

    def _cell_rows(self) -> Iterator[Sequence[str]]:
        wanted = cell_columns(self._classes)
        for kind, cls in self._body.cell_classes.items():
            yield from cell_rows(self._body, kind, cls, wanted)


def attend(body: Body, planned: ScenarioVisit) -> tuple[Visit | None, list[str]]:
    """Let a copy of the person go to the clinic; give what was done there, if anything was, and what went wrong."""
    try:
        seen = perform(body, planned.protocols, planned.arguments)
    except VisitError as refusal:
        so_far = refusal.so_far
        return so_far, [*(so_far.problems if so_far is not None else ()), str(refusal)]
    return seen, seen.problems


def cell_rows(
    world: SteppedWorld, kind: str, cls: type[ReceptorCell], wanted: Iterable[str]
) -> Iterator[Sequence[str]]:
    """Give a row of `cells.csv` for every cell of a kind, patch by patch, as texts."""
    population = world.populations[cls]
    place = np.asarray(population.place)
    order = np.lexsort((population.ids, place))
    # the shortest text that gives the same number back
    columns = [
        in_minutes(world, cls, name)[order].astype("U") if name in cls.columns else repeat("") for name in wanted
    ]
    numbers = (population.ids[order] % IDS_PER_CLASS).astype("U")  # an id is too large for a spreadsheet
    places = place[order].astype("U")
    return zip(repeat(f"{int(world.time)}"), repeat(kind), numbers, places, *columns, strict=False)


def live_and_record(
    body: Body,
    scenario: Scenario,
    folder: Path,
    progress: Progress,
    keeper: Keeps | None = None,
    snapshot: Snapshot | None = None,
) -> None:
    """Live a scenario to its end, writing the tables of a run on the way.

    Parameters
    ----------
    body : Body
        The scenario's body at minute 0, or where the snapshot was made.
    scenario : Scenario
        What happens, and what is recorded how often; the last minute always is.
    folder : Path
        Where the tables are written.
    progress : callable
        Is told at every recording how far it is.
    keeper : Keeps, optional
        Keeps the run on its way; at minute 0 and at the end there is nothing to keep.
    snapshot : Snapshot, optional
        What the run goes on from.
    """
    write_table(folder / names.EVENTS, headings(names.EVENTS), event_rows(scenario))
    after = -1 if snapshot is None else snapshot.minute
    every = None if keeper is None else keeper.every_min
    with Recorder(folder, body, snapshot) as recorder:
        for minute in live(body, scenario, recorder, after, every):
            if keeper is not None and minute % keeper.every_min == 0 and 0 < minute < scenario.duration_min:
                keeper.keep(body, recorder)
            progress(minute, scenario.duration_min)


class Records(Protocol):
    """Takes in what is seen of a body on its way."""

    def record(self) -> None:
        """Take in the body as it is."""

    def record_cells(self) -> None:
        """Take in every cell."""

    def visit(self, visits: Sequence[ScenarioVisit]) -> None:
        """Let copies of the person go to the clinic."""


def live(
    body: Body,
    scenario: Scenario,
    recorder: Records,
    after: int = -1,
    also_every: int | None = None,
    until: int | None = None,
) -> Iterator[int]:
    """Live a scenario to its end; give every minute at which something was recorded.

    Parameters
    ----------
    body, scenario
        As for `live_and_record`.
    recorder : Records
        Records the body.
    after : int
        The minute that was recorded last.
    also_every : int, optional
        Stop at multiples of it, too.
    until : int, optional
        Live no longer than this; the last minute that was given is the `after` with which it goes on.
    """
    end, every, cells_every = scenario.duration_min, scenario.record_every_min, scenario.record_cells_every_min
    steps = (every, cells_every) if also_every is None else (every, cells_every, also_every)
    last = end if until is None else min(end, until)
    for minute in _moments(after, last, steps, [visit.time_min for visit in scenario.visits]):
        visits = [visit for visit in scenario.visits if visit.time_min == minute]
        if visits:  # before anything that is eaten or injected in this minute
            body.schedule_event(partial(recorder.visit, visits), at=minute, priority=Priority.HIGH)
        body.run_until(minute)
        if minute % cells_every == 0 or minute == end:
            recorder.record_cells()
        if minute % every == 0 or minute == end:
            recorder.record()
        yield minute


def _moments(after: int, end: int, steps: Sequence[int], others: Sequence[int]) -> Iterator[int]:
    """Give the minutes at which something is written: multiples of the steps, others, and the end."""
    minute = after
    while minute < end:
        regular = [minute - minute % step + step for step in steps] if minute >= 0 else [0]
        minute = min([*regular, *(other for other in others if other > minute), end])
        yield minute


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
