"""The rule of a muscle cell alone: compiled by the minute, and by hand in NumPy and in C."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks import muscle_numpy
from benchmarks.muscle_c import MuscleInC, compiler
from benchmarks.person import PROPORTIONS, eating_body
from benchmarks.report import Report
from benchmarks.timing import in_turns
from insulin_abm.body import Body
from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.engine.chance import chance_of_minute
from insulin_abm.engine.minute import parameters_of
from insulin_abm.engine.phases import Act

CELLS = 100_000
FIRST_MINUTES = 60
EQUAL_MINUTES = 3
MINUTES_OF_A_TURN = 30
ROUNDS = 11
NS_PER_S = 1e9
RULE = Act("MuscleCell lives", MuscleCell)
C_FLAGS = {"c": (), "c_no_errno": ("-fno-math-errno",), "c_vectorised": ("-fno-math-errno", "-fno-trapping-math")}
"""More flags for C, none of which changes a bit; without the last one gcc 12 does not vectorise the loop."""
BY_HAND = {"numpy": "NumPy"} | {name: " ".join(["C", *flags]) for name, flags in C_FLAGS.items()}

Columns = Mapping[str, np.ndarray]
LiveAMinute = Callable[[int], None]


def report_muscle(report: Report) -> None:
    """Let the same cells live the same minutes in every way, see that they stay equal, and take the times."""
    report.head(f"The rule of a muscle cell alone: {CELLS:,} rows, 1 thread, the same results to the bit")
    body = eating_body(CELLS * sum(PROPORTIONS.values()) // PROPORTIONS["muscle"])
    body.populations[MuscleCell].keep()
    body.run_for(FIRST_MINUTES)
    with tempfile.TemporaryDirectory() as folder:
        ways, columns = _ways(body, Path(folder))
        for minute in range(1, 1 + EQUAL_MINUTES):
            for live in ways.values():
                live(minute)
        for name in columns:
            _refuse_differences(name, columns[name], columns["ours"])
        turns = {name: partial(_live_minutes, live) for name, live in ways.items()}
        seconds = in_turns(turns, ROUNDS)
    rows = body.populations[MuscleCell].size
    for name, times in seconds.items():
        cost = times.per(MINUTES_OF_A_TURN * rows / NS_PER_S)
        how = BY_HAND.get(name, "compiled from the rule")
        report.add(f"muscle_ns_{name}", f"a muscle cell's minute, {how}", "ns", cost)
    for name in [name for name in seconds if name != "ours"]:
        report.add(f"ratio_{name}", f"{BY_HAND[name]}: its time over ours", "x", seconds[name].over(seconds["ours"]))
    if compiler() is None:
        report.say("ratio_c_skipped", "C was skipped: this machine has no compiler (cc)")


def _ways(body: Body, folder: Path) -> tuple[dict[str, LiveAMinute], dict[str, Columns]]:
    """All ways to let the muscle cells of a body live a minute, and the columns that each of them has for itself."""
    population, record = body.populations[MuscleCell], body.records[MuscleCell]
    parameters = parameters_of(MuscleCell, record)

    def ours(minute: int) -> None:
        body.minute.live_phase(body, RULE, minute)

    def copies() -> dict[str, np.ndarray]:
        return {name: np.array(column) for name, column in population.columns.items()}

    columns: dict[str, Columns] = {"ours": population.columns, "numpy": copies()}
    ways: dict[str, LiveAMinute] = {"ours": ours}

    def in_numpy(minute: int) -> None:
        muscle_numpy.live_a_minute(columns["numpy"], population.ids, _chance(body, minute), parameters)

    ways["numpy"] = in_numpy
    if compiler() is not None:
        for name, flags in C_FLAGS.items():
            columns[name] = copies()
            in_c = MuscleInC(folder, columns[name], population.ids, record, flags)
            ways[name] = partial(_live_in_c, body, in_c)
    return ways, columns


def _live_in_c(body: Body, in_c: MuscleInC, minute: int) -> None:
    in_c.live(int(_chance(body, minute)))


def _chance(body: Body, minute: int) -> np.uint32:
    with np.errstate(over="ignore"):
        return chance_of_minute(body.seed, minute)  # type: ignore[no-any-return]


def _live_minutes(live: LiveAMinute) -> None:
    for minute in range(MINUTES_OF_A_TURN):
        live(minute)


def _refuse_differences(name: str, columns: Columns, ours: Columns) -> None:
    different = [column for column in ours if columns[column].tobytes() != ours[column].tobytes()]
    if different:
        raise AssertionError(f"the muscle rule in {BY_HAND[name]} is not the same: {', '.join(different)} differ")
