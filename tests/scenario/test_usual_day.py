"""The usual day goes with the person."""

import pytest

from insulin_abm.scenario import Scenario


def usual_grams(scenario):
    return [event.arguments["foods"] for event in scenario.habits.events]


def test_the_usual_person_eats_the_usual_day():
    whole = [
        {"wholemeal_bread": 60.0, "corn_flakes": 25.0, "milk": 257.5, "apple": 100.0, "butter": 10.0},
        {"white_rice": 150.0, "lentils": 100.0, "orange": 150.0}
        | {"chicken": 100.0, "yoghurt": 60.0, "olive_oil": 15.0},
        {"boiled_potatoes": 200.0, "white_bread": 50.0, "white_fish": 120.0, "carrots": 80.0}
        | {"butter": 10.0, "cheese": 30.0, "banana": 80.0},
    ]
    assert usual_grams(Scenario.from_text('duration = "1 h"')) == whole
    assert usual_grams(Scenario.load("healthy_day")) == whole
    heights = 'duration = "1 h"\n[person]\nheight = "1700 mm"\nweight = "70000 g"\nbody_fat = "40 %"'
    assert usual_grams(Scenario.from_text(heights)) == whole


@pytest.mark.parametrize(
    ("person", "need"),
    [
        ({"weight": "100 kg"}, 10 * 100 + 6.25 * 170 - 5 * 40 - 161),
        ({"activity": 1.5}, 1401.5 * 1.5),
        ({"sex": "male", "age": "20 yr", "weight": "80 kg", "height": "180 cm"}, 800 + 1125 - 100 + 5),
    ],
)
def test_people_eat_of_the_usual_day_what_they_need(person, need):
    usual = usual_grams(Scenario.from_text('duration = "1 h"'))
    changes = {f"person.{name}": value for name, value in person.items()}
    grams = usual_grams(Scenario.from_text('duration = "1 h"', overrides=changes))
    for one, other in zip(usual, grams, strict=True):
        assert other == pytest.approx({food: amount * need / 1401.5 for food, amount in one.items()}, rel=1e-12)


def test_meals_that_are_written_are_eaten_as_they_are_written():
    written = '[[{}]]\nat = "00:10"\nfoods = {{ white_rice = "150 g" }}\n'
    text = 'duration = "1 h"\n[person]\nweight = "100 kg"\n' + written.format("habits.meals") + written.format("meals")
    scenario = Scenario.from_text(text)
    assert usual_grams(scenario) == [{"white_rice": 150.0}]
    assert scenario.events[0].arguments == {"foods": {"white_rice": 150.0}}
