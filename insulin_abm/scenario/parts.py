"""The parts of a scenario that are read on their own: the person, the parameters, lengths of time."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

from insulin_abm.parameters import Fault, Faults, Registry
from insulin_abm.person import MEASURES, SEXES, Person, predicted_body_fat
from insulin_abm.scenario.files import parse
from insulin_abm.scenario.merging import flat
from insulin_abm.scenario.reader import Reader
from insulin_abm.scenario.times import whole_minutes

_LIMITS = ("scenario.", "culture.")
"""Sites of what a scenario of a person and of a dish may ask for."""
_PERSON_KEYS = tuple(name.removeprefix("person.") for name in MEASURES.values())


def gather[Value](faults: list[Fault], read: Callable[[], Value], default: Value) -> Value:
    """Call what may raise `Faults`; gather them and go on with the default."""
    try:
        return read()
    except Faults as error:
        faults.extend(error.faults)
        return default


def usual_day() -> Reader:
    """Open the shipped usual day."""
    text = (files("insulin_abm.scenario") / "usual_day.toml").read_text("utf-8")
    return Reader(parse(text, "usual_day.toml"), "usual day", [])


def read_minutes(reader: Reader, key: str, parameters: Registry, limits: str) -> int:
    """Read a duration within the limits that a parameter has."""
    limit = parameters[limits]

    def read(value: object) -> int:
        minutes = whole_minutes(value)
        limit.read(f"{minutes} min")
        return minutes

    return reader.read(key, read, round(limit.value))


def read_person(reader: Reader, parameters: Registry) -> Person:
    """Read ``[person]``."""
    sex = reader.text("sex", "female", SEXES)
    measures = {
        measure: reader.quantity(name.removeprefix("person."), parameters[name]) for measure, name in MEASURES.items()
    }
    reader.finish()
    if "body_fat" not in reader.values:
        bmi = measures["weight_kg"] / measures["height_m"] ** 2
        measures["body_fat_fraction"] = predicted_body_fat(bmi, measures["age_years"], sex, parameters)
    return gather(reader.faults, lambda: Person(sex=sex, **measures), Person())


def read_parameters(scenario: Reader, known: Registry) -> Registry:
    """Read ``[parameters]``; names may be quoted or nested."""
    table = scenario.table("parameters")
    values = {}
    for name, value in flat(table.values):
        if name.startswith(_LIMITS):
            table.refuse(name, "is a limit of what a scenario may ask for", "It cannot be changed")
        elif name.startswith("person.") and name.removeprefix("person.") in _PERSON_KEYS:
            key = name.removeprefix("person.")
            table.refuse(name, "is a measure of the person", f"Write {key} below [person]")
        else:
            values[name] = value
    return gather(scenario.faults, lambda: known.changed(values, table.place), known)
