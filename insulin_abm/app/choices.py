"""Who can be looked at: scenarios, people and twins, by the names that the page gives them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from insulin_abm.scenario import Scenario, shipped_people, shipped_scenarios
from insulin_abm.scenario.cells import split
from insulin_abm.scenario.files import parse, read_text
from insulin_abm.scenario.scenario import DISH

AS_WRITTEN = "as the scenario says"
NOBODY = "nobody"
TWINS = {
    "a twin without turn-down of receptors": {"mechanism.production_turn_down": 0},
    "a twin whose receptor number is frozen": {"mechanism.receptor_loss": 0},
}
"""The same person and the same draws, with one mechanism of `parameters/data/mechanism.toml` off."""
OF_A_PERSON = ("person", "habits")
"""The tables of a scenario that say who it is."""


@cache
def scenarios() -> tuple[str, ...]:
    """Name the scenarios of a person that come with the program."""
    return tuple(name for name, file in shipped_scenarios().items() if DISH not in parse(read_text(file), name))


@cache
def people() -> dict[str, str]:
    """Give the people that come with the program: their names, and what an ``include`` calls them."""
    return {Path(included).stem: included for included in shipped_people()}


def chosen(scenario: Scenario, person: str, seed: int, cells: int) -> Scenario:
    """Give a scenario with another person, seed and number of cells.

    Parameters
    ----------
    scenario : Scenario
        What happens.
    person : str
        `AS_WRITTEN`, one of `people` or one of `TWINS`.
    seed : int
        Of all chance.
    cells : int
        Cell agents in all, in the proportions of the scenario.

    Raises
    ------
    Faults
        They do not go together.
    """
    table = {**scenario.table, "seed": seed}
    if cells != sum(scenario.cells.values()):
        table["cells"] = split(cells, scenario.cells)
    if person in TWINS:
        table["parameters"] = {**table.get("parameters", {}), **TWINS[person]}
    elif person != AS_WRITTEN:
        table = _of_other_person(table, person)
    return scenario.changed(table)


def _of_other_person(table: Mapping[str, Any], person: str) -> dict[str, Any]:
    """Put another person, with their habits and parameters, in the place of the scenario's."""
    other = Scenario.from_text(f'include = "{people()[person]}"\nduration = "1 min"', source=person).table
    kept = {key: value for key, value in table.items() if key not in OF_A_PERSON}
    own = {key: other[key] for key in OF_A_PERSON if key in other}
    parameters = {**table.get("parameters", {}), **other.get("parameters", {})}
    return {**kept, **own, **({"parameters": parameters} if parameters else {})}
