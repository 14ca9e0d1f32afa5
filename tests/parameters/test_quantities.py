"""Numbers with units: conversions, round trips and refusals."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulin_abm.parameters import QuantityError, quantity
from insulin_abm.parameters.quantities import is_counted

ORDINARY = st.floats(min_value=1e-9, max_value=1e9, allow_nan=False, allow_infinity=False)
PAIRS = [
    ("kg", "g", ""),
    ("m", "cm", ""),
    ("min", "day", ""),
    ("min", "yr", ""),
    ("mmol/L", "mg/dL", "glucose"),
    ("mmol/min", "mg/min", "glucose"),
    ("pmol/L", "uU/mL", "insulin"),
    ("pmol/L", "mU/L", "insulin"),
    ("pmol/L", "ng/mL", "insulin"),
    ("mmol/L", "mg/dL", "triglyceride"),
    ("mmol/L", "mg/dL", "cholesterol"),
    ("U/h", "pmol/min", ""),
    ("1", "%", ""),
]


@pytest.mark.parametrize(
    ("text", "unit", "kind", "expected"),
    [
        ("90 mg/dL", "mmol/L", "glucose", 90 / 18.016),
        ("5 mmol/L", "mmol/L", "glucose", 5.0),
        ("1 mg/kg/min", "umol/kg/min", "glucose", 5.5506),
        ("10 uU/mL", "pmol/L", "insulin", 60.0),
        ("10 µU/mL", "pmol/L", "insulin", 60.0),
        ("1 ng/mL", "nmol/L", "insulin", 0.172),
        ("1 U", "pmol", "insulin", 6000.0),
        ("88.57 mg/dL", "mmol/L", "triglyceride", 1.0),
        ("38.67 mg/dL", "mmol/L", "cholesterol", 1.0),
        ("25 %", "1", "", 0.25),
        ("0.25", "1", "", 0.25),
        (0.25, "1", "", 0.25),
        ("1.2e4", "receptors", "", 12000.0),
        ("1.2e4 receptors", "receptors", "", 12000.0),
        ("40 years", "yr", "", 40.0),
        ("70kg", "kg", "", 70.0),
        ("-3 kg", "kg", "", -3.0),
        ("154 lb", "kg", "", 69.853),
        ("100 mL/min/1.73m2", "mL/min/(1.73m^2)", "", 100.0),
    ],
)
def test_conversions(text, unit, kind, expected):
    assert quantity(text, unit, kind) == pytest.approx(expected, rel=2e-3 if "ng" in str(text) else 1e-4)


def test_what_is_in_the_wanted_unit_is_not_touched():
    for text in ("0.1 kg", "70 kg", "1e-7 kg", "3.3 kg"):
        assert quantity(text, "kg") == float(text.split()[0])


def test_conversions_are_exact():
    assert quantity("0.1 h", "min") == 6.0
    assert quantity("120 min", "h") == 2.0
    assert quantity("7 mg", "g") == 0.007
    assert quantity("1e-999999999 kg", "kg") == 0.0


@given(value=ORDINARY, pair=st.sampled_from(PAIRS), back=st.booleans())
def test_there_and_back_is_the_same(value, pair, back):
    unit, other, kind = pair if not back else (pair[1], pair[0], pair[2])
    there = quantity(f"{value!r} {unit}", other, kind)
    assert quantity(f"{there!r} {other}", unit, kind) == pytest.approx(value, rel=1e-12)


@given(value=ORDINARY)
def test_a_written_number_is_read_to_the_bit(value):
    assert quantity(f"{value!r} kg", "kg") == value


def reads_or_refuses(text, unit):
    try:
        return math.isfinite(quantity(text, unit, "glucose"))
    except QuantityError as error:
        return bool(error.problem)


@given(text=st.text(max_size=30))
def test_any_text_is_read_or_refused_with_a_message(text):
    assert reads_or_refuses(text, "kg")


@given(unit=st.text(alphabet="kgmolLU/*^() 19.-", max_size=15))
def test_any_unit_is_read_or_refused_with_a_message(unit):
    assert reads_or_refuses(f"5 {unit}", "mmol/L")


@pytest.mark.parametrize(
    ("value", "unit", "says"),
    [
        ("70", "kg", "no unit"),
        (70, "kg", "no unit"),
        ("5 kg", "mmol/L", "does not convert"),
        ("5 mg/dL", "pmol/L", "does not convert"),
        ("nan kg", "kg", "not a finite number"),
        ("-inf kg", "kg", "not a finite number"),
        (math.nan, "1", "not a finite number"),
        (math.inf, "1", "not a finite number"),
        ("1e999 kg", "kg", "not a finite number"),
        ("1e999999999 kg", "kg", "not a finite number"),
        ("1e308 yr", "min", "not a finite number"),
        pytest.param(10**5000, "1", "not a finite number", id="thousands of digits"),
        ("36,000 g", "kg", "comma"),
        ("many kg", "kg", "does not begin with a number"),
        ("", "kg", "does not begin with a number"),
        ("70 kgg", "kg", "Did you mean 'kg'"),
        (True, "1", "not a quantity"),
        (None, "1", "not a quantity"),
        ([1], "1", "not a quantity"),
        ("3 receptors", "cells", "does not convert"),
    ],
)
def test_refusals(value, unit, says):
    with pytest.raises(QuantityError, match=says):
        quantity(value, unit)


def test_only_counts_may_come_without_a_unit():
    assert is_counted("1")
    assert is_counted("receptors")
    assert not is_counted("receptors/min")
    assert not is_counted("kg")
