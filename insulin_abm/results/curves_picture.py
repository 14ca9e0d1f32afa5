"""The curves of several runs over each other, in the time that all of them have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from insulin_abm.parameters import Registry
from insulin_abm.results import drawing
from insulin_abm.results.compared import Run, common_end, common_meals
from insulin_abm.results.drawing import COLOURS, DARK_GREY, GREY, SHADE, STYLES, TimeAxis, dress, shortened
from insulin_abm.results.measures import GLUCOSE

WIDTH, HEIGHT = 11.0, 10.0
PANELS = (
    (GLUCOSE, "Plasma glucose", "mmol/L"),
    ("plasma_insulin_pmol_per_l", "Plasma insulin", "pmol/L"),
    ("endogenous_glucose_production_mmol_per_min", "Glucose made by the body (liver)", "mmol/min"),
    ("plasma_ffa_mmol_per_l", "Free fatty acids in plasma", "mmol/L"),
    ("plasma_triglyceride_mmol_per_l", "Triglyceride in plasma", "mmol/L"),
)
RECEPTORS = "muscle_receptors_per_cell"
PERCENT, LEAST_SPAN = 100.0, 10.0
"""The axis of receptors spans at least so many percent: smaller differences are noise of a sample of cells."""
MOST_RUNS = len(COLOURS) * len(STYLES)
THICK, THIN = 2.8, 1.4
"""Lines of the first run and of the others, so that both are seen where they are the same."""
LEGEND_LETTERS, MOST_LEGEND_COLUMNS = 110, 4


def curves_picture(runs: Sequence[Run]) -> Figure:
    """Draw glucose, insulin, liver output, lipids and receptors of muscle, one line per run.

    Parameters
    ----------
    runs : sequence of Run
        What is drawn; receptors are relative to the first.
    """
    drawn = runs[:MOST_RUNS]  # more lines could not be told apart
    end = common_end(runs)
    time = TimeAxis(end)
    figure = drawing.new_figure(WIDTH, HEIGHT)
    panels = figure.subplots(3, 2)
    for axes, (column, title, unit) in zip(panels.flat, PANELS, strict=False):
        for number, run in enumerate(drawn):
            minutes, values = run.course(column, end)
            _line(axes, time.of(minutes), values, number, run.label)
        dress(axes, title, unit)
        drawing.from_zero(axes)
    _receptors(panels[2, 1], drawn, end, time)
    for axes in panels.flat:
        time.apply(axes, label=axes in panels[2])
        for meal in common_meals(runs):
            axes.axvline(time.of(meal), color=GREY, linewidth=0.7, linestyle=(0, (2, 2)), zorder=0.5)
    numbers = Registry.load().site("measures")
    panels[0, 0].axhspan(numbers["usual_glucose_low"], numbers["usual_glucose_high"], color=SHADE, zorder=0)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    columns = int(np.clip(LEGEND_LETTERS // (max(map(len, labels)) + 6), 1, MOST_LEGEND_COLUMNS))
    figure.legend(handles, labels, loc="outside upper center", ncols=min(len(drawn), columns), frameon=False)
    figure.supxlabel(_caption(runs), fontsize=8, color=DARK_GREY)
    return figure


def _line(axes: Axes, times: np.ndarray, values: np.ndarray, number: int, label: str) -> None:
    """Draw a curve in the colour and style of a run."""
    style = STYLES[number // len(COLOURS) % len(STYLES)]
    width = THIN if number else THICK
    axes.plot(times, values, style, color=COLOURS[number % len(COLOURS)], label=label, linewidth=width)


def _receptors(axes: Axes, runs: Sequence[Run], end: float, time: TimeAxis) -> None:
    """Draw receptors of an average muscle cell, at each moment relative to the first run."""
    first_minutes, first = runs[0].course(RECEPTORS, end)
    low = high = PERCENT
    for number, run in enumerate(runs):
        minutes, values = run.course(RECEPTORS, end)
        reference = np.interp(minutes, first_minutes, first)
        relative = np.divide(PERCENT * values, reference, out=np.full_like(values, np.nan), where=reference > 0.0)
        if np.isfinite(relative).any():
            _line(axes, time.of(minutes), relative, number, run.label)
            low, high = min(low, float(np.nanmin(relative))), max(high, float(np.nanmax(relative)))
    room = max(0.1 * (high - low), 0.5 * (LEAST_SPAN - (high - low)))
    axes.set_ylim(max(low - room, 0.0), high + room)
    dress(axes, "Insulin receptors on the surface of a muscle cell", f"% of {shortened(runs[0].label)}")


def _caption(runs: Sequence[Run]) -> str:
    """Say what the picture does not show by itself."""
    lines = ["model output, not medical advice; shaded: glucose of healthy people"]
    if common_meals(runs):
        lines[0] += "; dashed: meals, the same in all runs"
    end = common_end(runs)
    longer = [run for run in runs if run.end_min > end]
    if longer:
        who = shortened(longer[0].label) if len(longer) == 1 else f"{len(longer)} runs"
        until = drawing.duration(max(run.end_min for run in longer))
        lines.append(f"shown is the time that all runs have; {who} went on until {until}")
    if len({run.start_min_of_day for run in runs}) > 1:
        lines.append("the runs start at different times of the day")
    if len(runs) > MOST_RUNS:
        lines.append(f"the first {MOST_RUNS} of {len(runs)} runs are drawn")
    return "\n".join(lines)
