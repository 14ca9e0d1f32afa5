"""Clamps: they hold, they balance, and they tell people apart in the published order."""

import numpy as np
import pytest

from insulin_abm.parameters import QuantityError
from insulin_abm.protocols.clamps import DISPOSAL, IN_URINE, INFUSION
from insulin_abm.protocols.clinic import visit
from insulin_abm.protocols.visit import GLUCOSE, PRODUCTION, VisitError
from insulin_abm.validation.disposal import DOSES, clamp, disposal_curve, half_maximal_disposal, production_left
from insulin_abm.validation.ward import PEOPLE, Ward

HELD = 0.3
"""mmol/L, from 60 min on; in diabetes from when glucose first came to its target."""
ENOUGH = 40
"""mU/min/m2; less does not bring the glucose of everybody to its target, and says so."""


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("dose", [dose for dose in DOSES if dose >= ENOUGH])
def test_a_clamp_holds_its_target(ward, who, dose):
    seen = clamp(ward, who, dose)
    assert not seen.problems
    assert seen["clamp_worst_deviation_mmol_per_l"] <= HELD


@pytest.mark.parametrize("who", ["healthy", "obese", "t2d", "t2d_lean"])
def test_a_hyperglycaemic_clamp_holds_its_target(ward, who):
    assert not ward.visit(who, "hyperglycaemic_clamp").problems


def test_what_goes_in_comes_out(ward):
    """Infused and produced glucose is used, lost in urine, or stays in the body's fluids."""
    seen = clamp(ward, "t2d", 40.0)
    body, minutes = seen.body, len(seen.times()) - 1
    came = sum(seen.seen(name)[1:].sum() for name in (INFUSION, PRODUCTION, "glucose_appearance_mmol_per_min"))
    went = (seen.seen(DISPOSAL)[1:] + seen.seen(IN_URINE)[1:]).sum()
    change = body.blood.glucose_entered - body.blood.glucose_left
    before = ward.person("t2d").blood
    assert minutes > 180
    assert came - went == pytest.approx(change - (before.glucose_entered - before.glucose_left), rel=1e-6)


def test_m_falls_from_healthy_to_obese_to_type_2(ward):
    """For each kg of body weight, each kg of fat-free mass and each m^2 (DeFronzo 1985, Bonadonna 1990)."""
    for measure in ("clamp_m_mg_per_kg_min", "clamp_m_mg_per_kg_fat_free_mass_min", "clamp_m_mg_per_m2_min"):
        healthy, obese, type_2 = (clamp(ward, who, 40.0)[measure] for who in ("healthy", "obese", "t2d"))
        assert healthy > obese > type_2


def test_half_maximal_insulin_shifts_first_and_the_maximum_falls_later(ward):
    """From healthy to obese to very obese (Kolterman 1980), for each kg of fat-free mass."""

    def most(who):
        person = ward.person(who).person
        return disposal_curve(ward, who)[1][-1] * person.weight_kg / person.fat_free_mass_kg

    shift = {who: half_maximal_disposal(who)(ward) / half_maximal_disposal("healthy")(ward) for who in PEOPLE}
    maximum = {who: most(who) / most("healthy") for who in PEOPLE}
    assert 1.0 < shift["obese"] < shift["morbidly_obese"]
    assert shift["obese"] - 1.0 > 1.0 - maximum["obese"]
    assert maximum["morbidly_obese"] < maximum["obese"]
    assert maximum["t2d"] < maximum["obese"]


def test_more_insulin_means_more_use_and_less_production(ward):
    """At the same glucose: where little insulin never brings diabetes to the target there is more of it."""
    for who in ("healthy", "obese", "t2d"):
        held = np.array([not clamp(ward, who, dose).problems for dose in DOSES])
        assert held.sum() >= 6
        used, left = (of(ward, who)[1][1:][held] for of in (disposal_curve, production_left))
        assert (np.diff(used) > 0.0).all()
        assert (np.diff(left) > 0.0).all()


def test_steps_of_one_clamp_agree_with_clamps_of_their_own(ward):
    """Within 5 %: in the hours of the first step receptors have not changed much."""
    doses = ["10 mU/min/m2", "40 mU/min/m2"]
    steps = visit(ward.person("healthy"), "euglycaemic_clamp", euglycaemic_clamp={"insulin": doses})
    alone = clamp(ward, "healthy", 40.0)
    assert steps["clamp_m_mg_per_kg_min"] == pytest.approx(alone["clamp_m_mg_per_kg_min"], rel=0.05)


