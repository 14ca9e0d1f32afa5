"""What is wrong with an input: every fault with its place, the nearest valid name and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

MOST_NAMES_SHOWN = 14
"""A longer list of allowed names is cut: the nearest name is what helps."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes
    ----------
    place : str
        Path of the key, such as ``person.weight`` or ``meals[2].foods.ryce`` ("" for the input as a whole).
    problem : str
        What is wrong, in a few words.
    hint : str
        What to write instead.
    line : int or None
        Line of the file, where it is known.
    """

    place: str
    problem: str
    hint: str = ""
    line: int | None = None

    def __str__(self) -> str:
        where = ", ".join(part for part in (f"line {self.line}" if self.line else "", self.place) if part)
        what = f"{where}: {self.problem}" if where else self.problem
        return f"{what}. {self.hint}" if self.hint else what


class Faults(ValueError):  # noqa: N818 (it is the list of what is wrong, and is called so everywhere)
    """An input was refused; all its faults in one message.

    Parameters
    ----------
    faults : iterable of Fault
        What is wrong, at least one.
    source : str
        The file or the argument that was read.
    """

    def __init__(self, faults: Iterable[Fault], source: str = "") -> None:
        self.faults = tuple(faults)
        self.source = source
        super().__init__(self.faults, source)

    def __str__(self) -> str:
        number = len(self.faults)
        head = f"{number} fault{'' if number == 1 else 's'}"
        title = f"{self.source}: {head}" if self.source else head
        return "\n".join([title, *(f"  {fault}" for fault in self.faults)])


def nearest(name: str, names: Iterable[str]) -> str:
    """Give the valid name that is nearest to a misspelt one ("" if none is near)."""
    by_lower = {known.lower(): known for known in names}
    close = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.55)
    return by_lower[close[0]] if close else ""


def unknown(place: str, what: str, name: str, names: Iterable[str], aliases: Iterable[str] = ()) -> Fault:
    """Make the fault for a name that is not known, with the nearest valid name and what is allowed.

    Parameters
    ----------
    place : str
        Where the name stands.
    what : str
        What it should be the name of, such as "food".
    name : str
        The name as it was written.
    names : iterable of str
        The valid names.
    aliases : iterable of str
        Further names that are valid but not listed.
    """
    known = sorted(names)
    near = nearest(name, [*known, *aliases])
    meant = f"Did you mean '{near}'? " if near else ""
    shown = ", ".join(known[:MOST_NAMES_SHOWN])
    more = f" and {len(known) - MOST_NAMES_SHOWN} more" if len(known) > MOST_NAMES_SHOWN else ""
    return Fault(place, f"unknown {what} '{name}'", f"{meant}Allowed: {shown}{more}")
