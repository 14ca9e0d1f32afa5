"""Work in processes of its own, which ends with the one that gave it: done, interrupted or killed."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Hashable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any

Work = tuple[Callable[..., Any], tuple[Any, ...]]
"""A function that a process can import, and its arguments."""


def done[Name: Hashable](work: Mapping[Name, Work], workers: int) -> Iterator[tuple[Name, Any]]:
    """Give the name of each piece of work and its result, as soon as it is done.

    Parameters
    ----------
    work : mapping
        What is to be done, by names.
    workers : int
        How many processes; 1 does it in this one.
    """
    if workers <= 1 or len(work) <= 1:
        for name, (function, arguments) in work.items():
            yield name, function(*arguments)
        return
    pool = ProcessPoolExecutor(min(workers, len(work)), mp_context=multiprocessing.get_context("spawn"))
    try:
        tasks = {pool.submit(function, *arguments): name for name, (function, arguments) in work.items()}
        for task in as_completed(tasks):
            yield tasks[task], task.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():  # nothing that they hold would be lost
            child.terminate()
        raise
    pool.shutdown()
