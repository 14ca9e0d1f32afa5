"""Resistant and type 2 people beside a healthy one, for seeds 1 to 5 with the default cells: who settles where."""

import itertools

import pytest
from days import (
    DAY,
    FASTING,
    FATTY_ACIDS,
    GLUCOSE,
    HOUR,
    INSULIN,
    LIVER_OUTPUT,
    MEALS,
    MUSCLE_RECEPTORS,
    SEEDS,
    STEP,
    TRIGLYCERIDE,
    day,
    fasting,
    mean,
    within,
)

from insulin_abm.ledger import balance, totals
from insulin_abm.parameters import find_food
from insulin_abm.parameters.conversions import MINUTES_PER_HOUR
from insulin_abm.protocols.indices import homa_ir
from insulin_abm.scenario import Scenario

CLOSES = 1e-9
PEOPLE = ("healthy_day", "insulin_resistant_day", "type2_day", "type1_day", "type1_treated_day")


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed {seed}")
def seed(request, compiled):
    return request.param


@pytest.fixture
def healthy_day(seed):
    return day("healthy_day", seed)


@pytest.fixture
def resistant_day(seed):
    return day("insulin_resistant_day", seed)


@pytest.fixture
def type2_day(seed):
    return day("type2_day", seed)


def largest_meal(name):
    """When the meal with the most carbohydrate is eaten."""
    meals = [event for event in Scenario.load(name).events if event.kind == "eat"]
    return max(
        meals,
        key=lambda meal: sum(find_food(food).carbohydrate_g(grams) for food, grams in meal.arguments["foods"].items()),
    ).time_min


def test_nobody_is_said_to_be_resistant():
    """People differ in what can be measured, and in nothing else: not in one parameter."""
    people = [Scenario.load(name) for name in PEOPLE]
    assert len({scenario.parameters.fingerprint for scenario in people}) == 1
    assert len({str(scenario.person) for scenario in people}) == 4
    assert not any("resistan" in name for name in people[0].parameters.sites)


@pytest.mark.parametrize("name", ["insulin_resistant_day", "type2_day"])
def test_they_have_settled(seed, name):
    settling = day(name, seed)["settling"]
    assert settling["settled"]
    assert settling["weekly_change"] < 0.001
    assert settling["days"] <= 30


# ---- insulin_resistant_day


def test_resistant_fasting_glucose_is_near_the_healthy_one(resistant_day, healthy_day):
    assert abs(fasting(resistant_day[GLUCOSE]) - fasting(healthy_day[GLUCOSE])) < 0.8
    assert max(resistant_day[GLUCOSE].values()) < 11.1


def test_resistant_fasting_insulin_is_at_least_1_8_times_the_healthy_one(resistant_day, healthy_day):
    assert fasting(resistant_day[INSULIN]) >= 1.8 * fasting(healthy_day[INSULIN])
    assert resistant_day[INSULIN][FASTING] >= 1.8 * healthy_day[INSULIN][FASTING]


def test_resistant_muscle_cells_have_at_least_a_tenth_fewer_surface_receptors(resistant_day, healthy_day):
    for minute in resistant_day[MUSCLE_RECEPTORS]:
        assert resistant_day[MUSCLE_RECEPTORS][minute] <= 0.9 * healthy_day[MUSCLE_RECEPTORS][minute]


def test_resistant_homa_ir_is_above_two_and_a_half(resistant_day, healthy_day):
    numbers = Scenario.load("healthy_day").parameters.site("measures")
    resistant, healthy = (
        homa_ir(fasting(one[GLUCOSE]), fasting(one[INSULIN]), numbers) for one in (resistant_day, healthy_day)
    )
    assert resistant > 2.5 > healthy


@pytest.mark.parametrize("who", ["insulin_resistant_day", "type2_day"])
def test_fatty_acids_at_a_given_insulin_are_higher(seed, healthy_day, who):
    """At every level of insulin that both people have in a day: by a tenth at least."""
    other = day(who, seed)
    compared = 0
    for low in range(40, 240, 20):
        levels = [
            [one[FATTY_ACIDS][minute] for minute, insulin in one[INSULIN].items() if low <= insulin < low + 20]
            for one in (other, healthy_day)
        ]
        if all(levels):
            assert mean(levels[0]) > 1.1 * mean(levels[1])
            compared += 1
    assert compared >= 5


# ---- type2_day


def test_type2_glucose_is_that_of_diabetes(type2_day):
    assert fasting(type2_day[GLUCOSE]) > 7.0
    assert type2_day[GLUCOSE][largest_meal("type2_day") + 2 * HOUR] > 11.1


