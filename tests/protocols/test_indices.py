"""Indices against worked examples, the laws they obey, and where they are not defined."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulin_abm.parameters import Registry, quantity
from insulin_abm.protocols import indices

NUMBERS = Registry.load().site("measures")
SUGARS, HORMONES, FACTORS = st.floats(3.6, 30.0), st.floats(6.0, 3000.0), st.floats(1.0, 10.0)
OF_FASTING = (indices.homa_ir, indices.homa_b, indices.quicki, indices.adipo_ir)


def test_conversions_are_those_of_clinics():
    assert indices.milliunits_per_l(60.0) == pytest.approx(10.0)
    assert indices.mg_per_dl(5.0) == pytest.approx(90.08)


@given(SUGARS, HORMONES)
def test_conversions_go_both_ways(glucose, insulin):
    assert quantity(f"{indices.mg_per_dl(glucose)!r} mg/dL", "mmol/L", "glucose") == pytest.approx(glucose)
    assert quantity(f"{indices.milliunits_per_l(insulin)!r} mU/L", "pmol/L") == pytest.approx(insulin)


def test_indices_by_hand():
    # 90.08 mg/dL and 10 uU/mL
    assert indices.homa_ir(5.0, 60.0, NUMBERS) == pytest.approx(5.0 * 10.0 / 22.5)
    assert indices.quicki(5.0, 60.0, NUMBERS) == pytest.approx(1.0 / (1.0 + math.log10(90.08)))
    index = indices.matsuda([5.0, 9.0], [60.0, 300.0], NUMBERS)
    assert index == pytest.approx(10_000 / math.sqrt(90.08 * 10.0 * 7.0 * 18.016 * 30.0))


def test_the_published_reference_person_has_one_and_a_hundred():
    """Matthews 1985: a healthy young adult, 4.5 mmol/L and 5 uU/mL, has a resistance of 1 and beta cells of 100 %."""
    assert indices.homa_ir(4.5, 30.0, NUMBERS) == pytest.approx(1.0)
    assert indices.homa_b(4.5, 30.0, NUMBERS) == pytest.approx(100.0)


def test_indices_of_ninety_and_ten():
    # 90 mg/dL is 4.9956 mmol/L: 4.9956 * 10 / 22.5 = 2.220, 20 * 10 / 1.4956 = 133.7, 1 / (1 + 1.95424) = 0.3385
    glucose = 90.0 / 18.016
    assert indices.homa_ir(glucose, 60.0, NUMBERS) == pytest.approx(2.220, abs=5e-4)
    assert indices.homa_b(glucose, 60.0, NUMBERS) == pytest.approx(133.7, abs=0.05)
    assert indices.quicki(glucose, 60.0, NUMBERS) == pytest.approx(0.3385, abs=5e-5)


def test_matsuda_of_a_whole_test_by_hand():
    # 90, 150, 160, 140, 110 mg/dL (mean 130) and 10, 60, 70, 60, 50 uU/mL (mean 50): 10000 / sqrt(900 * 6500) = 4.134
    glucose = [level / 18.016 for level in (90.0, 150.0, 160.0, 140.0, 110.0)]
    insulin = [6.0 * level for level in (10.0, 60.0, 70.0, 60.0, 50.0)]
    assert indices.matsuda(glucose, insulin, NUMBERS) == pytest.approx(4.134, abs=5e-4)


def test_insulinogenic_and_disposition_index_by_hand():
    # insulin from 60 to 360 pmol/L while glucose goes from 5 to 8 mmol/L: 100 pmol/mmol
    assert indices.insulinogenic_index((5.0, 8.0), (60.0, 360.0)) == pytest.approx(100.0)
    assert indices.disposition_index(100.0, 4.134) == pytest.approx(413.4)
    # a published one of 1 uU/mL per mg/dL: insulin rises by 60 uU/mL = 360 pmol/L, glucose by 60 mg/dL = 3.3304 mmol/L
    assert indices.insulinogenic_index((5.0, 5.0 + 60.0 / 18.016), (60.0, 420.0)) == pytest.approx(108.1, abs=0.05)


def test_adipo_ir_and_clamp_by_hand():
    assert indices.adipo_ir(0.5, 60.0, NUMBERS) == pytest.approx(5.0)  # 0.5 mmol/L * 10 uU/mL
    assert indices.glucose_used_per_insulin(7.0, 600.0, NUMBERS) == pytest.approx(0.07)  # 7 mg/(kg min) at 100 uU/mL


def test_rates_of_fall_by_hand():
    # half in 35 min: ln 2 / 35 = 1.980 %/min (within 10 to 40 min); before and after it the curve does as it likes
    times = [0.0, 5.0, 10.0, 20.0, 30.0, 40.0, 50.0]
    glucose = [5.0, 30.0, *(16.0 * 0.5 ** (time / 35.0) for time in times[2:6]), 40.0]
    assert indices.glucose_disappearance(times, glucose, NUMBERS) == pytest.approx(1.980, abs=5e-4)
    # from 5 to 3 mmol/L in the 12 min from 3 to 15: ln(5 / 3) / 12 = 4.257 %/min
    times = [0.0, 3.0, 6.0, 9.0, 12.0, 15.0, 20.0]
    glucose = [5.2, *(5.0 * 0.6 ** ((time - 3.0) / 12.0) for time in times[1:6]), 9.0]
    assert indices.insulin_tolerance(times, glucose, NUMBERS) == pytest.approx(4.257, abs=5e-4)


def test_acute_response_by_hand():
    # 60 before, up to 360 in 2 min, down to 260 at 10 min: area of the rise 2 * 150 + 8 * 250 = 2300 pmol/L min
    times, insulin = [0.0, 2.0, 10.0, 20.0], [60.0, 360.0, 260.0, 999.0]
    assert indices.acute_insulin_response(times, insulin, 60.0, NUMBERS) == pytest.approx(230.0)
    # the tenth minute lies between two samples: 260 on the line from 360 at 2 min to 160 at 18 min
    assert indices.acute_insulin_response([-5.0, 0.0, 2.0, 18.0], [60.0, 60.0, 360.0, 160.0], 60.0, NUMBERS) == (
        pytest.approx(230.0)
    )


@given(SUGARS, HORMONES, FACTORS)
def test_resistance_grows_in_proportion_to_insulin_and_sensitivity_falls(glucose, insulin, factor):
    for index in (indices.homa_ir, indices.homa_b, indices.adipo_ir):
        assert index(glucose, factor * insulin, NUMBERS) == pytest.approx(factor * index(glucose, insulin, NUMBERS))
    assert indices.quicki(glucose, factor * insulin, NUMBERS) <= indices.quicki(glucose, insulin, NUMBERS)
    before, after = (
        indices.matsuda([glucose, 2 * glucose], [one * insulin, 3 * one * insulin], NUMBERS) for one in (1.0, factor)
    )
    assert after == pytest.approx(before / factor)


@given(SUGARS, HORMONES)
def test_quicki_is_the_logarithm_of_homa(glucose, insulin):
    # both are of the product of fasting values: HOMA-IR * 22.5 * 18.016 is in mg/dL * uU/mL
    product = indices.homa_ir(glucose, insulin, NUMBERS) * 22.5 * 18.016
    assert indices.quicki(glucose, insulin, NUMBERS) == pytest.approx(1.0 / math.log10(product))


@given(FACTORS)
def test_rates_do_not_depend_on_the_unit_of_glucose(factor):
    times, glucose = np.arange(0.0, 45.0, 5.0), 16.0 * np.exp(-0.02 * np.arange(0.0, 45.0, 5.0))
    for rate in (indices.glucose_disappearance, indices.insulin_tolerance):
        assert rate(times, factor * glucose, NUMBERS) == pytest.approx(2.0)


def test_without_insulin_indices_are_not_defined():
    for index in OF_FASTING:
        assert math.isnan(index(15.0, 0.0, NUMBERS))
        assert math.isnan(index(15.0, 5.9, NUMBERS))  # less than 1 uU/mL
        assert not math.isnan(index(15.0, 6.0, NUMBERS))
    assert math.isnan(indices.matsuda([15.0], [0.0], NUMBERS))
    assert math.isnan(indices.matsuda([15.0, 20.0], [5.0, 600.0], NUMBERS))
    assert math.isnan(indices.glucose_used_per_insulin(5.0, 0.0, NUMBERS))


def test_what_is_not_known_gives_nothing():
    for index in OF_FASTING:
        for glucose, insulin in ((math.nan, 60.0), (5.0, math.nan), (0.0, 60.0), (-1.0, 60.0)):
            assert math.isnan(index(glucose, insulin, NUMBERS))
    assert math.isnan(indices.matsuda([5.0, math.nan], [60.0, 300.0], NUMBERS))
    assert math.isnan(indices.insulinogenic_index((5.0, math.nan), (60.0, 300.0)))
    assert math.isnan(indices.disposition_index(math.nan, 4.0))
    assert math.isnan(indices.disposition_index(100.0, math.nan))


def test_homa_b_is_not_defined_at_low_glucose():
    for glucose in (3.5, 3.0):
        assert math.isnan(indices.homa_b(glucose, 60.0, NUMBERS))
    assert indices.homa_b(3.6, 60.0, NUMBERS) > 1000.0


def test_quicki_is_not_defined_where_its_logarithm_is_not_above_zero():
    assert math.isnan(indices.quicki(0.05, 6.0, NUMBERS))  # 0.9 mg/dL and 1 uU/mL


def test_no_insulinogenic_index_where_glucose_did_not_rise():
    assert math.isnan(indices.insulinogenic_index((5.0, 5.0), (60.0, 300.0)))
    assert math.isnan(indices.insulinogenic_index((5.0, 4.0), (60.0, 300.0)))
    fell = indices.insulinogenic_index((5.0, 6.0), (60.0, 50.0))
    assert fell == pytest.approx(-10.0)
    assert math.isnan(indices.disposition_index(fell, 4.0))


@pytest.mark.parametrize("times", [[0.0], [0.0, 5.0], [2.0, 12.0], [0.0, 0.0, 12.0]])
def test_no_acute_response_without_its_ten_minutes(times):
    assert math.isnan(indices.acute_insulin_response(times, [60.0] * len(times), 60.0, NUMBERS))


def test_no_rates_outside_of_their_minutes():
    times, glucose = [0.0, 1.0, 2.0], [6.0, 5.0, 4.0]
    assert math.isnan(indices.glucose_disappearance(times, glucose, NUMBERS))
    assert math.isnan(indices.insulin_tolerance(times, glucose, NUMBERS))
