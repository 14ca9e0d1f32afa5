"""The length of a step is a number and no assumption: results hardly change when it is halved or doubled.

Every person settles in steps of the same length as the day is then lived in, so settling converges as well. Compared is
the mean of three seeds: draws go by the number of the step, so chance is another one.
"""

from functools import cache

import numpy as np
import pytest

from insulin_abm.parameters.quantities import power_of_time
from insulin_abm.readings import read_body
from insulin_abm.scenario import Scenario

SEEDS = (1, 2, 3)
READ_EVERY = 10
FASTING = slice(39, 43)
"""Readings of the half hour before breakfast."""
LESS_THAN = 0.02
QUANTITIES = (
    "plasma_glucose_mmol_per_l",
    "plasma_insulin_pmol_per_l",
    "plasma_glucagon_pmol_per_l",
    "plasma_ffa_mmol_per_l",
    "plasma_triglyceride_mmol_per_l",
    "liver_glycogen_mmol_per_l",
    "muscle_receptors_per_cell",
    "fat_receptors_per_cell",
    "liver_receptors_per_cell",
)
FLUXES = (
    "glucose_appearance_mmol_per_min",
    "endogenous_glucose_production_mmol_per_min",
    "insulin_secretion_pmol_per_min",
    "muscle_glucose_uptake_mmol_per_min",
    "fat_glucose_uptake_mmol_per_min",
    "liver_glucose_uptake_mmol_per_min",
    "brain_glucose_uptake_mmol_per_min",
)


@cache
def course(name, step):
    """Readings of a scenario, the mean of the seeds, by name."""
    scenario = Scenario.load(name, overrides={"step": step, "record.every": f"{READ_EVERY} min"})
    runs = []
    for seed in SEEDS:
        body = scenario.body(seed=seed)
        assert body.settling["settled"]
        runs.append(readings(body, scenario.duration_min))
    return dict(zip((*QUANTITIES, *FLUXES), np.mean(runs, axis=0).T, strict=True))


@cache
def course_from_the_same_start(name, step):
    """The same, but all begin as the person settled in steps of a minute, each column counted in the other steps."""
    scenario = Scenario.load(name, overrides={"step": step, "record.every": f"{READ_EVERY} min"})
    runs = []
    for seed in SEEDS:
        first = Scenario.load(name).body(seed=seed)
        body = scenario.body(seed=seed)
        for cls, population in body.populations.items():
            for what, values in population.columns.items():
                column = cls.columns[what]
                whole = column.dtype.kind == "i"
                factor = 1.0 if whole else body.step_min ** -power_of_time(column.unit)
                values[:] = first.populations[cls].columns[what] * factor
        runs.append(readings(body, scenario.duration_min))
    return dict(zip((*QUANTITIES, *FLUXES), np.mean(runs, axis=0).T, strict=True))


def readings(body, duration):
    """What is read off a body that lives on, of shape (readings, quantities)."""
    rows = [read_body(body)]
    while body.time < duration:
        body.run_for(READ_EVERY)
        rows.append(read_body(body))
    return [[row[what] for what in (*QUANTITIES, *FLUXES)] for row in rows]


def change(name, step, what, of):
    """Relative change of a number of the curve from steps of one minute to others."""
    return of(course(name, step)[what]) / of(course(name, "1 min")[what]) - 1.0


@pytest.mark.parametrize("what", QUANTITIES)
@pytest.mark.parametrize("step", ["30 s", "2 min"])
@pytest.mark.parametrize("name", ["healthy_day", "type2_day"])
def test_a_day_is_the_same_in_steps_of_another_length(compiled, name, step, what):
    """Means of the day, fasting values and peaks: within 2 %."""
    assert abs(change(name, step, what, np.mean)) < LESS_THAN, "mean"
    assert abs(change(name, step, what, lambda curve: curve[FASTING].mean())) < LESS_THAN, "fasting"
    assert abs(change(name, step, what, np.max)) < LESS_THAN, "peak"


@pytest.mark.parametrize("step", ["30 s", "2 min"])
def test_a_day_from_the_same_start_is_the_same_in_steps_of_another_length(compiled, step):
    usual, other = course("healthy_day", "1 min"), course_from_the_same_start("healthy_day", step)
    for what in QUANTITIES:
        assert other[what].mean() == pytest.approx(usual[what].mean(), rel=LESS_THAN), what
        assert other[what][FASTING].mean() == pytest.approx(usual[what][FASTING].mean(), rel=LESS_THAN), what
        assert other[what].max() == pytest.approx(usual[what].max(), rel=LESS_THAN), what


@pytest.mark.parametrize("what", FLUXES)
@pytest.mark.parametrize("step", ["30 s", "2 min"])
@pytest.mark.parametrize("name", ["healthy_day", "type2_day"])
def test_what_flows_in_a_day_is_the_same_in_steps_of_another_length(compiled, name, step, what):
    """Rates are told per minute, however long a step is; a single reading of one is left to chance."""
    assert abs(change(name, step, what, np.mean)) < LESS_THAN


@pytest.mark.parametrize("step", ["30 s", "2 min"])
def test_a_tolerance_test_is_the_same_in_steps_of_another_length(compiled, step):
    for what in ("plasma_glucose_mmol_per_l", "plasma_insulin_pmol_per_l"):
        assert abs(change("ogtt_healthy", step, what, np.mean)) < LESS_THAN
        assert abs(change("ogtt_healthy", step, what, np.max)) < LESS_THAN


def test_the_shorter_the_step_the_smaller_the_change(compiled):
    """From 2 min to 1 the insulin peak of a healthy day changes more than from 1 min to a half: it converges."""
    halved, doubled = (change("healthy_day", step, "plasma_insulin_pmol_per_l", np.max) for step in ("30 s", "2 min"))
    assert abs(halved) < abs(doubled)
