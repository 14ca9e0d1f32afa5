"""Work in many processes: a Dask cluster made and closed here, or one that is there already.

A piece of work is done by one process at a time. A process that dies is replaced, and its piece is begun again.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import dask
from distributed import Client, LocalCluster, Worker, WorkerPlugin, as_completed, get_worker
from distributed.scheduler import KilledWorker

from insulin_abm.results.errors import ClusterError

if TYPE_CHECKING:
    from distributed import Future

Work = tuple[Callable[..., Any], tuple[Any, ...]]
"""A function that a process can import, and its arguments."""

WAITING_FOR_EACH = 2
"""Pieces that each process has: one in work, one to go on with. Those beyond are not even made yet."""
PATIENCE_S = 10
"""How long to wait for a scheduler and for its first worker."""
LOOK_AGAIN_S = 0.05
DEATHS = 3
"""A piece whose processes died more often than this is given up."""
LOGGED = 10
"""So many past messages, each with a piece of work, Dask keeps for its own diagnosis (usually 1,000: 500 MB)."""
EMBEDDED = {
    "distributed.admin.low-level-log-length": LOGGED,
    "distributed.scheduler.allowed-failures": DEATHS,
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
}
"""Each process has only the piece that it works on: when it dies no other is blamed."""


class Died(NamedTuple):
    """Stands in place of a result where every process that began the piece died.

    Attributes
    ----------
    reason : str
        What to tell.
    """

    reason: str


class Interruption(WorkerPlugin):
    """Tells the piece of work in a process that it shall stop.

    Parameters
    ----------
    ignores_signals : bool
        Whether Ctrl-C shall reach only the process that gave the work, which then says what to do.
    """

    name: ClassVar[str] = "insulin_abm_interruption"
    wanted: set[Hashable]

    def __init__(self, ignores_signals: bool) -> None:
        self._ignores_signals = ignores_signals

    def setup(self, worker: Worker) -> None:
        """Begin in a process."""
        self.wanted = set()
        if self._ignores_signals and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)


def stop_if_interrupted(*_: object) -> None:
    """Raise `KeyboardInterrupt` in a piece of work that shall stop; fit to be told about progress."""
    worker = get_worker()
    if worker.get_current_task() in _interruption(worker).wanted:
        raise KeyboardInterrupt


def leave_if_beginning() -> None:
    """End this process if it is one of a cluster that reads the user's script as it begins.

    It came here because the script calls without ``if __name__ == "__main__":``. The process that wanted it finds that
    it did not start, and says what to do, once.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):  # as multiprocessing itself finds it out
        raise SystemExit(1)


def _interruption(worker: Worker) -> Interruption:
    return worker.plugins[Interruption.name]  # type: ignore[return-value]


class Cluster:
    """Processes that do pieces of work.

    Parameters
    ----------
    client : Client
        The way to their scheduler.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def workers(self) -> int:
        """How many pieces can be in work at a time."""
        return sum(worker["nthreads"] for worker in self._client.scheduler_info(n_workers=-1)["workers"].values())

    def on_each[Answer](self, function: Callable[[], Answer]) -> dict[str, Answer]:
        """Call a function in every process; give the answers by the processes' addresses."""
        answers: dict[str, Answer] = self._client.run(function)
        return answers

    def done[Name: Hashable](self, work: Iterable[tuple[Name, Work]]) -> Iterator[tuple[Name, Any]]:
        """Give the name of each piece of work and its result (`Died`, if there is none), as soon as it is done.

        Pieces are taken from `work` only when a process is soon free for them. Leaving the loop early tells all pieces
        in work to stop, and waits for them.
        """
        pieces, named = iter(work), dict[Hashable, Name]()

        def next_ones(count: int) -> Iterator[Future]:
            for _, (name, (function, arguments)) in zip(range(count), pieces, strict=False):
                future = self._client.submit(function, *arguments, pure=False)
                named[future.key] = name
                yield future

        in_work = as_completed(list(next_ones(WAITING_FOR_EACH * self.workers)), loop=self._client.loop)
        try:
            for future in in_work:
                name = named.pop(future.key)
                try:
                    result = future.result()
                except KilledWorker:
                    result = Died(f"its process died {DEATHS + 1} times (too little memory?)")
                future.release()
                wanted = max(1, WAITING_FOR_EACH * self.workers - len(named))
                for following in next_ones(wanted):
                    in_work.add(following)
                yield name, result
        except BaseException:
            self._stop(in_work)
            raise

    def _stop(self, in_work: as_completed) -> None:
        """Let no piece begin, and those in work stop and clean up."""
        keys = [future.key for future in in_work.futures]
        self._client.run(_interrupt, keys)
        self._client.cancel(list(in_work.futures))


