"""The curves of glucose and insulin as light SVG, with the meals and the insulin of the scenario marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from insulin_abm.app.model import PersonModel, Point
from insulin_abm.app.svg import line, nice_above, number, svg, text
from insulin_abm.parameters.conversions import MINUTES_PER_DAY, MINUTES_PER_HOUR
from insulin_abm.scenario import ScenarioEvent

WIDTH, LEFT, RIGHT = 520, 40, 498
STRIP_TOP, STRIP_ROW = 22, 11
PANEL_HEIGHT, PANEL_GAP = 108, 34
TICK_MINUTES = (5, 15, 30, 60, 120, 180, 240)
MOST_TICKS = 8
TICKS_UP = 4


@dataclass(frozen=True)
class Curve:
    """One quantity of the blood.

    Attributes
    ----------
    title, unit, colour : str
        As shown (colours of Okabe and Ito's colour-blind safe set).
    least_top : float
        The axis reaches at least up to here.
    of : callable
        Takes a point, gives the number.
    """

    title: str
    unit: str
    colour: str
    least_top: float
    of: Callable[[Point], float]


CURVES = (
    Curve("Glucose in plasma", "mmol/L", "#0072B2", 12.0, lambda point: point.glucose),
    Curve("Insulin in plasma", "pmol/L", "#D55E00", 400.0, lambda point: point.insulin),
)


@dataclass(frozen=True)
class Mark:
    """How a kind of event is marked."""

    name: str
    colour: str


FOOD, INSULIN, OTHER = Mark("meal", "#009E73"), Mark("insulin dose", "#CC79A7"), Mark("other", "#E69F00")
MARKS = {
    "eat": FOOD,
    "drink_glucose": FOOD,
    "infuse_glucose": FOOD,
    "inject_insulin": INSULIN,
    "infuse_insulin": INSULIN,
    "infuse_insulin_iv": INSULIN,
}


@dataclass(frozen=True)
class Axis:
    """The time that is shown, in minutes after the start of the scenario."""

    first: int
    last: int
    start_min_of_day: int

    def x(self, time: float) -> float:
        """Where a minute is."""
        return LEFT + (time - self.first) / (self.last - self.first) * (RIGHT - LEFT)

    def ticks(self) -> Iterator[tuple[int, str]]:
        """Round times of day."""
        length = self.last - self.first
        step = next((step for step in TICK_MINUTES if length / step <= MOST_TICKS), TICK_MINUTES[-1])
        for time in range(self.first, self.last + 1):
            minute = (self.start_min_of_day + time) % MINUTES_PER_DAY
            if minute % step == 0:
                yield time, f"{minute // MINUTES_PER_HOUR:02d}:{minute % MINUTES_PER_HOUR:02d}"


def axis_of(model: PersonModel) -> Axis:
    """Show the whole scenario, of a longer one than a day the last day."""
    length = min(model.shown.duration_min, MINUTES_PER_DAY)
    first = max(0, model.time - length)
    return Axis(first, first + length, model.shown.start_min_of_day)


def curves_picture(model: PersonModel) -> str:
    """Draw the curves as SVG."""
    axis = axis_of(model)
    points = [point for point in model.points if point.time >= axis.first]
    marked = list(_marked(model.shown.events, axis))
    kinds = list(dict.fromkeys(mark for _, mark, _ in marked))
    top = STRIP_TOP + STRIP_ROW * len(kinds)
    parts = _strip(axis, marked, kinds)
    for curve in CURVES:
        top += PANEL_GAP
        parts += [line(axis.x(time), top, axis.x(time), top + PANEL_HEIGHT, 0.35, "2 3") for time, _, _ in marked]
        parts += _panel(axis, curve, points, top)
        top += PANEL_HEIGHT
    bottom = top
    parts += [text(axis.x(time), bottom + 16, label, "middle") for time, label in axis.ticks()]
    parts.append(text((LEFT + RIGHT) / 2, bottom + 33, "time of day", "middle"))
    now = points[-1]
    label = f"{model.clock}: glucose {now.glucose:.2f} mmol/L, insulin {now.insulin:.0f} pmol/L"
    return svg(WIDTH, round(bottom + 38), label, parts)


def _panel(axis: Axis, curve: Curve, points: Sequence[Point], top: float) -> list[str]:
    values = [curve.of(point) for point in points]
    highest = nice_above(max(curve.least_top, *values))
    bottom = top + PANEL_HEIGHT

    def y(value: float) -> float:
        return bottom - value / highest * PANEL_HEIGHT

    parts = [
        text(LEFT, top - 9, f"{curve.title}, {curve.unit}"),
        text(RIGHT, top - 9, f"{number(values[-1])} {curve.unit}", "end", "bold"),
    ]
    for tick in range(TICKS_UP + 1):
        value = highest * tick / TICKS_UP
        parts += [line(LEFT, y(value), RIGHT, y(value), 0.5 if tick == 0 else 0.15)]
        parts += [text(LEFT - 6, y(value) + 4, number(value), "end")]
    parts += [line(axis.x(time), bottom, axis.x(time), bottom + 4, 0.5) for time, _ in axis.ticks()]
    path = " ".join(f"{axis.x(point.time):.1f},{y(value):.1f}" for point, value in zip(points, values, strict=True))
    parts.append(f'<polyline points="{path}" fill="none" stroke="{curve.colour}" stroke-width="2"/>')
    parts.append(f'<circle cx="{axis.x(points[-1].time):.1f}" cy="{y(values[-1]):.1f}" r="3.5" fill="{curve.colour}"/>')
    return parts


def _marked(events: Sequence[ScenarioEvent], axis: Axis) -> Iterator[tuple[int, Mark, str]]:
    """Give all that happens within the time shown: when, how it is marked, and in words."""
    for happening in events:
        mark = MARKS.get(happening.kind, OTHER)
        words = f"{happening.kind.replace('_', ' ')}: {_in_words(happening.arguments)}"
        time = happening.time_min
        while time <= axis.last:
            if time >= axis.first:
                yield time, mark, words
            if happening.every_min is None:
                break
            time += happening.every_min


def _in_words(arguments: Mapping[str, object]) -> str:
    foods = arguments.get("foods")
    if isinstance(foods, dict):
        return ", ".join(f"{name.replace('_', ' ')} {grams:g} g" for name, grams in foods.items())
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in arguments.items())


def _strip(axis: Axis, marked: Sequence[tuple[int, Mark, str]], kinds: Sequence[Mark]) -> list[str]:
    """Draw the row of marks above the curves, one line of it for each kind, and what they mean."""
    parts = []
    x = float(LEFT)
    for mark in kinds:
        parts.append(_triangle(x + 5, 4, mark, mark.name))
        parts.append(text(x + 15, 13, mark.name))
        x += 110
    for time, mark, words in marked:
        y = STRIP_TOP + STRIP_ROW * kinds.index(mark)
        parts.append(_triangle(axis.x(time), y, mark, words))
    return parts


def _triangle(x: float, y: float, mark: Mark, words: str) -> str:
    return f'<path d="M{x - 5:.1f} {y:.1f} h10 l-5 9 z" fill="{mark.colour}"><title>{escape(words)}</title></path>'
