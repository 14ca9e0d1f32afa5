"""A person: usual values, predicted body fat, what is impossible."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulin_abm.parameters import Faults, Registry
from insulin_abm.person import Habits, Person, energy_need, predicted_body_fat


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


@pytest.mark.parametrize(
    ("person", "need"),
    [
        (Person(), 1401.5),
        (Person(weight_kg=100.0), 1701.5),
        (Person(activity=2.0), 2803.0),
        (Person(sex="male", age_years=30.0, weight_kg=80.0, height_m=1.80), 1780.0),
    ],
)
def test_energy_need_is_that_of_the_published_formula(person, need):
    assert energy_need(person, Registry.load()) == pytest.approx(need, rel=1e-12)


@given(
    weight=st.floats(40.0, 200.0),
    more=st.floats(0.1, 50.0),
    age=st.floats(18.0, 100.0),
    sex=st.sampled_from(["female", "male"]),
)
def test_the_heavier_need_more(weight, more, age, sex):
    registry = Registry.load()
    light, heavy = (Person(sex=sex, age_years=age, weight_kg=kg, height_m=1.7) for kg in (weight, weight + more))
    assert 0.0 < energy_need(light, registry) < energy_need(heavy, registry)


def test_nobody_needs_less_than_nothing():
    names = {"person.energy_need_per_weight": "8 kcal/d/kg", "person.energy_need_per_height": "500 kcal/d/m"}
    registry = Registry.load().changed({**names, "person.energy_need_per_year": "-7 kcal/d/yr"})
    assert energy_need(Person(age_years=100.0, weight_kg=20.0, height_m=1.0), registry) == 0.0


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
