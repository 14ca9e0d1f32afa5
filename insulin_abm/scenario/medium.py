"""The medium of a dish over time: what it is at first, and how steps, pulses and wash-outs change it."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

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
    steps: tuple[tuple[int, Medium], ...] = field(default=())


def read_medium(table: Reader, parameters: Registry) -> Medium:
    """Read ``[medium]``: what the cells have lived in for long."""
    values = {name: table.quantity(name, parameters[f"dish.{name}"]) for name in SUBSTANCES}
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
    limit = parameters[f"dish.{name}"]

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
    most = round(parameters["dish.most_changes"].value)
    if happens > most:
        scenario.refuse("changes", f"the medium would change {happens} times", f"Allowed: at most {most}")
        return ()
    wells = tuple(
        Well(_label(changes, well), _steps(first, changes, duration_min, well))
        for well in range(max(numbers, default=1))
    )
    labels = [well.label for well in wells]
    twice = next((label for label in labels if labels.count(label) > 1), "")
    if twice:
        hint = "They would be equal to the bit: give each dose once, and another --seed for another chance"
        scenario.refuse("changes", f"there are two wells of {twice}", hint)
    return wells


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
    """Unroll pulses and repetitions, in order of time; a pulse gives back what it took the place of."""
    pending: list[tuple[int, int, dict[str, float], int | None]] = []
    for order, change in enumerate(changes):
        values = {name: _value(doses, well) for name, doses in change.substances.items()}
        for minute in range(change.time_min, duration_min, change.every_min or duration_min):
            heapq.heappush(pending, (minute, order, values, change.for_min))
    steps: dict[int, Medium] = {}
    now, ended = first, 0
    while pending:
        minute, _, values, lasts = heapq.heappop(pending)
        before = {name: value for name, value in asdict(now).items() if name in values}
        now = replace(now, **values)
        steps[minute] = now
        if lasts is not None and minute + lasts < duration_min:
            ended -= 1  # what ends comes before what begins in the same minute
            heapq.heappush(pending, (minute + lasts, ended, before, None))
    return tuple(sorted(steps.items()))
