"""From the text of a scenario to typed values."""

import json

import pytest

from insulin_abm.parameters import Faults, foods
from insulin_abm.scenario import Scenario, ScenarioEvent, parse_assignment, shipped_scenarios

DAYS = {"healthy_day", "insulin_resistant_day", "type2_day", "type1_day", "type1_treated_day", "fast_24h"}
SHIPPED = DAYS | {"healthy_year", "ogtt_healthy", "ogtt_resistant", "ogtt_type2"}


def carbohydrate_g(events):
    portions = [event.arguments["foods"] for event in events if event.kind == "eat"]
    return [sum(foods()[name].carbohydrate_g(grams) for name, grams in portion.items()) for portion in portions]


def test_the_shortest_scenario():
    scenario = Scenario.from_text('duration = "24 h"')
    assert scenario.duration_min == 1440
    assert (scenario.start_min_of_day, scenario.seed, scenario.events, scenario.use) == (0, 1, (), ())
    assert (scenario.record_every_min, scenario.record_cells_every_min) == (5, 360)
    assert scenario.title == "scenario"
    assert carbohydrate_g(scenario.habits.events) == pytest.approx([70, 80, 80], abs=1)


def test_every_key():
    scenario = Scenario.from_text("""
title = "All"
start = "06:00"
duration = "3 d"
seed = 7
[person]
sex = "male"
age = "50 yr"
weight = "200 lb"
height = "6 ft"
liver_fat = "10 %"
beta_cell_mass = 0.5
activity = "0.8"
[cells]
muscle = 10
[[meals]]
at = "07:00"
every = "24 h"
foods = { Rice = "100 g", white_rice = "50 g", milk = "200 mL" }
[[meals]]
at = "day 2 12:00"
glucose_drink = "50 g"
[[insulin]]
at = "30 min"
dose = "6 U"
kind = "long"
[[pump]]
at = "06:00"
rate = "0.5 U/h"
[[pump]]
at = "2 h"
rate = "0 U/h"
[habits]
meals = []
[habits.pump]
rate = "0.7 U/h"
[[habits.insulin]]
at = "08:00"
dose = "4 U"
[parameters]
"muscle.receptor_count" = "1.5e4"
[record]
every = "1 min"
cells_every = "1 h"
""")
    assert (scenario.title, scenario.start_min_of_day, scenario.duration_min, scenario.seed) == ("All", 360, 4320, 7)
    assert scenario.person.sex == "male"
    assert scenario.person.height_m == pytest.approx(1.8288)
    assert scenario.person.beta_cell_mass == 0.5
    assert scenario.events == (
        ScenarioEvent(0, "infuse_insulin", {"units_per_hour": 0.5}),
        ScenarioEvent(30, "inject_insulin", {"units": 6.0, "kind": "long"}),
        ScenarioEvent(60, "eat", {"foods": {"white_rice": 150.0, "milk": 206.0}}, 1440),
        ScenarioEvent(120, "infuse_insulin", {"units_per_hour": 0.0}),
        ScenarioEvent(1800, "drink_glucose", {"grams": 50.0}),
    )
    assert [(event.minute_of_day, event.kind) for event in scenario.habits.events] == [
        (0, "infuse_insulin"),
        (480, "inject_insulin"),
    ]
    assert scenario.parameters.overrides == {"muscle.receptor_count": 15000.0}
    assert (scenario.record_every_min, scenario.record_cells_every_min) == (1, 60)


def test_body_fat_follows_from_the_other_measures():
    lean = Scenario.from_text('duration = "1 h"\n[person]\nweight = "60 kg"').person
    assert lean.body_fat_fraction == pytest.approx((1.2 * lean.bmi + 0.23 * 40 - 5.4) / 100)
    measured = Scenario.from_text('duration = "1 h"\n[person]\nbody_fat = "20 %"').person
    assert measured.body_fat_fraction == 0.2


HABITS_PUMP = 'duration = "1 h"\n[habits.pump]\nrate = "0.6 U/h"\n'


