"""Takes typed values out of a TOML table and gathers every fault on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from insulin_abm.parameters import Fault, Parameter, QuantityError
from insulin_abm.parameters.faults import unknown
from insulin_abm.parameters.quantities import shown


class Reader:
    """Reads one table; what is asked for is what is allowed, all else is refused by `finish`.

    Parameters
    ----------
    table : dict
        The table as TOML gave it.
    place : str
        Its path in the file ("" for the file itself).
    faults : list of Fault
        Where faults are gathered; the same list for all tables of a file.
    """

    def __init__(self, table: dict[str, Any], place: str, faults: list[Fault]) -> None:
        self.values = table
        self.place = place
        self.faults = faults
        self._asked: list[str] = []

    def at(self, key: str) -> str:
        """Give the path of a key."""
        return f"{self.place}.{key}" if self.place else key

    def refuse(self, key: str, problem: str, hint: str = "") -> None:
        """Note a fault of a key."""
        self.faults.append(Fault(self.at(key), problem, hint))

    def has(self, key: str) -> bool:
        """Whether a key is there; it is then an allowed one."""
        self._asked.append(key)
        return key in self.values

    def read[Value](self, key: str, read: Callable[[object], Value], default: Value) -> Value:
        """Read a value by a function that raises `QuantityError`; after a fault it is the default."""
        if not self.has(key):
            return default
        try:
            return read(self.values[key])
        except QuantityError as error:
            self.refuse(key, error.problem, error.hint)
            return default

    def quantity(self, key: str, parameter: Parameter, default: float | None = None) -> float:
        """Read a quantity that is one of a parameter: in its unit and within its range."""
        return self.read(key, parameter.read, parameter.value if default is None else default)

    def whole(self, key: str, low: int, high: int, default: int) -> int:
        """Read a whole number."""

        def read(value: object) -> int:
            allowed = f"Allowed: a whole number from {low:,} to {high:,}".replace(",", " ")
            if isinstance(value, bool) or not isinstance(value, int):
                raise QuantityError(f"{shown(value)} is not a whole number", f"{allowed}, without quotes")
            if not low <= value <= high:
                raise QuantityError(f"{shown(value)} is out of range", allowed)
            return value

        return self.read(key, read, default)

    def text(self, key: str, default: str, choices: Iterable[str] = ()) -> str:
        """Read a text, one of some choices if there are any."""
        if not self.has(key):
            return default
        value = self.values[key]
        allowed = tuple(choices)
        if not isinstance(value, str):
            wanted = " or ".join(f'"{choice}"' for choice in allowed) or f'a text in quotes, such as "{default}"'
            self.refuse(key, f"{shown(value)} is not a text", f"Allowed: {wanted}")
        elif allowed and value not in allowed:
            self.faults.append(unknown(self.at(key), key, value, allowed))
        else:
            return value
        return default

    def table(self, key: str) -> Reader:
        """Open a table within (an empty one if it is not there)."""
        value = self.values.get(key, {}) if self.has(key) else {}
        if not isinstance(value, dict):
            self.refuse(key, f"{shown(value)} is not a table", f"Write [{self.at(key)}] and its keys below")
            value = {}
        return Reader(value, self.at(key), self.faults)

    def tables(self, key: str, single: bool = False) -> list[Reader]:
        """Open the tables of an array; with `single`, one plain table will do."""
        if not self.has(key):
            return []
        value = self.values[key]
        if single and isinstance(value, dict):
            return [Reader(value, self.at(key), self.faults)]
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.refuse(key, "is not a list of tables", f"Write [[{self.at(key)}]] above each one")
            return []
        return [Reader(item, f"{self.at(key)}[{index}]", self.faults) for index, item in enumerate(value, start=1)]

    def finish(self, what: str = "key") -> None:
        """Refuse every key that nobody asked for."""
        allowed = list(dict.fromkeys(self._asked))
        for key in self.values:
            if key not in allowed:
                self.faults.append(unknown(self.at(key), what, key, allowed))
