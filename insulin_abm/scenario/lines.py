"""Where a key stands in a TOML file (Python's reader does not tell)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from insulin_abm.parameters import Fault

_LONGEST_VALUE = 500
"""A value that goes over more lines than this is not followed to its end: it is only about a line number."""


@dataclass(frozen=True)
class Place:
    """Where a key stands.

    Attributes
    ----------
    line : int
        Line of the file.
    file : str
        The included file ("" for the scenario itself).
    """

    line: int
    file: str = ""


@dataclass(frozen=True)
class FaultInFile(Fault):
    """A fault of an included file; the message names it.

    Attributes
    ----------
    file : str
        The file.
    """

    file: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {super().__str__()}"


def places_of(text: str, file: str = "") -> dict[str, Place]:
    """Give the place of every key of a valid TOML text, with the file that it stands in."""
    return {path: Place(line, file) for path, line in lines_of(text).items()}


def placed(fault: Fault, places: Mapping[str, Place]) -> Fault:
    """Give a fault its line, and its file if that was included; one that has its line is left as it is."""
    place = line_of(fault.place, places) if fault.line is None else None
    if place is None:
        return fault
    if place.file:
        return FaultInFile(fault.place, fault.problem, fault.hint, place.line, place.file)
    return replace(fault, line=place.line)


def reading_order(fault: Fault) -> tuple[str, int]:
    """Give what puts faults in order: the scenario's own first, then file by file, each by lines."""
    return (fault.file if isinstance(fault, FaultInFile) else "", fault.line or 0)


def lines_of(text: str) -> dict[str, int]:
    """Give the line of every key of a valid TOML text.

    Parameters
    ----------
    text : str
        The file; it must be valid TOML.

    Returns
    -------
    dict
        Path -> line. Paths are dotted; the tables of an array count from 1: ``meals[2].foods.bread``.
    """
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    prefix = ""
    lines = text.splitlines()
    row = 0
    while row < len(lines):
        start = lines[row].strip()
        if start.startswith("["):
            prefix = _header(lines[row], counts)
            found.setdefault(prefix, row + 1)
            if prefix.endswith("]"):
                found.setdefault(prefix[: prefix.rfind("[")], row + 1)
        elif start and not start.startswith("#"):
            table, height = _statement(lines, row)
            _note(table, prefix, row + 1, found)
            row += height - 1
        row += 1
    return found


def line_of[Line](path: str, lines: Mapping[str, Line]) -> Line | None:
    """Give the line (or the place) of a key, or of the nearest table around it (None if there is none)."""
    while path:
        if path in lines:
            return lines[path]
        cut = max(path.rfind("."), path.rfind("["))
        path = path[:cut] if cut > 0 else ""
    return None


def _header(line: str, counts: dict[str, int]) -> str:
    """Give the path that a line such as ``[[habits.meals]]`` opens."""
    value: Any = tomllib.loads(line)
    parts: list[str] = []
    while value:
        is_array = isinstance(value, list)
        if is_array:
            value = value[0]
            path = ".".join(parts)
            counts[path] = counts.get(path, 0) + 1
        path = ".".join(parts)
        if path in counts:
            parts[-1] += f"[{counts[path]}]"
        if not value:
            break
        name = next(iter(value))
        parts.append(name)
        value = value[name]
    path = ".".join(parts)
    return f"{path}[{counts[path]}]" if path in counts else path


def _statement(lines: list[str], row: int) -> tuple[dict[str, Any], int]:
    """Read the statement that begins in a row; give its table and over how many lines it goes."""
    for height in range(1, min(_LONGEST_VALUE, len(lines) - row) + 1):
        try:
            return tomllib.loads("\n".join(lines[row : row + height])), height
        except tomllib.TOMLDecodeError:
            continue
    return {}, 1


def _note(value: Any, path: str, line: int, found: dict[str, int]) -> None:
    """Note the line of a table and of all that is in it."""
    if path:
        found.setdefault(path, line)
    if isinstance(value, dict):
        for name, item in value.items():
            _note(item, f"{path}.{name}" if path else name, line, found)
    elif isinstance(value, list):
        for index, item in enumerate(value, start=1):
            if isinstance(item, dict):
                _note(item, f"{path}[{index}]", line, found)
