"""The command ``insulin-abm``. Exit 0: done; 1: a run failed; 2: the input is wrong and nothing was written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from insulin_abm import listings
from insulin_abm.parameters import Faults
from insulin_abm.scenario import Scenario, parse_assignment

INPUT_IS_WRONG = 2

app = typer.Typer(
    name="insulin-abm",
    help="A person simulated from the cells up: insulin resistance that emerges from insulin receptors.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Set = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Change anything by its name.")]
AllowCode = Annotated[bool, typer.Option("--allow-code", help="Let the scenario run the Python files that it names.")]


@contextmanager
def refusals() -> Iterator[None]:
    """Show what is wrong with an input on standard error, and exit with 2."""
    try:
        yield
    except Faults as faults:
        typer.echo(str(faults), err=True)
        raise typer.Exit(INPUT_IS_WRONG) from None


def overrides_of(assignments: list[str] | None) -> dict[str, object]:
    """Read all ``--set NAME=VALUE`` of a command."""
    return dict(parse_assignment(text) for text in assignments or [])


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
            scenario = Scenario.load(file, allow_code=allow_code, overrides=overrides)
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
    scenario: Annotated[str, typer.Argument(metavar="[SCENARIO]", help="A file, or a shipped one.")] = "healthy_day",
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
        if (missing.name or "").startswith("insulin_abm"):
            raise
        typer.echo(f"The page needs {missing.name}. Install it with: pip install 'insulin_abm[app]'", err=True)
        raise typer.Exit(INPUT_IS_WRONG) from None
    try:
        taken = serve.listen(host, port)
    except OSError as error:
        reason = error.strerror or error
        typer.echo(f"Cannot serve on {host}, port {port}: {reason}. Try another --port (0: any free one)", err=True)
        raise typer.Exit(INPUT_IS_WRONG) from None
    serve.serve(shown, taken, typer.echo)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
