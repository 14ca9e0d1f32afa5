"""Foods: what 50 g of carbohydrate do to glucose ranks as the glycaemic index of the food does."""

import numpy as np
import pytest
from scipy import stats

from insulin_abm.parameters import foods

CARBOHYDRATE_G = 50.0
TWO_HOURS, STEP = 120, 5
TEN = (
    "glucose_drink",
    "corn_flakes",
    "boiled_potatoes",
    "white_bread",
    "white_rice",
    "porridge",
    "banana",
    "pasta",
    "apple",
    "lentils",
)


def starchy():
    """The foods that have a glycaemic index."""
    return [food for food in foods().values() if food.glycaemic_index > 0.0]


@pytest.fixture(scope="module")
def areas(settled_healthy):
    """Incremental area under the glucose curve of every food, mmol/L min: what lies above the fasting value, 2 h."""
    found = {}
    for food in starchy():
        eater = settled_healthy.fork()
        fasting = eater.blood.plasma_glucose
        eater.eat({food.name: 100.0 * CARBOHYDRATE_G / food.carbohydrate})
        above = [0.0]
        for _ in range(TWO_HOURS // STEP):
            eater.run_for(STEP)
            above.append(max(eater.blood.plasma_glucose - fasting, 0.0))
        found[food.name] = float(np.trapezoid(above, dx=STEP))
    return found


def rank_correlation(areas, names):
    index = {name: food.glycaemic_index for name, food in foods().items()}
    return float(stats.spearmanr([index[name] for name in names], [areas[name] for name in names]).statistic)


@pytest.mark.parametrize("names", [TEN, tuple(food.name for food in starchy())], ids=["ten", "all"])
def test_areas_rank_as_the_glycaemic_index(areas, names):
    assert len(names) >= 10
    found = rank_correlation(areas, names)
    table = ", ".join(f"{name} {areas[name]:.0f}" for name in sorted(names, key=areas.__getitem__))
    assert found >= 0.8, f"Spearman {found:.3f}: {table}"


def test_the_drink_of_glucose_has_the_largest_area(areas):
    assert max(areas, key=areas.__getitem__) == "glucose_drink"
    assert min(areas.values()) > 0.0


def test_a_larger_portion_has_a_larger_area(settled_healthy):
    highest = []
    for grams in (25.0, 50.0, 100.0, 200.0):
        eater = settled_healthy.fork()
        eater.eat({"white_bread": grams})
        course = []
        for _ in range(24):
            eater.run_for(5)
            course.append(eater.blood.plasma_glucose)
        highest.append(max(course))
    assert highest == sorted(highest)
