"""A table: columns of numbers with one row per agent, in which rows come, move and go."""

from __future__ import annotations

import difflib
import zlib
from collections.abc import Iterable, Mapping
from typing import Any, Self

import numpy as np

from insulin_abm.engine.agents import REMOVED, RowAgent
from insulin_abm.engine.crowding import least_crowded
from insulin_abm.engine.kept_columns import KeptColumns, not_kept
from insulin_abm.engine.standing import in_order, runs, stands

IDS_PER_CLASS = 2**31
"""The ids of a class are one block of numbers, so that the agents of one class never shift the ids of another."""


class Table[A: RowAgent]:
    """The rows of all agents of one class.

    New rows are appended and removed ones are marked; the next time somebody looks at the columns, removed rows are
    dropped and the rest is sorted by place and, within a place, by id, or as agents stand whose places are `abreast`.
    So their order does not depend on who looked when.

    Parameters
    ----------
    agent_class : type of RowAgent
        The agents' exact class.
    parent : Table or None
        The table of the places that the agents live in.

    Attributes
    ----------
    wanted : set of str
        Columns that somebody wants to be kept, see `keep`.
    spared : tuple of str
        Columns that are not kept, because the minute uses them up block by block.
    newborn : dict of str to float
        What columns of a new agent start with, where it is not their default.
    habitat : numpy.ndarray or None
        Rows of the places in which agents of this class may live (None: in all).
    """

    def __init__(self, agent_class: type[A], parent: Self | None) -> None:
        self.agent_class = agent_class
        self.parent = parent
        self.next_index = 1
        self.newborn: dict[str, float] = {}
        self.habitat: np.ndarray | None = None
        self.spared: tuple[str, ...] = ()
        self.wanted: set[str] = set()
        self._children: list[Self] = []
        self._whole = frozenset(name for name, column in agent_class.columns.items() if column.dtype.kind == "i")
        self._size = 0
        self._used = 0
        self._version = 0
        self._tidy = False
        self._in_order = True
        self._ids = np.empty(0, np.int64)
        self._place = np.empty(0, np.int32)
        self._alive = np.empty(0, np.bool_)
        self._made: dict[int, A] = {}
        self._arrays = {name: np.empty(0, column.dtype) for name, column in agent_class.columns.items()}
        self._views: Mapping[str, np.ndarray] = KeptColumns(self, {})
        if parent is not None:
            parent._children.append(self)

    @property
    def name(self) -> str:
        """Name of the agents' class."""
        return self.agent_class.__name__

    # ---- what is in it

    @property
    def size(self) -> int:
        """How many agents there are."""
        return self._size

    @property
    def version(self) -> int:
        """A number that grows whenever `columns`, `ids`, `place` or `runs` give other arrays or rows than before."""
        self.tidy()
        return self._version

    @property
    def columns(self) -> Mapping[str, np.ndarray]:
        """The columns, see `KeptColumns`."""
        self.tidy()
        return self._views

    @property
    def ids(self) -> np.ndarray:
        """The agents' unique ids."""
        self.tidy()
        return self._ids[: self._size]

    @property
    def place(self) -> np.ndarray | None:
        """Row of the place each agent lives in; None if the class lives in no place."""
        self.tidy()
        return None if self.parent is None else self._place[: self._size]

    def runs(self) -> np.ndarray:
        """Give who stands where, see `standing.runs`; int64 of shape (runs, 3)."""
        parent = self._parent()
        self.tidy()
        return runs(self._place[: self._size], parent.stands(), parent.agent_class.abreast)

    def stands(self) -> np.ndarray:
        """Give for each agent the first of those whose residents stand abreast with its own; int64."""
        self.tidy()
        return stands(self._place[: self._size], self.agent_class.abreast)

    # ---- what is kept

    def keep(self, *names: str) -> None:
        """Keep columns, or all if none is named, that are otherwise used up within a minute; they begin as defaults."""
        self.wanted |= set(names or self.agent_class.columns)
        self.spare(self.spared)

    def spare(self, names: Iterable[str]) -> None:
        """Keep all columns but these, and those that somebody wants to keep."""
        self.spared = tuple(name for name in names if name not in self.wanted)
        for name, column in self.agent_class.columns.items():
            if name in self.spared:
                self._arrays.pop(name, None)
            elif name not in self._arrays:
                self._arrays[name] = np.full(len(self._ids), column.default, column.dtype)
        self._arrays = {name: self._arrays[name] for name in self.agent_class.columns if name in self._arrays}
        self._tidy = False
        self._version += 1

    # ---- order

    def tidy(self) -> None:
        """Drop removed rows and sort the rest. It costs nothing if nobody came, went or moved."""
        if self.parent is not None:
            self.parent.tidy()
        if self._tidy:
            return
        if not self._in_order:
            kept = np.flatnonzero(self._alive[: self._used])
            order = kept[self._order(self._ids[kept], self._place[kept])]
            if len(order) < self._used or np.any(order[1:] < order[:-1]):
                self._reorder(order)
        self._tidy = self._in_order = True
        self._version += 1
        self._views = KeptColumns(self, {name: array[: self._size] for name, array in self._arrays.items()})

    def _order(self, ids: np.ndarray, place: np.ndarray) -> np.ndarray:
        return np.argsort(ids, kind="stable") if self.parent is None else in_order(ids, place, self.parent.stands())

    def _mix_up(self) -> None:
        """Say that rows came, went or moved."""
        self._tidy = self._in_order = False

    def _reorder(self, order: np.ndarray) -> None:
        new_rows = np.full(self._used, REMOVED, np.int64)
        new_rows[order] = np.arange(len(order))
        arrays: list[np.ndarray] = [self._ids, self._place, self._alive, *self._arrays.values()]
        for array in arrays:
            array[: len(order)] = array[order]
        self._used = len(order)
        self._made = {int(new_rows[row]): agent for row, agent in self._made.items()}
        for row, agent in self._made.items():
            agent._row = row
        for child in self._children:
            child._place[: child._used] = new_rows[child._place[: child._used]]
            child._mix_up()

    # ---- coming, moving, going

    def create(self, n: int, *, place: Any = None, **state: Any) -> None:
        """Add n agents at once; no object is made, no ``__init__`` runs and no signal of Mesa is sent for any of them.

        Parameters
        ----------
        n : int
            How many.
        place : RowAgent, int or array of int, optional
            The places they live in; by default each goes to the place that is least crowded by then.
        **state : float or array of n numbers
            Values of columns that shall not start with their defaults.
        """
        if n < 0:
            raise ValueError(f"cannot create {n} of {self.name}")
        values = {name: self._checked(name, value, n) for name, value in state.items()}
        places = self._checked_places(place, n)
        self._make_room(n)
        rows = slice(self._used, self._used + n)
        first = zlib.crc32(self.name.encode()) * IDS_PER_CLASS + self.next_index
        ids, places = np.arange(first, first + n), np.broadcast_to(places, (n,))
        order = self._order(ids, places)  # so that nothing has to move if they are the first
        self._ids[rows], self._place[rows], self._alive[rows] = ids[order], places[order], True
        for name, array in self._arrays.items():
            value = values.get(name, self.newborn.get(name, self.agent_class.columns[name].default))
            array[rows] = value[order] if isinstance(value, np.ndarray) and value.ndim else value
        are_first = not self._used
        self.next_index += n
        self._used += n
        self._size += n
        self._mix_up()
        self._in_order = are_first
        for child in self._children:
            child._mix_up()

    def _make_room(self, n: int) -> None:
        """Make room for n more rows; room is doubled, so that adding agents one by one stays cheap."""
        room = len(self._ids)
        if self._used + n > room:
            room = max(self._used + n, 2 * room)
            self._ids, self._place = _longer(self._ids, room), _longer(self._place, room)
            self._alive = _longer(self._alive, room)
            self._arrays = {name: _longer(array, room) for name, array in self._arrays.items()}

    def _put(self, row: int, place: RowAgent | int) -> None:
        self._place[row] = self._checked_places(place, 1)
        self._mix_up()

    def _mark_removed(self, row: int) -> None:
        for child in self._children:
            inside = np.count_nonzero(child._alive[: child._used] & (child._place[: child._used] == row))
            if inside:
                raise ValueError(f"{self._made.get(row)!r} cannot be removed while {inside} of {child.name} live in it")
        self._alive[row] = False
        self._made.pop(row, None)
        self._size -= 1
        self._mix_up()

    def remove_rows(self, rows: Any) -> None:
        """Remove many agents at once; no object is made, and no signal of Mesa is sent for any of them.

        Parameters
        ----------
        rows : array of int or of bool
            Their rows now, or for each row whether it goes.

        Raises
        ------
        ValueError
            If agents of another class live in one of them; none is removed then.
        """
        self.tidy()
        going = np.zeros(self._size, np.bool_)
        going[rows] = True
        for child in self._children:
            child.tidy()
            inside = np.count_nonzero(going[child._place[: child._size]])
            if inside:
                raise ValueError(f"{self.name} cannot be removed while {inside} of {child.name} live in them")
        for row in [row for row in self._made if going[row]]:
            self._made.pop(row)._row = REMOVED
        self._alive[: self._size] &= ~going
        self._size -= int(np.count_nonzero(going))
        self._mix_up()

    def load(
        self, columns: Mapping[str, np.ndarray], ids: np.ndarray, place: np.ndarray | None, next_index: int
    ) -> None:
        """Take over saved rows; agents already made follow their ids, and those that were not saved are removed."""
        made = {agent.unique_id: agent for agent in self._made.values()}
        self._size = self._used = len(ids)
        self.next_index = next_index
        self._ids = np.array(ids, np.int64)
        self._place = np.zeros(len(ids), np.int32) if place is None else np.array(place, np.int32)
        self._alive = np.ones(len(ids), np.bool_)
        self._made = {}
        self._arrays = {
            name: np.array(columns[name], array.dtype)
            if name in columns
            else np.full(len(ids), self.agent_class.columns[name].default, array.dtype)
            for name, array in self._arrays.items()
        }
        self._mix_up()
        row_of = {unique_id: row for row, unique_id in enumerate(ids.tolist())} if made else {}
        for unique_id, agent in made.items():
            agent._row = row_of.get(unique_id, REMOVED)
            if agent._row != REMOVED:
                self._made[agent._row] = agent

    # ---- refusals

    def _parent(self) -> Self:
        if self.parent is None:
            raise TypeError(f"{self.name} lives in no place (it has no `lives_in`)")
        return self.parent

    def _checked_places(self, place: Any, n: int) -> np.ndarray | int:
        if self.parent is None and place is None:
            return 0
        parent = self._parent()
        parent.tidy()
        if not parent.size:
            raise ValueError(f"{self.name} lives in a {parent.name}, and there is none yet: create some first")
        if place is None:
            living = self._place[: self._used][self._alive[: self._used]]
            crowding = np.bincount(living, minlength=parent.size)
            if self.habitat is None:
                return least_crowded(crowding, n)
            return self.habitat[least_crowded(crowding[self.habitat], n)]
        if isinstance(place, RowAgent):
            if place.population is not parent:
                raise ValueError(f"{self.name} lives in a {parent.name} of the same model, not in {place!r}")
            place = place.row
        rows = np.asarray(place)
        if rows.dtype.kind not in "iu" or rows.shape not in ((), (n,)) or np.any((rows < 0) | (rows >= parent.size)):
            raise ValueError(f"a place is a {parent.name} or its row, 0 to {parent.size - 1}; give one or {n} of them")
        if self.habitat is not None and not np.isin(rows, self.habitat).all():
            first, last = self.habitat.min(), self.habitat.max()
            raise ValueError(f"{self.name} lives in rows {first} to {last} of {parent.name}, not in {place}")
        return rows

    def _checked(self, name: str, value: Any, n: int) -> np.ndarray:
        if name not in self._arrays:
            near = difflib.get_close_matches(name, self._arrays, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(self._arrays)}"
            if name in self.spared:
                raise LookupError(not_kept(self.name, name))
            raise TypeError(f"{self.name} has no column {name!r}; {hint}")
        values = np.asarray(value)
        if values.shape not in ((), (n,)):
            raise ValueError(
                f"{self.name}.{name} needs one number or {n} of them, not an array of shape {values.shape}"
            )
        if name in self._whole and np.any(values != np.floor(values)):
            raise ValueError(f"{self.name}.{name} counts whole things; it cannot be {value}")
        return values


def _longer(array: np.ndarray, length: int) -> np.ndarray:
    longer = np.empty(length, array.dtype)
    longer[: len(array)] = array
    return longer
