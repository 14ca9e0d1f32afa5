"""The medium of a dish over time: what it is at first, and how steps, pulses and wash-outs change it."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from insulin_abm.medium import Medium
from insulin_abm.parameters import Registry
from insulin_abm.scenario.events import Course, read_period, read_time
from insulin_abm.scenario.reader import Reader
from insulin_abm.scenario.times import whole_minutes

ONLY_WELL = "well"
"""What a well is called if there is no other."""
SUBSTANCES = ("insulin", "glucose", "fatty_acid")
"""What medium may hold, by the key of a scenario."""


@dataclass(frozen=True)
class Change:
    """A change of the medium.

    Attributes
    ----------
    time_min : int
        When, in minutes after the start.
    substances : mapping of str to tuple of float
        What it then holds, in pmol/L or mmol/L: one value, or one for each well.
    for_min : int or None
        After so many minutes it is what it was before (None: it stays).
    every_min : int or None
        It comes again after so many minutes.
    """

    time_min: int
    substances: Mapping[str, tuple[float, ...]]
    for_min: int | None = None
    every_min: int | None = None


@dataclass(frozen=True)
class Well:
    """What one well goes through.

    Attributes
    ----------
    label : str
        What distinguishes it from the others.
    steps : tuple of (int, Medium)
        The minutes at which the medium changes, and what it is from then on.
    """

    label: str
    steps: tuple[tuple[int, Medium], ...]


def read_medium(table: Reader, parameters: Registry) -> Medium:
    """Read ``[medium]``: what the cells have lived in for long."""
    values = {name: table.quantity(name, parameters[f"culture.{name}"]) for name in SUBSTANCES}
    table.finish()
    return Medium(**values)


def read_changes(scenario: Reader, course: Course, parameters: Registry) -> list[Change]:
    """Read ``[[changes]]``."""
    changes = []
    for reader in scenario.tables("changes"):
        at = read_time(reader, course)
        substances = {name: read_doses(reader, name, parameters) for name in SUBSTANCES if name in reader.values}
        if not substances:
            reader.refuse("insulin", "is missing", f"Say what changes: {', '.join(SUBSTANCES)}")
        lasts = reader.read("for", whole_minutes, None)
        every = reader.read("every", lambda value: read_period(value, parameters), None)
        if lasts is not None and lasts <= 0:
            reader.refuse("for", "is no time that can pass", 'Write for example for = "30 min"')
        elif lasts is not None and every is not None and lasts >= every:
            reader.refuse("for", "is not shorter than every", "A pulse must end before the next one begins")
        for name in SUBSTANCES:
            reader.has(name)
        reader.finish()
        changes.append(Change(at, substances, lasts, every))
    return changes


def read_doses(reader: Reader, name: str, parameters: Registry) -> tuple[float, ...]:
    """Read one dose or a list of doses."""
    limit = parameters[f"culture.{name}"]

    def read(value: object) -> tuple[float, ...]:
        return tuple(limit.read(one) for one in (value if isinstance(value, list) else [value]))

    usual: tuple[float, ...] = (limit.value,)
    doses = reader.read(name, read, usual)
    if not doses:
        reader.refuse(name, "is an empty list", 'Write one dose, or several: ["0 nmol/L", "10 nmol/L"]')
    return doses or usual


def wells_of(
    scenario: Reader, first: Medium, changes: Sequence[Change], duration_min: int, parameters: Registry
) -> tuple[Well, ...]:
    """Give what each well goes through: lists of doses make several wells, all other changes are those of all."""
    lists = {(name, values) for change in changes for name, values in change.substances.items() if len(values) > 1}
    numbers = {len(values) for _, values in lists}
    if len(numbers) > 1:
        sizes = " and ".join(str(number) for number in sorted(numbers))
        hint = "All lists of doses must be equally long: the first of each is the first well, and so on"
        scenario.refuse("changes", f"lists of {sizes} doses do not make wells", hint)
        return ()
    happens = sum(len(range(c.time_min, duration_min, c.every_min or duration_min)) for c in changes)
    most = round(parameters["culture.most_changes"].value)
    if happens > most:
        scenario.refuse("changes", f"the medium would change {happens} times", f"Allowed: at most {most}")
        return ()
    number = max(numbers, default=1)
    most = round(parameters["culture.most_wells"].value)
    if number > most:
        scenario.refuse("changes", f"lists of {number} doses make {number} wells", f"Allowed: at most {most}")
        return ()
    steps = [_steps(first, changes, duration_min, well) for well in range(number)]
    if len(set(steps)) < number:
        hint = "They would be equal to the bit: give each dose once, and another --seed for another chance"
        scenario.refuse("changes", "two wells go through the same", hint)
    labels = [_label(changes, well) for well in range(number)]
    if len(set(labels)) < number:  # doses so near, or so many, that they do not tell wells apart
        labels = [f"{label} (well {well})" for well, label in enumerate(labels, start=1)]
    return tuple(Well(*pair) for pair in zip(labels, steps, strict=True))


def _value(values: tuple[float, ...], well: int) -> float:
    return values[well] if len(values) > 1 else values[0]


def _label(changes: Sequence[Change], well: int) -> str:
    """Name a well by its doses."""
    units = {"insulin": "pmol/L", "glucose": "mmol/L", "fatty_acid": "mmol/L"}
    doses = [
        f"{name.replace('_', ' ')} {_value(values, well):g} {units[name]}"
        for change in changes
        for name, values in change.substances.items()
        if len(values) > 1
    ]
    return ", ".join(dict.fromkeys(doses)) or ONLY_WELL


def _steps(first: Medium, changes: Sequence[Change], duration_min: int, well: int) -> tuple[tuple[int, Medium], ...]:
    """Unroll pulses and repetitions, in order of time.

    Of the changes of a substance that are in force the one that began last counts; of two that begin together, the one
    that is written below the other.
    """
    courses = {name: _course(name, changes, duration_min, well) for name in SUBSTANCES}
    now, steps = asdict(first), []
    for minute in sorted({minute for course in courses.values() for minute in course}):
        for name, course in courses.items():
            if minute in course:
                now[name] = asdict(first)[name] if course[minute] is None else course[minute]
        steps.append((minute, Medium(**now)))
    return tuple(steps)


def _course(name: str, changes: Sequence[Change], duration_min: int, well: int) -> dict[int, float | None]:
    """Give the minutes at which a substance may change, and its value from then on (None: what it was at first)."""
    begins: dict[int, list[tuple[int, int, float, float]]] = {}
    minutes = set()
    for order, change in enumerate(changes):
        if name in change.substances:
            value = _value(change.substances[name], well)
            for minute in range(change.time_min, duration_min, change.every_min or duration_min):
                end = math.inf if change.for_min is None else minute + change.for_min
                begins.setdefault(minute, []).append((-minute, -order, end, value))
                minutes |= {minute} | ({int(end)} if end < duration_min else set())
    in_force: list[tuple[int, int, float, float]] = []  # a heap: the one that began last on top
    course: dict[int, float | None] = {}
    for minute in sorted(minutes):
        for begun in begins.get(minute, ()):
            heapq.heappush(in_force, begun)
        while in_force and in_force[0][2] <= minute:
            heapq.heappop(in_force)
        course[minute] = in_force[0][3] if in_force else None
    return course
