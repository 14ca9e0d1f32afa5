"""Which cells a dish may hold: published lines, and every kind of cell as it is in a body."""

from __future__ import annotations

from insulin_abm.parameters import Line, lines
from insulin_abm.scenario.cells import KINDS


def known_lines() -> dict[str, Line]:
    """Give them by name; a kind of cell of the body is a line in which nothing differs."""
    return {**{kind: Line(kind, f"{kind} cells as in the body", kind, {}) for kind in KINDS}, **lines()}
