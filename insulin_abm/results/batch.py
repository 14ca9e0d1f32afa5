"""Many runs in a pool of processes: one folder a run; one that fails does not stop the others."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from types import FrameType

from insulin_abm.parameters import Fault, Faults
from insulin_abm.results.errors import PlaceError, RunError
from insulin_abm.results.identity import content_of, is_finished
from insulin_abm.results.place import refuse_what_is_there
from insulin_abm.scenario import DishScenario, load_scenario


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
    allow_code, overwrite, fresh : bool
        As for a single run.
    """

    file: str
    folder: Path
    overrides: Mapping[str, object]
    allow_code: bool = False
    overwrite: bool = False
    fresh: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a run: `reason` is empty if it was finished, which it may have been `before`.

    A finished run may have a `problem`: something that went wrong in a visit.
    """

    task: Task
    reason: str
    wall_s: float
    before: bool = False
    problem: str = ""


def plan(
    files: Sequence[str],
    out: Path,
    seeds: Sequence[int],
    overrides: Mapping[str, object],
    *,
    allow_code: bool = False,
    overwrite: bool = False,
    fresh: bool = False,
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
        for seed in seeds or (None,):
            folder = out / (name if seed is None else f"{name}_seed_{seed}")
            changes = dict(overrides) if seed is None else {**overrides, "seed": seed}
            tasks.append(Task(file, folder, changes, allow_code, overwrite, fresh))
    folders = [task.folder for task in tasks]
    twice = sorted({folder.name for folder in folders if folders.count(folder) > 1})
    if twice:
        raise Faults([Fault("", f"several files are called {name}", "Give them different names") for name in twice])
    return tasks


def refuse_dishes(tasks: Sequence[Task]) -> None:
    """Refuse, before anything runs, to compare dishes.

    Raises
    ------
    Faults
        One of the scenarios is of a dish.
    """
    for task in tasks:
        try:
            scenario = load_scenario(task.file, allow_code=task.allow_code, overrides=task.overrides)
        except Faults:
            continue  # it is refused by itself, and the others are compared
        if isinstance(scenario, DishScenario):
            hint = "Run it without --compare: a dish holds its own comparison, well beside well"
            raise Faults([Fault("", f"{task.file} is of a dish; only people are compared", hint)], "batch")


def check(task: Task) -> Outcome | None:
    """Say why a run cannot begin, or that it is finished already and would give the same (None: it can begin)."""
    try:
        scenario = load_scenario(task.file, allow_code=task.allow_code, overrides=task.overrides)
        if not task.fresh and is_finished(task.folder, scenario):
            return Outcome(task, "", 0.0, before=True, problem=_problem_in(task.folder))
        refuse_what_is_there(task.folder, content_of(scenario), task.overwrite)
    except (Faults, PlaceError) as error:
        return Outcome(task, str(error), 0.0)
    return None


def _problem_in(folder: Path) -> str:
    """Say what went wrong in visits of a finished run ("" if nothing did)."""
    from insulin_abm.results.results import Results  # with pandas, which takes a while

    return "; ".join(Results(folder).told_problems())


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
    free: queue.SimpleQueue[_Process] = queue.SimpleQueue()
    processes = [_Process() for _ in range(workers)]
    for process in processes:
        free.put(process)

    def run_in_free_process(task: Task) -> Outcome:
        process = free.get()
        try:
            return process.run(task)
        finally:
            free.put(process)

    with ThreadPoolExecutor(workers) as threads:
        futures = [threads.submit(run_in_free_process, task) for task in tasks]
        try:
            for future in as_completed(futures):
                done(future.result())
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            _interrupt_children()
            raise
        finally:
            for process in processes:
                process.close()
    return [future.result() for future in futures]


class _Process:
    """A process that runs one task after the other; where it dies it is replaced, and only its task is lost."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def run(self, task: Task) -> Outcome:
        """Run a task."""
        began = time.perf_counter()
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin_process)
        try:
            reason, problem = self._pool.submit(_run, task).result()
        except BrokenProcessPool:
            self.close()
            reason, problem = "its process was killed (too little memory?)", ""
        return Outcome(task, reason, time.perf_counter() - began, problem=problem)

    def close(self) -> None:
        """End the process when its task is done."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None


def _interrupt_children() -> None:
    """Tell running tasks to clean up and end."""
    for child in multiprocessing.active_children():
        if child.pid is not None:
            os.kill(child.pid, signal.SIGINT)


# ---- in a process of the pool


def _begin_process() -> None:
    """Take Ctrl-C only while a task runs, and end when the process that started this one is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _interrupt_once(number: int, frame: FrameType | None) -> None:
    """Stop the task; a second signal must not disturb its cleaning up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _run(task: Task) -> tuple[str, str]:
    """Run a task, and say why it failed and what went wrong in its visits ("" if nothing did)."""
    signal.signal(signal.SIGINT, _interrupt_once)
    try:
        from insulin_abm.results.running import run

        run(
            task.file,
            task.folder,
            overrides=task.overrides,
            allow_code=task.allow_code,
            overwrite=task.overwrite,
            fresh=task.fresh,
        )
        return "", _problem_in(task.folder)
    except (Faults, PlaceError, RunError) as error:
        return str(error), ""
    except KeyboardInterrupt as stop:
        return str(stop) or "interrupted", ""
    except Exception as error:  # a user's own cell or drug may fail in any way; the other runs go on
        return f"{type(error).__name__}: {error}", ""
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