def test_a_curve_of_steps_gives_its_half_maximal_insulin(ward):
    doses = [f"{dose} mU/min/m2" for dose in (10, 40, 240)]
    seen = visit(ward.person("healthy"), "euglycaemic_clamp", euglycaemic_clamp={"insulin": doses})
    assert 200.0 < seen["half_maximal_insulin_of_disposal_pmol_per_l"] < 600.0
    assert seen["half_maximal_insulin_of_liver_output_pmol_per_l"] < seen["half_maximal_insulin_of_disposal_pmol_per_l"]


@pytest.mark.parametrize(
    ("name", "asked", "message"),
    [
        ("euglycaemic_clamp", {"glucose": "4 mmol/L"}, "mmol/L at rest; write a target that is not below it"),
        ("hyperglycaemic_clamp", {"glucose": "4.5 mmol/L"}, "mmol/L at rest; write a higher target"),
    ],
)
def test_a_target_below_fasting_glucose_is_refused(ward, name, asked, message):
    with pytest.raises(VisitError, match=message):
        visit(ward.person("healthy"), name, **{name: asked})


def test_people_with_diabetes_may_be_clamped_below(ward):
    seen = visit(ward.person("t2d"), "euglycaemic_clamp", euglycaemic_clamp={"glucose": "5 mmol/L"})
    assert seen.now(GLUCOSE) == pytest.approx(5.0, abs=HELD)


def test_a_clamp_that_does_not_hold_says_so(compiled):
    """A hand that sets the infusion only every twenty minutes, and by far too much."""
    clumsy = Ward(seed=1, changes={"clinic.clamp_sampling": "20 min", "clinic.clamp_gain": "20 mg/kg/min/(mmol/L)"})
    seen = clumsy.visit("healthy", "euglycaemic_clamp")
    assert seen["clamp_worst_deviation_mmol_per_l"] > HELD
    assert "did not hold" in seen.problems[0]


def test_a_clamp_whose_target_is_never_reached_says_so(compiled):
    """Type 2 diabetes, and no insulin to lower glucose with."""
    seen = Ward(seed=1, changes={"clinic.clamp_patience": "30 min"}).visit(
        "t2d", "euglycaemic_clamp", euglycaemic_clamp={"insulin": "0 mU/min/m2", "length": "60 min"}
    )
    assert "never came to the target" in seen.problems[0]


def test_a_clamp_that_is_let_go_late_does_not_look_held(compiled):
    """Where the time to settle is as long as the step, the minutes of measurement are looked at."""
    late = Ward(seed=1, changes={"clinic.clamp_settling": "180 min", "clinic.clamp_gain": "0.1 mg/kg/min/(mmol/L)"})
    assert "did not hold" in late.visit("healthy", "euglycaemic_clamp").problems[0]


def test_a_step_must_be_longer_than_it_is_measured(compiled):
    short = Ward(seed=1, changes={"clinic.clamp_window": "120 min"})
    with pytest.raises(VisitError, match="not longer than the 120 min"):
        short.visit("healthy", "euglycaemic_clamp")


def test_doses_that_fall_give_no_half_maximal_insulin(ward):
    doses = [f"{dose} mU/min/m2" for dose in (120, 40, 20)]
    seen = visit(ward.person("healthy"), "euglycaemic_clamp", euglycaemic_clamp={"insulin": doses})
    with pytest.raises(KeyError, match="was not measured"):
        seen["half_maximal_insulin_of_disposal_pmol_per_l"]


def test_no_dose_is_refused(ward):
    with pytest.raises(QuantityError, match="the list is empty"):
        visit(ward.person("healthy"), "euglycaemic_clamp", euglycaemic_clamp={"insulin": []})


def test_after_a_fast_the_clamp_holds_what_is_there_then(ward):
    """The person has eaten; rest is the end of the fast, not the beginning of the visit."""
    body = ward.person("healthy").fork()
    body.eat({"white_rice": 200.0})
    body.run_for(60)
    seen = visit(body, "fast", "euglycaemic_clamp")
    assert seen.resting(GLUCOSE) < body.blood.plasma_glucose - 1.0
    assert seen["clamp_glucose_mmol_per_l"] == pytest.approx(seen.resting(GLUCOSE), abs=HELD)
    assert seen["clamp_production_suppression"] > 0.5
