"""What an agent has: columns, declared once with default, unit and one line of meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, overload

import numpy as np

if TYPE_CHECKING:
    from insulin_abm.engine.agents import RowAgent


class Column:
    """One number that every agent of a class has; reading and writing it reads and writes the agent's row.

    Attributes
    ----------
    name : str
        The attribute's name.
    default : float or int
        What a new agent starts with.
    unit : str
        Unit of the stored number ("1" for a pure number).
    meaning : str
        One line for the data dictionary.
    dtype : numpy.dtype
        float32 for what changes by more than 1e-4 of itself within minutes, float64 for what moves slowly; int32 for
        counts, int64 for balances.
    sees : str
        The column of the place it lives in that is copied here before the agent acts ("" for none).
    adds_to : str
        The columns of the place it lives in, with spaces between, to which this one is added after the agent acted
        ("" for none).
    slow : str
        The parameter that holds this column's time constant in minutes, if it relaxes over hours to days; settling
        a person uses it to jump to where the column is heading ("" for none).
    store : bool
        Whether it is a stock that fills and empties over hours to days.
    passing : bool
        Whether it is a message within a minute, which nobody needs after it.
    counts : bool
        Whether it is the number of agents that live in a place, counted when the place is told.
    """

    def __init__(
        self,
        default: float,
        unit: str,
        meaning: str,
        dtype: np.dtype,
        *,
        sees: str,
        adds_to: str,
        slow: str,
        store: bool,
        passing: bool,
        counts: bool,
    ) -> None:
        self.name = ""
        self.default = default
        self.unit = unit
        self.meaning = meaning
        self.dtype = dtype
        self.sees = sees
        self.adds_to = adds_to
        self.slow = slow
        self.store = store
        self.passing = passing
        self.counts = counts

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, agent: None, owner: type) -> Self: ...
    @overload
    def __get__(self, agent: RowAgent, owner: type) -> Any: ...
    def __get__(self, agent: RowAgent | None, owner: type) -> Any:
        if agent is None:
            return self
        return agent.population.read(agent, self.name)

    def __set__(self, agent: RowAgent, value: float) -> None:
        agent.population.write(agent, self.name, value)


def column(
    default: float,
    unit: str,
    meaning: str,
    *,
    wide: bool = False,
    whole: bool = False,
    sees: str = "",
    adds_to: str = "",
    slow: str = "",
    store: bool = False,
    passing: bool = False,
    counts: bool = False,
) -> Any:
    """Declare a column in the body of an agent class.

    Parameters
    ----------
    default : float
        What a new agent starts with.
    unit, meaning : str
        Its unit and one line of meaning, for the data dictionary.
    wide : bool
        Store with 64 bits (stores, day averages, organs, balances) and not with 32.
    whole : bool
        Store whole numbers.
    sees, adds_to : str
        Name of the column of the agent's place that is copied here before the agent acts; names, with spaces between,
        of those that are increased by this one after it acted.
    slow : str
        Name of the parameter with this column's time constant in minutes.
    store : bool
        Whether it is a stock that fills and empties over hours to days.
    passing : bool
        Whether it is a message within a minute: where thousands of agents live it is not kept (see `Table.keep`).
    counts : bool
        Whether it is to be the number of agents that live in this place.
    """
    kinds = (np.float32, np.float64, np.int32, np.int64)
    dtype = np.dtype(kinds[2 * whole + (wide or bool(slow))])
    return Column(
        default,
        unit,
        meaning,
        dtype,
        sees=sees,
        adds_to=adds_to,
        slow=slow,
        store=store,
        passing=passing,
        counts=counts,
    )
