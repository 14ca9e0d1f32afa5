"""A day of a large dish, of each kind of cell."""

from __future__ import annotations

import time
from functools import partial

from benchmarks.report import Report
from benchmarks.timing import in_turns
from insulin_abm.parameters.conversions import MINUTES_PER_DAY
from insulin_abm.scenario import DishScenario

CELLS = 100_000
ROUNDS = 2
KINDS = ("fat", "muscle", "liver", "beta")
SCENARIO = """
duration = "24 h"
[dish]
line = "{kind}"
cells = {cells}
[[changes]]
at = "0 min"
insulin = "1 nmol/L"
"""


def report_dish(report: Report) -> None:
    """A dish made, brought into balance and settled, and then a day in insulin; on one core."""
    report.head(f"A dish of {CELLS:,} cells for 24 h, settling included, 1 thread")
    turns = {kind: partial(_day, kind) for kind in KINDS}
    for kind, seconds in in_turns(turns, ROUNDS, time.perf_counter).items():
        report.add(f"dish_day_{kind}_s", f"{kind} cells", "s", seconds)


def _day(kind: str) -> None:
    scenario = DishScenario.from_text(SCENARIO.format(kind=kind, cells=CELLS))
    dish = scenario.dish()
    scenario.enter(dish, scenario.wells[0])
    dish.run_for(MINUTES_PER_DAY)
