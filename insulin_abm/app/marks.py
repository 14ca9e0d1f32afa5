"""What happens to the person, marked above the chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from insulin_abm.app.axis import LEFT, Axis
from insulin_abm.app.svg import text
from insulin_abm.results.drawing import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION
from insulin_abm.scenario import Scenario

STRIP_TOP, STRIP_ROW, STRIP_COLUMN = 22, 11, 84


@dataclass(frozen=True)
class Mark:
    """How a kind of event is marked."""

    name: str
    colour: str


FOOD, INSULIN, DRUG = Mark("meal", GREEN), Mark("insulin", PURPLE), Mark("drug", BLUE)
EXERCISE, VISIT, OTHER = Mark("exercise", ORANGE), Mark("clinic", VERMILION), Mark("other", SKY)
MARKS = {
    "eat": FOOD,
    "drink_glucose": FOOD,
    "inject_insulin": INSULIN,
    "infuse_insulin": INSULIN,
    "infuse_insulin_iv": INSULIN,
    "take_drug": DRUG,
    "exercise": EXERCISE,
}
MOST_MARKS = 40
"""Of what comes again and again no more than this is marked."""


def marked(scenario: Scenario, axis: Axis) -> list[tuple[int, Mark, str]]:
    """Give all that happens within the time shown: when, how it is marked, and in words."""
    once, again = [], []
    for happening in scenario.events:
        mark = MARKS.get(happening.kind, OTHER)
        words = f"{happening.kind.replace('_', ' ')}: {_in_words(happening.arguments)}"
        every = happening.every_min
        if every is None:
            once.append((happening.time_min, mark, words))
        else:
            first = max(happening.time_min, axis.first + (happening.time_min - axis.first) % every)
            again += [(time, mark, words) for time in range(first, axis.last + 1, every)]
    once += [(visit.time_min, VISIT, f"clinic: {visit.name}") for visit in scenario.visits]
    seen = [one for one in once if axis.first <= one[0] <= axis.last]
    if len(seen) > MOST_MARKS:
        seen = [one for one in seen if one[1] in (DRUG, VISIT)][-MOST_MARKS:]
    return seen + (again if len(again) <= MOST_MARKS else [])


def _in_words(arguments: Mapping[str, object]) -> str:
    foods = arguments.get("foods")
    if isinstance(foods, dict):
        return ", ".join(f"{name.replace('_', ' ')} {grams:g} g" for name, grams in foods.items())
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in arguments.items())


def strip(axis: Axis, marked: Sequence[tuple[int, Mark, str]], kinds: Sequence[Mark]) -> list[str]:
    """Draw the row of marks above the curves, one line of it for each kind, and what they mean."""
    parts = []
    x = float(LEFT)
    for mark in kinds:
        parts.append(_triangle(x + 5, 4, mark, mark.name))
        parts.append(text(x + 15, 13, mark.name))
        x += STRIP_COLUMN
    for time, mark, words in marked:
        y = STRIP_TOP + STRIP_ROW * kinds.index(mark)
        parts.append(_triangle(axis.x(time), y, mark, words))
    return parts


def _triangle(x: float, y: float, mark: Mark, words: str) -> str:
    return f'<path d="M{x - 5:.1f} {y:.1f} h10 l-5 9 z" fill="{mark.colour}"><title>{escape(words)}</title></path>'
