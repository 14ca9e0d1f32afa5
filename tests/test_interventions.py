"""What people do to a body while it lives: it goes on, or says at once what is wrong."""

import math

import numpy as np
import pytest

from insulin_abm import BetaCell, Body, Drug, Faults, MuscleCell, Scenario
from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import rule
from insulin_abm.engine.snapshot import SnapshotError
from insulin_abm.tissue.patch import Patch


@pytest.fixture(scope="module")
def settled():
    return Scenario.load("healthy_day").body(seed=1)


@pytest.fixture
def body(settled):
    return settled.fork()


def test_days_without_insulin_go_on():
    body = Scenario.load("type1_day", overrides={"duration": "3 d"}).body(seed=1)
    body.run_for(3 * 1440)
    assert abs(body.blood.plasma_insulin) < 0.01
    assert math.isfinite(body.blood.plasma_glucose)


@pytest.mark.parametrize("cells", [40, 100])
def test_a_handful_of_cells_lives(cells):
    body = Scenario.load("healthy_day", overrides={"cells": cells}).body(seed=1)
    body.run_for(600)
    assert 0.5 < body.blood.plasma_glucose < 50.0


def test_receptors_can_be_taken_from_cells_and_come_back(body):
    muscle = body.agents_by_type[MuscleCell]
    before = muscle.agg("surface_receptors", np.mean)
    muscle.set("surface_receptors", 0.0)
    muscle[0].internal_receptors = 5.0
    body.run_for(60)
    assert 0.0 < muscle.agg("surface_receptors", np.mean) < 0.5 * before


def test_without_its_beta_cells_a_body_loses_insulin_then_gains_glucose(body):
    for cell in body.agents_by_type[BetaCell].to_list():
        cell.remove()
    body.run_for(1440)
    assert abs(body.blood.plasma_insulin) < 1.0
    assert body.blood.plasma_glucose > 10.0


def test_new_cells_live_in_their_own_tissue_and_begin_as_average_cells(body):
    fasting = body.fork()
    fasting.run_for(60)
    body.agents_by_type[BetaCell].create(60)
    cell = MuscleCell(body)
    assert cell.place.place is body.tissue("muscle")
    assert cell.surface_receptors > 1000
    body.run_for(60)
    assert body.blood.plasma_insulin < 2.0 * fasting.blood.plasma_insulin
    assert body.blood.imbalance == 0


def test_a_cell_cannot_live_in_another_tissue(body):
    with pytest.raises(ValueError, match="BetaCell lives in rows"):
        BetaCell(body, place=0)
    with pytest.raises(ValueError, match="MuscleCell lives in rows"):
        body.agents_by_type[MuscleCell][0].place = body.populations[Patch].size - 1


@pytest.mark.parametrize(
    ("kind", "arguments", "says"),
    [
        ("eat", {"foods": {"rice": -100.0}}, "grams of rice"),
        ("eat", {"foods": {"rice": "100 g"}}, "grams of rice"),
        ("drink_glucose", {"grams": math.nan}, "grams of glucose"),
        ("inject_insulin", {"units": -1.0, "kind": "rapid"}, "units of insulin"),
        ("inject_insulin", {"units": 1.0, "kind": "regular"}, "rapid or long"),
        ("infuse_insulin", {"units_per_hour": -1.0}, "units of insulin an hour"),
        ("infuse_glucose", {"mg_per_kg_min": math.inf}, "mg of glucose"),
        ("infuse_insulin_iv", {"pmol_per_min": -5.0}, "pmol of insulin"),
    ],
)
def test_what_is_no_amount_is_refused_at_once(body, kind, arguments, says):
    with pytest.raises(ValueError, match=says):
        getattr(body, kind)(**arguments)


def test_a_thousand_grams_of_bread_leave_the_stomach_a_gram_a_minute_at_most(body):
    body.run_for(420)
    body.eat({"white_bread": 1000.0})
    most = 0.0
    for _ in range(120):
        body.run_for(1)
        most = max(most, body.blood.glucose_appearance)
    assert most < 1000.0 / 180.156


@pytest.mark.parametrize(("beta", "alpha"), [(60, 60), (240, 30)])
def test_the_proportions_of_the_sample_do_not_change_the_person(settled, beta, alpha):
    """Fasting values move by less than 5 %, the noise of other islet patches."""
    usual = settled.fork()
    other = Scenario.load("healthy_day", overrides={"cells.beta": beta, "cells.alpha": alpha}).body(seed=1)
    for body in (usual, other):
        body.run_for(420)
    assert other.blood.plasma_glucose == pytest.approx(usual.blood.plasma_glucose, rel=0.05)
    assert other.blood.plasma_insulin == pytest.approx(usual.blood.plasma_insulin, rel=0.05)
    assert other.blood.plasma_glucagon == pytest.approx(usual.blood.plasma_glucagon, rel=0.05)


def test_no_islet_cells_are_refused_because_a_person_without_them_is_said_otherwise():
    with pytest.raises(Faults, match=r"cells\.beta"):
        Scenario.load("healthy_day", overrides={"cells.beta": 0})


def test_a_snapshot_of_another_person_is_refused(body):
    other = Scenario.load("healthy_day", overrides={"person.weight": "80 kg"}).body(seed=1)
    with pytest.raises(SnapshotError, match="another person"):
        other.restore(body.save())


def test_neighbours_that_do_not_exist_are_refused_before_compiled_code_follows_them(body):
    body.populations[Patch].columns["east"][0] = 10**9
    with pytest.raises(ValueError, match="neighbours are fixed"):
        body.run_for(1)


def drug_on(target):
    class Misplaced(Drug):
        parameter_sites = ("blood",)
        acts_on = {target: "effect"}
        effect = column(0.5, "1", "effect", wide=True)

        @rule
        def live_a_minute(drug, p, chance):
            drug.effect = 0.5

    return Misplaced


@pytest.mark.parametrize("target", ["kidney.reabsorbtion_factor", "liver.gluconeogenesis", "nonsense.thing"])
def test_a_drug_that_acts_on_nothing_is_refused(settled, target):
    with pytest.raises(ValueError, match="acts on"):
        Body(
            person=settled.person,
            cells=settled.cells,
            habits=settled.habits,
            parameters=settled.parameters,
            seed=1,
            start_min_of_day=0,
            use=(drug_on(target),),
        )