async def _interrupt(keys: Sequence[Hashable], dask_worker: Worker) -> None:
    """Tell pieces of work in a process to stop, and wait until they did."""
    _interruption(dask_worker).wanted.update(keys)
    until = time.monotonic() + PATIENCE_S
    while any(key in dask_worker.active_keys for key in keys) and time.monotonic() < until:
        await asyncio.sleep(LOOK_AGAIN_S)


def done[Name: Hashable](work: Mapping[Name, Work], workers: int) -> Iterator[tuple[Name, Any]]:
    """Give the name of each piece of work and its result, as soon as it is done.

    Parameters
    ----------
    work : mapping
        What is to be done, by names.
    workers : int
        How many processes; 1 does it in this one.

    Raises
    ------
    ClusterError
        The processes that worked on a piece died.
    """
    if workers <= 1 or len(work) <= 1:
        for name, (function, arguments) in work.items():
            yield name, function(*arguments)
        return
    with cluster(min(workers, len(work))) as processes:
        for name, result in processes.done(work.items()):
            if isinstance(result, Died):
                raise ClusterError(f"{name}: {result.reason}")
            yield name, result


@contextmanager
def cluster(workers: int, scheduler: str = "") -> Iterator[Cluster]:
    """Open a cluster: one of so many processes on this machine that is closed again, or the one of a scheduler.

    Parameters
    ----------
    workers : int
        How many processes; those of a scheduler are as many as they are.
    scheduler : str
        Its address, such as ``tcp://10.0.0.1:8786`` ("": a cluster of its own).

    Raises
    ------
    ClusterError
        The scheduler cannot be reached, or has no workers; or processes cannot be started.
    """
    leave_if_beginning()
    if scheduler:
        with _client_of(scheduler) as client:
            try:
                client.register_plugin(Interruption(ignores_signals=False))
            except Exception as error:  # whatever a worker that lacks the program ends in
                raise ClusterError(f"--scheduler {scheduler}: its workers cannot run insulin_abm: {error}") from error
            yield Cluster(client)
        return
    with (
        TemporaryDirectory(prefix="insulin_abm_") as folder,
        dask.config.set(EMBEDDED),
        _started(workers, folder) as made,
        Client(made) as client,
    ):
        client.register_plugin(Interruption(ignores_signals=True))
        yield Cluster(client)


def _started(workers: int, folder: str) -> LocalCluster:
    """Start so many processes on this machine."""
    try:
        return LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # any free port: two batches at once are not in each other's way
            memory_limit=0,
            local_directory=folder,
            silence_logs=logging.CRITICAL,
        )
    except (RuntimeError, TimeoutError) as error:
        advice = (
            'in a script, put the call under if __name__ == "__main__": (every process reads the script as it begins)'
        )
        why = str(error).rstrip(".")
        raise ClusterError(f"{workers} processes could not be started ({why}); {advice}") from None


def _client_of(scheduler: str) -> Client:
    """Connect to a scheduler that has workers."""
    advice = "start one with 'dask scheduler', and workers with 'dask worker ADDRESS', or leave --scheduler out"
    try:
        client = Client(scheduler, timeout=PATIENCE_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(f"--scheduler {scheduler}: no scheduler can be reached there; {advice}") from error
    try:
        client.wait_for_workers(1, timeout=PATIENCE_S)
    except TimeoutError as error:
        client.close()
        raise ClusterError(f"--scheduler {scheduler}: it has no workers; start one: dask worker {scheduler}") from error
    return client
