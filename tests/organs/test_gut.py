"""Stomach and gut: what is eaten is absorbed, all of it, each food at its own speed."""

import numpy as np
import pytest

from insulin_abm.engine.phases import Act
from insulin_abm.organs.gut import Gut
from insulin_abm.parameters import find_food

HOLDS = [f"{where}_{speed}" for where in ("solid", "drunk", "ground", "gut") for speed in ("fast", "medium", "slow")]
MOLAR_MASS = 180.156


@pytest.fixture
def digest(few):
    """Let the gut alone live; give what was absorbed minute by minute."""
    (phase,) = [phase for phase in few.minute.phases if isinstance(phase, Act) and phase.who is Gut]
    gut = few.organ(Gut)

    def live(minutes):
        course = []
        for minute in range(1, minutes + 1):
            few.minute.live_phase(few, phase, minute)
            course.append(gut.absorbed)
        return np.array(course)

    live.body, live.gut = few, gut
    live.share = few.records[Gut]["bioavailability"]
    return live


def held(gut):
    return sum(getattr(gut, name) for name in HOLDS)


@pytest.mark.parametrize(
    "foods",
    [
        {"white_rice": 150.0, "lentils": 100.0, "orange": 150.0},
        {"milk": 250.0},
        {"wholemeal_bread": 60.0, "corn_flakes": 25.0, "milk": 250.0, "apple": 100.0},
    ],
)
def test_nothing_that_was_eaten_is_lost(digest, foods):
    """At every minute: eaten = still there + absorbed, and of the absorbed a fixed share reaches the blood."""
    digest.body.eat(foods)
    eaten = sum(
        find_food(name).carbohydrate / 100.0 * grams * find_food(name).glucose * 1000.0 / MOLAR_MASS
        for name, grams in foods.items()
    )
    assert digest.gut.eaten == pytest.approx(eaten, rel=1e-9)
    assert held(digest.gut) == pytest.approx(eaten, rel=1e-9)
    absorbed = 0.0
    for _ in range(72):
        absorbed += digest(10).sum() / digest.share
        assert held(digest.gut) + absorbed == pytest.approx(eaten, rel=1e-9)
        assert min(getattr(digest.gut, name) for name in HOLDS) >= 0.0
    assert absorbed > 0.97 * eaten


def test_a_drink_of_glucose_is_glucose(digest):
    digest.body.drink_glucose(75.0)
    assert digest.gut.eaten == pytest.approx(75_000.0 / MOLAR_MASS, rel=1e-9)
    course = digest(600)
    assert course.sum() == pytest.approx(digest.share * digest.gut.eaten, rel=0.01)
    assert np.argmax(course) <= 60


def test_speed_comes_in_the_order_of_the_classes(digest):
    """Half of it is absorbed later, the slower the food."""
    half_times = []
    for food in ("glucose_drink", "white_bread", "porridge", "pasta", "kidney_beans"):
        fresh = digest.body.fork()
        fresh.eat({food: 5000.0 / find_food(food).carbohydrate})
        (phase,) = [phase for phase in fresh.minute.phases if isinstance(phase, Act) and phase.who is Gut]
        course = []
        for minute in range(1, 1441):
            fresh.minute.live_phase(fresh, phase, minute)
            course.append(fresh.organ(Gut).absorbed)
        half_times.append(int(np.searchsorted(np.cumsum(course), sum(course) / 2.0)))
    assert half_times == sorted(half_times)
    assert half_times[-1] > 2 * half_times[0]


def test_a_second_meal_comes_on_top_of_the_first(digest):
    digest.body.eat({"white_bread": 100.0})
    digest(30)
    before, eaten = held(digest.gut), digest.gut.eaten
    digest.body.eat({"apple": 100.0})
    assert held(digest.gut) - before == pytest.approx(digest.gut.eaten - eaten, rel=1e-9)


def in_stomach(gut):
    return sum(getattr(gut, name) for name in HOLDS if not name.startswith("gut"))


def test_a_large_meal_fills_the_stomach_anew_and_a_snack_joins_the_meal(digest):
    """Emptying goes by how full the stomach is: a bite must not make a half-empty stomach a full one."""
    digest.body.eat({"white_bread": 100.0})
    digest(60)
    full = in_stomach(digest.gut) / digest.gut.last_meal
    assert full < 0.9
    digest.body.eat({"apple": 10.0})
    assert in_stomach(digest.gut) / digest.gut.last_meal == pytest.approx(full, abs=0.03)
    digest.body.eat({"white_bread": 200.0})
    assert in_stomach(digest.gut) == pytest.approx(digest.gut.last_meal, rel=1e-9)


def test_fat_alone_leaves_the_stomach_as_it_is_and_reaches_the_blood(digest):
    digest.body.eat({"boiled_potatoes": 300.0})
    digest(30)
    twin = digest.body.fork()
    digest.body.eat({"olive_oil": 20.0})
    assert digest.gut.last_meal == twin.organ(Gut).last_meal
    assert digest.gut.fat_in_stomach - twin.organ(Gut).fat_in_stomach == pytest.approx(20_000.0 / 885.0)
    came, there = 0.0, digest.gut.fat_in_stomach + digest.gut.fat_in_gut
    (phase,) = [phase for phase in digest.body.minute.phases if isinstance(phase, Act) and phase.who is Gut]
    for minute in range(1, 2881):
        digest.body.minute.live_phase(digest.body, phase, minute)
        came += digest.gut.fat_absorbed
    left = digest.gut.fat_in_stomach + digest.gut.fat_in_gut
    assert came + left == pytest.approx(there)
    assert left < 0.01 * came


def test_incretins_come_with_absorption_and_go(digest):
    assert digest.gut.incretin == 0.0
    digest.body.drink_glucose(50.0)
    digest(40)
    high = digest.gut.incretin
    assert high > 0.2
    digest(600)
    assert digest.gut.incretin < 0.02 * high


def test_an_empty_gut_absorbs_nothing(digest):
    assert not digest(100).any()


def test_fat_in_a_meal_slows_its_glucose_and_loses_none(digest):
    """The gut lets so much energy through: with 40 g of oil half of the glucose takes longer to be absorbed."""
    digest.body.eat({"white_bread": 200.0})
    plain = np.cumsum(digest(720))
    digest.body.eat({"white_bread": 200.0, "olive_oil": 40.0})
    fatty = np.cumsum(digest(720))
    half = 0.5 * plain[-1]
    assert np.searchsorted(fatty, half) > np.searchsorted(plain, half) + 10
    assert fatty[-1] == pytest.approx(plain[-1], rel=0.03)


def test_no_more_energy_leaves_the_stomach_than_the_gut_lets_through(digest):
    """Of a meal of fat and starch, never more than the limit in any minute."""
    gut, record = digest.gut, digest.body.records[Gut]
    digest.body.eat({"white_rice": 600.0, "olive_oil": 60.0})
    before = gut._held()
    for _ in range(120):
        digest(1)
        left, before = before - gut._held(), gut._held()
        assert left <= record["emptying_limit"] * (1.0 + 1e-9)
