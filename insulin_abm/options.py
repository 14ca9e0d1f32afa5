"""What all commands share: options, exit codes, and how they say what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from insulin_abm import terminal
from insulin_abm.parameters import Faults
from insulin_abm.results.errors import ClusterError, PlaceError, RunError
from insulin_abm.results.names import FigureForm
from insulin_abm.scenario import parse_assignment

RUN_FAILED = 1
INPUT_IS_WRONG = 2
INTERRUPTED = 130
OUTPUTS = Path("outputs")

Set = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Change anything by its name.")]
AllowCode = Annotated[bool, typer.Option("--allow-code", help="Let the scenario run the Python files that it names.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Begin anew what was cut off, instead of going on with it.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace results that are there already.")]

Forms = Annotated[
    list[FigureForm] | None, typer.Option("--format", help="How pictures are kept; may be given again. [default: png]")
]


@contextmanager
def refusals() -> Iterator[None]:
    """Show what is wrong on standard error; exit with 2 if it is the input, with 1 if a run failed."""
    try:
        with terminal.insistent_interrupt():
            yield
    except (ClusterError, Faults, PlaceError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(INPUT_IS_WRONG) from None
    except RunError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(RUN_FAILED) from None
    except KeyboardInterrupt as stop:
        typer.echo(str(stop) or "interrupted; nothing of this run was kept", err=True)
        raise typer.Exit(INTERRUPTED) from None


def forms_of(asked: list[FigureForm] | None) -> tuple[FigureForm, ...]:
    """Give the forms of pictures that were asked for, each once."""
    return tuple(dict.fromkeys(asked or [FigureForm.PNG]))


def overrides_of(assignments: list[str] | None) -> dict[str, object]:
    """Read all ``--set NAME=VALUE`` of a command."""
    return dict(parse_assignment(text) for text in assignments or [])
