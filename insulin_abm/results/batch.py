"""Many runs in a pool of processes: one folder a run; one that fails does not stop the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from insulin_abm.parameters import Fault, Faults
from insulin_abm.results.cluster import Died, cluster, stop_if_interrupted
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
    outcomes: dict[int, Outcome] = {}
    work = ((place, (run_task, (task,))) for place, task in enumerate(tasks))
    with cluster(workers) as processes:
        for place, ended in processes.done(work):
            outcomes[place] = Outcome(tasks[place], ended.reason, 0.0) if isinstance(ended, Died) else ended
            done(outcomes[place])
    return [outcomes[place] for place in range(len(tasks))]


def run_task(task: Task) -> Outcome:
    """Run a task in a process of a cluster, and say what became of it."""
    from insulin_abm.results.running import run

    began = time.perf_counter()
    reason = problem = ""
    try:
        run(
            task.file,
            task.folder,
            overrides=task.overrides,
            allow_code=task.allow_code,
            overwrite=task.overwrite,
            fresh=task.fresh,
            progress=stop_if_interrupted,
        )
        problem = _problem_in(task.folder)
    except (Faults, PlaceError, RunError) as error:
        reason = str(error)
    except KeyboardInterrupt as stop:
        reason = str(stop) or "interrupted"
    except Exception as error:  # a user's own cell or drug may fail in any way; the other runs go on
        reason = f"{type(error).__name__}: {error}"
    return Outcome(task, reason, time.perf_counter() - began, problem=problem)
