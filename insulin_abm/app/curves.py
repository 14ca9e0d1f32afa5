"""The chart of the people on the page as light SVG: their blood, liver and receptors, and what happens to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from insulin_abm.app.axis import LEFT, RIGHT, Axis, axis_of
from insulin_abm.app.life import Life
from insulin_abm.app.marks import STRIP_ROW, STRIP_TOP, marked, strip
from insulin_abm.app.model import PersonModel
from insulin_abm.app.svg import line, nice_above, number, svg, text
from insulin_abm.parameters import Registry
from insulin_abm.parameters.conversions import PERCENT
from insulin_abm.results.drawing import BLUE, GREEN, ORANGE, PURPLE, VERMILION

WIDTH = 560
PANEL_HEIGHT, PANEL_GAP = 50, 23
TICKS_UP = 2
STRETCHES = 130
"""A curve has two points in each of so many stretches of time, so that a year is drawn as fast as a day."""
DASHES = ("none", "5 3")
"""The person's lines and those of who is beside."""


@dataclass(frozen=True)
class Curve:
    """One line of a panel.

    Attributes
    ----------
    column : str
        Column of `timeseries.csv`.
    colour : str
        Of Okabe and Ito's colour-blind safe set.
    name : str
        What it is called where a panel has several.
    """

    column: str
    colour: str
    name: str = ""


@dataclass(frozen=True)
class ChartPanel:
    """Lines over one axis.

    Attributes
    ----------
    title, unit : str
        As shown.
    least_top : float
        The axis reaches at least up to here.
    curves : tuple of Curve
        The lines.
    relative : bool
        Whether the lines are shown in percent of where they began.
    usual : tuple of str
        Parameters that say from where to where the range is that is shaded.
    when : str
        When that range is the usual one.
    """

    title: str
    unit: str
    least_top: float
    curves: tuple[Curve, ...]
    relative: bool = False
    usual: tuple[str, ...] = ()
    when: str = ""


Drawn = tuple[Curve, str, np.ndarray, np.ndarray]
"""A line of somebody: its dashes, times and values."""

PANELS = (
    ChartPanel(
        "Glucose in plasma",
        "mmol/L",
        12.0,
        (Curve("plasma_glucose_mmol_per_l", BLUE),),
        usual=("measures.usual_glucose_low", "measures.usual_glucose_high"),
        when="two hours after a meal at the latest",
    ),
    ChartPanel(
        "Insulin in plasma",
        "pmol/L",
        400.0,
        (Curve("plasma_insulin_pmol_per_l", VERMILION),),
        usual=("measures.usual_fasting_insulin_low", "measures.usual_fasting_insulin_high"),
        when="fasting",
    ),
    ChartPanel("Glucagon in plasma", "pmol/L", 20.0, (Curve("plasma_glucagon_pmol_per_l", PURPLE),)),
    ChartPanel("Free fatty acids in plasma", "mmol/L", 0.8, (Curve("plasma_ffa_mmol_per_l", ORANGE),)),
    ChartPanel(
        "Surface receptors",
        "% of the start",
        120.0,
        (
            Curve("muscle_receptors_per_cell", BLUE, "muscle"),
            Curve("fat_receptors_per_cell", ORANGE, "fat"),
            Curve("liver_receptors_per_cell", GREEN, "liver"),
        ),
        relative=True,
    ),
    ChartPanel(
        "Glucose made by the body", "mmol/min", 1.2, (Curve("endogenous_glucose_production_mmol_per_min", GREEN),)
    ),
    ChartPanel("Glycogen in the liver", "mmol/L", 400.0, (Curve("liver_glycogen_mmol_per_l", GREEN),)),
)


