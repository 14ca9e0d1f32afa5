"""Runs a scenario: from its file to a folder of results."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import mkdtemp

from insulin_abm.body import Body
from insulin_abm.parameters import Fault, Faults
from insulin_abm.results import names
from insulin_abm.results.dish_running import live_dishes_in
from insulin_abm.results.drawing import save_figure
from insulin_abm.results.errors import RunError, Stopped
from insulin_abm.results.identity import content_of, is_finished
from insulin_abm.results.manifest import write_manifest
from insulin_abm.results.measures import known_measures, measure
from insulin_abm.results.place import Place
from insulin_abm.results.recorder import RECORDED, Progress, live_and_record
from insulin_abm.results.results import Results
from insulin_abm.results.resuming import Keeper, day_of, left_behind, restored_body
from insulin_abm.results.snapshot import Snapshot
from insulin_abm.results.tables import TableWriter, column_notes, headings, write_table
from insulin_abm.scenario import AnyScenario, DishScenario, Scenario, load_scenario
from insulin_abm.stepped import LedgerError

_log = logging.getLogger(__name__)


def no_progress(minute: int, end: int) -> None:
    """Say nothing."""


def run(
    scenario: str | Path | AnyScenario,
    out: str | Path | None = None,
    *,
    seed: int | None = None,
    overrides: Mapping[str, object] | None = None,
    threads: int = 1,
    overwrite: bool = False,
    fresh: bool = False,
    allow_code: bool = False,
    progress: Progress = no_progress,
) -> Results:
    """Run a scenario, of a person or of a dish, and give its results.

    Parameters
    ----------
    scenario : str, Path, Scenario or DishScenario
        A scenario, its file, or the name of one that comes with the program.
    out : str or Path, optional
        Where the results shall be; by default a temporary folder that lives as long as what is returned. A run that was
        cut off there goes on from its last snapshot.
    seed : int, optional
        Another seed than the scenario's.
    overrides : mapping, optional
        Changes by name, such as ``{"person.weight": "90 kg"}``; only for a file.
    threads : int
        How many threads share the cells; the results are the same for any number.
    overwrite : bool
        Whether results that are in `out` may be replaced.
    fresh : bool
        Whether to begin anew where a run was cut off.
    allow_code : bool
        Whether a scenario with ``use`` may run its code.
    progress : callable
        Is told the minute that was reached and the last one.

    Raises
    ------
    Faults
        The scenario is wrong; nothing was written.
    PlaceError
        The results cannot be written to `out`, or the run that was cut off there cannot go on; nothing was changed.
    RunError
        The run failed; nothing of it was kept, unless the disk is full.
    Stopped
        The run was interrupted and has a snapshot to go on from; a `KeyboardInterrupt`.

    Examples
    --------
    >>> results = run("ogtt_healthy", seed=2)  # doctest: +SKIP
    >>> results.timeseries["plasma_glucose_mmol_per_l"].max()  # doctest: +SKIP
    """
    if isinstance(scenario, str | Path):
        scenario = load_scenario(scenario, allow_code=allow_code, overrides=overrides)
    elif overrides:
        raise TypeError("overrides change a scenario's file while it is read; give them to Scenario.load")
    if seed is not None:
        scenario = replace(scenario, seed=seed)
    if out is not None:
        return _run_into(Path(out), scenario, threads, overwrite, fresh, progress)
    around = Path(mkdtemp(prefix="insulin_abm_"))
    try:
        with Place(around / scenario.name, content_of(scenario), overwrite) as place:
            if isinstance(scenario, DishScenario):
                live_dishes_in(place, scenario, threads, progress)
            else:
                _live_in(place, scenario, threads, progress)  # nobody would find a snapshot there
    except BaseException:
        shutil.rmtree(around, ignore_errors=True)
        raise
    return Results(place.folder, temporary=True)


def _run_into(
    folder: Path, scenario: AnyScenario, threads: int, overwrite: bool, fresh: bool, progress: Progress
) -> Results:
    """Run a scenario into a folder that is there only when it is complete, or go on with what was cut off there."""
    if isinstance(scenario, DishScenario):
        place = Place(folder, names.DISH, overwrite)
        if (place.part / names.SNAPSHOT).exists():
            _log.warning("%s: begins anew; the run that was cut off there was of a person", folder)
        with place:
            live_dishes_in(place, scenario, threads, progress)
        return Results(folder)
    with Place(folder, names.RUN, overwrite, goes_on=not fresh) as place:
        snapshot = None if fresh else left_behind(place, scenario)
        reached = 0 if snapshot is None else snapshot.minute

        def tell(minute: int, end: int) -> None:
            nonlocal reached
            reached = max(reached, minute)
            progress(minute, end)

        try:
            if fresh or snapshot is not None or not is_finished(place.part, scenario):
                _live_in(place, scenario, threads, tell, Keeper(place, scenario), snapshot)
            else:  # it was cut off while it moved in
                draw(place.part)
                place.finish()
        except KeyboardInterrupt:
            if not place.kept:
                raise
            raise Stopped(f"{folder}: stopped at day {day_of(reached)}; {place.kept}") from None
    return Results(folder)


def _live_in(
    place: Place,
    scenario: Scenario,
    threads: int,
    progress: Progress,
    keeper: Keeper | None = None,
    snapshot: Snapshot | None = None,
) -> None:
    """Live a scenario, from its start or from a snapshot, and finish its place."""
    began = time.perf_counter()
    if snapshot is None:
        place.clear()
        place.kept = ""
        progress(0, scenario.duration_min)
        body = _make_body(scenario, threads)
    else:
        body = restored_body(place, scenario, threads, snapshot)
        place.clear(but=(names.SNAPSHOT, *RECORDED))
        if keeper is not None:
            keeper.goes_on_from(snapshot.minute)
        end = day_of(scenario.duration_min)
        _log.warning("%s: resumes at day %s of %s", place.folder, day_of(snapshot.minute), end)
        progress(snapshot.minute, scenario.duration_min)
    try:
        live_and_record(body, scenario, place.part, progress, keeper, snapshot)
    except LedgerError as error:
        raise RunError(f"{scenario.name}: {error}") from error
    write_measures(place.part, scenario)
    write_notes(place.part, body)
    began_min = 0 if snapshot is None else snapshot.minute
    write_manifest(place.part, scenario, time.perf_counter() - began, threads, body.settling, began_min)
    draw(place.part)
    place.finish()


def _make_body(scenario: Scenario, threads: int) -> Body:
    """Make the person; numbers that are impossible together are a fault of the scenario."""
    try:
        return scenario.body(threads=threads)
    except LedgerError as error:
        raise RunError(f"{scenario.name}: while the person settled, {error}") from error
    except ValueError as error:
        raise Faults([Fault("", str(error))], scenario.name) from error


def draw(folder: Path) -> None:
    """Draw the figure of the run whose tables are in a folder."""
    save_figure(Results(folder).plot(), folder / names.FIGURES / names.OVERVIEW)


def write_measures(folder: Path, scenario: Scenario) -> None:
    """Measure the run whose time series is in a folder: end `measures.csv`, which visits began; write `summary.csv`.

    What the run itself does not give is that of the first visit which does.
    """
    first = Results(folder).measures.dropna(subset="value").drop_duplicates("measure")
    of_visits = dict(zip(first["measure"], first["value"], strict=True))
    measured = measure(scenario, Results(folder).timeseries)
    known = known_measures(measured)
    size = (folder / names.MEASURES).stat().st_size
    with TableWriter(folder / names.MEASURES, headings(names.MEASURES), after=size) as table:
        for one in known:
            table.append(asdict(one))
    of_run = {one.measure: one.value for one in known}
    summary: dict[str, object] = {**of_visits, **of_run, "scenario": scenario.name, "seed": scenario.seed}
    write_table(folder / names.SUMMARY, headings(names.SUMMARY), [summary])


def write_notes(folder: Path, body: Body) -> None:
    """Write `columns.csv`."""
    notes = [asdict(note) for note in column_notes(body.cell_classes.values())]
    write_table(folder / names.COLUMNS, headings(names.COLUMNS), notes)
