"""Many runs in a pool of processes: one folder a run; one that fails does not stop the others."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from types import FrameType

from insulin_abm.parameters import Fault, Faults
from insulin_abm.results.errors import PlaceError, RunError
from insulin_abm.scenario import Scenario


@dataclass(frozen=True)
class Task:
    """One run of a batch.

    Attributes
    ----------
    file : str
        The scenario's file, or the name of one that comes with the program.
    folder : Path
        Where its results shall be.
    overrides : mapping
        Changes by name.
    allow_code, overwrite : bool
        As for a single run.
    """

    file: str
    folder: Path
    overrides: Mapping[str, object]
    allow_code: bool = False
    overwrite: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a run: `reason` is empty if it was finished."""

    task: Task
    reason: str
    wall_s: float


def plan(
    files: Sequence[str],
    out: Path,
    seeds: Sequence[int],
    overrides: Mapping[str, object],
    *,
    allow_code: bool = False,
    overwrite: bool = False,
) -> list[Task]:
    """List the runs of a batch: every file, with every seed if there are any.

    Raises
    ------
    Faults
        Two files would write into the same folder.
    """
    tasks = []
    for file in files:
        name = Path(file).stem
        for seed in seeds or [None]:
            folder = out / (name if seed is None else f"{name}_seed_{seed}")
            changes = dict(overrides) if seed is None else {**overrides, "seed": seed}
            tasks.append(Task(file, folder, changes, allow_code, overwrite))
    folders = [task.folder for task in tasks]
    twice = sorted({folder.name for folder in folders if folders.count(folder) > 1})
    if twice:
        raise Faults([Fault("", f"several files are called {name}", "Give them different names") for name in twice])
    return tasks


def check(task: Task) -> str:
    """Say why a run cannot begin ("" if it can)."""
    from insulin_abm.results.place import refuse_what_is_there

    try:
        Scenario.load(task.file, allow_code=task.allow_code, overrides=task.overrides)
        refuse_what_is_there(task.folder, task.overwrite)
    except (Faults, PlaceError) as error:
        return str(error)
    return ""


def run_all(tasks: Sequence[Task], workers: int, done: Callable[[Outcome], None]) -> list[Outcome]:
    """Run tasks in processes of their own, so many at a time.

    Parameters
    ----------
    tasks : sequence of Task
        What to run.
    workers : int
        How many at a time.
    done : callable
        Is told about every run as soon as it ended.

    Returns
    -------
    list of Outcome
        In the order of the tasks.
    """
    processes = _Processes()
    with ThreadPoolExecutor(workers) as slots:
        futures = [slots.submit(processes.run, task) for task in tasks]
        try:
            for future in as_completed(futures):
                done(future.result())
        except BaseException:
            slots.shutdown(wait=False, cancel_futures=True)
            processes.interrupt()
            raise
        finally:
            processes.close()
    return [future.result() for future in futures]


class _Processes(threading.local):
    """One process for each thread that asks; where it dies the thread gets another one, and the others go on."""

    pool: ProcessPoolExecutor | None = None

    def run(self, task: Task) -> Outcome:
        """Run a task in this thread's process."""
        began = time.perf_counter()
        if self.pool is None:
            context = multiprocessing.get_context("spawn")
            self.pool = ProcessPoolExecutor(1, mp_context=context, initializer=_prepare)
        try:
            reason = self.pool.submit(_run_one, task).result()
        except BrokenProcessPool:
            self.pool.shutdown()
            self.pool = None
            reason = "its process was killed (too little memory?)"
        return Outcome(task, reason, time.perf_counter() - began)
