"""The one file that touches private names of Mesa, and the agent sets that agents made on demand need.

Mesa keeps its agents in one dictionary; here most agents are rows that nobody has asked for yet. `LazyAgentSet` does
everything an AgentSet does in terms of "list the agents now". Its selections are ordinary Mesa AgentSets: they hold
their agents weakly, and the populations keep every agent that was ever made alive until it is removed.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from itertools import compress
from random import Random
from typing import TYPE_CHECKING, Any, NoReturn, Self

import mesa
import numpy as np
from mesa.agentset import AbstractAgentSet, AgentSet, GroupBy
from mesa.time import EventGenerator

if TYPE_CHECKING:
    from insulin_abm.engine.world import World


def stop_default_step(model: mesa.Model) -> None:
    """Stop Mesa's own event that calls `step` once per unit of time."""
    model._default_schedule.stop()


def set_clock(model: mesa.Model, minute: int) -> None:
    """Set the time without telling those who observe it: nothing is lived."""
    model._time = float(minute)


def get_generators(model: mesa.Model) -> dict[str, Any]:
    """Give the state of Mesa's two generators of random numbers, as plain data."""
    version, numbers, spare = model.random.getstate()
    return {"random": [version, list(numbers), spare], "rng": model.rng.bit_generator.state}


def set_generators(model: mesa.Model, state: dict[str, Any]) -> None:
    """Put Mesa's two generators of random numbers where they were."""
    version, numbers, spare = state["random"]
    model.random.setstate((version, tuple(numbers), spare))
    model.rng.bit_generator.state = state["rng"]


def plain_agents(model: mesa.Model) -> AbstractAgentSet:
    """Give the set that Mesa itself keeps: here, the agents that are no rows."""
    return model._all_agents


def plain_agents_by_type(model: mesa.Model) -> dict[type, AbstractAgentSet]:
    """Give Mesa's own sets, one per class: here, of the agents that are no rows."""
    return model._agents_by_type


class KeptFunction:
    """A function on its way into Mesa's schedule, which would hold it weakly and silently never call it."""

    def __init__(self, function: Callable[[], object]) -> None:
        if not callable(function):
            raise TypeError(f"only a function can be scheduled, not {function!r}")
        self.function = function

    def __call__(self) -> None:
        """Call the function, unless it is a method of an agent that was removed meanwhile."""
        owner = getattr(self.function, "__self__", None)
        if isinstance(owner, mesa.Agent) and owner not in owner.model.agents:
            return
        self.function()

    def __str__(self) -> str:
        function = self.function
        return getattr(function, "__qualname__", None) or repr(function)


def keep(scheduled: Any, function: KeptFunction) -> Any:
    """Tie a function's life to that of the Mesa event or generator that will call it."""
    scheduled.kept_function = function
    return scheduled


def foreign_events(model: mesa.Model, ours: set[int]) -> list[str]:
    """Name what is pending in Mesa's schedule and has none of `ours`, the numbers of the events in our own table."""
    names = [f"{generator.function()} (recurring)" for generator in model._event_generators]
    for event in model._event_list._events:
        if not event.CANCELED and event.unique_id not in ours:
            function = event.fn()
            if not isinstance(getattr(function, "__self__", None), EventGenerator):
                names.append(f"{function} (minute {event.time:g})")
    return sorted(names)


