"""What a user writes: a scenario file with units; it makes a body, or a dish."""

from insulin_abm.scenario.dish_scenario import DishScenario
from insulin_abm.scenario.files import shipped_people, shipped_scenarios
from insulin_abm.scenario.loading import AnyScenario, load_scenario
from insulin_abm.scenario.overrides import parse_assignment
from insulin_abm.scenario.scenario import Scenario, ScenarioEvent
from insulin_abm.scenario.visits import ScenarioVisit

__all__ = [
    "AnyScenario",
    "DishScenario",
    "Scenario",
    "ScenarioEvent",
    "ScenarioVisit",
    "load_scenario",
    "parse_assignment",
    "shipped_people",
    "shipped_scenarios",
]
