"""The commands that compare the model with published facts: ``validate`` and ``calibrate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from insulin_abm import listings, terminal
from insulin_abm.options import OUTPUTS, Overwrite, Set, overrides_of, refusals
from insulin_abm.results.errors import Stopped
from insulin_abm.results.names import NOTE, VALIDATION
from insulin_abm.results.place import refuse_what_is_there

SCORES = "validation"
"""Folder, in that of the results, that a scoreboard is written into."""
CALIBRATION = "calibration"
"""Folder, in that of the results, that a calibration is written into."""


def validate(
    protocol: Annotated[str | None, typer.Option(metavar="P", help="One kind of experiment [default: all].")] = None,
    out: Annotated[Path, typer.Option(help="Folder of the scoreboard.")] = OUTPUTS / SCORES,
    seeds: Annotated[str, typer.Option(help='Seeds, such as "1-5".')] = "1-5",
    changes: Set = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes at a time [default: one a core].")] = None,
    overwrite: Overwrite = False,
) -> None:
    """Do published experiments again and write how near the model comes: the scoreboard."""
    with refusals():
        changed, numbers = overrides_of(changes), terminal.seeds_of(seeds)
        refuse_what_is_there(out, VALIDATION, overwrite)  # before the engine is loaded, which takes seconds
        from insulin_abm.validation.score import tallies
        from insulin_abm.validation.scoreboard import validate as validate_facts

        with terminal.progress_of(f"validating {protocol or 'everything'}") as progress:
            scores = validate_facts(protocol, out, numbers, terminal.processes(workers), changed, overwrite, progress)
        listings.show(terminal.misses(scores))
        for tally in tallies(scores):
            typer.echo(tally)
        typer.echo(f"{out}: the whole scoreboard is in scoreboard.md. {NOTE}")


def calibrate(
    groups: Annotated[
        list[str] | None,
        typer.Argument(metavar="[GROUP]...", help="Groups of facts to fit, such as P1 L7; all if none."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the calibration; goes on with what was cut off.")] = OUTPUTS
    / CALIBRATION,
    names: Annotated[
        list[str] | None, typer.Option("--number", metavar="NAME", help="A number to fit [default: the usual ones].")
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option(metavar="numbers.csv", help="Begin where that one began [default: as shipped]."),
    ] = None,
    leave_out: Annotated[str, typer.Option(help='Groups that are only looked at, such as "L7,P5".')] = "",
    folds: Annotated[int, typer.Option(min=0, help="Leave each group out once, in so many lots.")] = 0,
    rounds: Annotated[int, typer.Option(min=1, help="Steps at most.")] = 6,
    seed: Annotated[int, typer.Option(min=0, help="Of all chance.")] = 1,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes at a time [default: one a core].")] = None,
) -> None:
    """Fit numbers of the model to published facts, within their plausible ranges; report what the facts say of them."""
    with refusals():
        from insulin_abm.validation import calibrating

        plan = calibrating.plan(groups or [], leave_out.split(",") if leave_out else [], folds, names or [], start)
        try:
            found = calibrating.calibrate(plan, out, rounds, seed, terminal.processes(workers), typer.echo)
        except KeyboardInterrupt:
            raise Stopped(f"{out}: stopped; what was evaluated is kept, and the same command goes on") from None
        listings.show(terminal.fitted(found))
        typer.echo(f"{out}: numbers.csv, facts.csv and calibration.md. {NOTE}")
