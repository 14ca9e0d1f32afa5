"""How a person comes to the state at minute 0: from anywhere the same, and it is said when there is none."""

import logging

import numpy as np
import pytest
from days import day

from insulin_abm.cells.fat import FatCell
from insulin_abm.cells.islet import BetaCell
from insulin_abm.cells.liver import LiverCell
from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.scenario import Scenario

LOW = {
    "plasma_glucose": "3 mmol/L",
    "slow_glucose": "3 mmol/L",
    "plasma_insulin": "5 pmol/L",
    "mean_glucose": "3 mmol/L",
    "glycogen": "20 mmol/L",
    "recent_fatty_acid": "0 mmol/L",
    "sustained_fatty_acid": "0.05 mmol/L",
    "ectopic_lipid": 0.5,
    "glut4_pool": 1.2,
    "secretory_capacity": 1.4,
    "vldl_triglyceride": "0.1 mmol/L",
}
HIGH = {
    "plasma_glucose": "25 mmol/L",
    "slow_glucose": "25 mmol/L",
    "plasma_insulin": "900 pmol/L",
    "mean_glucose": "25 mmol/L",
    "glycogen": "440 mmol/L",
    "recent_fatty_acid": "2 mmol/L",
    "sustained_fatty_acid": "2 mmol/L",
    "ectopic_lipid": 10,
    "glut4_pool": 0.4,
    "secretory_capacity": 0.5,
    "vldl_triglyceride": "10 mmol/L",
}


def state(name, start, seed=1):
    """What a person has settled to from a start."""
    body = Scenario.load(name, overrides={f"start.{what}": value for what, value in start.items()}).body(seed=seed)
    assert body.settling["settled"]
    muscle, liver = (body.populations[cls].columns for cls in (MuscleCell, LiverCell))
    receptors = [cls.all_receptors(columns).mean() for cls, columns in ((MuscleCell, muscle), (LiverCell, liver))]
    blood = body.blood
    return np.array(
        [blood.plasma_glucose, blood.plasma_insulin, blood.plasma_fatty_acid, blood.plasma_triglyceride]
        + [muscle[column].mean(dtype=np.float64) for column in ("ectopic_lipid", "glut4_pool")]
        + [liver["glycogen"].mean(), *receptors]
    )


@pytest.mark.parametrize("name", ["healthy_day", "insulin_resistant_day", "type2_day", "type1_day"])
def test_from_low_and_from_high_to_the_same_state(compiled, name):
    """Hungry or at 25 mmol/L: within 0.1 %. No second state was found."""
    usual = state(name, {})
    assert state(name, LOW) == pytest.approx(usual, rel=0.001)
    assert state(name, HIGH) == pytest.approx(usual, rel=0.001)


def test_a_person_of_many_cells_settles_like_one_of_few(compiled):
    """5,000 cells begin as 1,000 ended: fewer days, the same person."""
    few, many = (Scenario.load("type2_day", overrides={"cells": cells}).body(seed=1) for cells in (1000, 5000))
    assert many.settling["settled"]
    assert many.settling["days"] < few.settling["days"]
    assert many.blood.plasma_glucose == pytest.approx(few.blood.plasma_glucose, rel=0.01)
    assert many.blood.plasma_insulin == pytest.approx(few.blood.plasma_insulin, rel=0.02)


def test_frozen_receptors_are_the_same_in_many_and_in_few_cells(compiled):
    """Nothing would repair a number of receptors that a large body took from another cell."""
    off = {"mechanism.receptor_loss": 0, "settling.most_days": 1}
    for cells in (1000, 2500):
        scenario = Scenario.load("insulin_resistant_day", overrides={"cells": cells, **off})
        body = scenario.body(seed=1)
        for cls in (MuscleCell, FatCell, LiverCell):
            columns, record = body.populations[cls].columns, body.records[cls]
            usual = cls.relative_production(columns, record) * record["usual_receptors"]
            assert cls.all_receptors(columns) == pytest.approx(usual, rel=1e-3)


def test_many_cells_of_which_hardly_any_is_a_beta_cell(compiled):
    """Less than half a beta cell in the person of few cells: it is one that stands for less."""
    few_beta_cells = {"cells.beta": 30, "cells.muscle": 2500, "person.beta_cell_mass": 0.03, "settling.most_days": 1}
    body = Scenario.load("type2_day", overrides=few_beta_cells).body(seed=1)
    assert body.populations[BetaCell].size == 1


def test_who_does_not_settle_is_told_of(compiled, caplog):
    """Two usual days are too few; the second time the state comes from the cache, and it is said again."""
    scenario = Scenario.load("type2_day", overrides={"settling.most_days": 2, "cells": 200})
    for _ in range(2):
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            body = scenario.body(seed=7)
        assert not body.settling["settled"]
        assert body.settling["days"] == 2
        assert "does not settle: after 2 usual days" in caplog.text


def test_changes_of_all_slow_means_are_kept(compiled):
    settling = day("healthy_day", 1)["settling"]
    assert {"LiverCell.glycogen", "BetaCell.secretory_capacity", "MuscleCell.ectopic_lipid"} < set(settling["changes"])
