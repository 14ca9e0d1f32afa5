"""Reads a scenario file, or says in one clear line why it cannot be read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from insulin_abm.parameters import Fault, Faults
from insulin_abm.parameters.faults import nearest

LARGEST_FILE = 1_000_000
"""A scenario of more bytes than this is taken for something else."""

DEEPEST_TABLE = 50
"""Tables and lists within each other in more levels than this are taken for something else."""

_PLACE = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")
_QUOTES = 'A quantity is a text in quotes: weight = "70 kg"'


def shipped_folder() -> Path:
    """Give the folder of the scenarios that come with the program: in a wheel, or else in the repository."""
    package = Path(__file__).resolve().parent
    in_wheel = package / "shipped"
    return in_wheel if in_wheel.is_dir() else package.parent.parent / "scenarios"


def shipped_scenarios() -> dict[str, Path]:
    """Give the scenarios that come with the program, by their names."""
    return {file.stem: file for file in sorted(shipped_folder().glob("*.toml"))}


def shipped_parts() -> dict[str, Path]:
    """Give the files that scenarios may include (people, meals), by what an ``include`` calls them."""
    folder = shipped_folder()
    return {file.relative_to(folder).as_posix(): file for file in sorted(folder.glob("*/*.toml"))}


def shipped_people() -> dict[str, Path]:
    """Give the people that scenarios may include, by what an ``include`` calls them."""
    return {name: file for name, file in shipped_parts().items() if name.startswith("people/")}


def first_comment(path: Path) -> str:
    """Give the first line of a file if it is a comment ("" if not)."""
    line = path.read_text("utf-8").partition("\n")[0]
    return line.removeprefix("#").strip() if line.startswith("#") else ""


def find_scenario(name: str | Path) -> Path:
    """Give the path of a scenario: a file, or the name of one that comes with the program."""
    shipped = shipped_scenarios().get(str(name))
    return shipped if shipped is not None and not Path(name).exists() else Path(name)


def read_text(path: Path) -> str:
    """Read a scenario's text.

    Raises
    ------
    Faults
        There is no such file, or it is no text.
    """
    try:
        if path.is_dir():
            inside = ", ".join(sorted(file.name for file in path.glob("*.toml"))[:8])
            raise _refusal(path, "is a directory, not a scenario file", f"It holds: {inside}" if inside else "")
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise _refusal(path, "there is no such file", _near_file(path)) from None
    except OSError as error:
        raise _refusal(path, f"cannot be read: {error.strerror or error}") from error
    if len(data) > LARGEST_FILE:
        raise _refusal(path, f"is longer than {LARGEST_FILE:,} bytes: this is no scenario")
    if not data.strip():
        raise _refusal(path, "the file is empty", 'A scenario needs at least a duration, such as duration = "24 h"')
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise _refusal(path, "is not a text file (UTF-8)", "A scenario is a TOML text")
    return text.replace("\r\n", "\n")


def parse(text: str, source: str) -> dict[str, Any]:
    """Read TOML.

    Raises
    ------
    Faults
        It is no TOML; the message shows the line.
    """
    try:
        table = tomllib.loads(text)
        _refuse_depth(table)
    except ValueError as error:  # a TOMLDecodeError, or a number of thousands of digits
        message = str(error)
        match = _PLACE.search(message)
        number = int(match[1]) if match and match[1] else len(text.splitlines())
        problem = _PLACE.sub("", message)
        lines = text.splitlines()
        shown = lines[number - 1].strip()[:80] if 0 < number <= len(lines) else ""
        hint = "A key may be given only once" if "overwrite" in problem or "twice" in problem else _QUOTES
        raise Faults([Fault("", f"this is not TOML: {problem}: {shown}", hint, line=number)], source) from error
    except RecursionError as error:
        raise Faults([Fault("", "this is not a scenario: it is nested too deeply")], source) from error
    return table


def _refuse_depth(table: dict[str, Any]) -> None:
    """Raise `RecursionError` for tables deeper than any scenario's, which only dotted keys without end make."""
    level: list[Any] = [table]
    for _ in range(DEEPEST_TABLE):
        inner = [value for within in level for value in (within.values() if isinstance(within, dict) else within)]
        level = [value for value in inner if isinstance(value, dict | list)]
    if level:
        raise RecursionError


def _refusal(path: Path, problem: str, hint: str = "") -> Faults:
    return Faults([Fault("", problem, hint)], str(path))


def _near_file(path: Path) -> str:
    """Name what may have been meant: a file beside it, or a scenario that comes with the program."""
    beside = [str(file) for file in path.parent.glob("*.toml")] if path.parent.is_dir() else []
    shipped = shipped_scenarios()
    near = nearest(str(path), beside) or nearest(path.stem, shipped)
    meant = f"Did you mean '{near}'? " if near else ""
    return f"{meant}Scenarios that come with the program: {', '.join(shipped)}" if shipped else meant.strip()
