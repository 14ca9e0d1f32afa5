"""The columns of a table as its users see them, those that are not kept included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from insulin_abm.engine.table import Table


class KeptColumns(Mapping[str, np.ndarray]):
    """The columns of a table by name, each a contiguous array with one number per agent.

    One that is only seen, and not kept, is what the places of the agents hold now, read-only; any other that is not
    kept is refused with a reason. Only those that are kept are listed.

    Parameters
    ----------
    table : Table
        Whose.
    kept : mapping of str to numpy.ndarray
        Those that are kept.
    """

    def __init__(self, table: Table[Any], kept: Mapping[str, np.ndarray]) -> None:
        self._table = table
        self._kept = kept

    def __getitem__(self, name: str) -> np.ndarray:
        if name in self._kept:
            return self._kept[name]
        column = self._table.agent_class.columns[name]
        if not column.sees:
            raise LookupError(not_kept(self._table.name, name))
        assert self._table.parent is not None
        seen = self._table.parent.columns[column.sees][self._table.place].astype(column.dtype)
        seen.flags.writeable = False
        return seen

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __contains__(self, name: object) -> bool:
        return name in self._kept

    def __len__(self) -> int:
        return len(self._kept)


def not_kept(population: str, name: str) -> str:
    """Say why a column cannot be read or written, and what to do."""
    return (
        f"{population}.{name} is used up within a minute and not kept; call population({population}).keep({name!r}) "
        "before the minute that you want to see"
    )
