"""Changes of a scenario by name: one path syntax for files, ``--set`` and studies."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from insulin_abm.parameters import Fault, Faults, Registry
from insulin_abm.parameters.faults import unknown
from insulin_abm.person import MEASURES
from insulin_abm.scenario.merging import flat

_PART = re.compile(r"([^\[\].]+)(?:\[(\d+)\])?")


def parse_assignment(text: str) -> tuple[str, object]:
    """Read ``NAME=VALUE`` of the command line.

    Parameters
    ----------
    text : str
        Such as ``person.weight=90 kg``, ``cells=300`` or ``meals[2].foods.bread=100 g``.

    Returns
    -------
    tuple
        The name and the value: a number, a list or a table if it is written as TOML writes them, else a text.

    Raises
    ------
    Faults
        There is no name or no value.
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise Faults([Fault(f"--set {text}", "is not NAME=VALUE", 'Write for example --set "person.weight=90 kg"')])
    try:
        literal = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        literal = value
    if not isinstance(literal, str | int | float | list | dict):
        literal = value
    return name.strip(), literal.strip() if isinstance(literal, str) else literal


def apply_overrides(
    table: Mapping[str, Any], overrides: Mapping[str, object], keys: tuple[str, ...], parameters: Registry
) -> tuple[dict[str, Any], list[Fault]]:
    """Give a scenario's table with changes made; the given one stays as it is.

    Parameters
    ----------
    table : mapping
        The scenario, its parameters written quoted.
    overrides : mapping
        Name -> value. A name is a path within the scenario (``person.weight``, ``meals[1].at``) or a parameter
        (``muscle.receptor_count``).
    keys : tuple of str
        The top-level keys that a scenario has.
    parameters : Registry
        The parameters that may be named.

    Returns
    -------
    tuple
        The changed table, and a fault for every name that is neither; the message names the nearest one.
    """
    changed = deepcopy(dict(table))
    faults: list[Fault] = []
    for name, value in overrides.items():
        top = top_key(name)
        is_parameter = name in parameters and name not in MEASURES.values()
        if is_parameter or name.startswith("parameters.") or (top in parameters.sites and top not in keys):
            given = changed.setdefault("parameters", {})
            if isinstance(given, dict):
                given.update(flat({name.removeprefix("parameters."): value}))
        elif top in keys:
            faults += _set(changed, name, value)
        else:
            names = [*keys, *parameters.sites]
            faults.append(unknown(f"--set {name}", "table or site of parameters", top, names))
    return changed, faults


def top_key(name: str) -> str:
    """Give the first key of a path such as ``meals[1].at``."""
    return re.split(r"[.\[]", name, maxsplit=1)[0]


def _set(table: dict[str, Any], path: str, value: object) -> list[Fault]:
    """Put a value where a path leads, or say why that cannot be (an empty list: it was done)."""
    place = f"--set {path}"
    parts = path.split(".")
    here: Any = table
    for position, part in enumerate(parts):
        match = _PART.fullmatch(part)
        if match is None:
            return [Fault(place, f"'{part}' is not a key", "Write a path such as person.weight or meals[1].at")]
        name, index = match[1], match[2]
        last = position == len(parts) - 1
        if not isinstance(here, dict):
            return [Fault(place, f"there is no table around '{part}'")]
        if index is None:
            if last:
                here[name] = value
                return []
            here = here.setdefault(name, {})
            continue
        items = here.get(name)
        number = int(index)
        if not isinstance(items, list) or not 1 <= number <= len(items):
            count = len(items) if isinstance(items, list) else 0
            return [Fault(place, f"there is no {name}[{number}]", f"The scenario has {count}, counted from 1")]
        if last:
            items[number - 1] = value
            return []
        here = items[number - 1]
    return []