def test_a_pump_of_the_habits_stops_at_the_start():
    stop = ScenarioEvent(0, "infuse_insulin", {"units_per_hour": 0.0})
    assert Scenario.from_text(HABITS_PUMP).events == (stop,)
    own = Scenario.from_text(f'{HABITS_PUMP}[pump]\nrate = "1 U/h"').events
    assert own == (ScenarioEvent(0, "infuse_insulin", {"units_per_hour": 1.0}),)
    later = Scenario.from_text(f'{HABITS_PUMP}[[pump]]\nat = "30 min"\nrate = "1 U/h"').events
    assert later == (stop, ScenarioEvent(30, "infuse_insulin", {"units_per_hour": 1.0}))


def test_the_same_scenario_resolves_to_the_same_data():
    one = Scenario.from_text('duration = "24 h"\n[person]\nheight = "170 cm"  # a comment')
    two = Scenario.from_text('duration = "1 day"\n[person]\nheight = "1.7 m"')
    assert one.resolved() == two.resolved()
    assert json.loads(json.dumps(one.resolved(), allow_nan=False)) == json.loads(json.dumps(two.resolved()))
    changed = Scenario.from_text('duration = "24 h"', overrides={"muscle.receptor_count": "1.2e4"})
    assert changed.resolved() != one.resolved()


def test_everything_can_be_changed_by_name():
    scenario = Scenario.load(
        "healthy_day",
        overrides={
            "duration": "30 h",
            "seed": 5,
            "person.weight": "90 kg",
            "cells.muscle": 10,
            "meals[3].foods.banana": "200 g",
            "meals[2].at": "13:00",
            "record.every": "10 min",
            "muscle.receptor_count": "1.5e4",
            "parameters.fat.receptor_count": 2e5,
            "person.body_fat_per_year": "0.002 1/yr",
        },
    )
    assert (scenario.duration_min, scenario.seed, scenario.person.weight_kg) == (1800, 5, 90.0)
    assert scenario.cells["muscle"] == 10
    assert [event.time_min for event in scenario.events] == [420, 780, 1140]
    assert scenario.events[2].arguments["foods"]["banana"] == 200.0
    assert scenario.parameters["muscle.receptor_count"].value == 15000.0
    assert scenario.parameters["fat.receptor_count"].value == 2e5
    assert scenario.parameters["person.body_fat_per_year"].value == 0.002
    assert Scenario.load("healthy_day", overrides={"cells": 300}).cells["liver"] == 75
    assert Scenario.load("healthy_day").duration_min == 1440


def test_a_parameter_may_be_a_nested_table_and_is_overridden_there():
    text = 'duration = "1 h"\n[parameters.muscle]\nreceptor_count = "1.1e4"'
    assert Scenario.from_text(text).parameters.overrides == {"muscle.receptor_count": 11000.0}
    changed = Scenario.from_text(text, overrides={"muscle.receptor_count": 12000})
    assert changed.parameters.overrides == {"muscle.receptor_count": 12000.0}


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        ({"persn.weight": "3 kg"}, "Did you mean 'person'"),
        ({"person.wieght": "3 kg"}, "--set person.wieght: unknown key 'wieght'. Did you mean 'weight'"),
        ({"muscel.receptor_count": "1"}, "Did you mean 'muscle'"),
        ({"muscle.receptr_count": "1"}, "Did you mean 'muscle.receptor_count'"),
        ({"muscle.receptor_count": "1 kg"}, "does not convert to receptors"),
        ({"meals[9].at": "07:00"}, "there is no meals\\[9\\]"),
        ({"meals[0].at": "07:00"}, "counted from 1"),
        ({"title.more": "x"}, "there is no table around 'more'"),
        ({"person..weight": "x"}, "is not a key"),
        ({"scenario.cells": 5}, "cannot be changed"),
        ({"parameters": 5}, "not a table"),
        ({"use": ["x.py"]}, "--allow-code"),
        ({"seed": "1"}, "not a whole number"),
    ],
)
def test_a_wrong_change_is_refused(overrides, says):
    with pytest.raises(Faults, match=says):
        Scenario.load("healthy_day", overrides=overrides)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("person.weight=90 kg", "person.weight", "90 kg"),
        ("seed=2", "seed", 2),
        ("muscle.receptor_count=1.2e4", "muscle.receptor_count", 12000.0),
        ("start=07:00", "start", "07:00"),
        ("start = 07:00:00", "start", "07:00:00"),
        ('use=["a.py"]', "use", ["a.py"]),
        ('title="x = y"', "title", "x = y"),
    ],
)
def test_assignments(text, name, value):
    assert parse_assignment(text) == (name, value)


