"""A person: usual values, predicted body fat, what is impossible."""

import dataclasses

import pytest

from insulin_abm.parameters import Faults, Registry
from insulin_abm.person import Habits, Person, predicted_body_fat


def test_what_is_not_measured_is_usual():
    person = Person()
    assert (person.sex, person.age_years, person.weight_kg, person.height_m) == ("female", 40.0, 70.0, 1.70)
    assert (person.beta_cell_mass, person.activity, person.liver_fat_fraction) == (1.0, 1.0, 0.025)
    assert Habits().events == ()


@pytest.mark.parametrize(("sex", "expected"), [("female", 33.8), ("male", 23.0)])
def test_body_fat_is_predicted(sex, expected):
    person = Person(sex=sex, age_years=40, weight_kg=100, height_m=2.0)
    assert person.bmi == 25.0
    assert person.body_fat_fraction == pytest.approx(expected / 100)
    assert person.fat_mass_kg == pytest.approx(expected)
    assert person.fat_free_mass_kg == pytest.approx(100 - expected)


def test_a_prediction_stays_possible():
    registry = Registry.load()
    assert predicted_body_fat(10.0, 18.0, "male", registry) == registry["person.body_fat"].low
    assert predicted_body_fat(100.0, 90.0, "female", registry) == registry["person.body_fat"].high


def test_a_measured_body_fat_is_kept():
    assert Person(body_fat_fraction=0.2).fat_mass_kg == pytest.approx(14.0)


def test_a_person_does_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Person().weight_kg = 80.0


@pytest.mark.parametrize(
    ("measures", "says"),
    [
        ({"sex": "f"}, "unknown sex"),
        ({"weight_kg": -70.0}, "out of range"),
        ({"weight_kg": float("inf")}, "out of range"),
        ({"height_m": 170.0}, "Allowed: 1 to 2.5 m"),
        ({"weight_kg": 300.0, "height_m": 1.2}, "do not go together"),
    ],
)
def test_the_impossible_is_refused(measures, says):
    with pytest.raises(Faults, match=says):
        Person(**measures)
