"""The PREVENT equations give the published numbers, and none outside of what they were made for."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulin_abm.protocols.prevent import OUTCOMES, NotApplicableError, RiskFactors, ten_year_risk, valid_ranges

MMOL_PER_MG_PER_DL = 0.02586
WOMAN = RiskFactors(
    "female",
    age_years=50.0,
    total_cholesterol_mmol_per_l=200.0 * MMOL_PER_MG_PER_DL,
    hdl_mmol_per_l=45.0 * MMOL_PER_MG_PER_DL,
    systolic_mmhg=160.0,
    egfr_ml_per_min_per_1p73m2=90.0,
    diabetes=True,
    pressure_treated=True,
)
"""The published example (Khan 2024, supplement)."""


@pytest.mark.parametrize(("outcome", "published"), [("cardiovascular", 0.147), ("coronary", 0.044), ("stroke", 0.054)])
def test_the_published_example(outcome, published):
    assert ten_year_risk(WOMAN, outcome) == pytest.approx(published, abs=0.0005)


def test_a_woman_without_diabetes():
    """Total cholesterol 240, HDL 55 mg/dL: 5.4 %."""
    lipids = {"total_cholesterol_mmol_per_l": 240.0 * MMOL_PER_MG_PER_DL, "hdl_mmol_per_l": 55.0 * MMOL_PER_MG_PER_DL}
    assert ten_year_risk(replace(WOMAN, diabetes=False, **lipids)) == pytest.approx(0.054, abs=0.0005)


@pytest.mark.parametrize("name", valid_ranges())
def test_outside_of_their_range_there_is_no_number_but_a_reason(name):
    low, high = valid_ranges()[name]
    for wrong in (low * 0.99, high * 1.01):
        with pytest.raises(NotApplicableError, match=name):
            ten_year_risk(replace(WOMAN, **{name: wrong}))


@given(
    sex=st.sampled_from(["female", "male"]),
    age=st.floats(30.0, 75.0),  # later the published equation lets stroke of men fall with lost filtration
    pressure=st.floats(110.0, 190.0),
    filtration=st.floats(16.0, 59.0),
)
def test_risk_rises_with_pressure_falling_filtration_and_smoking(sex, age, pressure, filtration):
    person = replace(WOMAN, sex=sex, age_years=age, systolic_mmhg=pressure, egfr_ml_per_min_per_1p73m2=filtration)
    for outcome in OUTCOMES:
        here = ten_year_risk(person, outcome)
        assert 0.0 < here < 1.0
        assert ten_year_risk(replace(person, systolic_mmhg=pressure + 10.0), outcome) > here
        assert ten_year_risk(replace(person, egfr_ml_per_min_per_1p73m2=filtration - 1.0), outcome) > here
        assert ten_year_risk(replace(person, smoking=True), outcome) > here
