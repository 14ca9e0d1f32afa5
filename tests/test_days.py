"""Days of people: what the shipped scenarios must show, for seeds 1 to 5 with the default cells."""

import pytest
from days import DAY, FASTING, HOUR, MEALS, SEEDS, STEP, day, mean, within


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed {seed}")
def seed(request, compiled):
    return request.param


# ---- healthy_day


def test_healthy_fasting(seed):
    healthy = day("healthy_day", seed)
    assert 4.4 <= healthy["plasma_glucose_mmol_per_l"][FASTING] <= 5.6
    assert 25.0 <= healthy["plasma_insulin_pmol_per_l"][FASTING] <= 75.0


def test_healthy_never_above_nine_and_a_half(seed):
    glucose = day("healthy_day", seed)["plasma_glucose_mmol_per_l"]
    assert max(glucose.values()) <= 9.5
    assert min(glucose.values()) > 3.9


def test_healthy_below_seven_three_hours_after_each_meal(seed):
    """From three hours after a meal until the next one."""
    glucose = day("healthy_day", seed)["plasma_glucose_mmol_per_l"]
    for meal, following in zip(MEALS, (*MEALS[1:], DAY), strict=True):
        assert max(within(glucose, meal + 3 * HOUR, following)) < 7.0


def test_healthy_liver_output_falls_by_more_than_half_after_a_meal(seed):
    """The mean of a quarter of an hour, within two hours, against the half hour before; so it does after each meal."""
    output = day("healthy_day", seed)["endogenous_glucose_production_mmol_per_min"]
    for meal in MEALS:
        before = mean(within(output, meal - 30, meal))
        lowest = min(mean(within(output, minute, minute + 15)) for minute in range(meal, meal + 105, STEP))
        assert lowest < 0.5 * before


def test_healthy_liver_glycogen_rises_after_a_meal(seed):
    glycogen = day("healthy_day", seed)["liver_glycogen_mmol_per_l"]
    for meal in MEALS:
        assert glycogen[meal + 3 * HOUR] > glycogen[meal] + 5.0
    assert glycogen[FASTING] < glycogen[0]


def test_healthy_loses_no_glucose_in_urine(seed):
    urine = day("healthy_day", seed)["urinary_glucose_mmol_per_min"]
    assert sum(urine.values()) * STEP < 5.0


def test_healthy_beta_cells_and_muscle_follow_the_meal(seed):
    healthy = day("healthy_day", seed)
    for reading in ("insulin_secretion_pmol_per_min", "muscle_glucose_uptake_mmol_per_min"):
        course = healthy[reading]
        assert max(within(course, 420, 540)) > 2.0 * mean(within(course, 360, 420))
    fatty_acids = healthy["plasma_ffa_mmol_per_l"]
    assert min(within(fatty_acids, 420, 600)) < 0.5 * fatty_acids[FASTING]


@pytest.mark.parametrize("name", ["healthy_day", "type1_day", "type1_treated_day"])
def test_people_have_settled(seed, name):
    settling = day(name, seed)["settling"]
    assert settling["settled"]
    assert settling["weekly_change"] < 0.001
    assert settling["days"] <= 120


# ---- type1_day


def test_type1_has_no_insulin_from_twelve_hours_on(seed):
    assert max(within(day("type1_day", seed)["plasma_insulin_pmol_per_l"], 12 * HOUR, DAY)) < 2.0


def test_type1_glucose_is_above_fifteen_before_the_day_is_over(seed):
    glucose = day("type1_day", seed)["plasma_glucose_mmol_per_l"]
    assert max(within(glucose, 0, DAY - STEP)) > 15.0
    assert glucose[DAY] > 15.0


def test_type1_loses_glucose_in_urine(seed):
    urine = day("type1_day", seed)["urinary_glucose_mmol_per_min"]
    assert sum(urine.values()) * STEP > 100.0
    assert max(urine.values()) > 0.2


def test_type1_liver_output_is_not_suppressed(seed):
    """Without insulin, from six hours on, meals or not: never below what a healthy person makes fasting."""
    output = day("type1_day", seed)["endogenous_glucose_production_mmol_per_min"]
    healthy = mean(within(day("healthy_day", seed)["endogenous_glucose_production_mmol_per_min"], 390, 420))
    lowest = min(mean(within(output, minute, minute + 15)) for minute in range(6 * HOUR, DAY - 15, STEP))
    assert lowest > healthy


def test_type1_fatty_acids_are_above_twice_the_healthy_ones(seed):
    """The mean of the day, that of the hours without insulin, and at the end."""
    lacking, healthy = (day(name, seed)["plasma_ffa_mmol_per_l"] for name in ("type1_day", "healthy_day"))
    assert mean(lacking.values()) > 2.0 * mean(healthy.values())
    assert mean(within(lacking, 12 * HOUR, DAY)) > 2.0 * mean(within(healthy, 12 * HOUR, DAY))
    assert lacking[DAY] > 2.0 * healthy[DAY]


def test_type1_begins_treated(seed):
    """Until minute 0 there was insulin: glucose and insulin are those of the treated person."""
    lacking, treated = (day(name, seed) for name in ("type1_day", "type1_treated_day"))
    for reading in ("plasma_glucose_mmol_per_l", "plasma_insulin_pmol_per_l", "liver_glycogen_mmol_per_l"):
        assert lacking[reading][0] == treated[reading][0]
    assert 3.9 < lacking["plasma_glucose_mmol_per_l"][0] < 13.0


# ---- type1_treated_day


def test_type1_treated_stays_between(seed):
    glucose = day("type1_treated_day", seed)["plasma_glucose_mmol_per_l"]
    assert min(glucose.values()) >= 3.9
    assert max(glucose.values()) <= 13.0


def test_type1_treated_makes_no_insulin_of_its_own(seed):
    treated = day("type1_treated_day", seed)
    assert max(treated["insulin_secretion_pmol_per_min"].values()) == 0.0
    assert min(within(treated["plasma_insulin_pmol_per_l"], HOUR, DAY)) > 2.0


# ---- ogtt_healthy and fast_24h


def test_a_healthy_person_stands_a_glucose_drink(seed):
    """75 g: back below the limit of impaired tolerance (7.8 mmol/L) after two hours."""
    glucose = day("ogtt_healthy", seed)["plasma_glucose_mmol_per_l"]
    assert 4.4 <= glucose[0] <= 5.6
    assert max(glucose.values()) > 6.5
    assert max(glucose.values()) < 11.1
    assert glucose[120] < 7.8


def test_a_healthy_person_stands_a_day_without_food(seed):
    """Glucose falls but holds, liver glycogen empties, insulin falls, fatty acids rise."""
    fast = day("fast_24h", seed)
    glucose = fast["plasma_glucose_mmol_per_l"]
    assert min(glucose.values()) > 3.3
    assert glucose[DAY] < glucose[12 * HOUR]
    assert fast["plasma_insulin_pmol_per_l"][DAY] < fast["plasma_insulin_pmol_per_l"][12 * HOUR]
    assert fast["liver_glycogen_mmol_per_l"][DAY] < 0.7 * fast["liver_glycogen_mmol_per_l"][4 * HOUR]
    assert fast["plasma_ffa_mmol_per_l"][DAY] > fast["plasma_ffa_mmol_per_l"][12 * HOUR]