class LazyAgentSet(AbstractAgentSet):
    """All that Mesa's agent sets can do, for a set that can list its agents and knows when one is in it."""

    model: Any

    @property
    def random(self) -> Random:
        """The model's generator, as in every agent set of Mesa."""
        return self.model.random

    def to_list(self) -> list[Any]:
        """List the agents, in order."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[Any]:
        return iter(self.to_list())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)} agents>"

    @property
    def _agents(self) -> dict[Any, None]:
        return dict.fromkeys(self.to_list())

    @classmethod
    def _from_iterable(cls, agents: Iterable[Any]) -> AgentSet:
        return AgentSet(agents)

    def _update(self, agents: Iterable[Any] = ()) -> NoReturn:
        raise TypeError("the agents of a model cannot be reordered or thinned out in place; use what is returned")

    def _selection(self, agents: Iterable[Any]) -> AgentSet:
        return AgentSet(agents, self.random)

    def copy(self) -> AgentSet:
        """Give an ordinary Mesa set of the agents that are there now."""
        return self._selection(self.to_list())

    __copy__ = copy

    def _masked(self, mask: np.ndarray) -> list[Any]:
        return list(compress(self.to_list(), mask.tolist()))

    def select(
        self,
        filter_func: Callable[[Any], bool] | np.ndarray | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> AgentSet:
        """Select agents by a function or by a boolean array with one entry per agent.

        Parameters
        ----------
        filter_func : callable or array of bool, optional
            Which agents; an array usually comes from columns, as in ``cells.select(cells.columns["age"] > 3)``.
        at_most : int or float
            How many at most; a float up to 1 is a share of all agents.
        inplace : bool
            Refused: the agents of a model cannot be thinned out.
        agent_type : type, optional
            Only agents of this class.
        """
        if inplace:
            self._update()
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        if isinstance(filter_func, np.ndarray):
            if filter_func.shape != (len(self),) or filter_func.dtype != np.bool_:
                raise ValueError(f"a mask must be {len(self)} booleans, not {filter_func.dtype}{filter_func.shape}")
            agents, wanted = self._masked(filter_func), None
        else:
            agents, wanted = self.to_list(), filter_func
        chosen: list[Any] = []
        for agent in agents:
            if len(chosen) >= at_most:
                break
            if (not agent_type or isinstance(agent, agent_type)) and (wanted is None or wanted(agent)):
                chosen.append(agent)
        return self._selection(chosen)

    def groupby(self, by: Callable[[Any], Any] | str, result_type: str = "agentset") -> GroupBy:
        """Group the agents by a column, another attribute or the result of a function."""
        agents = self.to_list()
        keys = [by(agent) for agent in agents] if callable(by) else self.get(by)
        groups: dict[Any, list[Any]] = {}
        for agent, key in zip(agents, keys, strict=True):
            groups.setdefault(key, []).append(agent)
        if result_type != "agentset":
            return GroupBy(groups)
        return GroupBy({key: self._selection(members) for key, members in groups.items()})

    def shuffle(self, inplace: bool = False) -> AgentSet:
        """Give the agents in random order, the same that any Mesa model with the same generator gives."""
        if inplace:
            self._update()
        agents = self.to_list()
        self.random.shuffle(agents)
        return self._selection(agents)

    def sort(self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False) -> AgentSet:
        """Give the agents in the order of an attribute or of a function's results."""
        if inplace:
            self._update()
        get_key = operator.attrgetter(key) if isinstance(key, str) else key
        return self._selection(sorted(self.to_list(), key=get_key, reverse=not ascending))

    def _still_here(self, agents: list[Any]) -> Iterator[Any]:
        return (agent for agent in agents if agent in self)

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Self:
        """Call a method, or a function, of every agent that is still there when its turn comes."""
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Self:
        """Call a method, or a function, of every agent in random order."""
        agents = self.to_list()
        self.random.shuffle(agents)
        for agent in self._still_here(agents):
            _call(agent, method, args, kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Call a method, or a function, of every agent and list the results."""
        return [_call(agent, method, args, kwargs) for agent in self._still_here(self.to_list())]

    def remove(self, agent: Any) -> None:
        """Remove an agent from its model; KeyError if it is not here."""
        if agent not in self:
            raise KeyError(agent)
        agent.remove()

    def discard(self, agent: Any) -> None:
        """Remove an agent from its model if it is here."""
        if agent in self:
            agent.remove()

    def add(self, agent: Any) -> None:
        """Refuse an agent that is not here: agents enter a model by being made."""
        if agent not in self:
            raise ValueError(f"{agent!r} is not in this model; make a new agent instead, as in Class(model, ...)")


def _call(agent: Any, method: str | Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return getattr(agent, method)(*args, **kwargs) if isinstance(method, str) else method(agent, *args, **kwargs)


class AllAgents(LazyAgentSet):
    """Every agent of a world: first those that are ordinary Mesa agents, then population after population."""

    def __init__(self, model: World) -> None:
        self.model = model

    def _parts(self) -> list[AbstractAgentSet]:
        return [plain_agents(self.model), *self.model.populations.values()]

    def to_list(self) -> list[Any]:
        """List all agents: the plain ones, then population after population."""
        return [agent for part in self._parts() for agent in part]

    def __len__(self) -> int:
        return sum(map(len, self._parts()))

    def __contains__(self, agent: object) -> bool:
        return any(agent in part for part in self._parts())

    def __getitem__(self, index: int | slice) -> Any:
        return self.to_list()[index]

    def get(self, attr_names: str | list[str], handle_missing: str = "error", default_value: Any = None) -> list[Any]:
        """Read one attribute, or several, of every agent."""
        return [value for part in self._parts() for value in part.get(attr_names, handle_missing, default_value)]

    def set(self, attr_name: str, value: Any) -> Self:
        """Set an attribute of every agent."""
        for part in self._parts():
            part.set(attr_name, value)
        return self
