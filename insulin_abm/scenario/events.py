"""Meals, insulin and pumps: from the tables of a scenario to events, which are plain data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from insulin_abm.parameters import Fault, Faults, Food, QuantityError, Registry, find_food, quantity
from insulin_abm.parameters.quantities import shown
from insulin_abm.person import INSULINS, HabitEvent, Habits, Person, energy_need
from insulin_abm.scenario.reader import Reader
from insulin_abm.scenario.times import clock_minute, clock_text, minute_after_start, whole_minutes

NO_PUMP = {"units_per_hour": 0.0}


@dataclass(frozen=True)
class ScenarioEvent:
    """Something that happens in a scenario.

    Attributes
    ----------
    time_min : int
        When, in minutes after the start; it acts on the minutes after.
    kind : str
        Kind of event: ``eat``, ``drink_glucose``, ``inject_insulin``, ``infuse_insulin``.
    arguments : mapping
        What the event needs, such as ``{"foods": {"white_rice": 150.0}}`` in g.
    every_min : int or None
        It comes again after so many minutes (None: once).
    """

    time_min: int
    kind: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    every_min: int | None = None


@dataclass(frozen=True)
class Course:
    """The time that a scenario covers.

    Attributes
    ----------
    start_min_of_day : int
        Clock time of minute 0.
    duration_min : int
        Length.
    """

    start_min_of_day: int
    duration_min: int


def read_events(
    scenario: Reader, course: Course, habits: Habits, parameters: Registry, drugs: Sequence[str]
) -> tuple[ScenarioEvent, ...]:
    """Read ``[[meals]]``, ``[[insulin]]``, ``[pump]`` and ``[[drugs]]`` of a scenario, in order of time.

    From minute 0 on only what is written there happens: a pump of the habits stops, unless the scenario has one.
    """
    events = []
    has_pump = False
    for reader in scenario.tables("pump", single=True):
        at = read_time(reader, course) if reader.has("at") else 0
        rate = _rate(reader, parameters)
        events.append(ScenarioEvent(at, "infuse_insulin", rate))
        has_pump = has_pump or at == 0
        reader.finish()
    if not has_pump and any(event.kind == "infuse_insulin" for event in habits.events):
        events.insert(0, ScenarioEvent(0, "infuse_insulin", NO_PUMP))
    for name, read in (("insulin", _insulin), ("drugs", partial(_drug, known=drugs)), ("meals", _meal)):
        for reader in scenario.tables(name):
            at = read_time(reader, course)
            every = reader.read("every", partial(read_period, parameters=parameters), None)
            until = read_until(reader, course, at)
            for kind, arguments in read(reader, parameters):
                events += repeated(ScenarioEvent(at, kind, arguments, every), until, course)
            reader.finish()
    return tuple(sorted(events, key=lambda event: event.time_min))


def read_habits(scenario: Reader, usual: Reader, person: Person, parameters: Registry) -> Habits:
    """Read the usual day: what ``[habits]`` does not say is taken from the day that is usual.

    The meals of the usual day are those of the usual person; another person eats of them by the need of energy. Meals
    that a scenario writes are eaten as they are written.

    Parameters
    ----------
    scenario, usual : Reader
        The table ``[habits]`` of the scenario, and the shipped usual day.
    person : Person
        Who eats.
    parameters : Registry
        Where the limits are.
    """
    events = []
    share = energy_need(person, parameters) / energy_need(Person(), parameters)
    for name, read in (("insulin", _insulin), ("meals", _meal)):
        given = scenario.has(name)
        for reader in (scenario if given else usual).tables(name):
            minute = reader.read("at", clock_minute, 0)
            if "at" not in reader.values:
                reader.refuse("at", "is missing", 'Write the clock time, such as at = "07:00"')
            for kind, arguments in read(reader, parameters):
                events.append(HabitEvent(minute, kind, arguments if given else _eaten_share(arguments, share)))
            reader.finish()
    if scenario.has("pump"):
        pump = scenario.table("pump")
        events.insert(0, HabitEvent(0, "infuse_insulin", _rate(pump, parameters)))
        pump.finish()
    scenario.finish()
    return Habits(tuple(sorted(events, key=lambda event: event.minute_of_day)))


def read_time(reader: Reader, course: Course) -> int:
    """Read ``at`` and refuse what would never act."""
    if not reader.has("at"):
        reader.refuse("at", "is missing", 'Write when, such as at = "07:00" or at = "90 min"')
        return 0
    minute = reader.read("at", partial(minute_after_start, start_min_of_day=course.start_min_of_day), 0)
    if minute >= course.duration_min:
        end = clock_text(course.start_min_of_day + course.duration_min)
        at, length = shown(reader.values["at"]), course.duration_min
        problem = f"{at} is {minute} min after the start, but the scenario ends after {length} min"
        reader.refuse("at", problem, f"Write a time before the end ({end}) or a longer duration")
        return 0
    return minute


def read_until(reader: Reader, course: Course, at: int) -> int:
    """Read ``until``: the minute at which something ends; the end of the scenario, if it is not said."""
    minute = reader.read(
        "until", partial(minute_after_start, start_min_of_day=course.start_min_of_day), course.duration_min
    )
    if minute > course.duration_min:
        reader.refuse("until", "is after the end of the scenario", "Write an earlier time, or leave it out")
    elif minute <= at:
        reader.refuse("until", "is not after at", "Write a later time")
    return minute


def repeated(event: ScenarioEvent, until: int, course: Course) -> Iterator[ScenarioEvent]:
    """Give an event that comes again and again, until a minute."""
    if event.every_min is None or until >= course.duration_min:
        yield event
        return
    for minute in range(event.time_min, until, event.every_min):
        yield ScenarioEvent(minute, event.kind, event.arguments)


def read_period(value: object, parameters: Registry) -> int | None:
    """Read ``every``: a time that can pass in a scenario."""
    minutes = whole_minutes(value)
    parameters["scenario.duration"].read(f"{minutes} min")
    return minutes


def _meal(reader: Reader, parameters: Registry) -> list[tuple[str, dict[str, Any]]]:
    """Read what is eaten."""
    events: list[tuple[str, dict[str, Any]]] = []
    if reader.has("foods"):
        table = reader.table("foods")
        portions: dict[str, float] = {}
        for name, amount in table.values.items():
            try:
                food = find_food(name)
                grams = food_grams(food, amount, parameters)
            except Faults as faults:
                reader.faults.extend(Fault(table.at(name), fault.problem, fault.hint) for fault in faults.faults)
            except QuantityError as error:
                table.refuse(name, error.problem, error.hint)
            else:
                portions[food.name] = portions.get(food.name, 0.0) + grams
        if not table.values:
            reader.refuse("foods", "is empty", 'Write for example foods = { white_rice = "150 g" }')
        events.append(("eat", {"foods": portions}))
    if reader.has("glucose_drink"):
        grams = reader.quantity("glucose_drink", parameters["scenario.glucose_drink"])
        events.append(("drink_glucose", {"grams": grams}))
    if not events and set(reader.values) <= {"at", "every"}:
        reader.faults.append(Fault(reader.place, "says nothing to eat or drink", "Give foods or glucose_drink"))
    return events


def food_grams(food: Food, amount: object, parameters: Registry) -> float:
    """Give a portion in g; drinks may be measured in mL.

    Raises
    ------
    QuantityError
        It is no portion.
    """
    portion = parameters["scenario.portion"]
    if food.density > 0.0 and isinstance(amount, str):
        try:
            grams = quantity(amount, "mL", example=250) * food.density
        except QuantityError:
            grams = math.nan
        if not math.isnan(grams):
            return portion.read(f"{grams!r} g")
    try:
        return portion.read(amount)
    except QuantityError as error:
        drink = " (or mL of a drink)" if food.density > 0.0 else ""
        raise QuantityError(error.problem, f"{error.hint}{drink}") from error


def _eaten_share(arguments: Mapping[str, Any], share: float) -> dict[str, Any]:
    """Give the share that a person eats of a meal of the usual day."""
    return {"foods": {food: grams * share for food, grams in arguments["foods"].items()}}


def _insulin(reader: Reader, parameters: Registry) -> list[tuple[str, dict[str, Any]]]:
    """Read an injection."""
    if "dose" not in reader.values:
        reader.refuse("dose", "is missing", 'Write for example dose = "6 U"')
    units = reader.quantity("dose", parameters["scenario.insulin_dose"])
    return [("inject_insulin", {"units": units, "kind": reader.text("kind", "rapid", INSULINS)})]


def _drug(reader: Reader, parameters: Registry, known: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
    """Read a dose of a drug that comes with the program, or that a file of ``use`` defines."""
    for key, example in (("name", 'name = "MyDrug"'), ("dose", 'dose = "500 mg"')):
        if key not in reader.values:
            reader.refuse(key, "is missing", f"Write for example {example}")
    name = reader.text("name", "", known)
    milligrams = reader.quantity("dose", parameters["scenario.drug_dose"])
    return [("take_drug", {"drug": name, "milligrams": milligrams})]


def _rate(reader: Reader, parameters: Registry) -> dict[str, float]:
    """Read the rate of a pump."""
    if "rate" not in reader.values:
        reader.refuse("rate", "is missing", 'Write for example rate = "0.6 U/h"')
    return {"units_per_hour": reader.quantity("rate", parameters["scenario.pump_rate"])}
