"""The commands for many runs: ``batch``, ``summarise`` and ``sensitivity``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from insulin_abm import listings, terminal
from insulin_abm.options import (
    OUTPUTS,
    RUN_FAILED,
    AllowCode,
    Fresh,
    Overwrite,
    Set,
    forms_of,
    overrides_of,
    refusals,
)
from insulin_abm.parameters import Fault, Faults
from insulin_abm.results.names import COMPARED, NOTE, FigureForm
from insulin_abm.results.place import refuse_what_is_there

if TYPE_CHECKING:
    from insulin_abm.results.batch import Outcome, Task
    from insulin_abm.studies import Study

COMPARISON = "comparison"
"""Folder, in that of the results, that a comparison is written into."""


def batch(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="A study, or scenarios: files, or names of shipped ones.")
    ],
    out: Annotated[Path | None, typer.Option(help="Folder of the study, or in which every run gets its own.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Runs at a time [default: one a core].")] = None,
    seeds: Annotated[str, typer.Option(help='Run each with these seeds, such as "1-5" or "1,7".')] = "",
    changes: Set = None,
    compare: Annotated[bool, typer.Option("--compare", help="Show the runs side by side, and draw them.")] = False,
    timeseries: Annotated[bool, typer.Option("--timeseries", help="Keep the time series of a study's runs.")] = False,
    scheduler: Annotated[str, typer.Option(metavar="ADDRESS", help="Run a study on this Dask cluster.")] = "",
    overwrite: Overwrite = False,
    fresh: Fresh = False,
    allow_code: AllowCode = False,
) -> None:
    """Run a study, or several scenarios; one that fails does not stop the others, what is done is not done again."""
    from insulin_abm.studies.reading import is_study
    from insulin_abm.study_terminal import run_study

    with refusals():
        numbers = terminal.seeds_of(seeds)
        changed = overrides_of(changes)
        if len(files) == 1 and is_study(files[0]):
            refuse_options({"--compare": compare, "--overwrite": overwrite}, "scenarios; summarise compares a study")
            study = study_of(files[0], changed, tuple(numbers), timeseries)
            folder = out or OUTPUTS / Path(files[0]).stem
            ended = run_study(study, folder, workers, scheduler, fresh=fresh, allow_code=allow_code)
            failed, problems, finished = len(ended.failed), len(ended.problems), ended.finished
        else:
            refuse_options({"--timeseries": timeseries, "--scheduler": bool(scheduler)}, "a study")
            from insulin_abm.results.batch import plan

            place = out or OUTPUTS
            tasks = plan(files, place, numbers, changed, allow_code=allow_code, overwrite=overwrite, fresh=fresh)
            outcomes = run_folders(tasks, place, workers, compare, overwrite)
            failed = sum(bool(outcome.reason) for outcome in outcomes)
            problems = sum(bool(outcome.problem) for outcome in outcomes)
            finished = len(outcomes) - failed
    typer.echo(f"{finished} done, {failed} failed. {NOTE}")
    if failed or problems:
        raise typer.Exit(RUN_FAILED)


def refuse_options(given: dict[str, bool], meant_for: str) -> None:
    """Refuse options that mean nothing here."""
    wrong = [Fault(name, f"is for {meant_for}", "Leave it out") for name, is_given in given.items() if is_given]
    if wrong:
        raise Faults(wrong, "batch")


def run_folders(tasks: list[Task], out: Path, workers: int | None, compare: bool, overwrite: bool) -> list[Outcome]:
    """Run scenarios, each into its own folder, and compare them if that is asked for."""
    from insulin_abm.results.batch import refuse_dishes

    if compare:
        refuse_comparison(out / COMPARISON, [task.folder for task in tasks], overwrite)
        refuse_dishes(tasks)
    outcomes = terminal.run_batch(tasks, workers)
    finished = [outcome.task.folder for outcome in outcomes if not outcome.reason]
    if compare and finished:
        show_comparison(finished, out / COMPARISON, overwrite, forms_of(None))
    return outcomes


def refuse_comparison(folder: Path, runs: list[Path], overwrite: bool) -> None:
    """Refuse, before anything runs, a comparison that could not be written."""
    if folder in runs:
        raise Faults([Fault("", f"{folder} is the place of the comparison", "Give the scenario another name")], "batch")
    refuse_what_is_there(folder, COMPARED, overwrite)


def show_comparison(folders: list[Path], out: Path, overwrite: bool, forms: tuple[FigureForm, ...]) -> None:
    """Compare finished runs with the first one, and show where they differ."""
    from insulin_abm.results.compared import chance_of, labels_of
    from insulin_abm.results.comparison import compare
    from insulin_abm.results.results import Results

    runs = [Results(folder) for folder in folders]
    headings, *rows = compare(runs, out, overwrite, forms)
    listings.show(listings.Listing(headings, rows))
    typer.echo(f"in brackets: change against {labels_of(folders)[0]}; {chance_of(runs)}")
    typer.echo(f"{out}: tables and figures")


def study_of(file: str, overrides: dict[str, object], seeds: tuple[int, ...], timeseries: bool) -> Study:
    """Read a study, with what the command line says on top."""
    from insulin_abm.studies.reading import changed, load_study

    return changed(load_study(file), overrides, seeds, timeseries)


def summarise(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a study.")],
    by: Annotated[str, typer.Option(metavar="COLUMN", help="What makes groups: a column of runs.csv.")] = "group",
    measures: Annotated[
        list[str] | None, typer.Option("--measure", metavar="NAME", help="Measures to show [default: all].")
    ] = None,
) -> None:
    """Summarise a study: means and bands of groups, effect sizes, in pairs for twins; tables and pictures."""
    with refusals():
        from insulin_abm.studies.summary import summarise as summarise_study

        summary = summarise_study(folder, by, measures or ())
        listings.show(listings.Listing(*summary.groups))
        if summary.effects:
            listings.show(listings.Listing(*summary.effects))
        for picture in summary.pictures:
            typer.echo(f"{picture}: drawn")
    typer.echo(NOTE)


def sensitivity(
    file: Annotated[str, typer.Argument(metavar="STUDY", help="A study file with [sample.between].")],
    measures: Annotated[list[str], typer.Option("--measure", metavar="NAME", help="What to explain.")],
    method: Annotated[
        str, typer.Option(help="morris (few runs: which matter) or sobol (shares of variance).")
    ] = "morris",
    size: Annotated[int, typer.Option(min=2, help="Trajectories, or base points (a power of two).")] = 16,
    out: Annotated[Path | None, typer.Option(help="Folder [default: outputs/<study>_<method>].")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Runs at a time [default: one a core].")] = None,
    changes: Set = None,
    scheduler: Annotated[str, typer.Option(metavar="ADDRESS", help="Run it on this Dask cluster.")] = "",
) -> None:
    """Find out which numbers move a measure: those of [sample.between] are varied, and the runs analysed."""
    with refusals():
        from insulin_abm.studies.sensitivity import analyse, design
        from insulin_abm.study_terminal import run_study

        study = study_of(file, overrides_of(changes), (), False)
        planned = design(study, method, size)
        folder = out or OUTPUTS / f"{Path(file).stem}_{method}"
        ended = run_study(planned.study, folder, workers, scheduler)
        if not ended.failed:
            found = analyse(planned, folder, measures)
            listings.show(listings.Listing(*found.table))
            typer.echo(f"{found.picture}: drawn")
    typer.echo(f"{ended.finished} done, {len(ended.failed)} failed. {NOTE}")
    if ended.failed:
        raise typer.Exit(RUN_FAILED)
