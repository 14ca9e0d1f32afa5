"""The tables of a study, tidy, in the order of its runs, as CSV and as Parquet; written row by row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from insulin_abm.parameters import QuantityError
from insulin_abm.readings import READINGS
from insulin_abm.results import names
from insulin_abm.results.manifest import program_version
from insulin_abm.results.place import whole_file
from insulin_abm.results.tables import MEASURE_COLUMNS, OF_COLUMNS, notes, write_table
from insulin_abm.studies.draws import Amount
from insulin_abm.studies.store import Kept, Store
from insulin_abm.studies.study import Run, Study

VARIED, MEASURED = "what runs differ in", "first value that was measured, or (last_) the last one, a day or more later"
"""Meanings of the columns of `runs.csv` that others pick out."""
LATER_MIN = 1440
TEXT, WHOLE, NUMBER = "text", "whole number", "number"
Table = list[tuple[str, str, str, str]]
"""Name, unit, meaning and kind of every column."""
_RUN = ("run", "1", "number of the run in the study", WHOLE)
_OF_RUN: Table = [
    _RUN,
    ("group", "", "runs of one group differ in chance and in who was drawn", TEXT),
    ("person", "1", "who was drawn, or which point was sampled (0: nobody)", WHOLE),
    ("twin", "", "which of the twins, who share every draw", TEXT),
    ("scenario", "", "name of the scenario", TEXT),
    ("seed", "1", "where all chance came from", WHOLE),
]
_OF_MEASURES: Table = [
    _RUN,
    *((*column, NUMBER if column[0] in ("time_min", "value") else TEXT) for column in MEASURE_COLUMNS),
]
_OF_SERIES: Table = [_RUN, *((one.name, one.unit, one.meaning, NUMBER) for one in READINGS)]
_OF_FAILED: Table = [*_OF_RUN, ("reason", "", "why there is no result", TEXT)]


class Finished(NamedTuple):
    """A run that is kept, and under which key."""

    run: Run
    key: str


class Found(NamedTuple):
    """A value of a measure, its unit, and when it was measured."""

    value: float
    unit: str
    minute: float


def write_tables(study: Study, store: Store, finished: Sequence[Finished], failed: Sequence[tuple[Run, str]]) -> None:
    """Write all tables of a study anew.

    Parameters
    ----------
    study : Study
        What was run.
    store : Store
        Where its runs are kept; the tables are written beside.
    finished : sequence of Finished
        The runs that are kept, in their order.
    failed : sequence of tuple
        The others, and why.
    """
    columns = _columns_of_runs(study, store, finished)
    tables: dict[str, tuple[Table, Callable[[], Iterator[Mapping[str, object]]]]] = {
        names.RUNS: (columns, lambda: _rows_of_runs(study, store, finished, columns)),
        names.MEASURES: (_OF_MEASURES, lambda: _rows_of_measures(store, finished)),
    }
    if study.timeseries:
        tables[names.TIMESERIES] = (_OF_SERIES, lambda: _rows_of_series(store, finished))
    try:
        for file, (table, rows) in tables.items():
            _write(store.folder / file, table, rows())
            _write_parquet(store.folder / file, table)
        _write(store.folder / names.FAILED, _OF_FAILED, ({**_about(run), "reason": why} for run, why in failed))
        dictionary = notes({file: [column[:3] for column in table] for file, (table, _) in tables.items()})
        _write(store.folder / names.COLUMNS, [(*column, TEXT) for column in OF_COLUMNS], map(asdict, dictionary))
        _write_manifest(store.folder / names.STUDY_MANIFEST, study, len(finished), len(failed))
    except OSError as error:
        raise store.explained(error) from error


def _write(path: Path, table: Table, rows: Iterable[Mapping[str, object]]) -> None:
    """Write a table."""
    with whole_file(path) as part:
        write_table(part, [name for name, *_ in table], rows)


def _write_parquet(path: Path, table: Table) -> None:
    """Write the table of a CSV file as Parquet, block by block."""
    import pyarrow as pa
    from pyarrow import csv, parquet

    kinds = {TEXT: pa.string(), WHOLE: pa.int64(), NUMBER: pa.float64()}
    types = {name: kinds[kind] for name, _, _, kind in table}
    asked = csv.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=False)
    place = path.with_name(names.PARQUET[path.name])
    with whole_file(place) as part, parquet.ParquetWriter(part, pa.schema(list(types.items()))) as writer:
        for block in csv.open_csv(path, convert_options=asked):
            writer.write_batch(block)


def _write_manifest(path: Path, study: Study, finished: int, failed: int) -> None:
    about = {"program": "insulin_abm", "version": program_version(), "note": names.NOTE}
    whole = {**about, "study": study.plain(), "finished": finished, "failed": failed}
    with whole_file(path) as part:
        part.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")


def values_of(kept: Kept) -> dict[str, Found]:
    """Give what was measured, by name: the first value of each, and the last where later visits measured it again.

    The first ones are what `summary.csv` of the run would hold.
    """
    known = [(minute, measure, value, unit) for minute, _, measure, value, unit in kept.measures if value is not None]
    first: dict[str, Found] = {}
    for minute, measure, value, unit in known:
        first.setdefault(measure, Found(value, unit, minute))
    last = {measure: Found(value, unit, minute) for minute, measure, value, unit in sorted(known, key=_moment)}
    return first | {
        f"last_{measure}": found for measure, found in last.items() if found.minute - first[measure].minute >= LATER_MIN
    }


def _moment(one: tuple[float, str, float, str]) -> float:
    return one[0]


def _about(run: Run) -> dict[str, object]:
    return {
        "run": run.number,
        "group": run.group,
        "person": run.person,
        "twin": run.twin,
        "scenario": run.name,
        "seed": run.seed,
    }


def _columns_of_runs(study: Study, store: Store, finished: Sequence[Finished]) -> Table:
    """Name all that runs differ in, and all that was measured in any of them."""
    units = _units_of_varied(study)
    varied: Table = [(name, unit or "", VARIED, TEXT if unit is None else NUMBER) for name, unit in units.items()]
    measured: dict[str, str] = {}
    for one in finished:
        for measure, found in values_of(store.read(one.key)).items():
            measured.setdefault(measure, found.unit)
    of_measures: Table = [(name, unit, MEASURED, NUMBER) for name, unit in measured.items()]
    return [*_OF_RUN, *varied, *of_measures]


def _units_of_varied(study: Study) -> dict[str, str | None]:
    """Give the unit that a varied value has in all runs; none, if it is a text in any."""
    found: dict[str, set[str | None]] = {name: set() for name in study.varied_names}
    for run in study.runs():
        for name, value in run.varied.items():
            amount = _amount(value)
            found[name].add(None if amount is None else amount.unit)
    return {name: units.pop() if len(units) == 1 else None for name, units in found.items()}


def _amount(value: object) -> Amount | None:
    try:
        return Amount.of(value)
    except QuantityError:
        return None


def _rows_of_runs(
    study: Study, store: Store, finished: Sequence[Finished], columns: Table
) -> Iterator[dict[str, object]]:
    kinds = {name: kind for name, _, _, kind in columns}
    for one in finished:
        varied = {
            name: value if kinds[name] == TEXT else Amount.of(value).number for name, value in one.run.varied.items()
        }
        values = {measure: found.value for measure, found in values_of(store.read(one.key)).items()}
        yield {**_about(one.run), **varied, **values}


def _rows_of_measures(store: Store, finished: Sequence[Finished]) -> Iterator[dict[str, object]]:
    for one in finished:
        for minute, visit, measure, value, unit in store.read(one.key).measures:
            row: dict[str, Any] = {"run": one.run.number, "time_min": minute, "visit": visit, "measure": measure}
            yield {**row, "value": "" if value is None else value, "unit": unit}


def _rows_of_series(store: Store, finished: Sequence[Finished]) -> Iterator[dict[str, object]]:
    import pandas as pd

    for one in finished:
        for row in pd.read_parquet(store.series_of(one.key)).to_dict("records"):
            yield {"run": one.run.number, **{str(name): float(value) for name, value in row.items()}}
