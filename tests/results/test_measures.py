"""Measures: what counts as fasting and as a test, and what is measured in it."""

import math

import numpy as np
import pandas as pd
import pytest

from insulin_abm.results import measures
from insulin_abm.scenario import Scenario

OF_A_DAY = ("hba1c_percent", "gmi_percent", "time_in_range", "time_below_range", "time_above_range")


def scenario(start="00:00", duration="24 h", meals="", habits=""):
    return Scenario.from_text(f'start = "{start}"\nduration = "{duration}"\n{meals}\n{habits}')


def drink(at, grams=75):
    return f'[[meals]]\nat = "{at}"\nglucose_drink = "{grams} g"\n'


def meal(at):
    return f'[[meals]]\nat = "{at}"\nfoods = {{ white_rice = "100 g" }}\n'


@pytest.mark.parametrize(
    ("given", "minute"),
    [
        (scenario("00:00", "24 h", meal("07:00") + meal("12:30")), 420),  # dinner of the usual day was at 19:00
        (scenario("07:00", "3 h", drink("07:00")), 0),  # from minute 0 on the usual breakfast does not happen
        (scenario("12:00", "3 h", meal("12:30")), None),  # breakfast was five hours ago
        (scenario("12:00", "24 h", meal("12:30") + meal("day 2 07:00")), 19 * 60),
        (scenario("12:00", "24 h", meal("12:30")), 24 * 60),  # a fast only at the end
        (scenario("12:00", "2 h"), None),  # seven hours after the usual breakfast
        (scenario("12:00", "4 h"), 4 * 60),  # nine hours after it: the end
    ],
)
def test_what_counts_as_fasting(given, minute):
    found = measures.fasting_minute(given)
    assert math.isnan(found) if minute is None else found == minute


def test_a_meal_that_comes_every_day_counts_every_day():
    text = 'duration = "72 h"\n[[meals]]\nat = "07:00"\nevery = "24 h"\nfoods = { white_rice = "100 g" }\n'
    assert measures.food_minutes(Scenario.from_text(text)) == [420, 420 + 1440, 420 + 2880]


@pytest.mark.parametrize(
    ("given", "start"),
    [
        (scenario("07:00", "3 h", drink("07:00")), 0),
        (scenario("07:00", "1 h", drink("07:00")), None),  # over before two hours have passed
        (scenario("07:00", "5 h", drink("07:00") + meal("09:30")), None),
        (scenario("12:00", "5 h", drink("13:00")), None),  # no fast before it
    ],
)
def test_what_counts_as_a_tolerance_test(given, start):
    found = measures.tolerance_test_start(given)
    assert math.isnan(found) if start is None else found == start


def series(times, glucose, insulin):
    urine, fatty_acids = np.full(len(times), 0.5), np.full(len(times), 0.6)
    return pd.DataFrame(dict(zip(measures.NEEDED, (times, glucose, insulin, urine, fatty_acids), strict=True)))


def values(given, table):
    return {one.measure: one.value for one in measures.measure(given, table)}


def test_measure_takes_means_over_time_and_the_last_value_before_food():
    table = series([0.0, 400.0, 425.0, 1440.0], [5.0, 5.0, 9.0, 9.0], [60.0, 30.0, 90.0, 90.0])
    found = {one.measure: one for one in measures.measure(scenario(meals=meal("07:00")), table)}
    fasting = found["fasting_insulin_pmol_per_l"]
    assert (fasting.value, fasting.time_min, fasting.visit) == (30.0, 400.0, "fasting")
    assert found["mean_glucose_mmol_per_l"].value == pytest.approx((400 * 5 + 25 * 7 + 1015 * 9) / 1440)
    assert found["urinary_glucose_mmol"].value == pytest.approx(720.0)
    assert math.isnan(found["matsuda"].value)
    assert list(found) == [one.name for one in measures.MEASURES]


def test_recordings_too_far_apart_measure_no_tolerance_test():
    given = scenario("07:00", "3 h", drink("07:00"))
    coarse = series([0.0, 90.0, 180.0], [5.0, 9.0, 6.0], [60.0, 300.0, 100.0])
    assert math.isnan({one.measure: one.value for one in measures.measure(given, coarse)}["matsuda"])


def test_the_columns_of_the_summary_stay_in_their_order():
    assert [one.name for one in measures.MEASURES] == [
        *("fasting_glucose_mmol_per_l", "fasting_insulin_pmol_per_l", "homa_ir", "quicki", "mean_glucose_mmol_per_l"),
        *("hba1c_percent", "minimal_glucose_mmol_per_l", "maximal_glucose_mmol_per_l", "urinary_glucose_mmol"),
        *("glucose_120_min_mmol_per_l", "matsuda"),
        *("homa_b", "adipo_ir", "time_in_range", "time_below_range", "time_above_range", "glucose_sd_mmol_per_l"),
        *("glucose_cv_percent", "gmi_percent", "insulinogenic_index", "disposition_index"),
        *("glucose_area_mmol_min_per_l", "glucose_incremental_area_mmol_min_per_l"),
        *("insulin_area_pmol_min_per_l", "insulin_incremental_area_pmol_min_per_l", "ada_class"),
    ]


def test_a_day_is_measured():
    # twelve hours at 5 mmol/L, then up to 11 in a straight line: the last two of its twelve hours are above 10
    found = values(scenario(meals=meal("07:00")), series([0.0, 720.0, 1440.0], [5.0, 5.0, 11.0], [60.0] * 3))
    assert found["homa_b"] == pytest.approx(20.0 * 10.0 / 1.5)
    assert found["adipo_ir"] == pytest.approx(6.0)
    shares = [found[f"time_{where}_range"] for where in ("below", "in", "above")]
    assert shares == pytest.approx([0.0, 22 / 24, 2 / 24])
    assert found["glucose_cv_percent"] == pytest.approx(100.0 * found["glucose_sd_mmol_per_l"] / 6.5)
    assert found["gmi_percent"] == pytest.approx(3.31 + 0.02392 * 6.5 * 18.016)
    assert found["ada_class"] == 0.0


