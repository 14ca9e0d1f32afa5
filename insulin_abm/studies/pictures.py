"""Pictures of a study: ribbons over people, a sweep as a heat map, areas and resistance in space, a tornado."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from insulin_abm.protocols.glycaemia import GlucoseClass
from insulin_abm.results import names
from insulin_abm.results.drawing import BLUE, COLOURS, GREY, STYLES, TimeAxis, cut_short, dress, new_figure, save_figure
from insulin_abm.studies.tables import VARIED

RIBBONS, HEAT_MAP, SCATTER, TORNADO = "ribbons.png", "heat_map.png", "areas.png", "tornado.png"
CURVES = {
    "plasma_glucose_mmol_per_l": ("Plasma glucose", "mmol/L"),
    "plasma_insulin_pmol_per_l": ("Plasma insulin", "pmol/L"),
    "plasma_ffa_mmol_per_l": ("Free fatty acids in plasma", "mmol/L"),
    "muscle_receptors_per_cell": ("Insulin receptors of a muscle cell", "receptors"),
}
AREAS = ("glucose_area_mmol_min_per_l", "insulin_area_pmol_min_per_l")
RESISTANCE = ("sspg_mmol_per_l", "homa_ir")
"""What stands for resistance: the first of these that was measured."""
OF_CLASSES = "ada_class"
HEAT_MEASURES = ("fasting_glucose_mmol_per_l", "fasting_insulin_pmol_per_l", "homa_ir", "matsuda")
LOW, HIGH = 0.1, 0.9
LARGEST_SWEEP = 400
NOTE = "model output, not medical advice"


class Bar(NamedTuple):
    """How much a number moves a measure.

    Attributes
    ----------
    name : str
        Of the number.
    size, confidence : float
        How much, and half of the interval of confidence.
    """

    name: str
    size: float
    confidence: float


def draw_all(folder: Path, runs: pd.DataFrame, by: str) -> list[Path]:
    """Draw what the tables of a study allow; give the pictures that were made."""
    figures = {
        RIBBONS: _ribbons(folder, runs, by),
        HEAT_MAP: _heat_map(runs, folder),
        SCATTER: _areas(runs, by),
    }
    made = {file: figure for file, figure in figures.items() if figure is not None}
    for file, figure in made.items():
        save(figure, folder, file)
    return [folder / names.FIGURES / file for file in made]


def save(figure: Figure, folder: Path, file: str) -> Path:
    """Write a picture into the figures of a study."""
    (folder / names.FIGURES).mkdir(exist_ok=True)
    save_figure(figure, folder / names.FIGURES / file)
    return folder / names.FIGURES / file


def _noted(figure: Figure, title: str) -> Figure:
    figure.suptitle(title, fontsize=12, fontweight="bold")
    figure.supxlabel(NOTE, fontsize=8, color=GREY, x=0.99, ha="right")
    return figure


def _ribbons(folder: Path, runs: pd.DataFrame, by: str) -> Figure | None:
    """Medians of groups over time, with the middle four fifths of people."""
    if not (folder / names.PARQUET[names.TIMESERIES]).exists():
        return None
    wanted = ["run", "time_min", *CURVES]
    series = pd.read_parquet(folder / names.PARQUET[names.TIMESERIES], columns=wanted)
    label = runs[by].astype(str)
    if runs["twin"].notna().any():
        label = label + ", " + runs["twin"].fillna("").astype(str)
    series["group"] = series["run"].map(dict(zip(runs["run"], label, strict=True)))
    figure = new_figure(10.0, 7.0)
    time = TimeAxis(float(series["time_min"].max()))
    for axes, (column, (title, unit)) in zip(figure.subplots(2, 2).flat, CURVES.items(), strict=True):
        for place, (group, rows) in enumerate(series.groupby("group", sort=False)):
            colour, style = COLOURS[place % len(COLOURS)], STYLES[place % len(STYLES)]
            at_a_time = rows.groupby("time_min")[column]
            low, middle, high = (at_a_time.quantile(share) for share in (LOW, 0.5, HIGH))
            times = time.of(middle.index.to_numpy(float))
            axes.fill_between(times, low.to_numpy(), high.to_numpy(), color=colour, alpha=0.2, linewidth=0)
            axes.plot(times, middle.to_numpy(), color=colour, linestyle=style, label=cut_short(str(group)))
        dress(axes, title, unit)
        axes.set_ylim(bottom=0.0)
        time.apply(axes, label=True)
    figure.axes[0].legend(fontsize=7, frameon=False)
    return _noted(figure, "Medians of groups, and the middle four fifths of people")


def _swept(runs: pd.DataFrame, folder: Path) -> list[str]:
    """Name the numbers in which runs differ that take a few values each."""
    notes = pd.read_csv(folder / names.COLUMNS, keep_default_na=False)
    varied = notes[(notes["file"] == names.RUNS) & (notes["meaning"] == VARIED)]["name"]
    numbers = [name for name in varied if name in runs and pd.api.types.is_numeric_dtype(runs[name])]
    return [name for name in numbers if 1 < runs[name].nunique() ** 2 <= LARGEST_SWEEP]


def _heat_map(runs: pd.DataFrame, folder: Path) -> Figure | None:
    """Means of measures over the two numbers that were swept."""
    swept = _swept(runs, folder)
    shown = [name for name in HEAT_MEASURES if name in runs]
    if len(swept) != 2 or not shown:
        return None
    down, across = swept
    figure = new_figure(5.0 * min(2, len(shown)), 4.0 * ((len(shown) + 1) // 2))
    panels = np.atleast_1d(figure.subplots((len(shown) + 1) // 2, min(2, len(shown)))).ravel()
    for axes, name in zip(panels, shown, strict=False):
        table = runs.pivot_table(index=down, columns=across, values=name, aggfunc="mean")
        image = axes.imshow(table.to_numpy(float), origin="lower", aspect="auto", cmap="cividis")
        axes.set_xticks(range(len(table.columns)), [f"{value:g}" for value in table.columns], fontsize=8)
        axes.set_yticks(range(len(table.index)), [f"{value:g}" for value in table.index], fontsize=8)
        axes.set_xlabel(across, fontsize=8)
        axes.set_ylabel(down, fontsize=8)
        axes.set_title(name, loc="left", fontsize=9)
        figure.colorbar(image, ax=axes)
    for axes in panels[len(shown) :]:
        axes.set_visible(False)
    return _noted(figure, f"{down} and {across}")


def _areas(runs: pd.DataFrame, by: str) -> Figure | None:
    """Glucose area, insulin area and resistance of every person, in space."""
    resistance = next((name for name in RESISTANCE if name in runs), None)
    if resistance is None or any(name not in runs for name in AREAS):
        return None
    known = runs.dropna(subset=[*AREAS, resistance])
    if known.empty:
        return None
    figure = new_figure(8.0, 7.0)
    axes = figure.add_subplot(projection="3d")
    groups = OF_CLASSES if OF_CLASSES in known else by
    for place, (group, rows) in enumerate(known.groupby(groups)):
        name = GlucoseClass(int(group)).name.lower() if groups == OF_CLASSES else str(group)  # type: ignore[arg-type]
        points = (rows[AREAS[0]], rows[AREAS[1]], rows[resistance])
        axes.scatter(*points, color=COLOURS[place % len(COLOURS)], marker="os^D"[place % 4], label=cut_short(name))  # type: ignore[arg-type]
    axes.set_xlabel("glucose area (mmol*min/L)", fontsize=8)
    axes.set_ylabel("insulin area (pmol*min/L)", fontsize=8)
    axes.set_zlabel(resistance, fontsize=8)
    axes.legend(fontsize=8, frameon=False)
    return _noted(figure, "Glucose, insulin and resistance")


def tornado(bars: Mapping[str, Sequence[Bar]], meaning: str) -> Figure:
    """Draw for each measure which numbers move it most, with intervals of confidence."""
    longest = max(len(one) for one in bars.values())
    figure = new_figure(6.0 * len(bars), 1.2 + 0.35 * longest)
    for axes, (measure, one) in zip(np.atleast_1d(figure.subplots(1, len(bars))).flat, bars.items(), strict=True):
        ordered = sorted(one, key=lambda bar: bar.size)
        sizes, errors = [bar.size for bar in ordered], [bar.confidence for bar in ordered]
        axes.barh([bar.name for bar in ordered], sizes, xerr=errors, color=BLUE, ecolor=GREY)
        dress(axes, measure, "")
        axes.grid(visible=False, axis="y")
        axes.set_xlabel(meaning)
    return _noted(figure, "What moves it")
