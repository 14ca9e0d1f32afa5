"""Pictures of a dish: time courses, dose-response and Scatchard plots, with published points; from the tables alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from insulin_abm.assays import QUANTITIES
from insulin_abm.results import drawing, names
from insulin_abm.results.dish_measures import EFFECTS, FEWEST_DOSES
from insulin_abm.results.drawing import BLACK, COLOURS, GREY, STYLES, TimeAxis, dress
from insulin_abm.results.kinetics import scatchard
from insulin_abm.results.results import Results
from insulin_abm.scenario.medium import ONLY_WELL
from insulin_abm.scenario.published import DOSE, GLUCOSE, TIME, Published

WIDTH, HEIGHT = 10.0, 3.2
NOTE = "points with error bars: published; model output, not medical advice"
SHADES = "shades: from the 10th to the 90th percentile over cells"
RELATIVE = "relative to the start"
RIBBON = 0.3
"""How dark the ribbons of all wells are together."""
LEAST_CHANGE = 0.01
"""What changes by less than this share is not drawn over time."""
PMOL_PER_NMOL = 1e3
OUTCOMES = tuple(name for name in EFFECTS if name not in ("signal", "surface_glut4"))
"""What cells do in the end: signal and GLUT4 only lead to it."""
QUANTITIES_DRAWN = ("total_receptors", "surface_receptors", "internal_receptors", *EFFECTS)

UNITS = {quantity.name: quantity.unit for quantity in QUANTITIES}
TITLES = {quantity.name: quantity.name.replace("_", " ").capitalize() for quantity in QUANTITIES}


def draw_dish(results: Results, extra: Sequence[Published] = ()) -> list[Path]:
    """Draw every picture that the tables have something for, and give their paths.

    Parameters
    ----------
    results : Results
        Of a dish.
    extra : sequence of Published
        Further points.
    """
    figures = {
        names.TIME_COURSE: time_course(results, extra),
        names.DOSE_RESPONSE: dose_response(results, extra),
        names.SCATCHARD: scatchard_plot(results),
    }
    paths = []
    for name, figure in figures.items():
        if figure is not None:
            path = results.folder / names.FIGURES / name
            drawing.save_figure(figure, path)
            paths.append(path)
    return paths


def time_course(results: Results, extra: Sequence[Published] = ()) -> Figure:
    """Draw over time what changes in the wells: receptors, signal, effects, and the response to test doses."""
    wells, responses = results.wells, _responses(results.tests)
    points = [point for point in (*_published(results), *extra) if point.x_unit == TIME]
    there = [name for name in QUANTITIES_DRAWN if _changes(wells, name)] or ["total_receptors"]
    time = TimeAxis(float(wells["time_min"].max()))
    rows = math.ceil((len(there) + bool(responses)) / 2)
    figure = drawing.new_figure(WIDTH, HEIGHT * rows)
    panels = list(figure.subplots(rows, 2, squeeze=False).flat)
    for axes, name in zip(panels, there, strict=False):
        own = [point for point in points if point.quantity == name]
        relative = name.endswith("_receptors") or bool(own)
        groups = list(wells.groupby("well", sort=False))
        for number, (label, well) in enumerate(groups):
            start = _start(well, name) if relative else 1.0
            _curve(axes, time, well, name, str(label), number, start, RIBBON / (1 + len(groups)))
        for point in own:
            _point(axes, point, time.of)
        dress(axes, TITLES[name], RELATIVE if relative else UNITS[name])
        if axes is panels[0]:
            axes.legend(fontsize=drawing.TEXT_SIZE - 1.5, frameon=False)
        elif own:
            axes.legend(handles=axes.containers, fontsize=drawing.TEXT_SIZE - 1.5, frameon=False)
    if responses:
        _draw_responses(panels[len(there)], time, responses)
    for axes in panels[: len(there) + bool(responses)]:
        time.apply(axes, label=True)
    for axes in panels[len(there) + bool(responses) :]:
        axes.set_visible(False)
    _caption(figure, results, f"{SHADES}; {NOTE}")
    return figure


def _responses(tests: pd.DataFrame) -> dict[str, pd.Series]:
    """Give what a test dose did each time, relative to the first time, by effect and well; at least three times."""
    answers = tests[tests["test"] == "response"]
    if answers["dose_pmol_per_l"].nunique() != 1 or answers["time_min"].nunique() < FEWEST_DOSES:
        return {}
    found = {}
    for well, one in answers.groupby("well", sort=False):
        for name in (name for name in OUTCOMES if name in one and not one[name].isna().any()):
            values = one.set_index("time_min")[name]
            found[TITLES[name] if well == ONLY_WELL else f"{TITLES[name]}, {well}"] = values / values.iloc[0]
    return found


def _draw_responses(axes: Axes, time: TimeAxis, responses: Mapping[str, pd.Series]) -> None:
    """Draw how the response to a test dose falls and returns."""
    for number, (label, values) in enumerate(responses.items()):
        colour = COLOURS[number % len(COLOURS)]
        axes.plot(time.of(values.index.to_numpy(float)), values, ".-", color=colour, linewidth=0.8, label=label)
    dress(axes, "Response to a fresh test dose", "relative to the first test")
    axes.legend(fontsize=drawing.TEXT_SIZE - 1.5, frameon=False)


def _curve(
    axes: Axes, time: TimeAxis, well: pd.DataFrame, name: str, label: str, number: int, start: float, shade: float
) -> None:
    """Draw a quantity of a well with its spread over cells, relative to what it was at the start."""
    mean, low, high = (well[f"{name}_{end}"].to_numpy(float) for end in ("mean", "p10", "p90"))
    minutes = time.of(well["time_min"].to_numpy(float))
    colour, style = COLOURS[number % len(COLOURS)], STYLES[number // len(COLOURS) % len(STYLES)]
    axes.plot(minutes, mean / start, style, color=colour, linewidth=1.5, label=label)
    axes.fill_between(minutes, low / start, high / start, color=colour, alpha=shade, linewidth=0.0)


def _start(well: pd.DataFrame, name: str) -> float:
    """What a quantity is drawn relative to: its first value, of receptors anywhere that of all of them."""
    of_what = "total_receptors" if name.endswith("_receptors") else name
    return float(well[f"{of_what}_mean"].iloc[0]) or 1.0


def dose_response(results: Results, extra: Sequence[Published] = ()) -> Figure | None:
    """Draw what cells do at the end against the dose of their medium, or of a test, each relative to its most."""
    curves = [*_doses_of_wells(results.wells), *_doses_of_tests(results.tests)]
    if not curves:
        return None
    figure = drawing.new_figure(WIDTH, 1.5 * HEIGHT)
    axes = figure.subplots(1, 1)
    substances = {unit for _, unit, _, _ in curves}
    for number, (label, unit, doses, effects) in enumerate(curves):
        x = doses / PMOL_PER_NMOL if unit == DOSE else doses
        colour, style = COLOURS[number % len(COLOURS)], STYLES[number // len(COLOURS) % len(STYLES)]
        axes.plot(x, effects, style, marker=".", color=colour, linewidth=1.5, label=label)
    points = [point for point in (*_published(results), *extra) if point.x_unit in substances]
    for point in points:
        _point(axes, point, _in_nmol if point.x_unit == DOSE else _as_it_is)
    of_insulin = DOSE in substances
    if of_insulin:
        axes.set_xscale("log")
    dress(axes, "Dose and response", "share of the largest change")
    axes.set_xlabel("insulin, nmol/L" if of_insulin else "glucose, mmol/L", fontsize=drawing.TEXT_SIZE)
    axes.legend(fontsize=drawing.TEXT_SIZE - 1.5, frameon=False)
    _caption(figure, results)
    return figure


def _in_nmol(pmol: float) -> float:
    return pmol / PMOL_PER_NMOL


def _as_it_is(dose: float) -> float:
    return dose


Dosed = tuple[str, str, np.ndarray, np.ndarray]
"""Label, unit of the dose, doses and effects from 0 to 1."""


def _doses_of_wells(wells: pd.DataFrame) -> Iterable[Dosed]:
    """What the wells that differ in dose do at the end."""
    end = wells[wells["time_min"] == wells["time_min"].max()]
    for column, unit in (("insulin_pmol_per_l", DOSE), ("glucose_mmol_per_l", GLUCOSE)):
        ordered = end.sort_values(column)
        doses = ordered[column].to_numpy(float)
        if len(np.unique(doses)) < FEWEST_DOSES:
            continue
        for name in ("bound_receptors", "total_receptors", "signal", *OUTCOMES):
            if _known(end, name):
                effects = ordered[f"{name}_mean"].to_numpy(float)
                yield from _from_zero_to_one(f"{TITLES[name]} in the medium", unit, doses, effects)


def _doses_of_tests(tests: pd.DataFrame) -> Iterable[Dosed]:
    """What test doses did, by the moment of the test and the well."""
    answers = tests[tests["test"] == "response"]
    for (minute, label), one in _groups(answers):
        ordered = one.sort_values("dose_pmol_per_l")
        doses = ordered["dose_pmol_per_l"].to_numpy(float)
        if len(np.unique(doses)) >= FEWEST_DOSES:
            for name in OUTCOMES:
                if name in ordered and not ordered[name].isna().any():
                    which = f"{TITLES[name]}, test at {drawing.duration(minute)}, {label}"
                    yield from _from_zero_to_one(which, DOSE, doses, ordered[name].to_numpy(float))


def _from_zero_to_one(label: str, unit: str, doses: np.ndarray, effects: np.ndarray) -> Iterable[Dosed]:
    """Scale effects to the largest change; on a logarithmic axis there is no dose of nothing."""
    change = effects - effects[0]
    most = np.abs(change).max()
    shown = doses > 0.0
    if most > 0.0:
        yield label, unit, doses[shown], np.abs(change)[shown] / most


def scatchard_plot(results: Results) -> Figure | None:
    """Draw bound over free against bound for every binding assay, with its straight line."""
    tests = results.tests
    on_ice = tests[(tests["test"] == "binding") & (tests["dose_pmol_per_l"] > 0.0)]
    assays = [(key, one) for key, one in _groups(on_ice) if len(one) >= FEWEST_DOSES]
    if not assays:
        return None
    figure = drawing.new_figure(WIDTH, 1.5 * HEIGHT)
    axes = figure.subplots(1, 1)
    for number, ((minute, well), one) in enumerate(assays):
        free = one["dose_pmol_per_l"].to_numpy(float) / PMOL_PER_NMOL
        bound = one["bound_receptors"].to_numpy(float)
        constant, sites = scatchard(free, bound)
        colour = COLOURS[number % len(COLOURS)]
        label = f"{well}, at {drawing.duration(minute)}: Kd {constant:.2f} nmol/L, {sites:,.0f} sites"
        axes.plot(bound, bound / free, ".", color=colour, label=label)
        axes.plot([0.0, sites], [sites / constant, 0.0], "-", color=colour, linewidth=1.0)
    dress(axes, "Scatchard plot of binding in the cold", "bound / free (receptors / (nmol/L))")
    axes.set_xlabel("insulin bound, molecules on a cell", fontsize=drawing.TEXT_SIZE)
    axes.set_xlim(left=0.0)
    axes.set_ylim(bottom=0.0)
    axes.legend(fontsize=drawing.TEXT_SIZE - 1.5, frameon=False)
    _caption(figure, results)
    return figure


def _published(results: Results) -> list[Published]:
    """Give the published points that the scenario names."""
    return [Published(**point) for point in results.manifest["scenario"]["published"]]


def _point(axes: Axes, point: Published, place: Callable[[float], float]) -> None:
    """Draw a published point with its spread."""
    x, low, high = (place(value) for value in (point.x, point.x_low, point.x_high))
    along = None if math.isnan(point.x_low) else [[x - low], [high - x]]
    up = None if math.isnan(point.y_low) else [[point.y - point.y_low], [point.y_high - point.y]]
    axes.errorbar(
        [x],
        [point.y],
        yerr=up,
        xerr=along,
        fmt="o",
        color=BLACK,
        markersize=4,
        capsize=3,
        linewidth=1.2,
        label=point.label,
    )


def _groups(tests: pd.DataFrame) -> Iterator[tuple[tuple[float, str], pd.DataFrame]]:
    """Give the tests of each moment and well."""
    for minute, of_moment in tests.groupby("time_min", sort=False):
        for well, one in of_moment.groupby("well", sort=False):
            yield (float(minute), str(well)), one  # type: ignore[arg-type]


def _known(table: pd.DataFrame, name: str) -> bool:
    return f"{name}_mean" in table and not table[f"{name}_mean"].isna().any()


def _changes(table: pd.DataFrame, name: str) -> bool:
    """Whether a quantity is known, and not the same all the time in all wells."""
    if not _known(table, name):
        return False
    values = table[f"{name}_mean"].to_numpy(float)
    return bool(np.ptp(values) > LEAST_CHANGE * np.abs(values).max())


def _caption(figure: Figure, results: Results, caption: str = NOTE) -> None:
    scenario = results.manifest["scenario"]
    title = f"{scenario['title']} ({scenario['line']}, seed {scenario['seed']})"
    figure.suptitle(title, fontsize=12, fontweight="bold")
    figure.supxlabel(caption, fontsize=8, color=GREY, x=0.99, ha="right")
