"""Tolerance tests, infusions and fasts: people in the published order, and nature's direction."""

import numpy as np
import pytest

from insulin_abm.protocols.clinic import visit
from insulin_abm.protocols.visit import FATTY_ACID, GLUCOSE, INSULIN, Visit
from insulin_abm.scenario import Scenario
from insulin_abm.scenario.files import shipped_folder
from insulin_abm.validation.ward import FASTING

TIMES = (0, 30, 60, 90, 120)


def curve(seen, name, unit):
    return np.array([seen[f"{name}_{minute}_min_{unit}"] for minute in TIMES])


def glucose(seen):
    return curve(seen, "glucose", "mmol_per_l")


def insulin(seen):
    return curve(seen, "insulin", "pmol_per_l")


def test_healthy_impaired_and_diabetic_curves_are_in_order_at_every_time(ward):
    healthy, impaired, type_2 = (glucose(ward.visit(who, "ogtt")) for who in ("healthy", "igt", "t2d"))
    assert (healthy < impaired).all()
    assert (impaired < type_2).all()


def test_they_are_classified_as_the_ada_does(ward):
    assert [ward.visit(who, "ogtt")["ada_class"] for who in ("healthy", "igt", "t2d")] == [0.0, 1.0, 2.0]


def test_insulin_is_late_and_high_in_impaired_tolerance_and_low_in_type_2(ward):
    healthy, impaired, type_2 = (insulin(ward.visit(who, "ogtt")) for who in ("healthy", "igt", "t2d"))
    assert impaired[-1] > healthy[-1]
    assert impaired[-1] / impaired[1] > healthy[-1] / healthy[1]
    assert type_2.max() < impaired.max()


def test_without_half_of_the_beta_cells_glucose_rises_and_insulin_falls(ward):
    """Removed from the person at this moment: cells of every second patch die, and the drink follows."""
    whole = ward.person("healthy")
    half = whole.fork()
    beta = half.populations[half.cell_classes["beta"]]
    for cell in list(beta)[::2]:
        cell.remove()
    before, after = visit(whole, "ogtt"), visit(half, "ogtt")
    assert (glucose(after)[1:] > glucose(before)[1:]).all()
    assert (insulin(after)[1:] < insulin(before)[1:]).all()


def test_a_person_with_half_of_the_beta_cells_has_more_glucose_and_less_insulin(ward):
    """Settled with half of them: the rest work harder, and do not make up for it after a drink."""
    text = FASTING.format(who="healthy")
    half = Scenario.from_text(text, shipped_folder(), overrides={"person.beta_cell_mass": 0.5}).body(seed=1)
    before, after = ward.visit("healthy", "ogtt"), visit(half, "ogtt")
    assert (glucose(after) > glucose(before)).all()
    assert (insulin(after)[1:] < insulin(before)[1:]).all()


def test_more_glucose_to_drink_raises_it_more(ward):
    person = ward.person("healthy")
    doses = [
        visit(person, "ogtt", ogtt={"glucose": f"{grams} g"})["glucose_area_mmol_min_per_l"] for grams in (25, 50, 100)
    ]
    assert doses == sorted(doses)


def test_insulin_in_an_intravenous_test_lets_glucose_fall_faster(ward):
    person = ward.person("t2d")
    plain, modified = (visit(person, "ivgtt", ivgtt={"insulin": f"{dose} U/kg"}) for dose in (0, 0.03))
    assert modified["glucose_disappearance_percent_per_min"] > plain["glucose_disappearance_percent_per_min"]
    assert modified["acute_insulin_response_pmol_per_l"] == plain["acute_insulin_response_pmol_per_l"]


def test_the_first_phase_is_lost_in_type_2(ward):
    """Less than a third of the healthy one, against as much glucose above rest."""
    healthy, type_2 = (ward.visit(who, "hyperglycaemic_clamp") for who in ("healthy", "t2d_lean"))
    assert type_2["first_phase_insulin_pmol_per_l"] < healthy["first_phase_insulin_pmol_per_l"] / 2.0


def test_steady_state_glucose_rises_with_resistance_at_about_the_same_insulin(ward):
    """Islets are held back in everybody, so that glucose tells of resistance alone."""
    tests = [ward.visit(who, "insulin_suppression_test") for who in ("healthy", "obese", "t2d")]
    assert [seen["sspg_mmol_per_l"] for seen in tests] == sorted(seen["sspg_mmol_per_l"] for seen in tests)
    insulins = [seen["sspi_pmol_per_l"] for seen in tests]
    assert max(insulins) < 1.35 * min(insulins)
    assert tests[0].seen("insulin_secretion_pmol_per_min")[-1] < 0.2 * tests[0].resting(
        "insulin_secretion_pmol_per_min"
    )


