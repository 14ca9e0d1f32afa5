"""The overview of a run: one picture of the body and its cells, drawn from the tables alone."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from insulin_abm.parameters import Registry
from insulin_abm.parameters.conversions import MINUTES_PER_DAY
from insulin_abm.results import drawing
from insulin_abm.results.drawing import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION, TimeAxis, dress
from insulin_abm.results.measures import FOOD
from insulin_abm.results.results import Results

WIDTH, HEIGHT = 11.0, 12.5
BINS = 30
LABELLED_MEALS = 12
"""With more meals than this their lines stay without labels."""

LONGEST_IN_FULL = 14 * MINUTES_PER_DAY
"""Longer runs are drawn day by day."""

TISSUES = {"muscle": VERMILION, "fat": ORANGE, "liver": BLUE}
MOST_ROWS = 3000
"""Among more points no free place is looked for."""

Ribbon = tuple[pd.DataFrame, pd.DataFrame]

CURVES = {
    (0, 0): ("plasma_glucose_mmol_per_l", "Plasma glucose", "mmol/L", BLACK),
    (0, 1): ("plasma_insulin_pmol_per_l", "Plasma insulin", "pmol/L", BLUE),
    (1, 0): ("plasma_glucagon_pmol_per_l", "Plasma glucagon", "pmol/L", GREEN),
    (1, 1): ("plasma_ffa_mmol_per_l", "Free fatty acids in plasma", "mmol/L", ORANGE),
    (2, 1): ("liver_glycogen_mmol_per_l", "Glycogen in liver", "mmol/L", PURPLE),
}
"""Column, title, unit and colour by the place of the panel."""
CURVES_OF_MONTHS = CURVES | {(1, 0): ("body_weight_kg", "Body weight", "kg", GREEN)}
"""Those of longer runs."""

FLUXES = {
    "glucose_appearance_mmol_per_min": ("from food", GREEN, "-"),
    "endogenous_glucose_production_mmol_per_min": ("made by the liver", BLUE, "-"),
    "muscle_glucose_uptake_mmol_per_min": ("into muscle", VERMILION, "--"),
    "liver_glucose_uptake_mmol_per_min": ("into liver", SKY, "--"),
    "brain_glucose_uptake_mmol_per_min": ("into brain and red cells", BLACK, ":"),
    "fat_glucose_uptake_mmol_per_min": ("into fat", ORANGE, "--"),
    "urinary_glucose_mmol_per_min": ("into urine", PURPLE, "-."),
}


def overview(results: Results) -> Figure:
    """Draw glucose, hormones, fuels, fluxes, stores and receptors of a run.

    Parameters
    ----------
    results : Results
        Whose tables are drawn.
    """
    series, events = results.timeseries, results.events
    last_min = float(series["time_min"].iloc[-1])
    time = TimeAxis(last_min)
    ribbon = None
    caption = "model output, not medical advice"
    if last_min > LONGEST_IN_FULL:
        series, ribbon = day_by_day(series)
        events = events.iloc[:0]
        caption = f"lines: means of each day, shades: from its lowest to its highest; {caption}"
    figure = drawing.new_figure(WIDTH, HEIGHT)
    panels = figure.subplots(4, 2)
    for place, (column, title, unit, colour) in (CURVES if ribbon is None else CURVES_OF_MONTHS).items():
        curve(panels[place], series, time, column, title, unit, colour)
        if ribbon is not None:
            _ribbon(panels[place], ribbon, time.of(series["time_min"].to_numpy(float)), column, colour)
    shade_usual(panels[0, 0])
    _fluxes(panels[2, 0], series, time)
    receptors(panels[3, 0], series, time)
    _spread(panels[3, 1], results.cells)
    for axes in [*panels[:3].flat, panels[3, 0]]:
        time.apply(axes, label=axes in (panels[2, 1], panels[3, 0]))
        mark_meals(axes, events, time)
    _name_meals(panels[0, 0], events, time)
    manifest = results.manifest
    figure.suptitle(f"{manifest['scenario']['title']} (seed {manifest['seed']})", fontsize=12, fontweight="bold")
    figure.supxlabel(caption, fontsize=8, color=GREY, x=0.99, ha="right")
    return figure


def day_by_day(series: pd.DataFrame) -> tuple[pd.DataFrame, Ribbon]:
    """Give the mean of every column in each day that was begun, and its lowest and its highest value."""
    days = series.groupby(((series["time_min"] - 1.0) // MINUTES_PER_DAY).clip(lower=0.0))
    return days.mean(), (days.min(), days.max())


def curve(axes: Axes, series: pd.DataFrame, time: TimeAxis, column: str, title: str, unit: str, colour: str) -> None:
    """Draw one column over time, from zero on."""
    axes.plot(time.of(series["time_min"].to_numpy(float)), series[column].to_numpy(), color=colour, linewidth=1.6)
    dress(axes, title, unit)
    drawing.from_zero(axes)


def _ribbon(axes: Axes, ribbon: Ribbon, times: np.ndarray, column: str, colour: str) -> None:
    """Shade between the lowest and the highest value of each day."""
    low, high = (bound[column].to_numpy() for bound in ribbon)
    axes.fill_between(times, low, high, color=colour, alpha=0.2, linewidth=0.0)
    axes.plot(times, high, color=colour, linewidth=0.3)
    drawing.from_zero(axes)


def shade_usual(axes: Axes) -> None:
    """Shade what healthy people have."""
    numbers = Registry.load().site("measures")
    low, high = numbers["usual_glucose_low"], numbers["usual_glucose_high"]
    axes.axhspan(low, high, color=drawing.SHADE, zorder=0, label=f"healthy people: {low:g} to {high:g}")
    axes.set_ylim(0.0, max(axes.get_ylim()[1], high * drawing.HEADROOM))
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 0.98), fontsize=drawing.TEXT_SIZE - 1, frameon=False)


def _fluxes(axes: Axes, series: pd.DataFrame, time: TimeAxis) -> None:
    """Draw where glucose comes from and where it goes."""
    minutes = time.of(series["time_min"].to_numpy(float))
    for column, (label, colour, style) in FLUXES.items():
        axes.plot(minutes, series[column].to_numpy(), style, color=colour, label=label, linewidth=1.3)
    dress(axes, "Glucose on its way", "mmol/min")
    drawing.from_zero(axes)
    axes.legend(loc=_free_place(series), fontsize=drawing.TEXT_SIZE - 1.5, frameon=False, ncols=2)


def _free_place(series: pd.DataFrame) -> Literal["best", "upper right"]:
    """Where a legend goes: where there is room, unless looking for it among too many points would take long."""
    return "best" if len(series) <= MOST_ROWS else "upper right"


def receptors(axes: Axes, series: pd.DataFrame, time: TimeAxis) -> None:
    """Draw receptors on the surface of an average cell relative to the start."""
    minutes = time.of(series["time_min"].to_numpy(float))
    for tissue, colour in TISSUES.items():
        receptors = series[f"{tissue}_receptors_per_cell"].to_numpy(float)
        if len(receptors) and receptors[0] > 0.0:
            axes.plot(minutes, 100.0 * receptors / receptors[0], color=colour, label=tissue, linewidth=1.6)
    dress(axes, "Insulin receptors on the surface of a cell", "% of the start")
    axes.legend(loc=_free_place(series), fontsize=drawing.TEXT_SIZE - 1, frameon=False, ncols=3)
    axes.margins(y=0.2)


def _spread(axes: Axes, cells: pd.DataFrame) -> None:
    """Draw how receptors are spread over cells at the end."""
    last = cells[cells["time_min"] == cells["time_min"].max()] if len(cells) else cells
    for tissue, colour in TISSUES.items():
        own = last[last["kind"] == tissue]
        receptors = (own["surface_receptors"] + own["bound_receptors"]).to_numpy(float)
        if len(receptors) and receptors.mean() > 0.0:
            relative = receptors / receptors.mean()
            label = f"{tissue} (mean {_thousands(receptors.mean())})"
            axes.hist(relative, _bins(last), density=True, histtype="step", color=colour, linewidth=1.6, label=label)
    dress(axes, "No two cells are alike: receptors at the end", "share of cells per unit")
    axes.set_xlabel("receptors on the surface relative to the mean of the tissue", fontsize=drawing.TEXT_SIZE)
    axes.set_xlim(left=0.0)
    axes.legend(fontsize=drawing.TEXT_SIZE - 1, frameon=False)


def _bins(cells: pd.DataFrame) -> list[float]:
    """Edges of bins that hold every cell, the same for all tissues."""
    highest = 1.0
    for tissue in TISSUES:
        own = cells[cells["kind"] == tissue]
        receptors = (own["surface_receptors"] + own["bound_receptors"]).to_numpy(float)
        if len(receptors) and receptors.mean() > 0.0:
            highest = max(highest, float(receptors.max() / receptors.mean()))
    return [float(edge) for edge in np.linspace(0.0, highest, BINS + 1)]


def _thousands(number: float) -> str:
    return f"{round(number):,}"


def _meals(events: pd.DataFrame, time: TimeAxis) -> list[tuple[float, str]]:
    """Where on the axis something was eaten, and how much carbohydrate it had."""
    food = events[events["event"].isin(FOOD)]
    return [
        (time.of(float(minute)), f"{grams:.0f} g")
        for minute, grams in zip(food["time_min"], food["carbohydrate_g"], strict=True)
    ]


def mark_meals(axes: Axes, events: pd.DataFrame, time: TimeAxis) -> None:
    """Draw a fine line at every meal."""
    for at, _ in _meals(events, time):
        axes.axvline(at, color=GREY, linewidth=0.7, linestyle=(0, (2, 2)), zorder=0.5)


def _name_meals(axes: Axes, events: pd.DataFrame, time: TimeAxis) -> None:
    """Write at every meal how much carbohydrate it had."""
    meals = _meals(events, time)
    for at, text in meals[:LABELLED_MEALS] if len(meals) <= LABELLED_MEALS else []:
        axes.annotate(
            text,
            (at, 0.02),
            xycoords=("data", "axes fraction"),
            xytext=(2, 0),
            textcoords="offset points",
            fontsize=drawing.TEXT_SIZE - 1.5,
            color="#555555",
        )
