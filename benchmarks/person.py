"""The person whose cells are counted and timed: a healthy adult who has just begun to eat."""

from __future__ import annotations

from insulin_abm.body import Body
from insulin_abm.making import CELL_CLASSES
from insulin_abm.scenario import Scenario

MORNING = """
start = "07:00"
duration = "24 h"
[person]
sex = "female"
age = "40 yr"
weight = "70 kg"
height = "170 cm"
body_fat = "26 %"
"""
PROPORTIONS = {"muscle": 300, "fat": 300, "liver": 250, "beta": 120, "alpha": 30}
BREAKFAST = {"bread": 80.0, "milk": 250.0}
MEALS_EVERY_MIN = 240


def cells_of(number: int) -> dict[str, int]:
    """So many cells in the usual proportions."""
    return {kind: number * part // sum(PROPORTIONS.values()) for kind, part in PROPORTIONS.items()}


def eating_body(number: int, threads: int = 1) -> Body:
    """A body of so many cells that has not settled; it eats again and again, so that insulin and glucose move."""
    scenario = Scenario.from_text(MORNING)
    body = Body(
        person=scenario.person,
        cells=cells_of(number),
        habits=scenario.habits,
        parameters=scenario.parameters,
        seed=1,
        start_min_of_day=scenario.start_min_of_day,
        threads=threads,
    )
    body.schedule("eat", at=1, every=MEALS_EVERY_MIN, foods=BREAKFAST)
    return body


def number_of_cells(body: Body) -> int:
    """How many cells a body has."""
    return sum(body.populations[cls].size for cls in CELL_CLASSES.values())
