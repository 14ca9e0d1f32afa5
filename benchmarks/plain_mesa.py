"""The very same rules in an ordinary eager Mesa model: every cell, patch, tissue and organ an object with attributes.

What differs from `insulin_abm.body.Body` is only how it is run: rules are called as the methods that they are, agent by
agent, and each phase of the minute is an ordinary loop. So it computes the same numbers; the time tells what the engine
saves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import mesa
import numpy as np

from insulin_abm.body import Body
from insulin_abm.cells.receptors import ReceptorCell
from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.chance import chance_of_agent, chance_of_minute
from insulin_abm.engine.minute import parameters_of
from insulin_abm.engine.population import Population
from insulin_abm.engine.rules import is_rule
from insulin_abm.making import ORGANS
from insulin_abm.organs.blood import Blood
from insulin_abm.tissue.patch import Patch
from insulin_abm.tissue.tissue import Tissue

BACK = {"east": "west", "west": "east", "north": "south", "south": "north"}


class PlainAgent(mesa.Agent):
    """An ordinary agent with ordinary attributes; a subclass is made of each of the package's classes.

    Attributes
    ----------
    sees : tuple of (str, str)
        Attributes that it copies from its place, and their names there.
    tells : tuple of (str, str)
        Attributes that are added up in its place, and their names there.
    told : tuple of str
        Attributes that are such sums.
    counts : tuple of str
        Attributes that are the number of those who live there.
    """

    sees: ClassVar[tuple[tuple[str, str], ...]] = ()
    tells: ClassVar[tuple[tuple[str, str], ...]] = ()
    told: ClassVar[tuple[str, ...]] = ()
    counts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, model: PlainBody, unique_id: int, place: PlainAgent | None, state: dict[str, float]) -> None:
        super().__init__(model)
        self.unique_id = unique_id
        self.place = place
        self.residents: dict[type, list[PlainAgent]] = {}
        if place is not None:
            place.residents.setdefault(type(self), []).append(self)
        for name, value in state.items():
            setattr(self, name, value)

    def see(self) -> None:
        """Look at the place that it lives in."""
        for name, name_there in self.sees:
            setattr(self, name, getattr(self.place, name_there))

    def act(self, rule: str) -> None:
        """Follow a rule."""
        model: Any = self.model
        getattr(self, rule)(model.parameters[type(self)], chance_of_agent(model.chance, self.unique_id))

    def be_told(self, *names: str) -> None:
        """Add up what those who live here tell, class by class; all of it, or what has one of these names here."""
        for name in names or self.told:
            setattr(self, name, 0)
        for name in self.counts:
            setattr(self, name, sum(map(len, self.residents.values())))
        for residents in self.residents.values():
            for name_there, name in residents[0].tells:
                if not names or name in names:
                    total = getattr(self, name)
                    for resident in residents:
                        total += getattr(resident, name_there)
                    setattr(self, name, total)

    def let_hop(self, kind: str) -> None:
        """Exchange whole particles with the four neighbours; an edge sends back what was sent there."""
        patches = self.model.agents_of(Patch)  # type: ignore[attr-defined]
        change = 0
        for way, back in BACK.items():
            neighbour = patches[getattr(self, way)]
            sent = getattr(self, f"{kind}_to_{way}")
            change += (sent if neighbour is self else getattr(neighbour, f"{kind}_to_{back}")) - sent
        setattr(self, kind, getattr(self, kind) + change)


class RoundingAgent(PlainAgent):
    """A plain agent whose attributes have the precision of the package's columns, so that results agree to the bit."""

    kinds: ClassVar[dict[str, np.dtype]] = {}

    def __setattr__(self, name: str, value: Any) -> None:
        kind = self.kinds.get(name)
        super().__setattr__(name, value if kind is None else kind.type(value).item())


def plain_class(agent_class: type[RowAgent], told: tuple[str, ...], rounding: bool) -> type[PlainAgent]:
    """Make the ordinary class with the rules and the attributes of one of the package's."""
    columns = agent_class.columns
    made: dict[str, Any] = {
        name: getattr(agent_class, name) for name in dir(agent_class) if _is_rule(agent_class, name)
    }
    made["sees"] = tuple((name, column.sees) for name, column in columns.items() if column.sees)
    made["tells"] = tuple((name, there) for name, column in columns.items() for there in column.adds_to.split())
    made["told"] = told
    made["counts"] = tuple(name for name, column in columns.items() if column.counts)
    made["kinds"] = {name: column.dtype for name, column in columns.items()}
    return type(agent_class.__name__, (RoundingAgent if rounding else PlainAgent,), made)


