"""Energy: none comes from nowhere over weeks, the usual day keeps the usual weight, and a lack of it is answered."""

import numpy as np
import pytest

from insulin_abm import Scenario
from insulin_abm.cells.fat import FatCell
from insulin_abm.cells.liver import LiverCell
from insulin_abm.ledger import balance, totals
from insulin_abm.organs.energy import EnergyBalance
from insulin_abm.scenario.files import shipped_folder

DAY = 1440
USUAL = """
duration = "{days} days"
start    = "07:00"
step     = "2 min"
include  = "people/{who}.toml"
[record]
every    = "2 h"
"""
EATING = "[[usual_meals]]\namount = {amount}\n"


@pytest.fixture(autouse=True)
def _compiled(compiled):
    """Everything here lives days."""


def settled(who, days, amount):
    text = USUAL.format(days=days, who=who) + (EATING.format(amount=amount) if amount else "")
    return Scenario.from_text(text, shipped_folder()).body(seed=1)


def weight_gained(body):
    return body.measured().weight_kg - body.person.weight_kg


@pytest.mark.parametrize("amount", [0.0, 1.0, 1.6])
def test_energy_comes_from_food_and_goes_into_use_and_fat(amount):
    """What no event explains is below a millionth of what came and went, whatever is eaten."""
    body = settled("healthy", 33, amount)
    start = totals(body)
    body.run_until(32 * DAY)
    row = balance(start, totals(body))
    assert abs(row["energy_difference_kcal"]) < 1e-6 * (row["energy_entered_kcal"] + row["energy_left_kcal"])
    assert row["energy_left_kcal"] > 30 * 1000.0


def test_the_usual_day_keeps_the_usual_weight_and_every_fat_cell_its_size():
    body = settled("obese", 15, 1.0)
    # whoever eats the meals of the usual day as scaled to their need stays as they were measured
    cells = body.populations[FatCell].columns
    before, liver = cells["lipid"].copy(), body.populations[LiverCell].columns["ectopic_lipid"].mean()
    body.run_until(14 * DAY)
    assert abs(weight_gained(body)) < 0.05
    assert cells["lipid"].mean() == pytest.approx(before.mean(), rel=1e-3)
    assert np.abs(cells["lipid"] / before - 1.0).max() < 0.05
    assert body.populations[LiverCell].columns["ectopic_lipid"].mean() == pytest.approx(liver, rel=0.03)


def test_who_eats_more_gains_what_is_over():
    """Four weeks of 40 % more: nearly all of the surplus becomes fat tissue, the rest is spent or on its way."""
    body = settled("healthy", 29, 1.4)
    usual = body.organ(EnergyBalance).usual_expenditure / body.step_min * DAY
    body.run_until(28 * DAY)
    per_kg = 0.8 * 9.0 * 1000.0  # four fifths of fat tissue is lipid, of 9 kcal/g
    gained = weight_gained(body)
    assert 0.75 * 0.4 * usual * 28 < gained * per_kg < 0.4 * usual * 28


def test_three_days_without_food():
    """Published: glucose, insulin fall; fatty acids double or triple; 3-hydroxybutyrate comes to 1.5 to 4 mmol/L."""
    body = settled("healthy", 4, 0.0)
    fed = body.blood
    glucose, insulin, fatty_acid = fed.plasma_glucose, fed.plasma_insulin, fed.plasma_fatty_acid
    body.run_until(3 * DAY)
    fasted = body.blood
    assert 3.3 < fasted.plasma_glucose < glucose - 0.3
    assert fasted.plasma_insulin < 0.7 * insulin
    assert 2.0 * fatty_acid < fasted.plasma_fatty_acid < 4.0 * fatty_acid
    assert 1.5 < fasted.plasma_ketone < 4.0
    assert weight_gained(body) < -0.3


def test_whoever_makes_no_insulin_and_gets_none_loses_weight_while_eating():
    body = settled("t1d", 15, 1.0)
    body.run_until(14 * DAY)
    assert weight_gained(body) < -1.0
    assert body.blood.plasma_glucose > 15.0
