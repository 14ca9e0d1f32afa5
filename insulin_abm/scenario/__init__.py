"""What a user writes: a scenario file with units; it makes a body."""

from insulin_abm.scenario.files import shipped_people, shipped_scenarios
from insulin_abm.scenario.overrides import parse_assignment
from insulin_abm.scenario.scenario import Scenario, ScenarioEvent

__all__ = ["Scenario", "ScenarioEvent", "parse_assignment", "shipped_people", "shipped_scenarios"]
