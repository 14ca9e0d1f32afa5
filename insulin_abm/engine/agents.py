"""Agents whose state lives in a row of their population: ordinary Mesa agents that weigh almost nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import mesa

from insulin_abm.engine.columns import Column

if TYPE_CHECKING:
    from insulin_abm.engine.population import Population

REMOVED = -1
"""The row of an agent that is no longer in its model."""


class RemovedAgentError(LookupError):
    """Somebody read or wrote the state of an agent that was removed from its model."""


class RowAgent(mesa.Agent):
    """A Mesa agent that is one row of a `Population`.

    Declare its state with `column(...)` in the class body. Agents are made when somebody asks for one and stay the
    same object from then on; reading and writing a column reads and writes the agent's row. Thousands at once are
    added by ``world.population(Class).create(n)``, which runs no ``__init__``; ``Class(world)`` adds one.

    Parameters
    ----------
    model : World
        The model that the agent lives in.
    place : RowAgent or int, optional
        Where it lives, an agent of the class `lives_in` or its row; by default the least crowded place.
    **state : float
        Values of columns that shall not start with their defaults.

    Attributes
    ----------
    columns : dict of str to Column
        The columns of the class, those of its parent classes first.
    lives_in : type of RowAgent or None
        The class of the places that agents of this class live in.
    is_single : bool
        Whether a model has just one agent of this class.
    abreast : int
        Of so many places of this class that follow each other the agents stand abreast in their table: first the first
        of each place, then the second of each; 1: the agents of a place follow each other. It changes the order of
        rows and how fast they live, and nothing else.
    population : Population
        All agents of the same class in the same model.
    unique_id : int
        Never reused and never changed.
    """

    __slots__ = ("_row", "population", "unique_id")

    columns: ClassVar[dict[str, Column]] = {}
    lives_in: ClassVar[type[RowAgent] | None] = None
    is_single: ClassVar[bool] = False
    abreast: ClassVar[int] = 1
    pos: Any = None

    population: Population[Any]
    unique_id: int
    _row: int

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.columns = {
            name: value
            for owner in reversed(cls.__mro__)
            for name, value in vars(owner).items()
            if isinstance(value, Column)
        }
        for name in cls.columns:
            if hasattr(RowAgent, name):
                raise TypeError(f"{cls.__name__}.{name}: every agent has a {name!r} already; name the column otherwise")
            if not isinstance(vars_of(cls, name), Column):
                raise TypeError(f"{cls.__name__}.{name} hides the column {name!r} of a parent class; name it otherwise")

    def __init__(self, model: Any, *, place: RowAgent | int | None = None, **state: float) -> None:
        model.population(type(self)).create_agent(self, place=place, **state)
        model.register_agent(self)

    @property
    def model(self) -> Any:
        """The model that the agent lives in."""
        return self.population.model

    @property
    def place(self) -> Any:
        """The agent of class `lives_in` that this one lives in; None if the class has no places."""
        return self.population.place_of(self)

    @place.setter
    def place(self, place: RowAgent | int) -> None:
        self.population.move(self, place)

    @property
    def row(self) -> int:
        """Where the agent's numbers are in the columns right now; rows move when agents come and go."""
        return self.population.row_of(self)

    def remove(self) -> None:
        """Take the agent out of its model; nothing happens if it is out already."""
        if self._row != REMOVED:
            self.model.deregister_agent(self)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        """Let an agent be pickled and deep-copied, as in Mesa: its model comes along."""
        if self._row == REMOVED:
            raise removed(self)
        return _same_agent, (self.model, type(self), self.unique_id)

    def __repr__(self) -> str:
        if self._row == REMOVED:
            return f"<{type(self).__name__} {self.unique_id}, removed>"
        state = "".join(f", {name}={getattr(self, name):.6g}" for name in self.columns)
        return f"<{type(self).__name__} {self.unique_id}{state}>"


def _same_agent(model: Any, agent_class: type[RowAgent], unique_id: int) -> RowAgent:
    """Find an agent in a model that was pickled with it."""
    population = model.population(agent_class)
    return population.agent(int((population.ids == unique_id).argmax()))  # type: ignore[no-any-return]


def vars_of(cls: type, name: str) -> Any:
    """Look an attribute up along the parent classes without calling a descriptor."""
    return next(vars(owner)[name] for owner in cls.__mro__ if name in vars(owner))


def removed(agent: RowAgent) -> RemovedAgentError:
    """Make the error that says which agent is gone."""
    return RemovedAgentError(f"{type(agent).__name__} {agent.unique_id} was removed from its model and has no state")
