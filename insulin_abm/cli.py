"""The command ``insulin-abm``. Exit 0: done; 1: a run failed; 2: the input is wrong and nothing was written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from insulin_abm import listings, study_commands, terminal, validation_commands
from insulin_abm.options import (
    INPUT_IS_WRONG,
    OUTPUTS,
    RUN_FAILED,
    AllowCode,
    Forms,
    Fresh,
    Overwrite,
    Set,
    forms_of,
    overrides_of,
    refusals,
)
from insulin_abm.parameters import Faults
from insulin_abm.results.identity import content_of
from insulin_abm.results.names import NOTE
from insulin_abm.results.place import refuse_what_is_there
from insulin_abm.scenario import Scenario, load_scenario

OF_DISH = "dish"
"""What stands before the files of a dish in the list of columns."""

app = typer.Typer(
    name="insulin-abm",
    help="A person simulated from the cells up: insulin resistance that emerges from insulin receptors.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(study_commands.batch)
app.command()(study_commands.summarise)
app.command()(study_commands.sensitivity)
app.command()(validation_commands.validate)
app.command()(validation_commands.calibrate)


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file, or the name of a shipped one.")],
    out: Annotated[Path | None, typer.Option(help="Folder of the results [default: outputs/<scenario>].")] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed.")] = None,
    changes: Set = None,
    cells: Annotated[int | None, typer.Option(help="Cell agents in all.")] = None,
    duration: Annotated[str | None, typer.Option(help='Another duration, such as "3 h".')] = None,
    threads: Annotated[int, typer.Option(min=1, help="Threads; the results are the same for any number.")] = 1,
    overwrite: Overwrite = False,
    fresh: Fresh = False,
    allow_code: AllowCode = False,
) -> None:
    """Run a scenario and write tables and figures; one that was cut off goes on from its last snapshot."""
    with refusals():
        shortcuts = {"seed": seed, "cells": cells, "duration": duration}
        overrides = overrides_of(changes) | {name: value for name, value in shortcuts.items() if value is not None}
        checked = load_scenario(scenario, allow_code=allow_code, overrides=overrides)
        folder = out or OUTPUTS / checked.name
        refuse_what_is_there(folder, content_of(checked), overwrite)  # before the engine is loaded, which takes seconds
        from insulin_abm.results import run as run_scenario

        with terminal.progress_of(checked.title) as progress:
            run_scenario(checked, folder, threads=threads, overwrite=overwrite, fresh=fresh, progress=progress)
        terminal.show_summary(folder)
        typer.echo(f"{folder}: done{terminal.how_settled(folder)}. {NOTE}")
        problems = terminal.problems_of(folder)
    for problem in problems:
        typer.echo(f"{folder}: {problem}", err=True)
    if problems:
        raise typer.Exit(RUN_FAILED)


@app.command("compare")
def compare_runs(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR DIR...", help="Folders of results, two or more.")],
    out: Annotated[Path, typer.Option(help="Folder of the tables and figures.")] = OUTPUTS / study_commands.COMPARISON,
    overwrite: Overwrite = False,
    forms: Forms = None,
) -> None:
    """Set finished runs side by side: where they differ from the first, as tables and pictures."""
    with refusals():
        from insulin_abm.results.compared import refuse_folders

        refuse_folders(folders)
        study_commands.show_comparison(folders, out, overwrite, forms_of(forms))
    typer.echo(NOTE)


@app.command()
def plot(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of results.")],
    data: Annotated[
        Path | None, typer.Option("--with", metavar="DATA.csv", help="Own points, drawn beside; errors are listed.")
    ] = None,
    forms: Forms = None,
) -> None:
    """Draw the figures of finished runs again, from their tables alone."""
    with refusals():
        from insulin_abm.results.draw_again import draw_again

        for folder in folders:
            for picture in draw_again(folder, data, forms_of(forms)):
                typer.echo(f"{picture}: drawn")
            if data is not None:
                listings.show(terminal.own_errors(folder, data))


@app.command()
def movie(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the results of a person.")],
    out: Annotated[
        Path | None, typer.Option(help="The movie, .mp4 or .gif; replaced if there [default: DIR/figures/movie.mp4].")
    ] = None,
    seconds: Annotated[float | None, typer.Option(help="How long it lasts [default: 12 frames a second].")] = None,
) -> None:
    """Write a movie of a finished run: every cell beside the curves, a frame for every snapshot of the cells."""
    with refusals():
        from insulin_abm.results.movie import write_movie

        try:
            with terminal.progress_of(f"{folder}: movie", before="reading") as progress:
                written = write_movie(folder, out, seconds, progress)
        except ModuleNotFoundError as missing:
            refuse_without(missing, "movie")
        typer.echo(f"{written.path}: {written.frames} frames. {NOTE}")


@app.command()
def columns() -> None:
    """List every column of the result files with unit and meaning."""
    from insulin_abm.results.dish_tables import dish_notes
    from insulin_abm.results.tables import column_notes

    rows = [(note.file, note.name, note.unit, note.meaning) for note in column_notes()]
    rows += [(f"{OF_DISH}/{note.file}", note.name, note.unit, note.meaning) for note in dish_notes()]
    listings.show(listings.Listing(("file", "name", "unit", "meaning"), rows))


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario files, or names of shipped ones.")],
    changes: Set = None,
    allow_code: AllowCode = False,
) -> None:
    """Check scenarios without running them; every fault of every file is shown."""
    with refusals():
        overrides = overrides_of(changes)
    wrong = 0
    for file in files:
        try:
            scenario = load_scenario(file, allow_code=allow_code, overrides=overrides)
        except Faults as faults:
            typer.echo(str(faults), err=True)
            wrong += 1
        else:
            typer.echo(f"{file}: good. {listings.summary(scenario)}")
    if wrong:
        raise typer.Exit(INPUT_IS_WRONG)


@app.command()
def parameters(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Sites or parts of names.")] = None,
) -> None:
    """List the numbers of the model with unit, range, source and certainty."""
    with refusals():
        listings.show(listings.parameters(names or []))


@app.command()
def foods(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Foods to show; all if none.")] = None,
) -> None:
    """List the foods that a meal may name."""
    with refusals():
        listings.show(listings.foods(names or []))


@app.command()
def lines(
    names: Annotated[list[str] | None, typer.Argument(metavar="[LINE]...", help="Lines whose numbers to show.")] = None,
) -> None:
    """List the cell lines that a dish may hold, or all numbers in which a line differs from cells of the body."""
    with refusals():
        listings.show(listings.cell_lines(names or []))


@app.command()
def scenarios() -> None:
    """List the scenarios that come with the program."""
    with refusals():
        listings.show(listings.scenarios())


@app.command()
def cite(
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help="Sources to show; all if none.")] = None,
) -> None:
    """Print the sources of the numbers."""
    with refusals():
        for line in listings.citations(keys or []):
            typer.echo(line)


@app.command("app")
def open_app(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A file, or a shipped one.")] = "healthy_day",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to serve; 0: any free port.")] = 8765,
    host: Annotated[str, typer.Option(help="Who can reach it: by default only this machine.")] = "127.0.0.1",
    allow_code: AllowCode = False,
) -> None:
    """Show a person in the browser: cells, curves, Step, Play and Reset; works without internet."""
    with refusals():
        shown = Scenario.load(scenario, allow_code=allow_code)
    try:
        from insulin_abm.app import serve
    except ModuleNotFoundError as missing:
        refuse_without(missing, "page")
    try:
        taken = serve.listen(host, port)
    except OSError as error:
        reason = error.strerror or error
        typer.echo(f"Cannot serve on {host}, port {port}: {reason}. Try another --port (0: any free one)", err=True)
        raise typer.Exit(INPUT_IS_WRONG) from None
    serve.serve(shown, taken, typer.echo)


def refuse_without(missing: ModuleNotFoundError, what: str) -> NoReturn:
    """Say which library the page or the movie needs, and how to get it."""
    if (missing.name or "").startswith("insulin_abm"):
        raise missing
    typer.echo(f"The {what} needs {missing.name}. Install it with: pip install 'insulin_abm[app]'", err=True)
    raise typer.Exit(INPUT_IS_WRONG) from None


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
