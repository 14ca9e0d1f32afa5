"""Measures: formulas against numbers worked out by hand, and what counts as fasting."""

import math

import numpy as np
import pandas as pd
import pytest

from insulin_abm.parameters import Registry
from insulin_abm.results import measures
from insulin_abm.scenario import Scenario

NUMBERS = Registry.load().site("measures")


def scenario(start="00:00", duration="24 h", meals="", habits=""):
    return Scenario.from_text(f'start = "{start}"\nduration = "{duration}"\n{meals}\n{habits}')


def drink(at):
    return f'[[meals]]\nat = "{at}"\nglucose_drink = "75 g"\n'


def meal(at):
    return f'[[meals]]\nat = "{at}"\nfoods = {{ white_rice = "100 g" }}\n'


def test_conversions_are_those_of_clinics():
    assert measures.milliunits_per_l(60.0) == pytest.approx(10.0)
    assert measures.mg_per_dl(5.0) == pytest.approx(90.08)


def test_indices_by_hand():
    # 90.08 mg/dL and 10 uU/mL
    assert measures.homa_ir(5.0, 60.0, NUMBERS) == pytest.approx(5.0 * 10.0 / 22.5)
    assert measures.quicki(5.0, 60.0) == pytest.approx(1.0 / (1.0 + math.log10(90.08)))
    assert measures.hba1c((28.7 * 6.0 - 46.7) / 18.016, NUMBERS) == pytest.approx(6.0)
    index = measures.matsuda([5.0, 9.0], [60.0, 300.0], NUMBERS)
    assert index == pytest.approx(10_000 / math.sqrt(90.08 * 10.0 * 7.0 * 18.016 * 30.0))


def test_without_insulin_indices_are_not_defined():
    assert measures.homa_ir(15.0, 0.0, NUMBERS) == 0.0
    assert math.isnan(measures.quicki(15.0, 0.0))
    assert math.isnan(measures.matsuda([15.0], [0.0], NUMBERS))


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
    urine = np.full(len(times), 0.5)
    return pd.DataFrame(dict(zip(measures.NEEDED, (times, glucose, insulin, urine), strict=True)))


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


def test_a_healthy_tolerance_test_is_healthy(ogtt):
    summary = ogtt.summary
    assert 3.9 < summary["fasting_glucose_mmol_per_l"] < 6.0
    assert summary["glucose_120_min_mmol_per_l"] < 7.8
    assert 2.0 < summary["matsuda"] < 25.0
    assert ogtt.timeseries.set_index("time_min")["plasma_glucose_mmol_per_l"][120] == pytest.approx(
        summary["glucose_120_min_mmol_per_l"], rel=1e-8
    )
