"""Kidneys, brain, depot, vessels and blood."""

import numpy as np
import pytest
from bodies import unsettled

from insulin_abm.engine.phases import Act
from insulin_abm.organs.blood import Blood
from insulin_abm.organs.brain import Brain
from insulin_abm.organs.depot import InsulinDepot
from insulin_abm.organs.kidneys import Kidneys
from insulin_abm.organs.vessels import Vessels


@pytest.fixture
def live(few):
    """Let one organ alone live."""

    def minutes(cls, number, **sees):
        (phase,) = [phase for phase in few.minute.phases if isinstance(phase, Act) and phase.who is cls]
        organ = few.organ(cls)
        for name, value in sees.items():
            setattr(organ, name, value)
        for minute in range(1, number + 1):
            few.minute.live_phase(few, phase, minute)
        return organ

    minutes.body = few
    return minutes


# ---- kidneys


def test_kidneys_keep_glucose_below_ten_and_spill_above(live):
    spilled = [
        live(Kidneys, 1, plasma_glucose=glucose).glucose_excreted for glucose in (3.0, 5.0, 7.0, 10.0, 13.0, 20.0)
    ]
    filtered = live.body.records[Kidneys]["person_filtration"] * np.array([3.0, 5.0, 7.0, 10.0, 13.0, 20.0])
    share = spilled / filtered
    assert (np.diff(spilled) > 0.0).all()
    assert share[1] < 0.001
    assert share[2] < 0.005
    assert share[3] < 0.03
    assert share[4] > 0.03
    assert share[5] > 0.2


def test_far_above_the_limit_kidneys_take_back_a_fixed_amount(live):
    """What is taken back nears the largest amount that tubules can carry: 1.87 mmol/min (Al-Jobori 2017)."""
    organ = live(Kidneys, 1, plasma_glucose=60.0)
    record = live.body.records[Kidneys]
    taken_back = record["person_filtration"] * 60.0 - organ.glucose_excreted
    assert taken_back == pytest.approx(record["person_reabsorption"], rel=0.01)


def test_urine_is_added_up(live):
    organ = live(Kidneys, 60, plasma_glucose=18.0)
    assert organ.urinary_glucose == pytest.approx(60.0 * organ.glucose_excreted, rel=1e-5)


def test_kidneys_clear_insulin_in_proportion(live):
    one, two = (live(Kidneys, 1, plasma_insulin=insulin).insulin_cleared for insulin in (50.0, 100.0))
    assert two == pytest.approx(2.0 * one)
    assert 0.15 < one / 50.0 < 0.30


# ---- brain


def test_the_brain_needs_no_insulin_and_little_glucose(live):
    usual = live(Brain, 1, plasma_glucose=5.0).glucose_used
    assert 0.3 < usual < 0.45
    assert live(Brain, 1, plasma_glucose=15.0).glucose_used < 1.2 * usual
    assert live(Brain, 1, plasma_glucose=2.5).glucose_used > 0.75 * usual
    assert live(Brain, 1, plasma_glucose=0.0).glucose_used == 0.0


# ---- insulin under the skin

UNIT = 6000.0


def under_the_skin(depot):
    return depot.first_pool + depot.second_pool + depot.long_acting


def absorbed_in(live, minutes):
    course = []
    for _ in range(minutes):
        course.append(live(InsulinDepot, 1).absorbed)
    return np.array(course)


def test_no_injected_insulin_is_lost(live):
    live.body.inject_insulin(6.0, "rapid")
    depot = live.body.organ(InsulinDepot)
    assert under_the_skin(depot) == pytest.approx(6.0 * UNIT)
    course = absorbed_in(live, 1440)
    assert course.sum() + under_the_skin(depot) == pytest.approx(6.0 * UNIT, rel=1e-9)
    assert course.sum() > 0.97 * 6.0 * UNIT
    assert 20 <= np.argmax(course) <= 120


def test_long_acting_insulin_comes_evenly(live):
    live.body.inject_insulin(12.0, "long")
    course = absorbed_in(live, 600)
    assert np.ptp(course) < 1e-9 * course.mean() + 1e-9
    live.body.inject_insulin(12.0, "long")
    depot = live.body.organ(InsulinDepot)
    before = under_the_skin(depot)
    course = absorbed_in(live, 3 * 1440)
    assert course.sum() + under_the_skin(depot) == pytest.approx(before, rel=1e-9)
    assert depot.long_acting == 0.0
    assert course[-1] == 0.0


