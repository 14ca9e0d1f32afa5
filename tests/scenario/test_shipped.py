"""Scenarios and people that come with the program."""

import pytest

from insulin_abm.listings import scenarios
from insulin_abm.scenario import DishScenario, Scenario, load_scenario, shipped_people, shipped_scenarios
from insulin_abm.scenario.files import first_comment, shipped_parts

OF_PEOPLE = [name for name in shipped_scenarios() if not name.startswith("dish_")]
OF_DISHES = [name for name in shipped_scenarios() if name not in OF_PEOPLE]


@pytest.mark.parametrize("name", OF_DISHES)
def test_every_shipped_dish_says_which_cells_and_what_happens(name):
    scenario = load_scenario(name)
    assert isinstance(scenario, DishScenario)
    assert scenario.wells or scenario.tests


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_every_shipped_scenario_lives_on_shipped_files(name):
    scenario = Scenario.load(name)
    assert set(scenario.includes) <= {path.resolve() for path in shipped_parts().values()}
    assert scenario.includes


@pytest.mark.parametrize("name", list(shipped_people()))
def test_every_person_can_be_included(name):
    scenario = Scenario.from_text(f'duration = "1 h"\ninclude = "{name}"')
    assert scenario.includes[-1] == shipped_people()[name].resolve()
    assert first_comment(shipped_people()[name])
    text = shipped_people()[name].read_text("utf-8")
    assert "resist" not in "".join(line.partition("#")[0] for line in text.splitlines())


def test_people_are_who_they_are():
    people = {
        name: Scenario.from_text(f'duration = "1 h"\ninclude = "people/{name}.toml"')
        for name in ("healthy", "obese", "t1d", "t2d")
    }
    healthy, obese, type1, type2 = (scenario.person for scenario in people.values())
    assert (healthy.weight_kg, healthy.body_fat_fraction, healthy.beta_cell_mass) == (70.0, 0.26, 1.0)
    assert (obese.weight_kg, obese.body_fat_fraction, obese.liver_fat_fraction) == (100.0, 0.43, 0.09)
    assert type1.beta_cell_mass == 0.0
    assert type1.weight_kg == healthy.weight_kg
    assert 0.0 < type2.beta_cell_mass < healthy.beta_cell_mass < obese.beta_cell_mass
    treated = {event.kind for event in people["t1d"].habits.events}
    assert treated == {"eat", "infuse_insulin", "inject_insulin"}


def test_those_with_resistance_do_what_the_healthy_do():
    for healthy, others in {
        "healthy_day": ("insulin_resistant_day", "type2_day"),
        "ogtt_healthy": ("ogtt_resistant", "ogtt_type2"),
    }.items():
        one = Scenario.load(healthy)
        for name in others:
            other = Scenario.load(name)
            assert (other.events, other.start_min_of_day, other.duration_min, other.record_cells_every_min) == (
                one.events,
                one.start_min_of_day,
                one.duration_min,
                one.record_cells_every_min,
            )
            assert other.person != one.person


def test_the_list_shows_people_below_scenarios():
    rows = scenarios().rows
    names = [name for name, _, _ in rows]
    assert names == [*shipped_scenarios(), *shipped_people()]
    assert "people/obese.toml" in names
    assert all(what for _, what, _ in rows)
