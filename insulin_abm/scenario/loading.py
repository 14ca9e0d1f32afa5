"""Loads any scenario: of a person, or of a dish."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from insulin_abm.scenario.dish_scenario import DishScenario
from insulin_abm.scenario.files import find_scenario, parse, read_text
from insulin_abm.scenario.scenario import DISH, Scenario

AnyScenario = Scenario | DishScenario


def load_scenario(
    path: str | Path, allow_code: bool = False, overrides: Mapping[str, object] | None = None
) -> AnyScenario:
    """Read a scenario file: one with a table ``[dish]`` is of a dish, any other of a person.

    Parameters and errors are those of `Scenario.load`.
    """
    file = find_scenario(path)
    if DISH in parse(read_text(file), str(file)):
        return DishScenario.load(path, overrides)
    return Scenario.load(path, allow_code, overrides)
