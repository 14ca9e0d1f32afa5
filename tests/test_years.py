"""Ten years of a third more than usual: strong beta cells compensate, weak ones fail, and nobody said when.

With few cells, so that two courses of ten years take a few minutes; docs/courses.md has those of 1,000.
"""

from functools import cache

import pytest

from insulin_abm import Scenario
from insulin_abm.ledger import balance, totals
from insulin_abm.protocols.clinic import visit

YEAR = 365 * 1440
CLAMP = {"insulin": "40 mU/min/m2"}


@pytest.fixture(autouse=True)
def _compiled(compiled):
    """Everything here lives years."""


@cache
def years(name: str) -> dict[int, dict[str, float]]:
    """Live a course, and give what was found in each year that is looked at."""
    body = Scenario.load(name, overrides={"cells": 250}).body(seed=1)
    start = totals(body)
    found = {}
    for year in (0, 1, 3, 10):
        if year:
            body.run_until(year * YEAR - body.step_min)
        seen = {finding.measure: finding.value for finding in visit(body, "check_up").findings}
        drink = visit(body, "ogtt")
        seen["two_hour_insulin"] = drink["insulin_120_min_pmol_per_l"]
        clamped = visit(body, "euglycaemic_clamp", euglycaemic_clamp=CLAMP)
        for name_of in ("clamp_m_mg_per_kg_min", "clamp_m_mg_per_kg_fat_free_mass_min", "clamp_ffa_mmol_per_l"):
            seen[name_of] = clamped[name_of]
        seen["suppression"] = clamped["clamp_production_suppression"]
        seen["glycogen"] = clamped.mean("muscle_glycogen_synthesis_mmol_per_min", clamped.minute - 40, clamped.minute)
        found[year] = seen
    row = balance(start, totals(body))
    found[10]["energy_unexplained"] = row["energy_difference_kcal"] / row["energy_left_kcal"]
    return found


def ratio(name, measure, year=10):
    found = years(name)
    return found[year][measure] / found[0][measure]


def test_strong_beta_cells_compensate():
    found = years("surplus_10y_strong")
    assert ratio("surplus_10y_strong", "fasting_insulin_pmol_per_l") > 2.0
    assert found[10]["fasting_glucose_mmol_per_l"] < 5.8
    assert ratio("surplus_10y_strong", "clamp_m_mg_per_kg_min") < 0.65
    assert ratio("surplus_10y_strong", "clamp_m_mg_per_kg_fat_free_mass_min") < 0.8
    assert 1.1 < found[10]["beta_cell_mass"] < 1.6


def test_weak_beta_cells_fail_after_insulin_rose_and_fell():
    """The Starling curve of the pancreas: no event causes it."""
    found = years("surplus_10y_weak")
    assert found[3]["two_hour_insulin"] > 2.0 * found[0]["two_hour_insulin"]
    assert found[3]["fasting_glucose_mmol_per_l"] < 7.0
    assert 7.0 < found[10]["fasting_glucose_mmol_per_l"] < 20.0
    assert found[10]["beta_cell_mass"] < 0.8 * found[0]["beta_cell_mass"]


def test_fat_liver_vessels_and_kidneys_follow():
    """Fatty acids at a given insulin up, glycogen synthesis down, pressure up, filtration up and then down, risk up."""
    found = years("surplus_10y_weak")
    assert ratio("surplus_10y_weak", "clamp_ffa_mmol_per_l") > 1.5
    assert found[10]["suppression"] < found[0]["suppression"] - 0.05
    assert ratio("surplus_10y_weak", "glycogen") < 0.6
    assert ratio("surplus_10y_weak", "fasting_triglyceride_mmol_per_l", 3) > 1.4
    assert found[10]["systolic_pressure_mmhg"] > found[0]["systolic_pressure_mmhg"] + 5.0
    filtered = [found[year]["egfr_ml_per_min_per_1p73m2"] for year in (0, 1, 10)]
    assert filtered[1] > filtered[0]
    assert filtered[2] < filtered[1]
    for risk in ("ten_year_cardiovascular_risk", "ten_year_stroke_risk"):
        assert ratio("surplus_10y_weak", risk) > 2.0


def test_energy_closes_over_ten_years():
    for name in ("surplus_10y_strong", "surplus_10y_weak"):
        assert abs(years(name)[10]["energy_unexplained"]) < 1e-6
