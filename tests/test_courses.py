"""Weeks to months: receptors go and come back, treatments act at their site, and a course cut in two is one course."""

from functools import cache

import numpy as np
import pytest

from insulin_abm import Scenario
from insulin_abm.body import Body
from insulin_abm.cells.fat import FatCell
from insulin_abm.cells.islet import BetaCell
from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.organs.kidneys import Kidneys
from insulin_abm.protocols.clinic import perform, visit

DAY = 1440


@pytest.fixture(autouse=True)
def _compiled(compiled):
    """Everything here lives weeks."""


@cache
def course(name: str, *changes: str) -> dict[int, tuple[Body, object]]:
    """Live a shipped course, and give for each day of a visit the person then and what the visit found."""
    scenario = Scenario.load(name, overrides=dict(change.split("=", 1) for change in changes))
    body = scenario.body(seed=1)
    seen = {}
    for one in scenario.visits:
        if one.time_min > body.time:  # a step before what is eaten or injected in that minute
            body.run_until(one.time_min - body.step_min)
        if one.time_min // DAY not in seen:
            seen[one.time_min // DAY] = (body.fork(), perform(body, one.protocols, one.arguments))
    return seen


def receptors(body):
    columns = body.populations[MuscleCell].columns
    return float((columns["surface_receptors"] + columns["bound_receptors"]).mean())


HALF = "half_maximal_insulin_of_disposal_pmol_per_l"
M = "clamp_m_mg_per_kg_fat_free_mass_min"


def shift(*changes):
    seen = course("chronic_hyperinsulinemia", *changes)
    return seen[28][1][HALF] / seen[0][1][HALF]


def test_four_weeks_of_insulin_take_receptors_and_shift_the_dose_response():
    seen = course("chronic_hyperinsulinemia")
    before, after, late = (seen[day] for day in (0, 28, 56))
    assert 0.5 < receptors(after[0]) / receptors(before[0]) < 0.8
    assert receptors(late[0]) > 0.95 * receptors(before[0])
    assert shift() > 1.2
    most = [max(f.value for f in found.findings if f.measure == M) for _, found in (before, after)]
    assert most[1] > 0.85 * most[0]
    gone = (after[1][HALF] - late[1][HALF]) / (after[1][HALF] - before[1][HALF])
    assert gone > 0.5


def test_the_shift_is_made_by_receptors_and_mostly_by_the_turn_down_of_their_production():
    assert shift("mechanism.receptor_loss=0") < 1.1
    assert shift("mechanism.production_turn_down=0") - 1.0 < 0.5 * (shift() - 1.0)


def test_a_very_low_calorie_diet_frees_the_liver_in_days_and_muscle_later():
    """Lim 2011, recalled: fasting glucose 9.2 to 5.9 mmol/L in a week, liver fat falls by three quarters in eight."""
    seen = course("very_low_calorie_8w")
    start, week, end = (seen[day][1] for day in (0, 7, 56))
    assert 4.7 < week["fasting_glucose_mmol_per_l"] < 7.08
    assert week["fasting_glucose_production_mg_per_kg_min"] < 0.9 * start["fasting_glucose_production_mg_per_kg_min"]
    assert end["liver_fat_percent"] < 0.4 * start["liver_fat_percent"]
    gained = [seen[day][1][M] - start[M] for day in (7, 56)]
    assert gained[0] < 0.8 * gained[1]


@pytest.mark.parametrize(("fewer", "more"), [("0.25", "0.37"), ("0.37", "0.6")])
def test_remission_depends_on_how_many_beta_cells_are_left(fewer, more):
    """After the diet and four weeks of enough food."""

    def glucose(left):
        scenario = Scenario.load("very_low_calorie_8w", overrides={"person.beta_cell_mass": left})
        body = scenario.body(seed=1)
        body.run_until(84 * DAY)
        return body.blood.plasma_glucose

    assert glucose(fewer) > glucose(more) + 0.3


def test_the_glitazone_makes_room_in_fat_and_so_lowers_glucose():
    """Miyazaki 2001: fasting glucose 10.2 to 7.5 mmol/L, HbA1c 8.9 to 7.2 %, fatty acids 0.65 to 0.48 mmol/L."""
    seen = course("glitazone")
    start, end = seen[0][1], seen[112][1]
    assert 5.995 < end["fasting_glucose_mmol_per_l"] < 8.992
    assert 5.76 < end["hba1c_of_weeks_percent"] < 8.64
    assert end["fasting_ffa_mmol_per_l"] < start["fasting_ffa_mmol_per_l"]
    assert end[M] > 1.2 * start[M]


def test_metformin_lowers_production_and_with_it_glucose():
    seen = course("metformin")
    start, end = seen[0][1], seen[112][1]
    made = "fasting_glucose_production_mg_per_kg_min"
    assert end[made] < 0.95 * start[made]
    assert end["fasting_glucose_mmol_per_l"] < start["fasting_glucose_mmol_per_l"] - 0.5


def test_an_sglt2_inhibitor_loses_glucose_and_weight_and_lowers_pressure():
    """60 to 100 g of glucose a day, 3 to 5 mmHg or more."""
    seen = course("sglt2")
    body, end = seen[14]
    before = body.organ(Kidneys).urinary_glucose
    day = body.fork()
    day.run_for(DAY)
    lost_g = (day.organ(Kidneys).urinary_glucose - before) * 0.180156
    assert 60.0 < lost_g < 100.0
    assert seen[112][1]["weight_kg"] < seen[0][1]["weight_kg"] - 1.0
    assert end["systolic_pressure_mmhg"] < seen[0][1]["systolic_pressure_mmhg"] - 3.0


def test_exercise_raises_disposal_by_a_sixth_or_more():
    """Typical after training: 15 to 40 %."""
    seen = course("exercise_12w")
    assert 1.15 < seen[84][1][M] / seen[0][1][M] < 1.4


def test_overfeeding_of_eight_weeks():
    """40 % more: 7.6 kg (6.1 to 9.1); what a clamp finds falls, liver fat rises."""
    seen = course("overfeeding")
    start, end = seen[0][1], seen[56][1]
    assert 6.08 < end["weight_kg"] - start["weight_kg"] < 9.12
    assert end[M] < start[M]
    assert end["liver_fat_percent"] > start["liver_fat_percent"]


def test_type_1_begins_late_and_then_at_once():
    """Half of the beta cells can go unnoticed; when nearly all are gone glucose is beyond 15 mmol/L."""
    seen = course("type1_onset")
    found = [(check["beta_cell_mass"], check["fasting_glucose_mmol_per_l"]) for _, check in seen.values()]
    assert all(glucose < 7.0 for left, glucose in found if left > 0.5)
    assert all(glucose > 13.0 for left, glucose in found if left < 0.02)


def test_ten_days_without_food_bring_receptors_back():
    seen = course("fast_10d_obese")
    start, end = seen[0], seen[10]
    assert receptors(end[0]) > 1.3 * receptors(start[0])
    assert end[1]["fasting_insulin_pmol_per_l"] < 0.5 * start[1]["fasting_insulin_pmol_per_l"]
    assert 2.0 < end[1]["fasting_3_hydroxybutyrate_mmol_per_l"] < 10.0


def test_a_visit_finds_the_same_in_long_steps_as_in_minutes():
    """A person of two-minute steps is measured minute by minute; what was per step is per minute then."""
    body = Scenario.load("glitazone").body(seed=1)
    short = body.in_steps_of(1.0)
    assert short.blood.plasma_glucose == body.blood.plasma_glucose
    for one in (body, short):
        one.events.replace_all(())
        one.run_for(60)
    assert short.blood.plasma_glucose == pytest.approx(body.blood.plasma_glucose, rel=0.01)
    assert short.blood.plasma_insulin == pytest.approx(body.blood.plasma_insulin, rel=0.03)
    assert visit(body, "check_up")["weight_kg"] == pytest.approx(92.0, abs=0.01)


def test_fat_cells_are_renewed_and_no_lipid_is_lost():
    body = Scenario.load("surplus_10y_strong").body(seed=1)
    cells = body.populations[FatCell]
    old = set(cells.ids.tolist())
    held = cells.columns["lipid"].sum()
    for _ in range(12):
        body.renew_fat_cells()
        body.run_for(2)
    cells = body.populations[FatCell]
    gone = len(old - set(cells.ids.tolist())) / len(old)
    assert 0.04 < gone < 0.14  # a tenth a year
    assert cells.columns["lipid"].sum() == pytest.approx(held, rel=1e-3)
    assert cells.size == pytest.approx(len(old), rel=0.05)
    assert np.isfinite(body.blood.plasma_glucose)


def test_a_beta_cell_that_died_stays_dead():
    body = Scenario.load("type1_onset").body(seed=1)
    body.run_until(20 * DAY)
    dead = body.populations[BetaCell].columns["mass"] == 0.0
    assert 0.1 < dead.mean() < 0.6
    body.run_until(25 * DAY)
    assert (body.populations[BetaCell].columns["mass"][dead] == 0.0).all()
