"""Several runs side by side: a table of their measures and one picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from insulin_abm.parameters import Registry
from insulin_abm.results import drawing
from insulin_abm.results.drawing import COLOURS, GREY, SHADE, STYLES, TimeAxis, dress
from insulin_abm.results.errors import RunError
from insulin_abm.results.measures import MEASURES
from insulin_abm.results.results import Results
from insulin_abm.results.tables import written

TABLE, PICTURE = "comparison.csv", "comparison.png"
WIDTH, HEIGHT = 11.0, 7.5
PANELS = (
    ("plasma_glucose_mmol_per_l", "Plasma glucose", "mmol/L"),
    ("plasma_insulin_pmol_per_l", "Plasma insulin", "pmol/L"),
    ("endogenous_glucose_production_mmol_per_min", "Glucose made by the body (liver)", "mmol/min"),
    ("plasma_ffa_mmol_per_l", "Free fatty acids in plasma", "mmol/L"),
)
SHOWN_DIGITS = 3


def compare(runs: Sequence[Results], folder: Path) -> list[tuple[str, ...]]:
    """Write `comparison.csv` (a row per run) and `comparison.png` into a folder.

    Parameters
    ----------
    runs : sequence of Results
        What is compared, at least one.
    folder : Path
        Where; files of the same names are replaced.

    Returns
    -------
    list of tuple of str
        A table for people: headings first, then a row per measure, a column per run.

    Raises
    ------
    RunError
        The files cannot be written.
    """
    summaries = pd.DataFrame([run.summary for run in runs]).reset_index(drop=True)
    summaries.insert(0, "run", [run.folder.name for run in runs])
    part = folder / f".{TABLE}.part"
    try:
        summaries.to_csv(part, index=False, lineterminator="\n")
        part.replace(folder / TABLE)
        drawing.save_figure(picture(runs), folder / PICTURE)
    except OSError as error:
        raise RunError(f"{folder}: the comparison could not be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
    return table(summaries)


def table(summaries: pd.DataFrame) -> list[tuple[str, ...]]:
    """Turn summaries so that runs stand side by side; measures that no run has are left out."""
    rows = [("measure", "unit", *summaries["run"])]
    for measure in MEASURES:
        values = [float(value) for value in summaries[measure.name]]
        if any(value == value for value in values):
            rows.append((measure.name, measure.unit, *(written(value, SHOWN_DIGITS) for value in values)))
    return rows


def picture(runs: Sequence[Results]) -> Figure:
    """Draw glucose, insulin, liver output and fatty acids of all runs over each other."""
    series = [run.timeseries for run in runs]
    time = TimeAxis(max(float(one["time_min"].iloc[-1]) for one in series))
    figure = drawing.new_figure(WIDTH, HEIGHT)
    panels = figure.subplots(2, 2)
    for axes, (column, title, unit) in zip(panels.flat, PANELS, strict=True):
        for number, (run, one) in enumerate(zip(runs, series, strict=True)):
            axes.plot(
                time.of(one["time_min"].to_numpy(float)),
                one[column].to_numpy(),
                STYLES[number // len(COLOURS) % len(STYLES)],
                color=COLOURS[number % len(COLOURS)],
                label=run.folder.name,
                linewidth=1.6,
            )
        dress(axes, title, unit)
        drawing.from_zero(axes)
        time.apply(axes, label=axes in panels[1])
    numbers = Registry.load().site("measures")
    panels[0, 0].axhspan(numbers["usual_glucose_low"], numbers["usual_glucose_high"], color=SHADE, zorder=0)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=min(len(runs), 4), frameon=False)
    figure.supxlabel("model output, not medical advice; shaded: glucose of healthy people", fontsize=8, color=GREY)
    return figure