@pytest.mark.parametrize("text", ["person.weight", "=3", "seed="])
def test_what_is_no_assignment(text):
    with pytest.raises(Faults, match="is not NAME=VALUE"):
        parse_assignment(text)


def test_the_shipped_scenarios_are_what_they_say():
    assert set(shipped_scenarios()) >= SHIPPED
    healthy, type1, treated, ogtt, fast = (
        Scenario.load(name) for name in ("healthy_day", "type1_day", "type1_treated_day", "ogtt_healthy", "fast_24h")
    )
    assert carbohydrate_g(healthy.events) == pytest.approx([70, 80, 80], abs=1)
    assert [event.time_min for event in healthy.events] == [420, 750, 1140]
    eaten = [event for event in healthy.events if event.kind == "eat"]
    for other in (type1, treated):
        assert other.person.beta_cell_mass == 0.0
        assert [event for event in other.events if event.kind == "eat"] == eaten
        assert {event.kind for event in other.habits.events} == {"eat", "inject_insulin", "infuse_insulin"}
    assert type1.habits == treated.habits
    assert [event for event in type1.events if event.kind != "eat"] == [
        ScenarioEvent(0, "infuse_insulin", {"units_per_hour": 0.0})
    ]
    assert sum(event.kind == "inject_insulin" for event in treated.events) == 3
    assert ogtt.events == (ScenarioEvent(0, "drink_glucose", {"grams": 75.0}),)
    assert (ogtt.start_min_of_day, ogtt.duration_min, ogtt.record_every_min) == (420, 180, 5)
    assert (fast.events, fast.duration_min, fast.start_min_of_day) == ((), 1440, 19 * 60 + 30)


USER_PARAMETERS = """
[half_life]
value = 5.0
unit = "h"
range = [1, 10]
meaning = "x"
source = "Doe 2020"
certainty = "assumption"
"""


CODE = f'''
class BrownFatCell:
    cell_name = "brown_fat"
    parameter_sites = ("receptor", "brown_fat")
    own_parameters = """{USER_PARAMETERS}"""
'''


def test_users_code_is_loaded_only_when_allowed(tmp_path):
    (tmp_path / "my_cell.py").write_text(CODE)
    (tmp_path / "my_cell.toml").write_text(USER_PARAMETERS)
    text = """
duration = "1 h"
use = ["my_cell.py"]
[cells]
brown_fat = 20
[parameters]
"my_cell.half_life" = "2 h"
"brown_fat.half_life" = "3 h"
"""
    with pytest.raises(Faults, match="--allow-code"):
        Scenario.from_text(text, tmp_path)
    scenario = Scenario.from_text(text, tmp_path, allow_code=True)
    assert scenario.use == (tmp_path.resolve() / "my_cell.py",)
    assert scenario.cells["brown_fat"] == 20
    assert scenario.parameters.overrides == {"brown_fat.half_life": 3.0, "my_cell.half_life": 2.0}
    assert scenario.resolved()["use"][0]["file"] == "my_cell.py"


@pytest.mark.parametrize(
    ("code", "use", "says"),
    [
        ("1 / 0", '["my_cell.py"]', "ZeroDivisionError"),
        ("def (", '["my_cell.py"]', "SyntaxError"),
        ("", '["other.py"]', "there is no Python file 'other.py'"),
        ("", '"my_cell.py"', "is not a list of files"),
    ],
)
def test_wrong_users_code_is_refused(tmp_path, code, use, says):
    (tmp_path / "my_cell.py").write_text(code)
    with pytest.raises(Faults, match=says):
        Scenario.from_text(f'duration = "1 h"\nuse = {use}', tmp_path, allow_code=True)
