"""A person simulated from the cells up: insulin resistance that emerges from insulin receptors.

Examples
--------
>>> from insulin_abm import Scenario, run
>>> body = Scenario.load("healthy_day").body(seed=1)  # doctest: +SKIP
>>> results = run("ogtt_healthy")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from insulin_abm.body import Body
    from insulin_abm.cells.fat import FatCell
    from insulin_abm.cells.islet import AlphaCell, BetaCell
    from insulin_abm.cells.liver import LiverCell
    from insulin_abm.cells.muscle import MuscleCell
    from insulin_abm.dish import Dish
    from insulin_abm.medium import Medium
    from insulin_abm.organs.drug import Drug
    from insulin_abm.parameters import Faults, Registry
    from insulin_abm.person import Person
    from insulin_abm.results import PlaceError, Results, RunError, run
    from insulin_abm.results.comparison import compare
    from insulin_abm.scenario import DishScenario, Scenario

_WHERE = {
    "AlphaCell": "insulin_abm.cells.islet",
    "BetaCell": "insulin_abm.cells.islet",
    "Body": "insulin_abm.body",
    "Dish": "insulin_abm.dish",
    "DishScenario": "insulin_abm.scenario",
    "Drug": "insulin_abm.organs.drug",
    "FatCell": "insulin_abm.cells.fat",
    "Faults": "insulin_abm.parameters",
    "LiverCell": "insulin_abm.cells.liver",
    "Medium": "insulin_abm.medium",
    "MuscleCell": "insulin_abm.cells.muscle",
    "Person": "insulin_abm.person",
    "PlaceError": "insulin_abm.results",
    "Registry": "insulin_abm.parameters",
    "Results": "insulin_abm.results",
    "RunError": "insulin_abm.results",
    "Scenario": "insulin_abm.scenario",
    "compare": "insulin_abm.results.comparison",
    "run": "insulin_abm.results",
}
"""Where the public names live; each is imported when it is asked for, so that commands start fast."""

__all__ = [
    "AlphaCell",
    "BetaCell",
    "Body",
    "Dish",
    "DishScenario",
    "Drug",
    "FatCell",
    "Faults",
    "LiverCell",
    "Medium",
    "MuscleCell",
    "Person",
    "PlaceError",
    "Registry",
    "Results",
    "RunError",
    "Scenario",
    "compare",
    "run",
]


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_WHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
