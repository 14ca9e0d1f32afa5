"""How many cell agents of each kind a scenario has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from insulin_abm.parameters import Registry
from insulin_abm.scenario.reader import Reader

KINDS = ("muscle", "fat", "liver", "beta", "alpha")
"""The kinds of cells that every body has, in the order of the tables of results."""


def usual_cells(parameters: Registry) -> dict[str, int]:
    """Give the usual number of agents of every kind."""
    return {kind: round(parameters[f"scenario.{kind}_cells"].value) for kind in KINDS}


def split(total: int, proportions: Mapping[str, int]) -> dict[str, int]:
    """Split a number of agents by proportions, the rest to the largest remainders.

    Examples
    --------
    >>> split(10, {"muscle": 300, "fat": 300, "liver": 250, "beta": 120, "alpha": 30})
    {'muscle': 3, 'fat': 3, 'liver': 3, 'beta': 1, 'alpha': 0}
    """
    whole = sum(proportions.values())
    counts = {kind: total * share // whole for kind, share in proportions.items()}
    remainders = {kind: total * share % whole for kind, share in proportions.items()}
    left = total - sum(counts.values())
    for kind in sorted(remainders, key=lambda kind: -remainders[kind])[:left]:
        counts[kind] += 1
    return counts


def read_cells(scenario: Reader, parameters: Registry, user_kinds: Iterable[str] = ()) -> dict[str, int]:
    """Read ``cells = 1000`` or the table ``[cells]``.

    Parameters
    ----------
    scenario : Reader
        The scenario.
    parameters : Registry
        Where the usual numbers and the limits are.
    user_kinds : iterable of str
        The kinds of cells that a user's code adds; they have no usual number.
    """
    usual = usual_cells(parameters)
    total = parameters["scenario.cells"]
    lowest, highest = round(total.low), round(total.high)
    if not isinstance(scenario.values.get("cells", {}), dict):
        return split(scenario.whole("cells", lowest, highest, round(total.value)), usual)
    table = scenario.table("cells")
    counts = {}
    for kind in KINDS:
        low = round(parameters[f"scenario.{kind}_cells"].low)
        counts[kind] = table.whole(kind, low, highest, usual[kind])
    for kind in user_kinds:
        if table.has(kind):
            counts[kind] = table.whole(kind, 0, highest, 0)
    table.finish("kind of cell")
    if sum(counts.values()) > highest:
        scenario.refuse("cells", f"{sum(counts.values())} agents in all", f"Allowed: at most {highest} in all")
    return counts
