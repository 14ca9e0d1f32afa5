"""What commands show while a study goes on: before it what it takes, then how far it is, at its end what went wrong."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from insulin_abm.studies import Study
from insulin_abm.studies import run_study as run_it
from insulin_abm.studies.expected import Expected, duration
from insulin_abm.studies.running import Ended
from insulin_abm.studies.running import Progress as Far
from insulin_abm.terminal import one_line, processes

LINE_EVERY_S = 10.0
"""How often a pipe is told how far a study is."""


def run_study(
    study: Study,
    folder: Path,
    workers: int | None,
    scheduler: str = "",
    *,
    fresh: bool = False,
    allow_code: bool = False,
) -> Ended:
    """Run a study: say before what it takes, while it goes on how far it is, and after what went wrong.

    Parameters and errors are those of `insulin_abm.studies.run_study`; of workers there is one a core, if nobody says
    how many.
    """

    def say_before(wanted: Expected) -> None:
        where = f"on {scheduler}" if scheduler else f"{min(processes(workers), wanted.runs)} at a time"
        done_before = f" ({len(study) - wanted.runs} are done)" if wanted.runs < len(study) else ""
        took = f"about {wanted.time}, {wanted.disk} of disk"
        print(f"{study.title}: {wanted.runs} runs{done_before}, {where}: {took}, into {folder}", flush=True)

    with study_progress(study.title) as told:
        ended = run_it(
            study,
            folder,
            workers=processes(workers),
            scheduler=scheduler,
            fresh=fresh,
            allow_code=allow_code,
            expected=say_before,
            progress=told,
        )
    for run, reason in ended.failed:
        print(f"{run.called}: failed: {one_line(reason)}", file=sys.stderr, flush=True)
    for run, problem in ended.problems:
        print(f"{run.called}: {one_line(problem)}", file=sys.stderr, flush=True)
    return ended


@contextmanager
def study_progress(title: str) -> Iterator[Callable[[Far], None]]:
    """Show how far a study is: a bar on a terminal, a line now and then in a pipe."""
    console = Console(stderr=True)
    began = time.monotonic()
    if not console.is_terminal:
        last = began

        def say(told: Far) -> None:
            nonlocal last
            if time.monotonic() - last >= LINE_EVERY_S:
                last = time.monotonic()
                print(how_far(told, last - began), file=sys.stderr, flush=True)

        yield say
        return
    parts = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*parts, console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def show_bar(told: Far) -> None:
            done = told.of - told.left
            bar.update(task, total=told.of, completed=done, description=how_far(told, time.monotonic() - began))

        yield show_bar


def how_far(told: Far, seconds: float) -> str:
    """Write how far a study is, how fast it is, and how long it will still take."""
    now = told.done + told.failed
    speed = now / seconds if seconds > 0.0 else 0.0
    left = f", {duration(told.left / speed)} left" if speed > 0.0 else ""
    done = told.before + told.done
    return f"{done} of {told.of} done, {told.failed} failed, {told.running} running, {speed:.2g} a second{left}"