def _is_rule(agent_class: type, name: str) -> bool:
    return is_rule(getattr(agent_class, name))


class PlainBody(mesa.Model):
    """A body as an ordinary Mesa model; it begins as a given body is now.

    Parameters
    ----------
    body : Body
        The body to begin as; it must have lived a minute, after which its places have been told.
    rounding : bool
        Whether attributes keep the precision of the package's columns (see `RoundingAgent`).
    """

    def __init__(self, body: Body, *, rounding: bool = False) -> None:
        if body.time < 1:
            raise ValueError("let the body live a minute first: what its patches pass on to the next one is not there")
        super().__init__(rng=body.seed)
        self.seed = body.seed
        self.minute = int(body.time)
        self.chance: Any = None
        self.parameters: dict[type, Any] = {}
        self._of: dict[type[RowAgent], list[PlainAgent]] = {}
        for cls, population in body.populations.items():
            made = plain_class(cls, told_to(cls, body), rounding)
            self.parameters[made] = parameters_of(cls, body.records[cls])
            columns = [_values(population, name) for name in cls.columns]
            rows = [dict(zip(cls.columns, values, strict=True)) for values in zip(*columns, strict=True)]
            parents: Sequence[Any] = [None] * len(rows)
            if cls.lives_in is not None:
                parents = [self._of[cls.lives_in][row] for row in np.asarray(population.place).tolist()]
            self._of[cls] = [
                made(self, unique_id, place, state)
                for unique_id, place, state in zip(population.ids.tolist(), parents, rows, strict=True)
            ]
        self.cells = [cls for cls in self._of if issubclass(cls, ReceptorCell)]

    def agents_of(self, agent_class: type[RowAgent]) -> list[PlainAgent]:
        """The agents made of one of the package's classes, in the order of its rows."""
        return self._of[agent_class]

    def do(self, agent_class: type[RowAgent], method: str, *arguments: str) -> None:
        """Call a method of every agent of a class."""
        for agent in self._of[agent_class]:
            getattr(agent, method)(*arguments)

    def step(self) -> None:
        """Live a minute."""
        self.minute += 1
        with np.errstate(over="ignore"):
            self.chance = chance_of_minute(self.seed, self.minute)
            self._live_a_minute()

    def _live_a_minute(self) -> None:
        self.do(Tissue, "see")
        self.do(Tissue, "act", "receive_blood")
        self.do(Patch, "see")
        self.do(Patch, "act", "exchange")
        for cls in self.cells:
            self.do(cls, "see")
            self.do(cls, "act", "live_a_minute")
        self.do(Patch, "be_told")
        self.do(Patch, "act", "settle")
        self.do(Tissue, "be_told")
        for kind in ("glucose", "insulin"):
            self.do(Patch, "let_hop", kind)
        self.do(Tissue, "be_told", "glucose_there", "insulin_there")
        self.do(Tissue, "act", "answer_blood")
        for organ in ORGANS:
            self.do(organ, "see")
            self.do(organ, "act", "live_a_minute")
        self.do(Blood, "be_told")
        self.do(Blood, "act", "live_a_minute")

    def differences(self, body: Body) -> list[str]:
        """Columns that a body keeps and in which it is not equal to this model, to the bit."""
        return [
            f"{cls.__name__}.{name}"
            for cls, population in body.populations.items()
            for name in cls.columns
            if name not in population.spared
            and population.columns[name].tolist() != [getattr(agent, name) for agent in self._of[cls]]
        ]


def told_to(place: type[RowAgent], body: Body) -> tuple[str, ...]:
    """What a class of places is told by those who live there."""
    residents = [cls for cls in body.populations if cls.lives_in is place]
    names = [name for cls in residents for column in cls.columns.values() for name in column.adds_to.split()]
    return tuple(dict.fromkeys(names))


def _values(population: Population[Any], name: str) -> list[float]:
    """A column as a list; defaults where it is not kept."""
    if name in population.spared:
        return [population.agent_class.columns[name].default] * population.size
    return population.columns[name].tolist()
