"""A population: all agents of one class as columns of numbers, and Mesa's agent set of them at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from insulin_abm.engine.agents import REMOVED, RowAgent, removed
from insulin_abm.engine.kept_columns import not_kept
from insulin_abm.engine.mesa_seams import LazyAgentSet
from insulin_abm.engine.table import Table

if TYPE_CHECKING:
    from insulin_abm.engine.world import World


class Population[A: RowAgent](Table[A], LazyAgentSet):
    """All agents of one class in one world: a `Table`, and an agent set of Mesa.

    An agent is made when somebody asks for it and stays the same object until it is removed, wherever its row moves.

    Parameters
    ----------
    model : World
        The model that the agents live in.
    agent_class : type of RowAgent
        Their exact class.
    """

    def __init__(self, model: World, agent_class: type[A]) -> None:
        self.model = model
        super().__init__(agent_class, model.population(agent_class.lives_in) if agent_class.lives_in else None)

    # ---- one agent

    def agent(self, row: int) -> A:
        """Give the agent of a row; it is made now if nobody asked for it before."""
        self.tidy()
        if not 0 <= row < self._size:
            raise IndexError(f"there is no row {row}: there are {self._size} of {self.name}")
        return self._agent(row)

    def _agent(self, row: int) -> A:
        agent = self._made.get(row)
        return self._bind(self.agent_class.__new__(self.agent_class), row) if agent is None else agent

    def _bind(self, agent: A, row: int) -> A:
        agent.population = self
        agent.unique_id = self._ids.item(row)
        agent._row = row
        self._made[row] = agent
        return agent

    def create_agent(self, agent: A, *, place: RowAgent | int | None = None, **state: float) -> None:
        """Add one row for an agent object that is just being made."""
        self.create(1, place=place, **state)
        self._bind(agent, self._used - 1)

    def drop(self, agent: A) -> None:
        """Remove an agent's row; `agent.remove()` is the usual way to get here."""
        self._mark_removed(self._row_now(agent))
        agent._row = REMOVED

    def move(self, agent: A, place: RowAgent | int) -> None:
        """Let an agent live in another place."""
        self._put(self._row_now(agent), place)

    def row_of(self, agent: A) -> int:
        """Give the row in which an agent is now."""
        self.tidy()
        return self._row_now(agent)

    def place_of(self, agent: A) -> Any:
        """Give the agent that an agent lives in; None if its class lives in no place."""
        row = self._row_now(agent)
        return None if self.parent is None else self.parent._agent(self._place.item(row))

    def _row_now(self, agent: A) -> int:
        if agent.population is not self:
            raise ValueError(f"{agent!r} is not of this population")
        if agent._row == REMOVED:
            raise removed(agent)
        return agent._row

    def read(self, agent: A, name: str) -> int | float:
        """Read a column at an agent's row."""
        row = agent._row
        if row < 0:
            raise removed(agent)
        array = self._arrays.get(name)
        if array is None:
            return self._seen(agent, name)
        return array.item(row)

    def _seen(self, agent: A, name: str) -> int | float:
        """Read what an agent sees in a column that is not kept."""
        column = self.agent_class.columns[name]
        if not column.sees:
            raise LookupError(not_kept(self.name, name))
        return column.dtype.type(getattr(self.place_of(agent), column.sees)).item()  # type: ignore[no-any-return]

    def write(self, agent: A, name: str, value: float) -> None:
        """Write a column at an agent's row."""
        row = agent._row
        if row < 0:
            raise removed(agent)
        if name in self._whole and value != int(value):
            raise ValueError(f"{self.name}.{name} counts whole things; it cannot be {value}")
        if name in self.spared:
            raise LookupError(not_kept(self.name, name))
        self._arrays[name][row] = value

    # ---- Mesa's agent set, fast where columns are meant

    def __len__(self) -> int:
        return self._size

    def __contains__(self, agent: object) -> bool:
        return isinstance(agent, RowAgent) and agent.population is self and agent._row != REMOVED

    def __getitem__(self, index: int | slice) -> Any:
        rows = range(self._size)[index]
        return [self.agent(row) for row in rows] if isinstance(rows, range) else self.agent(rows)

    def to_list(self) -> list[A]:
        """List the agents in the order of their rows; those nobody asked for before are made now."""
        self.tidy()
        return [self._agent(row) for row in range(self._size)]

    def _masked(self, mask: np.ndarray) -> list[A]:
        self.tidy()
        return [self._agent(row) for row in np.flatnonzero(mask).tolist()]

    def get(
        self, attr_names: str | Iterable[str], handle_missing: str = "error", default_value: Any = None
    ) -> list[Any]:
        """Read one attribute, or several, of every agent; columns are read at once."""
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing must be 'error' or 'default', not {handle_missing!r}")
        if not isinstance(attr_names, str):
            lists = [self.get(name, handle_missing, default_value) for name in attr_names]
            return [list(values) for values in zip(*lists, strict=True)] if lists else [[] for _ in range(self._size)]
        if attr_names in self.agent_class.columns:
            return self.columns[attr_names].tolist()
        missing = () if handle_missing == "error" else (default_value,)
        return [getattr(agent, attr_names, *missing) for agent in self.to_list()]

    def agg(self, attribute: str, func: Callable[..., Any] | Iterable[Callable[..., Any]]) -> Any:
        """Summarise an attribute by a function, or list the results of several functions.

        NumPy's functions get the column as an array of full width, others get a list: the results are the same.
        """
        if not callable(func):
            return [self.agg(attribute, function) for function in func]
        if attribute in self.agent_class.columns and type(func).__module__.partition(".")[0] == "numpy":
            return func(self.columns[attribute].astype(np.int64 if attribute in self._whole else np.float64))
        return func(self.get(attribute))

    def set(self, attr_name: str, value: Any) -> Self:
        """Set an attribute of every agent to one value, or a column to an array with one number per agent."""
        if attr_name in self.agent_class.columns:
            self.columns[attr_name][:] = self._checked(attr_name, value, self._size)
        else:
            for agent in self.to_list():
                setattr(agent, attr_name, value)
        return self
