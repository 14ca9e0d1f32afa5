"""What commands show while runs go on: progress with the time left on a terminal, one line in a pipe."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from insulin_abm.listings import Listing, show
from insulin_abm.parameters import Fault, Faults
from insulin_abm.parameters.conversions import PERCENT
from insulin_abm.results.errors import Stopped

if TYPE_CHECKING:
    from insulin_abm.results.batch import Outcome, Task
    from insulin_abm.validation.calibration import Fitted
    from insulin_abm.validation.score import Score

_SEEDS = re.compile(r"(\d{1,18})(?:\s*-\s*(\d{1,18}))?")
MOST_SEEDS = 100_000
INTERRUPT_AGAIN_S = 2.0


@contextmanager
def progress_of(title: str, before: str = "settling") -> Iterator[Callable[[int, int], None]]:
    """Show how far a run is and how long it will still take; in a pipe show nothing.

    Parameters
    ----------
    title : str
        What is run.
    before : str
        What goes on before its first minute.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda minute, end: None
        return
    parts = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*parts, TextColumn("left:"), TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(f"{title} ({before})", total=None)

        def reached(minute: int, end: int) -> None:
            if minute:
                bar.update(task, description=title, total=end, completed=minute)

        yield reached


def show_summary(folder: Path) -> None:
    """Show the measures of a finished run on a terminal; a pipe stays quiet."""
    if not sys.stdout.isatty():
        return
    from insulin_abm.results.results import Results

    measures = Results(folder).measures
    of = "visit" if "visit" in measures else "well"
    texts = (measures[of].astype(str), measures["measure"], measures["value"].map("{:.4g}".format), measures["unit"])
    rows = [tuple(row) for row in zip(*texts, strict=True)]
    show(Listing((of, "measure", "value", "unit"), rows))


def problems_of(folder: Path) -> list[str]:
    """Say what went wrong in visits of a finished run."""
    from insulin_abm.results.results import Results

    return Results(folder).told_problems()


def how_settled(folder: Path) -> str:
    """Say how the person of a finished run came to the state at minute 0; of a dish there is nothing to say."""
    from insulin_abm.results.results import Results

    found = Results(folder).manifest["settling"]
    if not found:
        return ""
    largest = f"largest change {PERCENT * found['weekly_change']:.2g} % a week"
    how = "settled" if found["settled"] else "did not settle"
    return f"; the person {how} in {found['days']} usual days ({largest})"


def own_errors(folder: Path, data: Path) -> Listing:
    """List how far a run of a person is from a user's own points; a dish has its pictures."""
    from insulin_abm.results.draw_again import points_for
    from insulin_abm.results.own_points_picture import differences
    from insulin_abm.results.results import Results

    results = Results(folder)
    found = [] if results.of_dish else differences(points_for(results, data), results.timeseries)
    rows = []
    for one in found:
        errors = (f"{value:.3g}" for value in (one.mean, one.root_mean_square, one.relative))
        rows.append((one.quantity, str(one.points), *errors, one.within))
    return Listing(("quantity", "points", "mean error", "rms error", "relative", "within spread"), rows)


def processes(workers: int | None) -> int:
    """Give how many processes to work with: one a core, if nobody says how many."""
    return workers or os.cpu_count() or 1


def misses(scored: Sequence[Score]) -> Listing:
    """List the emergent facts that are measured and miss."""
    from insulin_abm.validation.score import in_order, is_due

    rows = []
    for score in in_order(scored):
        fact = score.target
        if is_due(fact) and score.simulated and not score.inside:
            band = f"{fact.low:g} to {fact.high:g} {fact.unit}"
            rows.append((fact.id, fact.quantity, f"{score.mean:.4g}", f"{fact.value:g}", band))
    return Listing(("misses", "quantity", "simulated", "published", "band"), rows)


def fitted(found: Sequence[Fitted]) -> Listing:
    """List the numbers that calibrations found."""
    rows = [
        (str(lot), name, f"{one.start[name]:.4g}", f"{value:.4g}", f"{one.narrowed[name]:.2f}")
        for lot, one in enumerate(found, start=1)
        for name, value in one.numbers.items()
    ]
    return Listing(("lot", "number", "start", "fitted", "width relative to prior"), rows)


def seeds_of(text: str) -> list[int]:
    """Read seeds such as "1-5" or "1,7".

    Raises
    ------
    Faults
        They are no such list.
    """
    seeds: list[int] = []
    for part in text.split(",") if text.strip() else []:
        match = _SEEDS.fullmatch(part.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if not first <= last < first + MOST_SEEDS:
            raise Faults([Fault("--seeds", f"'{part.strip()}' is not a seed or a range", 'Write "1-5" or "1,7"')])
        seeds += range(first, last + 1)
    return seeds


def run_batch(tasks: Sequence[Task], workers: int | None) -> list[Outcome]:
    """Run tasks and say what became of each; what cannot begin is refused first, the others run.

    Parameters
    ----------
    tasks : sequence of Task
        What to run.
    workers : int or None
        How many at a time (None: one a core).

    Returns
    -------
    list of Outcome
        All of them, those that were refused or finished before first.

    Raises
    ------
    Faults
        None of them can begin; nothing was written.
    Stopped
        The batch was interrupted; what is finished is kept.
    """
    from insulin_abm.results.batch import check, run_all

    checked = [check(task) for task in tasks]
    ended = [outcome for outcome in checked if outcome is not None]
    if tasks and all(outcome.reason for outcome in ended) and len(ended) == len(tasks):
        raise Faults([Fault("", one_line(one.reason)) for one in ended], "batch: nothing can run")
    for outcome in ended:
        say(outcome)
    good = [task for task, outcome in zip(tasks, checked, strict=True) if outcome is None]
    if not good:
        return ended
    try:
        return [*ended, *run_all(good, min(workers or os.cpu_count() or 1, len(good)), say)]
    except KeyboardInterrupt:
        raise Stopped("interrupted; what is finished is kept, and the same command does the rest") from None


def say(outcome: Outcome) -> None:
    """Say in one line what became of a run."""
    if outcome.reason:
        print(f"{outcome.task.folder}: failed: {one_line(outcome.reason)}", file=sys.stderr, flush=True)
    elif outcome.problem:
        print(f"{outcome.task.folder}: done, but {one_line(outcome.problem)}", file=sys.stderr, flush=True)
    elif outcome.before:
        print(f"{outcome.task.folder}: was done before", flush=True)
    else:
        print(f"{outcome.task.folder}: done in {outcome.wall_s:.0f} s", flush=True)


def one_line(text: str) -> str:
    """Write a text of several lines in one."""
    return "; ".join(line.strip() for line in text.splitlines())


@contextmanager
def insistent_interrupt() -> Iterator[None]:
    """Let a Ctrl-C come again after two seconds: Python loses it if it comes within a callback that ignores errors."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: object) -> NoReturn:
        signal.setitimer(signal.ITIMER_REAL, INTERRUPT_AGAIN_S)
        raise KeyboardInterrupt

    def tell_unless_interrupted(lost: sys.UnraisableHookArgs) -> None:
        if lost.exc_type is not KeyboardInterrupt:  # an interrupt that was lost comes again
            usual_hook(lost)

    usual_hook, sys.unraisablehook = sys.unraisablehook, tell_unless_interrupted
    usual = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGALRM)}
    try:
        yield
    finally:
        sys.unraisablehook = usual_hook
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        for number, handler in usual.items():
            signal.signal(number, handler)
