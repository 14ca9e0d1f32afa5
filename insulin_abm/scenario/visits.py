"""Visits to the clinic, as a scenario writes them: when, and what is done there to a copy of the person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from insulin_abm.parameters import Registry
from insulin_abm.parameters.faults import unknown
from insulin_abm.protocols.clinic import PROTOCOLS, Protocol, refusal_of_order
from insulin_abm.scenario.events import Course, read_period
from insulin_abm.scenario.reader import Reader
from insulin_abm.scenario.times import clock_text, minute_after_start


@dataclass(frozen=True)
class ScenarioVisit:
    """A visit.

    Attributes
    ----------
    time_min : int
        When, in minutes after the start.
    protocols : tuple of str
        What is done, one after the other.
    arguments : mapping of str to mapping
        All arguments of each protocol, as numbers in the units of their parameters.
    name : str
        What the tables call it; no two of the same minute have the same.
    """

    time_min: int
    protocols: tuple[str, ...]
    arguments: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    name: str = ""


def read_visits(scenario: Reader, course: Course, parameters: Registry) -> tuple[ScenarioVisit, ...]:
    """Read ``visits``: names of protocols, which begin at minute 0, or tables ``[[visits]]``; in order of time."""
    if not scenario.has("visits"):
        return ()
    written = scenario.values["visits"]
    if not isinstance(written, list):
        scenario.refuse("visits", "is not a list", 'Write visits = ["ogtt"], or [[visits]] above each one')
        return ()
    visits: list[ScenarioVisit] = []
    for number, one in enumerate(written, start=1):
        reader = Reader(_as_table(one), scenario.at(f"visits[{number}]"), scenario.faults)
        names = _names(reader)
        at = reader.read("at", partial(minute_after_start, start_min_of_day=course.start_min_of_day), 0)
        if at > course.duration_min:
            end = clock_text(course.start_min_of_day + course.duration_min)
            reader.refuse("at", f"is after the end ({end})", "Write a time up to the end, or a longer duration")
        every = reader.read("every", partial(read_period, parameters=parameters), None)
        arguments = {name: _arguments(reader, name, PROTOCOLS[name], parameters) for name in names}
        name = reader.text("name", "+".join(names))
        reader.finish()
        visits += [
            ScenarioVisit(minute, names, arguments, name)
            for minute in range(at, course.duration_min + 1, every or course.duration_min + 1)
        ]
    return _told_apart(sorted(visits, key=lambda visit: visit.time_min))


def _told_apart(visits: list[ScenarioVisit]) -> tuple[ScenarioVisit, ...]:
    """Number visits of the same name in the same minute."""
    seen: Counter[tuple[int, str]] = Counter()
    named = []
    for visit in visits:
        seen[visit.time_min, visit.name] += 1
        number = seen[visit.time_min, visit.name]
        named.append(visit if number == 1 else replace(visit, name=f"{visit.name} {number}"))
    return tuple(named)


def _as_table(written: object) -> dict[str, Any]:
    return written if isinstance(written, dict) else {"protocols": written}


def _names(reader: Reader) -> tuple[str, ...]:
    """Read what is done: one protocol or a list of them."""
    reader.has("protocols")
    written = reader.values.get("protocols", [])
    names = written if isinstance(written, list) else [written]
    if not names:
        reader.refuse("protocols", "is missing", f"Write one, or a list, of {', '.join(PROTOCOLS)}")
        return ()
    wrong = [name for name in names if not (isinstance(name, str) and name in PROTOCOLS)]
    for name in wrong:
        reader.faults.append(unknown(reader.at("protocols"), "protocol", str(name), PROTOCOLS))
    if wrong:
        for name in PROTOCOLS:  # what belongs to a protocol whose name is wrong is no fault of its own
            reader.has(name)
        return ()
    refused = refusal_of_order(names)
    if refused:
        reader.refuse("protocols", refused)
    return tuple(names)


def _arguments(reader: Reader, name: str, protocol: Protocol, parameters: Registry) -> dict[str, Any]:
    """Read what is asked for in a protocol; the rest is as usual."""
    asked = reader.table(name)
    found = {}
    for key, argument in protocol.arguments.items():
        usual = argument.left_out(parameters)
        found[key] = asked.read(key, partial(argument.of, parameters=parameters), usual)
    asked.finish()
    return found
