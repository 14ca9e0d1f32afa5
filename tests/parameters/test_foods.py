"""The foods: those of the reference table, found by everyday names, refused with the nearest."""

import pytest

from insulin_abm.parameters import Faults, find_food, foods, references
from insulin_abm.parameters.foods import read_foods

# carbohydrate g/100 g, glycaemic index, glucose share, class, as in the reference table
TABLE = {
    "white_rice": (28, 70, 1.00, "fast"),
    "brown_rice": (23, 65, 1.00, "medium"),
    "boiled_potatoes": (17, 78, 0.98, "fast"),
    "white_bread": (49, 75, 0.97, "fast"),
    "wholemeal_bread": (41, 74, 0.97, "fast"),
    "corn_flakes": (84, 80, 0.95, "fast"),
    "porridge": (12, 55, 0.99, "medium"),
    "pasta": (28, 50, 0.99, "slow"),
    "lentils": (16, 32, 0.98, "slow"),
    "milk": (4.8, 35, 0.50, "slow"),
    "apple": (12, 38, 0.33, "slow"),
    "banana": (21, 52, 0.65, "medium"),
    "orange": (9, 43, 0.48, "slow"),
}

GOOD = """
[cake]
carbohydrate = 50
fat = 10
protein = 5
glycaemic_index = 60
glucose = 0.7
fructose = 0.3
galactose = 0.0
fast = 0.5
medium = 0.25
slow = 0.25
source = "atkinson_2008"
certainty = "recalled-medium"
"""


@pytest.mark.parametrize("name", TABLE)
def test_the_reference_table(name):
    food = foods()[name]
    assert (food.carbohydrate, food.glycaemic_index, food.glucose, food.speed) == TABLE[name]


def test_the_glucose_drink_is_all_fast_glucose():
    drink = foods()["glucose_drink"]
    assert (drink.glucose, drink.fast, drink.glycaemic_index, drink.liquid) == (1.0, 1.0, 100, True)
    assert drink.carbohydrate_g(300 * drink.density) == pytest.approx(75, rel=0.01)


@pytest.mark.parametrize("food", foods().values(), ids=lambda food: food.name)
def test_every_food_adds_up(food):
    assert food.glucose + food.fructose + food.galactose == pytest.approx(1.0)
    assert food.fast + food.medium + food.slow == pytest.approx(1.0)
    assert food.liquid == (food.density > 0.0)
    assert food.source in references()
    assert find_food(food.name) is food


@pytest.mark.parametrize(
    ("everyday", "name"),
    [
        ("rice", "white_rice"),
        ("White Rice", "white_rice"),
        ("bread", "white_bread"),
        ("potato", "boiled_potatoes"),
        ("potatoes", "boiled_potatoes"),
        ("cereal", "corn_flakes"),
        ("milk", "milk"),
        ("apples", "apple"),
        ("oatmeal", "porridge"),
        ("whole-wheat bread", "wholemeal_bread"),
    ],
)
def test_everyday_names(everyday, name):
    assert find_food(everyday).name == name


def test_an_unknown_food_names_the_nearest():
    with pytest.raises(Faults, match="Did you mean 'banana'"):
        find_food("bananna")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("fast = 0.5", "fast = 0.4", "do not add up"),
        ("glucose = 0.7", "glucose = 0.9", "do not add up"),
        ("carbohydrate = 50", "carbohydrate = 150", "not between"),
        ("carbohydrate = 50", "", "missing"),
        ("carbohydrate = 50", "carbohydrate = 50\nliquid = true", "without a density"),
        ("atkinson_2008", "atkinson_208", "Did you mean 'atkinson_2008'"),
        ("recalled-medium", "sure", "unknown certainty"),
    ],
)
def test_a_wrong_table_is_refused(old, new, says):
    assert list(read_foods(GOOD, "foods")) == ["cake"]
    with pytest.raises(Faults, match=says):
        read_foods(GOOD.replace(old, new), "foods")


def test_a_name_is_taken_once():
    with pytest.raises(Faults, match="is taken by cake"):
        read_foods(GOOD + GOOD.replace("[cake]", '[pie]\naliases = ["cake"]'), "foods")
