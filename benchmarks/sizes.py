"""The whole minute of bodies of a thousand to a million cells: its cost, threads, memory and making."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.person import eating_body, number_of_cells
from benchmarks.report import Report
from benchmarks.timing import all_over, in_turns
from insulin_abm.body import Body

SIZES = (1_000, 10_000, 100_000, 1_000_000)
RATED_SIZE = 100_000
THREADS = 2
MINUTES_OF_A_SHARED_TURN = 8
CELL_STEPS_OF_A_TURN = 3_000_000
ROUNDS = 7
FIRST_MINUTES = 30
"""Lived before anything is timed: insulin has come by then."""
NS_PER_S = 1e9


def report_sizes(report: Report) -> dict[int, Body]:
    """Make bodies of all sizes and measure them; give them back by their size."""
    report.head("Bodies of many sizes: the whole minute of all cells, patches and organs")
    eating_body(SIZES[0]).run_for(1)  # compiled, or read from the cache
    bodies = {}
    for size in reversed(SIZES):  # the largest first: its memory is not what another one left
        bodies[size] = _made(report, size)
    contenders = {f"{size}": body for size, body in reversed(bodies.items())}
    minutes = {name: max(1, CELL_STEPS_OF_A_TURN // number_of_cells(body)) for name, body in contenders.items()}
    for body in contenders.values():
        body.run_for(FIRST_MINUTES)
    seconds = in_turns({name: partial(body.run_for, minutes[name]) for name, body in contenders.items()}, ROUNDS)
    steps = {name: minutes[name] * number_of_cells(body) for name, body in contenders.items()}
    for size in SIZES:
        cost = seconds[f"{size}"].per(steps[f"{size}"] / NS_PER_S)
        report.add(f"ns_per_cell_step_{_short(size)}", f"a cell-step among {size:,} cells, 1 thread", "ns", cost)
    rated = f"{RATED_SIZE}"
    rate = seconds[rated].rate(steps[rated])
    report.add("full_cell_steps_per_s_per_core", f"cell-steps among {RATED_SIZE:,} cells", "million/s/core", rate, 1e6)
    flat = all_over([seconds[f"{size}"].per(steps[f"{size}"]) for size in SIZES[1:]])
    report.add("flatness_1e4_to_1e6", "dearest over cheapest cell-step, 10,000 to 1,000,000 cells", "x", flat)
    _report_threads(report, bodies[SIZES[-1]])
    return bodies


def _report_threads(report: Report, alone: Body) -> None:
    """Live the same minutes with one thread and with more, by the clock on the wall."""
    size = SIZES[-1]
    shared = eating_body(size, THREADS)
    shared.run_for(FIRST_MINUTES)
    minutes = MINUTES_OF_A_SHARED_TURN
    contenders = {"alone": partial(alone.run_for, minutes), "shared": partial(shared.run_for, minutes)}
    seconds = in_turns(contenders, ROUNDS, time.perf_counter)
    rate = seconds["shared"].rate(minutes * number_of_cells(shared))
    report.add("two_thread_cell_steps_per_s_1e6", f"cell-steps with {THREADS} threads", "million/s", rate, 1e6)
    speedup = seconds["alone"].over(seconds["shared"])
    report.add("two_thread_speedup_1e6", f"{THREADS} threads over 1 at {size:,} cells, on the wall", "x", speedup)


def _made(report: Report, size: int) -> Body:
    """Make a body, and say how long that took and what it weighs."""
    gc.collect()
    resident = _resident_bytes()
    begin = time.perf_counter()
    body = eating_body(size)
    seconds = time.perf_counter() - begin
    body.run_for(1)
    grown = _resident_bytes() - resident
    name = _short(size)
    report.add(f"create_s_{name}", f"making {size:,} cells", "s", seconds)
    report.add(
        f"bytes_per_cell_{name}", "  arrays of all populations, patches included", "bytes/cell", _bytes(body) / size
    )
    if size == SIZES[-1]:  # later ones reuse memory that making this one left
        report.add(f"resident_bytes_per_cell_{name}", "  growth of the process", "bytes/cell", grown / size)
    return body


def _short(size: int) -> str:
    """1e6 for 1,000,000."""
    return f"1e{len(str(size)) - 1}"


def _bytes(body: Body) -> int:
    """All arrays that the populations of a body hold, each once."""
    owned = {}
    for population in body.populations.values():
        for value in vars(population).values():
            for array in value.values() if isinstance(value, Mapping) else [value]:
                if isinstance(array, np.ndarray):
                    owner = array if array.base is None else array.base
                    owned[id(owner)] = owner.nbytes
    return sum(owned.values())


def _resident_bytes() -> int:
    """What the process holds of the machine's memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