def chart(model: PersonModel, span: str) -> str:
    """Draw the chart as SVG.

    Parameters
    ----------
    model : PersonModel
        The people.
    span : str
        How much of the past, of `SPANS`.
    """
    axis = axis_of(model, span)
    happens = marked(model.shown, axis)
    kinds = list(dict.fromkeys(mark for _, mark, _ in happens))
    top = STRIP_TOP + STRIP_ROW * len(kinds) - PANEL_GAP + 12
    parts = strip(axis, happens, kinds)
    for panel in PANELS:
        top += PANEL_GAP
        parts += [line(axis.x(time), top, axis.x(time), top + PANEL_HEIGHT, 0.35, "2 3") for time, _, _ in happens]
        parts += _panel(axis, panel, model.lives, top)
        top += PANEL_HEIGHT
    parts += [text(axis.x(time), top + 15, label, "middle") for time, label in axis.ticks()]
    return svg(WIDTH, round(top + 22), f"{model.clock}: {in_words(model)}", parts)


def in_words(model: PersonModel) -> str:
    """Say the last numbers of glucose and insulin."""
    return "; ".join(
        f"{model.letter(number)}glucose {life.series.last('plasma_glucose_mmol_per_l'):.2f} mmol/L, "
        f"insulin {life.series.last('plasma_insulin_pmol_per_l'):.0f} pmol/L"
        for number, life in enumerate(model.lives)
    )


def _panel(axis: Axis, panel: ChartPanel, lives: Sequence[Life], top: float) -> list[str]:
    drawn: list[Drawn] = []
    for life, dashes in zip(lives, DASHES, strict=False):
        for curve in panel.curves:
            scale = PERCENT / (life.series.first(curve.column) or 1.0) if panel.relative else 1.0
            times, values = life.series.few(curve.column, axis.first, STRETCHES)
            drawn.append((curve, dashes, times, values * scale))
    highest = nice_above(max(panel.least_top, *(float(values.max()) for _, _, _, values in drawn)))
    bottom = top + PANEL_HEIGHT
    per_unit = PANEL_HEIGHT / highest
    parts = [_usual(panel, lives[0].scenario.parameters, highest, top), *_heading(panel, drawn, top)]
    for tick in range(TICKS_UP + 1):
        value = highest * tick / TICKS_UP
        y = bottom - value * per_unit
        parts += [line(LEFT, y, RIGHT, y, 0.5 if tick == 0 else 0.15), text(LEFT - 6, y + 4, number(value), "end")]
    parts += [line(axis.x(time), bottom, axis.x(time), bottom + 4, 0.5) for time, _ in axis.ticks()]
    per_minute = (RIGHT - LEFT) / (axis.last - axis.first)
    for curve, dashes, times, values in drawn:
        across = LEFT + (times - axis.first).clip(0) * per_minute
        up = bottom - values * per_unit
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across.tolist(), up.tolist(), strict=True))
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{curve.colour}" stroke-width="1.8" '
            f'stroke-dasharray="{dashes}"/>'
        )
        parts.append(f'<circle cx="{across[-1]:.1f}" cy="{up[-1]:.1f}" r="3" fill="{curve.colour}"/>')
    return parts


def _heading(panel: ChartPanel, drawn: Sequence[Drawn], top: float) -> list[str]:
    """Say what the panel shows, and the last values; several people's with a stroke between them."""
    people: dict[str, list[str]] = {}
    for curve, _, _, values in drawn:
        people.setdefault(curve.name, []).append(number(float(values[-1])))
    said = ", ".join(f"{name} {' | '.join(values)}".strip() for name, values in people.items())
    return [
        text(LEFT, top - 6, f"{panel.title}, {panel.unit}"),
        text(RIGHT, top - 6, said, "end", "bold"),
    ]


def _usual(panel: ChartPanel, parameters: Registry, highest: float, top: float) -> str:
    """Shade the range that is usual."""
    if not panel.usual:
        return ""
    low, high = (min(parameters[name].value, highest) for name in panel.usual)
    y, height = top + PANEL_HEIGHT * (1.0 - high / highest), PANEL_HEIGHT * (high - low) / highest
    words = f"usual, {panel.when}: {number(low)} to {number(high)} {panel.unit}"
    return (
        f'<rect x="{LEFT}" y="{y:.1f}" width="{RIGHT - LEFT}" height="{height:.1f}" fill="{GREEN}" fill-opacity="0.15">'
        f"<title>{escape(words)}</title></rect>"
    )
