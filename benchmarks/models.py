"""The whole body next to ordinary Mesa models: the very same rules, and the same biology in floats."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import mesa
import numpy as np

from benchmarks.person import eating_body, number_of_cells
from benchmarks.plain_floats import FloatBody
from benchmarks.plain_mesa import PlainBody
from benchmarks.report import Report
from benchmarks.timing import in_turns
from insulin_abm.body import Body
from insulin_abm.organs.blood import Blood

CELLS_OF_PLAIN_MODELS = 1_000
FIRST_MINUTES = 60
MINUTES_OF_A_TURN = {"ours": 30, "the same rules": 1, "floats": 20}
ROUNDS = 7
US_PER_S = 1e6


def report_models(report: Report, ours: Body) -> None:
    """Take the times of a body and of plain models in turns.

    Parameters
    ----------
    report : Report
        Where the numbers go.
    ours : Body
        The compiled body; the plain models have fewer cells, as what one costs does not depend on it.
    """
    report.head(f"Next to ordinary Mesa models of {CELLS_OF_PLAIN_MODELS:,} cells, whole minutes, 1 thread")
    few = eating_body(CELLS_OF_PLAIN_MODELS)
    few.run_for(FIRST_MINUTES)
    plain, floats = PlainBody(few), FloatBody(few)
    live: dict[str, Callable[[int], object]] = {
        "ours": ours.run_for,
        "the same rules": partial(_steps, plain),
        "floats": partial(_steps, floats),
    }
    cells = {"ours": number_of_cells(ours)}
    turns = {name: partial(act, MINUTES_OF_A_TURN[name]) for name, act in live.items()}
    seconds = in_turns(turns, ROUNDS)
    (blood,) = plain.agents_of(Blood)
    if not np.isfinite([blood.plasma_glucose, floats.plasma_glucose]).all():  # type: ignore[attr-defined]
        raise AssertionError("a plain model went astray")
    cost = {
        name: times.per(MINUTES_OF_A_TURN[name] * cells.get(name, number_of_cells(few)) / US_PER_S)
        for name, times in seconds.items()
    }
    report.add("ours_us_per_cell_step", f"ours, {cells['ours']:,} cells: a cell-step", "us", cost["ours"])
    report.add("plain_mesa_us_per_cell_step", "the same rules as methods of Mesa agents", "us", cost["the same rules"])
    report.add("plain_mesa_float_us_per_cell_step", "the same biology in floats", "us", cost["floats"])
    ratio = cost["the same rules"].over(cost["ours"])
    report.add("ratio_plain_mesa", "the same rules: their time over ours", "x", ratio)
    report.add("ratio_plain_mesa_float", "floats: their time over ours", "x", cost["floats"].over(cost["ours"]))


def _steps(model: mesa.Model, minutes: int) -> None:
    for _ in range(minutes):
        model.step()