def test_a_pump_delivers_its_rate_and_stops(live):
    live.body.infuse_insulin(0.6)
    course = absorbed_in(live, 2 * 1440)
    assert course[-1] == pytest.approx(0.6 * UNIT / 60.0, rel=0.01)
    depot = live.body.organ(InsulinDepot)
    assert course.sum() + under_the_skin(depot) == pytest.approx(2 * 1440 * 0.6 * UNIT / 60.0, rel=1e-9)
    live.body.infuse_insulin(0.0)
    assert absorbed_in(live, 1440)[-1] < 0.01 * course[-1]


# ---- vessels


def test_pressure_goes_with_age_build_and_insulin(compiled):
    usual, old, heavy = (
        unsettled(overrides=overrides)
        for overrides in ({}, {"person.age": "70 yr"}, {"person.weight": "100 kg", "person.body_fat": "40 %"})
    )
    for body in (usual, old, heavy):
        body.run_for(1)
    pressure = usual.organ(Vessels).systolic_pressure
    assert 105.0 < pressure < 130.0
    assert old.organ(Vessels).systolic_pressure > pressure + 5.0
    assert heavy.organ(Vessels).systolic_pressure > pressure
    vessels = usual.organ(Vessels)
    vessels.mean_insulin *= 2.0
    usual.run_for(1)
    assert vessels.systolic_pressure > pressure


# ---- blood


def test_an_infusion_ends_where_it_is_said(healthy):
    """Insulin into a vein: plasma insulin rises at once, and falls by half in minutes when it stops."""
    fasting = healthy.blood.plasma_insulin
    healthy.infuse_insulin_iv(500.0)
    healthy.infuse_glucose(6.0)
    healthy.run_for(60)
    high = healthy.blood.plasma_insulin
    assert high > 4.0 * fasting
    healthy.infuse_insulin_iv(0.0)
    healthy.run_for(15)
    assert healthy.blood.plasma_insulin < 0.6 * high


def test_glucose_into_a_vein_is_counted(healthy):
    entered = healthy.blood.glucose_entered
    other = healthy.fork()
    healthy.infuse_glucose(4.0)
    healthy.run_for(1)
    other.run_for(1)
    gained = healthy.blood.glucose_entered - other.blood.glucose_entered
    assert gained == pytest.approx(4.0 * healthy.person.weight_kg / 180.156, rel=1e-6)
    assert other.blood.glucose_entered > entered


def test_fatty_acids_come_and_go_within_minutes(few):
    """Clearance 0.23 a minute: with nothing released half is left after three minutes."""
    (phase,) = [phase for phase in few.minute.phases if isinstance(phase, Act) and phase.who is Blood]
    few.blood.plasma_fatty_acid = 1.0
    few.blood.fatty_acid_released = 0.0
    for minute in range(1, 4):
        few.minute.live_phase(few, phase, minute)
    assert 0.4 < few.blood.plasma_fatty_acid < 0.6


# ---- infusions


def test_an_emulsion_brings_its_fatty_acids_and_they_go_when_it_ends(live):
    """60 mL/h of 20 % fat are 0.68 mmol/min of fatty acids; plasma goes where release and clearance balance."""
    body = live.body
    before = live(Blood, 60).plasma_fatty_acid
    body.infuse_lipid(60.0)
    record = body.records[Blood]
    rise = live(Blood, 120).plasma_fatty_acid - before
    assert body.blood.fatty_acid_infused == pytest.approx(0.677)
    assert rise == pytest.approx(0.677 / record["person_fatty_acid_volume"] / record["fatty_acid_clearance"], rel=1e-6)
    body.infuse_lipid(0.0)
    assert live(Blood, 120).plasma_fatty_acid == pytest.approx(before, abs=1e-6)


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan")])
def test_somatostatin_is_dosed_from_none_to_full(few, strength):
    with pytest.raises(ValueError, match="from 0 to 1"):
        few.infuse_somatostatin(strength)
