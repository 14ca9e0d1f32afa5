"""Which mechanism does what: everybody settles anew with one mechanism turned off (docs/emergence.md)."""

import pytest
from days import FATTY_ACIDS, GLUCOSE, INSULIN, MUSCLE_RECEPTORS, day, fasting

AFTER_THE_RECEPTOR = ("fat_cell_overfilling", "ectopic_lipid_block", "fatty_acid_block", "glucose_toxicity")
MECHANISMS = ("receptor_loss", "production_turn_down", *AFTER_THE_RECEPTOR)
DINNER = 1140


@pytest.fixture(autouse=True)
def _compiled(compiled):
    """Everything here lives days."""


def insulin(name, *without):
    return fasting(day(name, 1, *without)[INSULIN])


def glucose(name, *without):
    return fasting(day(name, 1, *without)[GLUCOSE])


def receptors(name, *without):
    return fasting(day(name, 1, *without)[MUSCLE_RECEPTORS])


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_healthy_person_hardly_needs_any_of_them(mechanism):
    assert glucose("healthy_day", mechanism) == pytest.approx(glucose("healthy_day"), rel=0.02)
    assert insulin("healthy_day", mechanism) == pytest.approx(insulin("healthy_day"), rel=0.1)


def test_receptor_loss_alone_is_not_enough():
    """With receptors as the only mechanism an obese person is as a healthy one, and there is no type 2 diabetes."""
    assert insulin("insulin_resistant_day", *AFTER_THE_RECEPTOR) < 1.2 * insulin("healthy_day")
    assert receptors("insulin_resistant_day", *AFTER_THE_RECEPTOR) > 0.95 * receptors("healthy_day")
    assert glucose("type2_day", *AFTER_THE_RECEPTOR) < 7.0
    alone, none = (insulin("insulin_resistant_day", *AFTER_THE_RECEPTOR, *more) for more in ((), ("receptor_loss",)))
    assert alone == pytest.approx(none, rel=0.05)


def test_receptor_loss_deepens_resistance():
    """It follows from hyperinsulinaemia and adds to it: a tenth to a half of the insulin above the healthy one."""
    usual, resistant = insulin("healthy_day"), insulin("insulin_resistant_day")
    for mechanism, least in (("receptor_loss", 0.1), ("production_turn_down", 0.05)):
        share = (resistant - insulin("insulin_resistant_day", mechanism)) / (resistant - usual)
        assert least < share < 0.5
    assert receptors("insulin_resistant_day", "production_turn_down") > 1.1 * receptors("insulin_resistant_day")
    assert receptors("insulin_resistant_day", "receptor_loss") == pytest.approx(
        receptors("healthy_day", "receptor_loss"), rel=0.02
    )


def test_overfilled_fat_and_ectopic_lipid_start_resistance():
    """Without either, two fifths or more of the insulin above the healthy one are gone, and diabetes with it."""
    usual, resistant = insulin("healthy_day"), insulin("insulin_resistant_day")
    for mechanism in ("fat_cell_overfilling", "ectopic_lipid_block"):
        assert insulin("insulin_resistant_day", mechanism) < usual + 0.6 * (resistant - usual)
        assert glucose("type2_day", mechanism) < 7.0
    assert receptors("insulin_resistant_day", "ectopic_lipid_block") > receptors("insulin_resistant_day")
    spilling, filled = (
        fasting(day("insulin_resistant_day", 1, *off)[FATTY_ACIDS]) for off in ((), ("fat_cell_overfilling",))
    )
    assert filled < 0.9 * spilling


def test_fatty_acids_block_the_signal_as_long_as_they_are_high():
    assert insulin("insulin_resistant_day", "fatty_acid_block") < insulin("insulin_resistant_day")
    assert glucose("insulin_resistant_day", "fatty_acid_block") < glucose("insulin_resistant_day")
    assert glucose("type2_day", "fatty_acid_block") < glucose("type2_day")


def test_glucose_toxicity_makes_diabetes_of_a_lack():
    """Without it fasting glucose is more than 1 mmol/L lower and glucose after dinner more than 2."""
    assert glucose("type2_day", "glucose_toxicity") < glucose("type2_day") - 1.0
    after_dinner = [day("type2_day", 1, *off)[GLUCOSE][DINNER + 120] for off in ((), ("glucose_toxicity",))]
    assert after_dinner[1] < after_dinner[0] - 2.0
    assert insulin("insulin_resistant_day", "glucose_toxicity") == pytest.approx(
        insulin("insulin_resistant_day"), rel=0.05
    )
