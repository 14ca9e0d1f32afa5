"""Pictures of a dish: time courses, dose-response and Scatchard plots, with published points; from the tables alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from insulin_abm.cell_quantities import QUANTITIES
from insulin_abm.kinetics import scatchard
from insulin_abm.parameters.conversions import PMOL_PER_NMOL
from insulin_abm.results import drawing, names
from insulin_abm.results.dish_measures import EFFECTS, FEWEST_DOSES, binding_assays, by_moment_and_well, is_known
from insulin_abm.results.drawing import BLACK, COLOURS, GREY, STYLES, FloatOrArray, TimeAxis, dress
from insulin_abm.results.results import Results
from insulin_abm.scenario.medium import ONLY_WELL
from insulin_abm.scenario.published import DOSE, GLUCOSE, TIME, Published

WIDTH, HEIGHT = 10.0, 3.2
NOTE = "points with error bars: published; model output, not medical advice"
SHADES = "shades: from the 10th to the 90th percentile over cells"
RELATIVE = "relative to the start"
RIBBON = 0.3
"""How dark the ribbons of all wells are together."""
LEAST_SEEN = 0.01
"""What changes by less than this share is not drawn over time."""
OUTCOMES = tuple(name for name in EFFECTS if name not in ("signal", "surface_glut4"))
"""What cells do in the end: signal and GLUT4 only lead to it."""
QUANTITIES_DRAWN = ("total_receptors", "surface_receptors", "internal_receptors", *EFFECTS)

UNITS = {quantity.name: "share" if quantity.unit == "1" else quantity.unit for quantity in QUANTITIES}
TITLES = {q.name: q.name.replace("_", " ").capitalize().replace("glut4", "GLUT4") for q in QUANTITIES}


def draw_dish(
    results: Results,
    extra: Sequence[Published] = (),
    forms: Sequence[names.FigureForm] = (names.FigureForm.PNG,),
) -> list[Path]:
    """Draw every picture that the tables have something for, and give their paths.

    Parameters
    ----------
    results : Results
        Of a dish.
    extra : sequence of Published
        Further points.
    forms : sequence of FigureForm
        How each picture is kept.
    """
    figures = {
        names.TIME_COURSE: time_course(results, extra),
        names.DOSE_RESPONSE: dose_response(results, extra),
        names.SCATCHARD: scatchard_plot(results),
    }
    paths: list[Path] = []
    for name, figure in figures.items():
        if figure is not None:
            paths += drawing.save_figure(figure, results.folder / names.FIGURES / name, forms)
    return paths


def time_course(results: Results, extra: Sequence[Published] = ()) -> Figure:
    """Draw over time what changes in the wells: receptors, signal, effects, and the response to test doses."""
    wells, responses = results.wells, _responses(results.tests)
    published = [point for point in _published(results) if point.x_unit == TIME]
    points = [*published, *(point for point in extra if point.x_unit == TIME)]
    asked = {point.quantity for point in points}
    asked |= {"total_receptors"}
    there = [name for name in UNITS if name in asked or (name in QUANTITIES_DRAWN and _changes(wells, name))]
    there = [name for name in there if is_known(wells, name)]
    time = TimeAxis(float(wells["time_min"].max()))
    rows = math.ceil((len(there) + bool(responses)) / 2)
    figure = drawing.new_figure(WIDTH, HEIGHT * rows)
    panels = list(figure.subplots(rows, 2, squeeze=False).flat)
    for axes, name in zip(panels, there, strict=False):
        own = [point for point in points if point.quantity == name]
        relative = name.endswith("_receptors") or any(point.quantity == name for point in published)
        groups = list(wells.groupby("well", sort=False))
        for number, (label, well) in enumerate(groups):
            start = _start(well, name) if relative else 1.0
            _curve(axes, time, well, name, str(label), number, start, RIBBON / (1 + len(groups)))
        for point in own:
            _point(axes, point, time.of)
        dress(axes, TITLES[name], RELATIVE if relative else UNITS[name])
        if axes is panels[0] and len(groups) > 1:
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
        axes.plot(time.of(values.index.to_numpy(float)), values, ".", color=colour, label=label)
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
    first = float(well[f"{of_what}_mean"].iloc[0])
    return first if first else 1.0  # nothing can be drawn relative to nothing


def dose_response(results: Results, extra: Sequence[Published] = ()) -> Figure | None:
    """Draw what cells do at the end against the dose of their medium, or of a test, each relative to its most."""
    curves = [*_doses_of_wells(results.wells), *_doses_of_tests(results.tests)]
    units = list(dict.fromkeys(unit for _, _, unit, _, _ in curves))
    if not curves:
        return None
    points = [*_published(results), *extra]
    figure = drawing.new_figure(WIDTH, 1.5 * HEIGHT * len(units))
    for axes, unit in zip(figure.subplots(len(units), 1, squeeze=False).flat, units, strict=True):
        place = _in_nmol if unit == DOSE else _as_it_is
        of_unit = [curve for curve in curves if curve[2] == unit]
        for number, (_, label, _, doses, effects) in enumerate(of_unit):
            colour, style = COLOURS[number % len(COLOURS)], STYLES[number // len(COLOURS) % len(STYLES)]
            axes.plot(place(doses), effects, style, marker=".", color=colour, linewidth=1.5, label=label)
        colours = {name: COLOURS[k % len(COLOURS)] for k, (name, *_) in reversed(list(enumerate(of_unit)))}
        for point in (point for point in points if point.x_unit == unit and point.quantity in colours):
            _point(axes, point, place, colours[point.quantity])
        if unit == DOSE:
            axes.set_xscale("log")
        dress(axes, "Dose and response", "share of the largest change")
        axes.set_xlabel("insulin, nmol/L" if unit == DOSE else "glucose, mmol/L", fontsize=drawing.TEXT_SIZE)
        axes.legend(fontsize=drawing.TEXT_SIZE - 1.5, frameon=False)
    _caption(figure, results)
    return figure


def quantities_dosed(results: Results) -> set[str]:
    """Give the quantities of which a response to doses of insulin is drawn."""
    curves = [*_doses_of_wells(results.wells), *_doses_of_tests(results.tests)]
    return {name for name, _, unit, _, _ in curves if unit == DOSE}


def _in_nmol(pmol: FloatOrArray) -> FloatOrArray:
    return pmol / PMOL_PER_NMOL  # type: ignore[return-value]


def _as_it_is(dose: FloatOrArray) -> FloatOrArray:
    return dose


Dosed = tuple[str, str, str, np.ndarray, np.ndarray]
"""Quantity, label, unit of the dose, doses and effects from 0 to 1."""


def _doses_of_wells(wells: pd.DataFrame) -> Iterable[Dosed]:
    """What the wells that differ in dose do at the end."""
    end = wells[wells["time_min"] == wells["time_min"].max()]
    for column, unit in (("insulin_pmol_per_l", DOSE), ("glucose_mmol_per_l", GLUCOSE)):
        ordered = end.sort_values(column)
        doses = ordered[column].to_numpy(float)
        if len(np.unique(doses)) < FEWEST_DOSES:
            continue
        for name in ("bound_receptors", "total_receptors", "signal", *OUTCOMES):
            if is_known(end, name):
                change = _change(ordered[f"{name}_mean"].to_numpy(float), doses)
                yield from _scaled(name, _called(name, change), unit, doses, change, np.abs(change).max())


def _doses_of_tests(tests: pd.DataFrame) -> Iterable[Dosed]:
    """What test doses did, by the moment of the test and the well, relative to the most that any test did."""
    answers = tests[tests["test"] == "response"]
    groups = [(key, one.sort_values("dose_pmol_per_l")) for key, one in by_moment_and_well(answers)]
    groups = [(key, one) for key, one in groups if one["dose_pmol_per_l"].nunique() >= FEWEST_DOSES]
    for name in (name for name in OUTCOMES if groups and name in answers and not answers[name].isna().any()):
        doses = [one["dose_pmol_per_l"].to_numpy(float) for _, one in groups]
        changes = [_change(one[name].to_numpy(float), dose) for (_, one), dose in zip(groups, doses, strict=True)]
        most = max(float(np.abs(change).max()) for change in changes)
        for ((minute, label), _), dose, change in zip(groups, doses, changes, strict=True):
            which = f"{_called(name, change)}, test at {drawing.duration(minute)}, {label}"
            yield from _scaled(name, which, DOSE, dose, change, most)


def _change(effects: np.ndarray, doses: np.ndarray) -> np.ndarray:
    """What doses changed: against no dose if there is one, else the effects as they are."""
    return effects - effects[0] if doses[0] == 0.0 else effects


def _called(name: str, change: np.ndarray) -> str:
    """What a curve is called: what falls, by its fall."""
    return f"Fall of {TITLES[name].lower()}" if change[-1] < 0.0 else TITLES[name]


def _scaled(name: str, label: str, unit: str, doses: np.ndarray, change: np.ndarray, most: float) -> Iterable[Dosed]:
    """Scale changes to the largest one; on a logarithmic axis there is no dose of nothing."""
    shown = doses > 0.0
    if most > 0.0:
        yield name, label, unit, doses[shown], np.abs(change)[shown] / most


def scatchard_plot(results: Results) -> Figure | None:
    """Draw bound over free against bound for every binding assay, with its straight line."""
    assays = binding_assays(results.tests)
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


def _point(axes: Axes, point: Published, place: Callable[[float], float], colour: str = BLACK) -> None:
    """Draw a published point with its spread; the next one of the same source needs no entry in the legend."""
    x, low, high = (place(value) for value in (point.x, point.x_low, point.x_high))
    along = None if math.isnan(point.x_low) else [[x - low], [high - x]]
    up = None if math.isnan(point.y_low) else [[point.y - point.y_low], [point.y_high - point.y]]
    known = {container.get_label() for container in axes.containers}
    label = drawing.cut_short(point.label)
    axes.errorbar(
        [x],
        [point.y],
        yerr=up,
        xerr=along,
        label="_" if label in known else label,
        fmt="o",
        color=colour,
        markersize=4,
        capsize=3,
        linewidth=1.2,
    )


def _changes(table: pd.DataFrame, name: str) -> bool:
    """Whether a quantity is known, and not the same all the time in all wells."""
    if not is_known(table, name):
        return False
    values = table[f"{name}_mean"].to_numpy(float)
    return bool(np.ptp(values) > LEAST_SEEN * np.abs(values).max())


def _caption(figure: Figure, results: Results, caption: str = NOTE) -> None:
    scenario = results.manifest["scenario"]
    title = f"{scenario['title']} ({scenario['line']}, seed {scenario['seed']})"
    figure.suptitle(title, fontsize=12, fontweight="bold")
    figure.supxlabel(caption, fontsize=8, color=GREY, x=0.99, ha="right")
