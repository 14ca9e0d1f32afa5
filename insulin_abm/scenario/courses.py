"""What goes on for weeks and years: usual meals in other amounts, infusions, exercise; from tables to events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from insulin_abm.parameters import Registry
from insulin_abm.parameters.conversions import MINUTES_PER_DAY
from insulin_abm.person import Habits
from insulin_abm.scenario.events import Course, ScenarioEvent, read_period, read_time, read_until, repeated
from insulin_abm.scenario.reader import Reader

MEALS = ("eat", "drink_glucose")


def read_courses(scenario: Reader, course: Course, habits: Habits, parameters: Registry) -> list[ScenarioEvent]:
    """Read ``[[usual_meals]]``, ``[[infusions]]`` and ``[[exercise]]``.

    Parameters
    ----------
    scenario : Reader
        The scenario.
    course : Course
        Its time.
    habits : Habits
        What the person usually eats, and when.
    parameters : Registry
        Where the limits are.
    """
    events: list[ScenarioEvent] = []
    for name, read in (("usual_meals", _usual_meals), ("infusions", _infusion), ("exercise", _exercise)):
        for reader in scenario.tables(name):
            at = read_time(reader, course) if reader.has("at") else 0
            until = read_until(reader, course, at)
            events += read(reader, course, habits, parameters, at, until)
            reader.finish()
    return events


def _usual_meals(
    reader: Reader, course: Course, habits: Habits, parameters: Registry, at: int, until: int
) -> Iterator[ScenarioEvent]:
    """Eat every day what is usual, all of it in another amount."""
    amount = reader.quantity("amount", parameters["scenario.amount"], 1.0)
    for habit in habits.events:
        if habit.kind in MEALS and amount > 0.0:
            first = (habit.minute_of_day - course.start_min_of_day - at) % MINUTES_PER_DAY + at
            event = ScenarioEvent(first, habit.kind, _scaled(habit.arguments, amount), MINUTES_PER_DAY)
            if first < until:
                yield from repeated(event, until, course)


def _scaled(arguments: Mapping[str, Any], amount: float) -> dict[str, Any]:
    if "foods" in arguments:
        return {"foods": {food: grams * amount for food, grams in arguments["foods"].items()}}
    return {"grams": arguments["grams"] * amount}


def _infusion(
    reader: Reader, course: Course, habits: Habits, parameters: Registry, at: int, until: int
) -> Iterator[ScenarioEvent]:
    """Infuse insulin or glucose into a vein, or hold glucose meanwhile."""
    if reader.has("insulin"):
        rate = reader.quantity("insulin", parameters["scenario.insulin_infusion"])
        yield ScenarioEvent(at, "infuse_insulin_iv", {"pmol_per_min": rate})
        if until < course.duration_min:
            yield ScenarioEvent(until, "infuse_insulin_iv", {"pmol_per_min": 0.0})
    if reader.has("glucose"):
        rate = reader.quantity("glucose", parameters["scenario.glucose_infusion"])
        yield ScenarioEvent(at, "infuse_glucose", {"mg_per_kg_min": rate})
        if until < course.duration_min:
            yield ScenarioEvent(until, "infuse_glucose", {"mg_per_kg_min": 0.0})
        if reader.has("hold_glucose"):
            reader.refuse("hold_glucose", "cannot go with glucose", "The clinic that holds glucose chooses the rate")
    if reader.has("hold_glucose"):
        held = reader.quantity("hold_glucose", parameters["clinic.clamp_glucose"])
        yield ScenarioEvent(at, "hold_glucose", {"mmol_per_l": held, "until": float(until)})
    if not any(reader.has(key) for key in ("insulin", "glucose", "hold_glucose")):
        hint = 'Write for example insulin = "300 pmol/min", or glucose, or hold_glucose'
        reader.refuse("insulin", "is missing", hint)


def _exercise(
    reader: Reader, course: Course, habits: Habits, parameters: Registry, at: int, until: int
) -> Iterator[ScenarioEvent]:
    """Exercise for some time, once or again and again."""
    every = reader.read("every", partial(read_period, parameters=parameters), None)
    length = round(reader.quantity("length", parameters["scenario.exercise_length"]))
    rate = reader.quantity("energy", parameters["scenario.exercise_energy"])
    if every is not None and every <= length:
        reader.refuse("every", "is not longer than length", "Let the person rest in between")
        return
    yield from repeated(ScenarioEvent(at, "exercise", {"kcal_per_min": rate}, every), until, course)
    yield from repeated(ScenarioEvent(at + length, "exercise", {"kcal_per_min": 0.0}, every), until + length, course)
