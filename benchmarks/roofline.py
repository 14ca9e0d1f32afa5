"""How near the minute is to what the machine can do: sums and bytes of a cell-step, against the measured peaks."""

from __future__ import annotations

import re
from typing import Any

import numba
import numpy as np

from benchmarks.person import eating_body, number_of_cells
from benchmarks.report import Report
from insulin_abm.body import Body
from insulin_abm.engine.loops import step_function
from insulin_abm.engine.phases import Act
from insulin_abm.making import CELL_CLASSES
from insulin_abm.tissue.patch import Patch

CELLS = 10_000
NS_PER_S = 1e9
SUMS = re.compile(r"= (?:fadd|fsub|fmul) double ")
NARROW_SUMS = re.compile(r"= (?:fadd|fsub|fmul) float ")
DIVISIONS = re.compile(r"= fdiv double ")
ROOTS = re.compile(r"call float @llvm\.sqrt\.f32|@sqrtf?\(")
OF_CHANCE = re.compile(r"= (?:mul|xor|lshr|shl|and|add)(?: nuw| nsw| exact)* i32 ")


def report_roofline(report: Report) -> None:
    """Count what the compiled rules of cells and patches do for a row, and what a minute moves; set it against peaks.

    The operations are those of the loop that lives one row at a time, which LLVM keeps beside the vectorised one: it
    has each of them once.
    """
    report.head("What a cell-step does, patches included, against the peaks of the machine")
    body = eating_body(CELLS)
    for population in body.populations.values():
        population.keep()
    body.run_for(1)
    counts = {"sums": 0.0, "narrow_sums": 0.0, "divisions": 0.0, "roots": 0.0, "of_chance": 0.0}
    for phase in body.minute.phases:
        if isinstance(phase, Act) and (phase.who is Patch or phase.who in CELL_CLASSES.values()):
            share = body.populations[phase.who].size / number_of_cells(body)
            for name, number in _operations(body, phase).items():
                counts[name] += share * number
    moved = _bytes_moved(body)
    report.add("sums_per_cell_step", "float64 sums and products", "", counts["sums"])
    report.add("narrow_sums_per_cell_step", "float32 sums and products", "", counts["narrow_sums"])
    report.add("divisions_per_cell_step", "float64 divisions", "", counts["divisions"])
    report.add("roots_per_cell_step", "float32 roots", "", counts["roots"])
    report.add("integer_operations_per_cell_step", "32-bit operations of chance", "", counts["of_chance"])
    report.add("bytes_moved_per_cell_step", "bytes of columns read and written", "bytes", moved)
    sums = counts["sums"] + counts["narrow_sums"] / 2.0  # twice as many go into a vector
    sums_ns = NS_PER_S * sums / float(report.numbers["peak_flop_per_s"])
    bytes_ns = NS_PER_S * moved / float(report.numbers["peak_bytes_per_s"])
    measured = float(report.numbers["ns_per_cell_step_1e5"])
    report.add("roof_of_sums_ns", "a cell-step if only sums and products took time", "ns", sums_ns)
    report.add("roof_of_bytes_ns", "a cell-step if only memory took time", "ns", bytes_ns)
    report.add(
        "share_of_roof", "the higher of the two, of what a cell-step took", "%", max(sums_ns, bytes_ns) / measured, 0.01
    )


def _operations(body: Body, phase: Act) -> dict[str, int]:
    """Operations of the loop over single rows, as LLVM leaves it."""
    loop: Any = step_function(phase, body.records[phase.who].names, True)
    fresh = numba.njit(error_model="numpy")(loop.py_func)  # what comes out of the cache cannot be looked at
    fresh.compile(loop.signatures[0])
    (text,) = fresh.inspect_llvm().values()
    patterns = {
        "sums": SUMS,
        "narrow_sums": NARROW_SUMS,
        "divisions": DIVISIONS,
        "roots": ROOTS,
        "of_chance": OF_CHANCE,
    }
    return {name: len(pattern.findall(text)) for name, pattern in patterns.items()}


def _bytes_moved(body: Body) -> float:
    """For each cell: all kept columns and ids of cells and patches once, and those that a minute changes once more."""
    fresh = eating_body(CELLS)
    fresh.run_for(1)
    populations = [fresh.populations[cls] for cls in (*CELL_CLASSES.values(), Patch)]
    before = [{name: np.array(population.columns[name]) for name in population.columns} for population in populations]
    fresh.run_for(1)
    moved = 0
    for population, columns in zip(populations, before, strict=True):
        moved += population.ids.nbytes
        for name, values in columns.items():
            changed = not np.array_equal(values, population.columns[name])
            moved += values.nbytes * (1 + changed)
    return moved / number_of_cells(fresh)