def test_an_insulin_test_lowers_glucose_more_in_the_sensitive(ward):
    healthy, obese = (ward.visit(who, "insulin_tolerance_test") for who in ("healthy", "obese"))
    assert healthy["insulin_tolerance_percent_per_min"] > obese["insulin_tolerance_percent_per_min"] > 0.0


def test_lipid_makes_resistant(ward):
    plain = ward.visit("healthy", "euglycaemic_clamp")
    lipid = ward.visit("healthy", "lipid_infusion", "euglycaemic_clamp")
    assert lipid["infusion_ffa_mmol_per_l"] > 2.0 * plain.resting(FATTY_ACID)
    assert lipid["clamp_m_mg_per_kg_min"] < 0.9 * plain["clamp_m_mg_per_kg_min"]


def test_a_fast_empties_the_liver_and_raises_fatty_acids(ward):
    fasts = [visit(ward.person("healthy"), "fast", fast={"length": f"{hours} h"}) for hours in (12, 36, 72)]
    glycogen = [seen["fasting_liver_glycogen_mmol_per_l"] for seen in fasts]
    assert glycogen == sorted(glycogen, reverse=True)
    assert fasts[-1]["fasting_insulin_pmol_per_l"] < fasts[0].resting(INSULIN)
    assert fasts[-1]["fasting_ffa_mmol_per_l"] > fasts[0].resting(FATTY_ACID)
    assert fasts[-1]["fasting_glucose_mmol_per_l"] > 3.0


def test_without_insulin_glucose_and_fatty_acids_rise_hour_after_hour(ward):
    seen = ward.visit("t1d", "insulin_withdrawal")
    hours = seen.seen(GLUCOSE)[::60]
    assert (np.diff(hours) > 0.0).all()
    assert seen["withdrawal_ffa_mmol_per_l"] > 1.5 * seen.resting(FATTY_ACID)


def test_raised_glucose_is_held_for_two_days(ward):
    seen = ward.visit("healthy", "lasting_hyperglycaemia")
    assert seen.seen(GLUCOSE)[120:] == pytest.approx(seen.resting(GLUCOSE) + 2.22, abs=0.3)


def test_indices_of_own_insulin_are_left_out_for_people_on_a_pump(ward):
    """What a pump delivers says nothing of beta cells."""
    seen = visit(ward.person("t1d"), "ogtt")
    for measure in ("homa_ir", "homa_b", "quicki", "adipo_ir", "matsuda", "insulinogenic_index", "disposition_index"):
        assert np.isnan(seen[measure]), measure
    assert seen["ada_class"] == 2.0
    assert seen["insulin_area_pmol_min_per_l"] > 0.0


def test_two_hour_glucose_classifies_after_the_usual_drink_only(ward):
    """With 100 g an impaired person would be called diabetic, with 10 g a diabetic one normal."""
    assert visit(ward.person("healthy"), "ogtt", ogtt={"glucose": "100 g"})["ada_class"] == 0.0
    assert visit(ward.person("igt"), "ogtt", ogtt={"glucose": "10 g"})["ada_class"] == 1.0


def test_areas_are_those_of_the_half_hour_samples(ward):
    seen = ward.visit("healthy", "ogtt")
    total = np.trapezoid(glucose(seen), TIMES)
    assert seen["glucose_area_mmol_min_per_l"] == pytest.approx(total)
    assert seen["glucose_incremental_area_mmol_min_per_l"] == pytest.approx(total - 120.0 * glucose(seen)[0])


@pytest.mark.parametrize("minutes", [1.4, 2.0, 5.0])
def test_an_injection_is_the_dose_that_was_asked_for(ward, minutes):
    """However long it takes."""
    with_it, without = Visit(ward.person("t1d")), Visit(ward.person("t1d"))
    with_it.clinic["bolus_time"] = minutes
    with_it.inject(glucose_g_per_kg=0.3)
    without.live(round(minutes))
    came = with_it.seen("glucose_infusion_mmol_per_min").sum() - without.seen("glucose_infusion_mmol_per_min").sum()
    assert came == pytest.approx(0.3 * 70.0 * 1000.0 / 180.16, rel=1e-4)
