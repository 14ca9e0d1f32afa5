"""Runs a study: what is missing is done, on one machine or many; the tables are written anew."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from insulin_abm.parameters import Faults
from insulin_abm.results.cluster import Cluster, Died, Work, cluster, leave_if_beginning
from insulin_abm.results.errors import ClusterError, PlaceError, Stopped
from insulin_abm.results.identity import program_hash
from insulin_abm.scenario import Scenario
from insulin_abm.studies.expected import Expected, expect
from insulin_abm.studies.piece import Lived, live_run
from insulin_abm.studies.store import Keys, Store
from insulin_abm.studies.study import Run, Study
from insulin_abm.studies.tables import Finished, write_tables


@dataclass
class Progress:
    """How far a study is.

    Attributes
    ----------
    of : int
        How many runs it has.
    before : int
        How many were finished before.
    done, failed : int
        How many were finished or failed now.
    running : int
        How many are in work.
    """

    of: int
    before: int
    done: int = 0
    failed: int = 0
    running: int = 0

    @property
    def left(self) -> int:
        """How many are still to be done."""
        return self.of - self.before - self.done - self.failed


@dataclass(frozen=True)
class Ended:
    """What became of a study.

    Attributes
    ----------
    finished : int
        How many runs are finished, those of before included.
    before : int
        How many of them were finished before.
    failed : tuple of tuple
        The others, and why each failed.
    problems : tuple of tuple
        Finished runs in whose visits something went wrong, and what.
    """

    finished: int
    before: int
    failed: tuple[tuple[Run, str], ...]
    problems: tuple[tuple[Run, str], ...]


def _nothing(*_: object) -> None:
    """Say nothing."""


def run_study(
    study: Study,
    out: str | Path,
    *,
    workers: int = 1,
    scheduler: str = "",
    fresh: bool = False,
    allow_code: bool = False,
    expected: Callable[[Expected], None] = _nothing,
    progress: Callable[[Progress], None] = _nothing,
) -> Ended:
    """Run what is missing of a study and write its tables.

    Every finished run is kept at once: after an interruption, however it came, the same call does the rest, and the
    tables are the same as without.

    Parameters
    ----------
    study : Study
        What to run.
    out : str or Path
        Folder of the study.
    workers : int
        How many processes, if there is no scheduler.
    scheduler : str
        Address of the scheduler of a Dask cluster.
    fresh : bool
        Whether what is there shall be forgotten.
    allow_code : bool
        Whether scenarios with ``use`` may run their code.
    expected : callable
        Is told what is to be done, how long it takes and how much disk it needs, before anything begins.
    progress : callable
        Is told how far it is, after every run.

    Raises
    ------
    Faults
        A scenario of the study cannot be read.
    PlaceError
        The results cannot be written to `out`.
    RunError
        The disk is full; what is finished is kept.
    ClusterError
        The cluster cannot be reached or started, or has another version of the program.
    Stopped
        It was interrupted; what is finished is kept.
    """
    leave_if_beginning()
    keys = Keys(allow_code)
    with Store(Path(out), fresh) as store:
        keyed = {run.number: keys.of(run) for run in study.runs()}
        there = {number for number, key in keyed.items() if store.has(key, study.timeseries)}
        told = Progress(of=len(keyed), before=len(there))
        missing = [run for run in study.runs() if run.number not in there]
        failed: dict[int, str] = {}
        try:
            if missing:
                expected(_checked(expect(study, store, len(missing), workers), store.folder))
                with cluster(min(workers, len(missing)), scheduler) as processes:
                    _refuse_other_versions(processes, scheduler)
                    for number, lived in _results(processes, study, missing, failed, allow_code):
                        if lived.reason:
                            failed[number] = lived.reason
                        else:
                            store.keep(keyed[number], lived)
                            told.done += 1
                        told.failed = len(failed)
                        told.running = min(processes.workers, told.left)
                        progress(told)
        except KeyboardInterrupt:
            kept = f"{len(store)} finished runs are kept, and the same command does the rest"
            raise Stopped(f"{out}: stopped; {kept}") from None
        return _end(study, store, keyed, failed, told.before)


def _checked(wanted: Expected, folder: Path) -> Expected:
    """Refuse a study for which there is no room."""
    free = shutil.disk_usage(folder).free
    if wanted.bytes > free:
        raise PlaceError(
            f"{folder}: the study needs about {wanted.disk}, and {free / 1e6:.0f} MB are free there; make room, or "
            "choose another --out"
        )
    return wanted


def _about_program() -> tuple[str, str]:
    return program_hash(), platform.python_version()


def _refuse_other_versions(processes: Cluster, scheduler: str) -> None:
    """Refuse workers of another version: their numbers could be others."""
    if not scheduler:
        return
    own = _about_program()
    for address, other in processes.on_each(_about_program).items():
        if other != own:
            what = "insulin_abm" if other[0] != own[0] else f"Python ({other[1]}, here {own[1]})"
            raise ClusterError(f"the worker {address} has another version of {what}; install the same one there")


def _results(
    processes: Cluster, study: Study, missing: Sequence[Run], failed: dict[int, str], allow_code: bool
) -> Iterator[tuple[int, Lived]]:
    """Give what every run gave, as soon as it ended; a scenario that cannot be read is among the failed at once."""

    def work() -> Iterator[tuple[int, Work]]:
        for run in missing:
            overrides = {**run.overrides, "seed": run.seed}
            try:
                scenario = Scenario.load(run.scenario, allow_code, overrides)
            except Faults as faults:
                failed[run.number] = "; ".join(str(fault) for fault in faults.faults)
            else:
                yield run.number, (live_run, (scenario, study.timeseries))

    for number, result in processes.done(work()):
        yield number, Lived(result.reason, 0.0) if isinstance(result, Died) else result


def _end(study: Study, store: Store, keyed: dict[int, str], failed: dict[int, str], before: int) -> Ended:
    """Write the tables of what is finished."""
    runs = list(study.runs())
    finished = [Finished(run, keyed[run.number]) for run in runs if store.has(keyed[run.number], study.timeseries)]
    lost = tuple((run, failed[run.number]) for run in runs if run.number in failed)
    write_tables(study, store, finished, lost)
    problems = tuple((one.run, text) for one in finished for text in store.read(one.key).problems)
    return Ended(len(finished), before, lost, problems)
