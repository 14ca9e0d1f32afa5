"""Tables laid over tables: later files over earlier ones, and changes by name over files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a table over another: tables are merged key by key, all else (lists, too) is replaced as a whole.

    Examples
    --------
    >>> laid_over({"person": {"age": 40, "sex": "male"}, "meals": [1, 2]}, {"person": {"age": 50}, "meals": [3]})
    {'person': {'age': 50, 'sex': 'male'}, 'meals': [3]}
    """
    merged = dict(below)
    for key, value in above.items():
        under = below.get(key)
        merged[key] = laid_over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def replaced(below: Mapping[str, Any], above: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Give the paths of what `laid_over` replaces as a whole."""
    for key in below.keys() & above.keys():
        path = f"{prefix}{key}"
        if isinstance(below[key], dict) and isinstance(above[key], dict):
            yield from replaced(below[key], above[key], f"{path}.")
        else:
            yield path


def flat(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, object]]:
    """Give the names and values of parameters, which may be written quoted or nested.

    Examples
    --------
    >>> flat({"muscle.volume": 1, "fat": {"volume": 2}})
    [('muscle.volume', 1), ('fat.volume', 2)]
    """
    found: list[tuple[str, object]] = []
    for key, value in table.items():
        found += flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(f"{prefix}{key}", value)]
    return found
