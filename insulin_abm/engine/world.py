"""The world: a Mesa model whose agents are rows, whose clock counts whole minutes and whose events are data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Self

import mesa
from mesa.agentset import AbstractAgentSet
from mesa.experimental.mesa_signals import ModelSignals, ObservableSignals
from mesa.time import Priority, Schedule

from insulin_abm.engine import mesa_seams, snapshot
from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.events import Event, EventTable, event_kinds_of, whole_minutes
from insulin_abm.engine.population import Population


class World(mesa.Model):
    """A Mesa model that lives in whole minutes.

    Mesa moves the clock from event to event. Before an event at minute t acts, the minutes up to and including t are
    lived: a subclass says in `live` what that means. An event acts on the minutes after it.

    Parameters
    ----------
    seed : int
        Where all chance comes from.

    Attributes
    ----------
    seed : int
        As given.
    populations : dict of type to Population
        The populations, in the order in which they were first asked for.
    events : EventTable
        What will happen, in order.
    event_kinds : dict of str to callable
        What can happen: the methods marked `@event`.
    """

    event_kinds: ClassVar[dict[str, Callable[..., None]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.event_kinds = event_kinds_of(cls)
        if "step" in vars(cls):
            raise TypeError(f"{cls.__name__}.step would never be called: say in `live` what happens in a minute")

    def __init__(self, seed: int) -> None:
        super().__init__(rng=seed)
        self.seed = seed
        self.populations: dict[type[RowAgent], Population[Any]] = {}
        self.events = EventTable(self)
        self._all = mesa_seams.AllAgents(self)
        self._lived = 0
        mesa_seams.stop_default_step(self)
        self.observe("time", ObservableSignals.CHANGED, self._time_passes)

    # ---- what a subclass says

    def live(self, old: int, new: int) -> None:
        """Live the minutes after `old` up to and including `new`; no event acts in between."""
        raise NotImplementedError(f"{type(self).__name__} must say in `live(old, new)` what happens in a minute")

    def agent_classes(self) -> Mapping[str, type[RowAgent]]:
        """Name the classes whose agents a snapshot of this world may hold."""
        return {agent_class.__name__: agent_class for agent_class in self.populations}

    def state(self) -> dict[str, Any]:
        """Give what a snapshot must hold beside the agents, as numbers, texts, lists and dictionaries."""
        return {}

    def refuse_state(self, state: dict[str, Any]) -> None:
        """Raise `SnapshotError` if what `state` gave is of another world; nothing was changed yet."""

    def take_state(self, state: dict[str, Any]) -> None:
        """Take back what `state` gave."""

    def making(self) -> dict[str, Any]:
        """Give what a world like this one is made with: the keyword arguments of its class."""
        return {"seed": self.seed}

    def empty_copy(self) -> Self:
        """Make a new world like this one was before anything entered it; a fork is filled into it."""
        return type(self)(**self.making())

    # ---- time

    def _time_passes(self, signal: Any) -> None:
        old = whole_minutes(signal.additional_kwargs["old"], "the time")
        new = whole_minutes(signal.additional_kwargs["new"], "the time")
        if old != self._lived:
            raise RuntimeError(
                f"an error cut minute {self._lived + 1} short, so this world cannot go on; begin anew or restore it"
            )
        self.live(old, new)
        self._lived = new
        self.steps = new

    @property
    def between_minutes(self) -> bool:
        """Whether all minutes up to now were lived, which is when a world can be saved."""
        return self._lived == self.time

    def set_minute(self, minute: int) -> None:
        """Set the clock without living: what happened until then is read from a snapshot."""
        mesa_seams.set_clock(self, minute)
        self._lived = self.steps = minute

    def run_for(self, duration: float) -> None:
        """Live for so many minutes."""
        self.run_until(self.time + whole_minutes(duration, "the duration"))

    def run_until(self, end_time: float) -> None:
        """Live until the end of a minute, the events of that minute included."""
        end = whole_minutes(end_time, "the end")
        if end < self.time:
            raise ValueError(f"cannot run until minute {end}: it is minute {self.time:g} already")
        while self.time < end and len(self.plain_agents):
            super().run_until(self.time + 1)
        if self.time < end:
            super().run_until(float(end))

    def live_plain_agents(self) -> None:
        """Call `step` of every agent that is an ordinary Mesa agent."""
        self.plain_agents.do("step")

    # ---- events

    def schedule(self, kind: str, /, *, at: float, every: float | None = None, **arguments: Any) -> Event:
        """Enter an event into the table.

        Parameters
        ----------
        kind : str
            What shall happen, one of `event_kinds`.
        at : int
            The minute.
        every : int, optional
            Again after so many minutes, and so on.
        **arguments
            What the kind of event takes.
        """
        return self.events.enter(Event(at, kind, arguments, every))  # type: ignore[arg-type]

    def schedule_event(
        self,
        function: Callable[[], object],
        *,
        at: float | None = None,
        after: float | None = None,
        priority: Priority = Priority.DEFAULT,
    ) -> Any:
        """Let Mesa call a function once, as in any Mesa model; until then the world cannot be saved or forked."""
        at = None if at is None else float(whole_minutes(at, "the time of an event"))
        after = None if after is None else float(whole_minutes(after, "the delay of an event"))
        kept = mesa_seams.KeptFunction(function)
        return mesa_seams.keep(super().schedule_event(kept, at=at, after=after, priority=priority), kept)

    def schedule_recurring(
        self, function: Callable[[], object], schedule: Schedule, priority: Priority = Priority.DEFAULT
    ) -> Any:
        """Let Mesa call a function again and again; until it is stopped the world cannot be saved or forked."""
        kept = mesa_seams.KeptFunction(function)
        return mesa_seams.keep(super().schedule_recurring(kept, _in_whole_minutes(schedule), priority), kept)

    def unsaved(self) -> list[str]:
        """Name what a snapshot could not hold: pending functions in Mesa's schedule and plain Mesa agents."""
        functions = mesa_seams.foreign_events(self, self.events.numbers_in_mesa())
        return [*functions, *(f"{type(agent).__name__} {agent.unique_id}" for agent in self.plain_agents)]

    # ---- agents

    def population(self, agent_class: type[RowAgent]) -> Population[Any]:
        """Give the population of exactly this class; it is made when first asked for."""
        known = self.populations.get(agent_class)
        if known is not None:
            return known
        if not (isinstance(agent_class, type) and issubclass(agent_class, RowAgent)):
            raise TypeError(f"a population is of a class of RowAgent, not {agent_class!r}")
        if any(other.__name__ == agent_class.__name__ for other in self.populations):
            raise TypeError(f"there is another class {agent_class.__name__!r} in this world; rename one of them")
        made = Population(self, agent_class)
        self.populations[agent_class] = made
        return made

    def order_populations(self, names: list[str]) -> None:
        """Put the populations into a given order, which is the order of `agents`; others follow."""
        named = {population.name: agent_class for agent_class, population in self.populations.items()}
        first = [named[name] for name in names]
        self.populations = {agent_class: self.populations[agent_class] for agent_class in [*first, *self.populations]}

    @property
    def plain_agents(self) -> AbstractAgentSet:
        """The agents that are ordinary Mesa agents and no rows."""
        return mesa_seams.plain_agents(self)

    @property
    def agents(self) -> mesa_seams.AllAgents:
        """All agents: the plain ones, then population after population."""
        return self._all

    @property
    def agents_by_type(self) -> dict[type, AbstractAgentSet]:
        """The agents of each class."""
        return {**mesa_seams.plain_agents_by_type(self), **self.populations}

    @property
    def agent_types(self) -> list[type]:
        """All classes of agents."""
        return list(self.agents_by_type)

    def register_agent(self, agent: mesa.Agent) -> None:
        """Take in an agent that is just being made; an agent's ``__init__`` calls this."""
        if not isinstance(agent, RowAgent):
            super().register_agent(agent)
            return
        self.population(type(agent)).add(agent)
        self.notify("agents", ModelSignals.AGENT_ADDED, args=(agent,))

    def deregister_agent(self, agent: mesa.Agent) -> None:
        """Take out an agent; an agent's ``remove`` calls this."""
        if not isinstance(agent, RowAgent):
            super().deregister_agent(agent)
            return
        self.population(type(agent)).drop(agent)
        self.notify("agents", ModelSignals.AGENT_REMOVED, args=(agent,))

    def remove_all_agents(self) -> None:
        """Remove all agents, those that live in others first."""
        for agent in reversed(self.agents.to_list()):
            agent.remove()
        super().remove_all_agents()

    # ---- copies

    def save(self) -> bytes:
        """Give the whole state as bytes, see `insulin_abm.engine.snapshot`."""
        return snapshot.save(self)

    def restore(self, data: bytes) -> None:
        """Become the world that was saved."""
        snapshot.restore(self, data)

    def fork(self) -> Self:
        """Make a copy that goes its own way from here on."""
        return self.filled_into(self.empty_copy())

    def filled_into(self, empty: Self) -> Self:
        """Let a new world, made like this one or nearly so, become as this one is, and give it."""
        return _filled(empty, self._kept(), snapshot.save(self))

    def _kept(self) -> dict[type[RowAgent], tuple[str, ...]]:
        """Classes of the populations, and which of their columns somebody wants to keep."""
        return {agent_class: tuple(sorted(population.wanted)) for agent_class, population in self.populations.items()}

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        """Let a world be pickled and deep-copied, so that it can go to another process: it is made anew and filled."""
        return _made_again, (type(self), self.making(), self._kept(), snapshot.save(self))


def _filled[W: World](world: W, kept: Mapping[type[RowAgent], tuple[str, ...]], data: bytes) -> W:
    for agent_class, columns in kept.items():
        population = world.population(agent_class)
        if columns:
            population.keep(*columns)
    snapshot.restore(world, data)
    return world


def _made_again[W: World](
    world_class: type[W],
    making: Mapping[str, Any],
    kept: Mapping[type[RowAgent], tuple[str, ...]],
    data: bytes,
) -> W:
    """Make a world as it was when it was pickled."""
    return _filled(world_class(**making), kept, data)


def _in_whole_minutes(schedule: Schedule) -> Schedule:
    """Let a schedule that Mesa may evaluate later give nothing but whole minutes."""
    interval: Any = schedule.interval
    if callable(interval):
        return replace(schedule, interval=lambda model: whole_minutes(interval(model), "the interval of an event"))
    whole_minutes(interval, "the interval of an event")
    if schedule.start is not None:
        whole_minutes(schedule.start, "the start of a schedule")
    return schedule