def test_type2_insulin_is_lower_than_the_resistant_persons_for_the_same_glucose(seed, type2_day):
    """A resistant person is given glucose by vein until hers is what the type 2 person has in her day."""
    given = Scenario.load("insulin_resistant_day").body(seed=seed)
    given.run_until(5 * HOUR)
    given.infuse_glucose(9.0)
    secreted = {}
    for _ in range(4 * HOUR // STEP):
        given.run_for(STEP)
        secreted[given.blood.plasma_glucose] = given.blood.plasma_insulin
    for low in (8.5, 9.5, 10.5):
        resistant = [insulin for glucose, insulin in secreted.items() if low <= glucose < low + 1.0]
        type2 = [type2_day[INSULIN][at] for at, glucose in type2_day[GLUCOSE].items() if low <= glucose < low + 1.0]
        assert mean(type2) < 0.7 * mean(resistant)


def test_type2_has_more_fat_in_the_blood(type2_day, healthy_day):
    for lipid in (FATTY_ACIDS, TRIGLYCERIDE):
        assert mean(type2_day[lipid].values()) > 1.1 * mean(healthy_day[lipid].values())
        assert fasting(type2_day[lipid]) > 1.05 * fasting(healthy_day[lipid])


def test_type2_liver_makes_at_least_one_and_a_half_times_the_healthy_glucose_after_meals(type2_day, healthy_day):
    for meal in MEALS:
        output, healthy = (
            mean(within(one[LIVER_OUTPUT], meal + 30, meal + 2 * HOUR)) for one in (type2_day, healthy_day)
        )
        assert output >= 1.5 * healthy


# ---- relative and absolute lack


def test_lack_of_insulin_is_absolute_in_type_1_and_relative_in_type_2(seed, healthy_day, resistant_day, type2_day):
    """Second half of the day, in which the type 1 person's last insulin is gone."""
    type1_day = day("type1_day", seed)
    people = (type1_day, type2_day, resistant_day, healthy_day)
    none, too_little, enough, usual = (mean(within(one[INSULIN], DAY // 2, DAY)) for one in people)
    assert none < 1.0
    assert usual < too_little < enough
    lost, high, normal, healthy = (mean(within(one[GLUCOSE], DAY // 2, DAY)) for one in people)
    assert lost > high > 1.5 * normal
    assert normal < 1.2 * healthy


def test_type2_insulin_comes_late(seed):
    """After a drink of glucose insulin still rises when a healthy person's has fallen for an hour."""
    type2, healthy = day("ogtt_type2", seed)[INSULIN], day("ogtt_healthy", seed)[INSULIN]
    assert type2[30] < healthy[30]
    assert type2[120] > type2[60]
    assert healthy[120] < healthy[60]


def test_tolerance_tests_tell_the_people_apart(seed):
    """Two-hour glucose: below 7.8 mmol/L (normal), above 11.1 (diabetes); insulin of the resistant far above."""
    healthy, resistant, type2 = (day(name, seed) for name in ("ogtt_healthy", "ogtt_resistant", "ogtt_type2"))
    assert healthy[GLUCOSE][120] < 7.8
    assert resistant[GLUCOSE][120] < 11.1
    assert type2[GLUCOSE][120] > 11.1
    assert resistant[INSULIN][60] > 1.8 * healthy[INSULIN][60]


# ---- people in between


def fasting_state(**person):
    changes = {f"person.{what}": value for what, value in person.items()}
    body = Scenario.load("healthy_day", overrides=changes).body(seed=1)
    assert body.settling["settled"]
    body.run_until(FASTING)
    return body.blood.plasma_glucose, body.blood.plasma_insulin, body.blood.plasma_fatty_acid


def test_the_fatter_the_more_resistant(compiled):
    """At equal lean mass: fatty acids, insulin and HOMA-IR rise with every 6 kg of fat, glucose hardly."""
    people = [
        fasting_state(weight=f"{52 + fat} kg", body_fat=f"{100 * fat / (52 + fat):.2f} %")
        for fat in (12, 18, 24, 30, 36)
    ]
    for lighter, heavier in itertools.pairwise(people):
        assert heavier[1] > lighter[1]
        assert heavier[2] > lighter[2]
    assert people[-1][0] - people[0][0] < 0.8
    assert 1.5 < people[-1][1] / people[0][1] < 4.0


@pytest.mark.parametrize(
    "person",
    [
        {"sex": "female", "age": "80 yr", "weight": "60 kg", "height": "170 cm", "body_fat": "38 %"},
        {"sex": "female", "age": "25 yr", "weight": "50 kg", "height": "160 cm", "body_fat": "24 %"},
        {"sex": "male", "age": "30 yr", "weight": "75 kg", "height": "180 cm", "body_fat": "18 %"},
        {"sex": "male", "age": "25 yr", "weight": "110 kg", "height": "200 cm", "body_fat": "23 %"},
    ],
)
def test_healthy_people_of_any_build_are_healthy(compiled, person):
    glucose, insulin, fatty_acid = fasting_state(**person)
    assert 4.4 <= glucose <= 5.6
    assert 25.0 <= insulin <= 75.0
    assert 0.3 < fatty_acid < 0.65


def test_fewer_beta_cells_do_not_mean_fewer_fatty_acids(compiled):
    """Less insulin holds back less lipolysis."""
    few, usual = (fasting_state(beta_cell_mass=mass)[2] for mass in (0.2, 1.0))
    assert few > 0.97 * usual


# ---- ledgers and bytes, for every person


@pytest.mark.parametrize("name", PEOPLE)
def test_ledgers_close_and_bytes_are_the_same(compiled, name):
    """From before breakfast to midnight, in one go and, as a fork, in pieces."""
    body = Scenario.load(name).body(seed=3)
    body.run_until(6 * MINUTES_PER_HOUR)
    again = body.fork()
    start = totals(body)
    body.run_until(DAY)
    for piece in (1, 59, 300, 720):
        again.run_for(piece)
    assert again.save() == body.save()
    row = balance(start, totals(body))
    assert abs(row["glucose_difference_mmol"]) <= CLOSES * row["glucose_left_mmol"]
    assert abs(row["insulin_difference_pmol"]) <= CLOSES * max(row["insulin_left_pmol"], 1.0)
    assert abs(row["receptors_difference"]) <= CLOSES * row["receptors_left"]
