"""What happens in a minute: named phases, each a small loop over rows that is compiled from a few lines of text.

The text of a loop may use, for each class that it touches, its rows (`Class`), the first row and the one after the
last (`Class_first`, `Class_last`), who stands where (`Class_runs`, see `standing.runs`; those from `Class_first_run` to
the one before `Class_last_run` are meant) and the values of its parameters (`Class_values`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from insulin_abm.engine.rows import ROWS_FETCHED

if TYPE_CHECKING:
    from insulin_abm.engine.agents import RowAgent
    from insulin_abm.engine.columns import Column


AHEAD = 2
"""Rows are asked for so many turns of a loop before they live."""


@dataclass(frozen=True)
class Act:
    """Every agent of `who` follows its rule."""

    name: str
    who: type[RowAgent]
    rule: str = "live_a_minute"

    def classes(self) -> tuple[type[RowAgent], ...]:
        """The class whose columns it touches."""
        return (self.who,)

    def lines(self, parameters: tuple[str, ...]) -> list[str]:
        """Loop over rows."""
        name = self.who.__name__
        values = ", ".join(f"{name}_values[0, {k}]" for k in range(len(parameters)))
        return [
            f"p = record({values})",
            f"for begin in range({name}_first, {name}_last, {ROWS_FETCHED}):",
            f"    fetch(at({name}, begin + {AHEAD * ROWS_FETCHED}))",
            f"    for i in range(begin, min(begin + {ROWS_FETCHED}, {name}_last)):",
            f"        agent = at({name}, i)",
            "        rule(agent, p, chance_of_agent(of_minute, agent.unique_id))",
        ]


@dataclass(frozen=True)
class See:
    """Every agent of `who` is shown the columns of its place that it sees."""

    name: str
    who: type[RowAgent]

    def classes(self) -> tuple[type[RowAgent], ...]:
        """The place, then the class that lives there."""
        assert self.who.lives_in is not None
        return (self.who.lives_in, self.who)

    def lines(self, parameters: tuple[str, ...]) -> list[str]:
        """Loop over those places in which agents live."""
        place = self.classes()[0].__name__
        seen = [column for column in self.who.columns.values() if column.sees]
        shown = [f"agent.{column.name} = place.{column.sees}" for column in seen]
        return over_residents(place, self.who, shown) if seen else ["pass"]


def over_residents(place: str, who: type[RowAgent], lines: Sequence[str]) -> list[str]:
    """Loop over agents and their places, run by run; lines may use `agent` and `place`."""
    assert who.lives_in is not None
    name = who.__name__
    over_runs = [
        f"for run in range({name}_first_run, {name}_last_run):",
        f"    begin, end = max({name}_runs[run, 0], {name}_first), min({name}_runs[run, 1], {name}_last)",
    ]
    if who.lives_in.abreast == 1:
        over_runs.append(f"    place = at({place}, {name}_runs[run, 2])")
        lines = [f"agent = at({name}, i)", *lines]
    else:
        over_runs.append(f"    ahead = {name}_runs[run, 2] - {name}_runs[run, 0]")
        lines = [f"agent, place = at({name}, i), at({place}, ahead + i)", *lines]
    return [*over_runs, "    for i in range(begin, end):", *(f"        {line}" for line in lines)]


@dataclass(frozen=True)
class Tell:
    """Every place is told the sums, in the order of rows, over the agents that live there.

    Attributes
    ----------
    targets : tuple of str
        The columns of the place that are told; all, if empty.
    lasting : bool
        Whether only what agents have is told, and not what they pass on within a minute.
    """

    name: str
    place: type[RowAgent]
    who: tuple[type[RowAgent], ...]
    targets: tuple[str, ...] = ()
    lasting: bool = False

    def classes(self) -> tuple[type[RowAgent], ...]:
        """The place, then the classes that live there."""
        return (self.place, *self.who)

    def told(self) -> dict[str, list[tuple[type[RowAgent], str]]]:
        """For each column of the place that is told, in order of names, the classes and columns that are added up."""
        told: dict[str, list[tuple[type[RowAgent], str]]] = {}
        for cls in self.who:
            for column in cls.columns.values():
                for target in column.adds_to.split():
                    told.setdefault(target, []).append((cls, column.name))
        kept = sorted(told) if not self.targets else [name for name in sorted(told) if name in self.targets]
        if self.lasting:
            kept = [name for name in kept if not self._is_passing(name, told[name])]
        return {name: told[name] for name in kept}

    def _is_passing(self, target: str, sources: list[tuple[type[RowAgent], str]]) -> bool:
        return self.place.columns[target].passing or any(cls.columns[column].passing for cls, column in sources)

    def is_whole(self, target: str) -> bool:
        """Whether a column of the place is a count."""
        return self.place.columns[target].dtype.kind == "i"

    def counts(self) -> list[Column]:
        """Give the columns of the place that count who lives there."""
        return [column for column in self.place.columns.values() if column.counts and not self.targets]

    def lines(self, parameters: tuple[str, ...]) -> list[str]:
        """Loop over places, and in each over those who live there, class by class."""
        place = self.place.__name__
        set_anew = [*self.told(), *(column.name for column in self.counts())]
        lines = [f"for k in range({place}_first, {place}_last):", f"    place = at({place}, k)"]
        lines += [f"    place.{name} = {'0' if self.is_whole(name) else '0.0'}" for name in set_anew]
        for cls in self.who:
            told = [
                f"place.{target} += agent.{column}"
                for target, sources in self.told().items()
                for owner, column in sources
                if owner is cls
            ]
            counted = [f"place.{column.name} += 1" for column in self.counts()]
            if told or counted:
                lines += over_residents(place, cls, [*told, *counted])
        return lines

    def sums(self, cls: type[RowAgent], whole: bool) -> list[str]:
        """Lines that add what one agent tells, of whole numbers or of others."""
        return [
            f"sum_{target} += agent.{column}"
            for target, sources in self.told().items()
            for owner, column in sources
            if owner is cls and self.is_whole(target) == whole
        ]


@dataclass(frozen=True)
class Hop:
    """Whole particles move to the four neighbours of their place.

    For each kind of particle the class has the columns `<kind>` and `<kind>_to_east`, `_to_west`, `_to_north`,
    `_to_south`, and `east`, `west`, `north`, `south` hold the rows of its neighbours (its own at an edge).
    """

    name: str
    who: type[RowAgent]
    kinds: tuple[str, ...]

    def classes(self) -> tuple[type[RowAgent], ...]:
        """The class of the places."""
        return (self.who,)

    def lines(self, parameters: tuple[str, ...]) -> list[str]:
        """Loop over places."""
        ways = {"east": "west", "west": "east", "north": "south", "south": "north"}
        name = self.who.__name__
        lines = [f"for k in range({name}_first, {name}_last):", f"    place = at({name}, k)"]
        lines += [f"    {way} = at({name}, place.{way})" for way in ways]
        for kind in self.kinds:
            # from each neighbour comes what it sent this way; an edge sends back what was sent there
            come = " + ".join(
                f"({way}.{kind}_to_{back} if place.{way} != k else place.{kind}_to_{way})" for way, back in ways.items()
            )
            gone = " - ".join(f"place.{kind}_to_{way}" for way in ways)
            lines.append(f"    place.{kind} += {come} - {gone}")
        return lines


@dataclass(frozen=True)
class Adjust:
    """Agents of one-row classes multiply parameters of `who`: what drugs do at their site.

    Attributes
    ----------
    factors : tuple of (str, type, str)
        Parameter, and class and column of the factor.
    """

    name: str
    who: type[RowAgent]
    factors: tuple[tuple[str, type[RowAgent], str], ...]

    def classes(self) -> tuple[type[RowAgent], ...]:
        """The classes of the factors, then the class whose parameters change."""
        return tuple(dict.fromkeys([*(cls for _, cls, _ in self.factors), self.who]))

    def lines(self, parameters: tuple[str, ...]) -> list[str]:
        """From the value as set, multiply all factors of each parameter."""
        lines = []
        for target in dict.fromkeys(factor[0] for factor in self.factors):
            k = parameters.index(target)
            product = " * ".join(f"{cls.__name__}.{column}" for name, cls, column in self.factors if name == target)
            lines.append(f"{self.who.__name__}_values[0, {k}] = {self.who.__name__}_values[1, {k}] * {product}")
        return lines


Phase = Act | See | Tell | Hop | Adjust
