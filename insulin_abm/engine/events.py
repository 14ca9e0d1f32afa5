"""Events are data: what shall happen at which minute, kept in a table that is saved with the world.

Mesa fires them: every entry of the table is also in Mesa's schedule. What an event does is a method of the world,
marked `@event`; the kind of an event is the name of that method.
"""

from __future__ import annotations

import copy
import difflib
import inspect
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import mesa

if TYPE_CHECKING:
    from insulin_abm.engine.world import World


@dataclass(frozen=True)
class Event:
    """Something that will happen.

    Attributes
    ----------
    time : int
        The minute at whose end it happens: it acts on the minutes after.
    kind : str
        Name of the method of the world that does it.
    arguments : dict
        What the method is called with: numbers, texts, lists and dictionaries with texts as keys.
    every : int or None
        It happens again after so many minutes, and so on; None: once.
    """

    time: int
    kind: str
    arguments: dict[str, Any]
    every: int | None = None


@dataclass
class _Entry:
    """An event in the table, the Mesa event that will fire it, and the function which that one holds only weakly."""

    event: Event
    act: Callable[[], None]
    fires: Any


def event[F: Callable[..., None]](method: F) -> F:
    """Mark a method of a world as a kind of event."""
    method.is_event_kind = True  # type: ignore[attr-defined]
    return method


def event_kinds_of(world_class: type) -> dict[str, Callable[..., None]]:
    """Gather the kinds of events of a class of worlds; a subclass may override what a kind does."""
    kinds: dict[str, Callable[..., None]] = {}
    for owner in reversed(world_class.__mro__):
        for name, value in vars(owner).items():
            if name in kinds or getattr(value, "is_event_kind", False):
                kinds[name] = value
    return kinds


def whole_minutes(value: float, what: str) -> int:
    """Give a time as an int.

    Raises
    ------
    ValueError
        If it is no whole number of minutes.
    """
    if isinstance(value, bool) or not value == value // 1 or value in (float("inf"), float("-inf")):
        raise ValueError(f"{what} must be a whole number of minutes, not {value}")
    return int(value)


class EventTable(Sequence[Event]):
    """The pending events of a world, in the order in which they will act: by time, then by order of entry."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._entries: dict[int, _Entry] = {}
        self._entered = 0

    def _in_order(self) -> list[int]:
        return sorted(self._entries, key=lambda number: (self._entries[number].event.time, number))

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, index: Any) -> Any:
        return [self._entries[number].event for number in self._in_order()][index]

    def __repr__(self) -> str:
        return f"<EventTable {list(self)}>"

    def checked(self, new: Event) -> Event:
        """Give an event as it will be saved; refuse one that could not happen or not be saved.

        Raises
        ------
        ValueError
            If the kind is unknown, the time fractional or past, or an argument cannot be saved.
        TypeError
            If the arguments are not those that the kind takes.
        """
        kinds = self._world.event_kinds
        if new.kind not in kinds:
            near = difflib.get_close_matches(new.kind, kinds, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(kinds)) or 'none'}"
            raise ValueError(f"unknown kind of event {new.kind!r}; {hint}")
        time = whole_minutes(new.time, f"the time of {new.kind!r}")
        if time < self._world.time:
            raise ValueError(f"{new.kind!r} at minute {time} is past: it is minute {self._world.time:g}")
        every = None if new.every is None else whole_minutes(new.every, f"the interval of {new.kind!r}")
        if every is not None and every < 1:
            raise ValueError(f"the interval of {new.kind!r} must be at least 1 minute, not {every}")
        try:
            arguments = json.loads(json.dumps(new.arguments, allow_nan=False))
        except (TypeError, ValueError) as fault:
            raise ValueError(f"an argument of {new.kind!r} cannot be saved: {fault}") from fault
        try:
            inspect.signature(kinds[new.kind]).bind(self._world, **arguments)
        except TypeError as fault:
            raise TypeError(f"event {new.kind!r}: {fault}") from fault
        return Event(time, new.kind, arguments, every)

    def enter(self, new: Event) -> Event:
        """Enter an event, see `checked`, into the table and into Mesa's schedule."""
        entered = self.checked(new)
        self._enter(entered)
        return entered

    def _enter(self, new: Event) -> None:
        number = self._entered
        self._entered += 1
        act = partial(self._act, number)
        fires = mesa.Model.schedule_event(self._world, act, at=float(new.time))
        self._entries[number] = _Entry(new, act, fires)

    def _act(self, number: int) -> None:
        now = self._entries.pop(number).event
        if now.every is not None:
            self._enter(replace(now, time=now.time + now.every))
        self._world.event_kinds[now.kind](self._world, **copy.deepcopy(now.arguments))

    def cancel(self, pending: Event) -> None:
        """Take an event out of the table, a recurring one with all that would follow.

        Raises
        ------
        ValueError
            If it is not pending.
        """
        for number in self._in_order():
            if self._entries[number].event == pending:
                self._entries.pop(number).fires.cancel()
                return
        raise ValueError(f"{pending} is not pending")

    def replace_all(self, events: Sequence[Event]) -> None:
        """Forget all pending events and enter these, in this order."""
        for entry in self._entries.values():
            entry.fires.cancel()
        self._entries.clear()
        for new in events:
            self._enter(new)

    def numbers_in_mesa(self) -> set[int]:
        """Give the numbers that the entries have in Mesa's schedule."""
        return {entry.fires.unique_id for entry in self._entries.values()}
