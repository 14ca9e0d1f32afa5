"""Scenarios of several files: what ``include`` names is laid below, and the scenario's own text wins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from insulin_abm.parameters import Fault, Faults
from insulin_abm.parameters.faults import nearest
from insulin_abm.parameters.quantities import shown
from insulin_abm.scenario.files import parse, read_text, shipped_folder, shipped_parts
from insulin_abm.scenario.lines import FaultInFile, Place, placed, places_of
from insulin_abm.scenario.merging import flat, laid_over, replaced
from insulin_abm.scenario.reader import Reader

OWN_KEYS = ("title", "duration", "seed", "use")
"""The keys that only the scenario itself may have."""

DEEPEST = 20
"""Files that include files that include files: not more than this."""


@dataclass(frozen=True)
class Layer:
    """What a file says, or several files laid over each other.

    Attributes
    ----------
    table : dict
        What they say.
    places : dict
        Path of a key -> where it stands.
    files : tuple of Path
        The files that were included, each once.
    """

    table: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    files: tuple[Path, ...] = ()

    def over(self, below: Layer) -> Layer:
        """Lay this layer over another."""
        gone = set(replaced(below.table, self.table))
        inside = tuple(f"{path}{mark}" for path in gone for mark in ".[")
        left = {path: place for path, place in below.places.items() if path not in gone and not path.startswith(inside)}
        files = tuple(dict.fromkeys((*below.files, *self.files)))
        return Layer(laid_over(below.table, self.table), left | self.places, files)


class Includes:
    """Reads the files that a scenario includes.

    Parameters
    ----------
    scenario : Path
        The scenario's own file: nothing may include it.
    """

    def __init__(self, scenario: Path) -> None:
        self._scenario = scenario.resolve()
        self._known: dict[Path, Layer] = {}

    def below(self, own: Layer, folder: Path, faults: list[Fault], chain: Sequence[Path] = ()) -> Layer:
        """Lay a file over all that it includes.

        Parameters
        ----------
        own : Layer
            The file.
        folder : Path
            Where it stands; paths are relative to this, or else to the folder of the shipped scenarios.
        faults : list of Fault
            Where faults are gathered.
        chain : sequence of Path
            The files that lead here from the scenario, this one last.
        """
        reader = Reader(own.table, "", faults)
        below = Layer()
        for name in _names(reader):
            below = self._included(name, folder, reader, chain or (self._scenario,)).over(below)
        table = {key: value for key, value in own.table.items() if key != "include"}
        return Layer(_with_flat_parameters(table, reader), own.places).over(below)

    def _included(self, name: str, folder: Path, reader: Reader, chain: Sequence[Path]) -> Layer:
        """Read an included file (an empty layer if that cannot be)."""
        try:
            path = _find(name, folder)
            file = path.resolve()
        except (OSError, ValueError):  # too long, or with a zero byte
            reader.refuse("include", f"{shown(name)} is not the name of a file")
            return Layer()
        if file in chain:
            circle = " > ".join(member.name for member in (*chain[chain.index(file) :], file))
            reader.refuse("include", f"files include each other in a circle: {circle}")
        elif len(chain) > DEEPEST:
            reader.refuse("include", f"{shown(name)} is included over more than {DEEPEST} files")
        elif file not in self._known:
            self._known[file] = self._read(name, path, reader, (*chain, file))
        return self._known.get(file, Layer())

    def _read(self, name: str, path: Path, reader: Reader, chain: Sequence[Path]) -> Layer:
        """Read a file for the first time."""
        try:
            text = read_text(path)
        except Faults as error:
            problem = error.faults[0].problem
            reader.refuse("include", f"{shown(name)}: {problem}", _hint(name, path))
            return Layer()
        try:
            table = parse(text, str(path))
        except Faults as error:
            reader.faults += [FaultInFile(f.place, f.problem, f.hint, f.line, str(path)) for f in error.faults]
            return Layer()
        places = places_of(text, str(path))
        faults: list[Fault] = []
        inner = Reader(table, "", faults)
        for key in OWN_KEYS:
            if key in table:
                allowed = f"An included file may have all keys but {', '.join(OWN_KEYS)}"
                inner.refuse(key, "belongs into the scenario itself", allowed)
        table = {key: value for key, value in table.items() if key not in OWN_KEYS}
        layer = self.below(Layer(table, places), path.parent, faults, chain)
        reader.faults += [placed(fault, places) for fault in faults]
        return Layer(layer.table, layer.places, (*layer.files, chain[-1]))


def _names(reader: Reader) -> list[str]:
    """Read ``include``: a text or a list of texts."""
    value = reader.values.get("include", [])
    names = [value] if isinstance(value, str) else value
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return names
    hint = 'Write include = "people/obese.toml" or include = ["people/obese.toml", "meals/three_meals.toml"]'
    reader.refuse("include", f"{shown(value)} is neither a file nor a list of files", hint)
    return []


def _find(name: str, folder: Path) -> Path:
    """Give the path of an included file: beside the file that includes it, or else a shipped one."""
    beside, shipped = folder / name, shipped_folder() / name
    return shipped if shipped.exists() and not beside.exists() else beside


def _hint(name: str, path: Path) -> str:
    """Name what may have been meant: a file beside it, or one that comes with the program."""
    folder = path.parent
    beside = [str(Path(name).parent / file.name) for file in folder.glob("*.toml")] if folder.is_dir() else []
    shipped = list(shipped_parts())
    near = nearest(name, [other for other in (*shipped, *beside) if other != name])
    meant = f"Did you mean '{near}'? " if near else ""
    return f"{meant}Files that come with the program: {', '.join(shipped)}" if shipped else meant.strip()


def _with_flat_parameters(table: dict[str, Any], reader: Reader) -> dict[str, Any]:
    """Write every parameter quoted, so that the same one from two files meets in one key."""
    given = table.get("parameters")
    if not isinstance(given, dict):
        return table
    pairs = flat(given)
    for name, times in Counter(name for name, _ in pairs).items():
        if times > 1:
            reader.refuse(f"parameters.{name}", "is given twice, quoted and nested", "A key may be given only once")
    return {**table, "parameters": dict(pairs)}
