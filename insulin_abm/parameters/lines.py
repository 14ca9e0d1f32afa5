"""Cell lines: what is known to differ in a line of cells in culture, each line a file of numbers with sources."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from insulin_abm.parameters.faults import Fault, Faults, unknown
from insulin_abm.parameters.quantities import QuantityError
from insulin_abm.parameters.references import references
from insulin_abm.parameters.registry import CERTAINTIES, Parameter, Registry

_KEYS = ("value", "unit", "source", "certainty")
_ABOUT = ("title", "cells")


@dataclass(frozen=True)
class Line:
    """A line of cells in culture.

    Attributes
    ----------
    name : str
        What a scenario calls it.
    title : str
        What it is.
    cells : str
        The kind of cell whose rules it follows: "fat", "liver", ...
    parameters : mapping of str to Parameter
        What differs from that kind of cell in a body, by full names; value, source and certainty are the line's own.
    """

    name: str
    title: str
    cells: str
    parameters: Mapping[str, Parameter]

    def registry(self, registry: Registry) -> Registry:
        """Give a registry with the line's numbers in the place of the body's."""
        return registry.replaced(self.parameters)


@cache
def lines() -> dict[str, Line]:
    """Give every line, by its name.

    Raises
    ------
    Faults
        A shipped file is wrong; all faults of all files in one message.
    """
    faults: list[Fault] = []
    found = {}
    for file in sorted((files("insulin_abm.parameters") / "data" / "lines").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            name = file.name.removesuffix(".toml")
            found[name] = _line(name, tomllib.loads(file.read_text("utf-8")), faults)
    if faults:
        raise Faults(faults, "parameters/data/lines")
    return found


def _line(name: str, tables: dict[str, Any], faults: list[Fault]) -> Line:
    """Read a line; what is wrong is added to `faults`."""
    registry = Registry.load()
    about = {key: str(tables.pop(key, "")) for key in _ABOUT}
    faults += [Fault(f"{name}.{key}", "is missing") for key, text in about.items() if not text]
    if about["cells"] and about["cells"] not in registry.sites:
        faults.append(unknown(f"{name}.cells", "kind of cell", about["cells"], registry.sites))
    parameters = {}
    for full_name, table in tables.items():
        place = f"{name}.{full_name}"
        if full_name not in registry:
            faults.append(unknown(place, "parameter", full_name, registry))
        elif set(table) != set(_KEYS):
            faults.append(Fault(place, f"needs just the keys {', '.join(_KEYS)}"))
        elif table["source"] not in references() or table["certainty"] not in CERTAINTIES:
            faults.append(Fault(place, "has a source or a certainty that is not known"))
        else:
            try:
                value = registry[full_name].read(f"{table['value']} {table['unit']}")
            except QuantityError as error:
                faults.append(Fault(place, error.problem, error.hint))
            else:
                own = {"source": table["source"], "certainty": table["certainty"]}
                parameters[full_name] = replace(registry[full_name], value=value, **own)
    return Line(name, about["title"], about["cells"], parameters)