def test_a_run_of_some_hours_says_nothing_about_days():
    found = values(scenario("07:00", "23 h", drink("07:00")), series([0.0, 1380.0], [5.0, 7.0], [60.0, 60.0]))
    assert all(math.isnan(found[name]) for name in OF_A_DAY)
    assert found["glucose_cv_percent"] > 0.0


def test_a_tolerance_test_is_measured():
    glucose, insulin = [5.0, 8.0, 9.0, 8.0, 7.0], [60.0, 360.0, 420.0, 360.0, 300.0]
    table = series([0.0, 30.0, 60.0, 90.0, 120.0], glucose, insulin)
    found = values(scenario("07:00", "2 h", drink("07:00")), table)
    assert found["insulinogenic_index"] == pytest.approx(100.0)
    assert found["disposition_index"] == pytest.approx(100.0 * found["matsuda"])
    assert found["glucose_area_mmol_min_per_l"] == pytest.approx(30.0 * (2.5 + 8.0 + 9.0 + 8.0 + 3.5))
    assert found["glucose_incremental_area_mmol_min_per_l"] == pytest.approx(30.0 * 31.0 - 600.0)
    assert found["insulin_area_pmol_min_per_l"] == pytest.approx(30.0 * (30.0 + 360.0 + 420.0 + 360.0 + 150.0))
    assert found["insulin_incremental_area_pmol_min_per_l"] == pytest.approx(30.0 * 1320.0 - 7200.0)


@pytest.mark.parametrize(
    ("fasting", "two_hours", "grams", "found"),
    [
        (5.0, 7.0, 75, 0.0),
        (5.6, 7.0, 75, 1.0),
        (5.0, 7.8, 75, 1.0),
        (5.0, 11.1, 75, 2.0),
        (7.0, 7.0, 75, 2.0),
        (5.0, 11.1, 50, 0.0),  # two hours after another drink nothing is said
    ],
)
def test_a_person_has_a_class(fasting, two_hours, grams, found):
    table = series([0.0, 30.0, 60.0, 90.0, 120.0], [fasting, 9.0, 9.0, 9.0, two_hours], [60.0] * 5)
    assert values(scenario("07:00", "2 h", drink("07:00", grams)), table)["ada_class"] == found


def test_without_a_fast_a_person_has_no_class():
    given = scenario("12:00", "3 h", meal("12:30"))
    assert math.isnan(values(given, series([0.0, 180.0], [5.0, 12.0], [60.0, 60.0]))["ada_class"])


def test_without_insulin_there_is_no_index_of_it():
    found = values(scenario(meals=meal("07:00")), series([0.0, 420.0, 1440.0], [15.0, 15.0, 20.0], [0.0] * 3))
    assert all(math.isnan(found[name]) for name in ("homa_ir", "homa_b", "quicki", "adipo_ir"))
    assert found["fasting_glucose_mmol_per_l"] == 15.0


INJECTED = '[[insulin]]\nat = "{}"\nkind = "rapid"\ndose = "4 U"\n'


@pytest.mark.parametrize(
    ("at", "fasting", "test"),
    [("08:00", True, False), ("06:00", False, False), ("09:30", True, True), (None, True, True)],
)
def test_injected_insulin_has_no_index(at, fasting, test):
    """The drink is at 07:00, the test is over at 09:00."""
    glucose = [5.0, 5.0, 5.0, 8.0, 9.0, 8.0, 7.0, 6.0, 5.0]
    insulin = [60.0, 60.0, 60.0, 360.0, 420.0, 360.0, 300.0, 200.0, 90.0]
    table = series(np.arange(9) * 30.0, glucose, insulin)
    found = values(scenario("06:00", "4 h", drink("07:00"), INJECTED.format(at) if at else ""), table)
    for name in ("homa_ir", "homa_b", "quicki", "adipo_ir"):
        assert math.isnan(found[name]) is not fasting
    for name in ("matsuda", "insulinogenic_index", "disposition_index"):
        assert math.isnan(found[name]) is not test
    assert found["fasting_insulin_pmol_per_l"] == 60.0
    assert found["insulin_area_pmol_min_per_l"] > 0.0
    assert found["ada_class"] == 0.0


def test_a_person_who_usually_injects_insulin_has_no_index():
    given = Scenario.load("type1_day")
    found = values(given, series([0.0, 420.0, 1440.0], [11.0, 11.0, 20.0], [8.0, 8.0, 1.0]))
    assert math.isnan(found["homa_ir"])
    assert found["fasting_insulin_pmol_per_l"] == 8.0


def test_a_healthy_tolerance_test_is_healthy(ogtt):
    summary = ogtt.summary
    assert 3.9 < summary["fasting_glucose_mmol_per_l"] < 6.0
    assert summary["glucose_120_min_mmol_per_l"] < 7.8
    assert 2.0 < summary["matsuda"] < 25.0
    assert ogtt.timeseries.set_index("time_min")["plasma_glucose_mmol_per_l"][120] == pytest.approx(
        summary["glucose_120_min_mmol_per_l"], rel=1e-8
    )
    assert summary["ada_class"] == 0.0
    assert summary["insulinogenic_index"] > 0.0
    assert summary["glucose_area_mmol_min_per_l"] > summary["glucose_incremental_area_mmol_min_per_l"] > 0.0
