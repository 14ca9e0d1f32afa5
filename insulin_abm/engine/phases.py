"""What happens in a minute: named phases, each a small loop over rows that is compiled from a few lines of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from insulin_abm.engine.agents import RowAgent


@dataclass(frozen=True)
class Act:
    """Every agent of `who` follows its rule."""

    name: str
    who: type[RowAgent]
    rule: str = "live_a_minute"

    def classes(self) -> tuple[type[RowAgent], ...]:
        """The classes whose columns it touches; the first one's rows are shared out among threads."""
        return (self.who,)

    def lines(self, parameters: tuple[str, ...]) -> list[str]:
        """Loop body for rows `first` to `last`."""
        name = self.who.__name__
        values = ", ".join(f"{name}_values[0, {k}]" for k in range(len(parameters)))
        return [
            f"p = record({values})",
            "for i in range(first, last):",
            f"    agent = at({name}, i)",
            "    rule(agent, p, chance_of_agent(of_minute, agent.unique_id))",
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
        """Loop body for places `first` to `last`."""
        place, who = (cls.__name__ for cls in self.classes())
        seen = [column for column in self.who.columns.values() if column.sees]
        lines = ["for k in range(first, last):", f"    place = at({place}, k)"]
        lines += [f"    {column.name} = place.{column.sees}" for column in seen]
        lines += [f"    for i in range({who}_starts[k], {who}_starts[k + 1]):", f"        agent = at({who}, i)"]
        lines += [f"        agent.{column.name} = {column.name}" for column in seen]
        return lines if seen else ["pass"]


@dataclass(frozen=True)
class Tell:
    """Every place is told the sums, in the order of rows, over the agents that live there."""

    name: str
    place: type[RowAgent]
    who: tuple[type[RowAgent], ...]

    def classes(self) -> tuple[type[RowAgent], ...]:
        """The place, then the classes that live there."""
        return (self.place, *self.who)

    def lines(self, parameters: tuple[str, ...]) -> list[str]:
        """Loop body for places `first` to `last`."""
        told = sorted({name for cls in self.who for column in cls.columns.values() for name in column.adds_to.split()})
        lines = ["for k in range(first, last):"]
        for target in told:
            zero = "0" if self.place.columns[target].dtype.kind == "i" else "0.0"
            lines.append(f"    sum_{target} = {zero}")
        for cls in self.who:
            name = cls.__name__
            tells = [(column, target) for column in cls.columns.values() for target in column.adds_to.split()]
            if tells:
                lines.append(f"    for i in range({name}_starts[k], {name}_starts[k + 1]):")
                lines.append(f"        agent = at({name}, i)")
                for column, target in tells:
                    whole = self.place.columns[target].dtype.kind == "i"
                    value = f"agent.{column.name}"
                    lines.append(f"        sum_{target} += {f'np.int64({value})' if whole else value}")
        lines.append(f"    place = at({self.place.__name__}, k)")
        lines += [f"    place.{target} = sum_{target}" for target in told]
        return lines if told else ["pass"]


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
        """Loop body for places `first` to `last`."""
        ways = {"east": "west", "west": "east", "north": "south", "south": "north"}
        name = self.who.__name__
        lines = ["for k in range(first, last):", f"    place = at({name}, k)"]
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
