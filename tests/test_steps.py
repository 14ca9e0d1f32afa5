"""Bodies that live in steps of another length: units, events, the ledger, and what is refused."""

import mesa
import numpy as np
import pytest
from bodies import MORNING, unsettled

from insulin_abm.body import Body
from insulin_abm.cells.islet import BetaCell
from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.ledger import balance, totals
from insulin_abm.living import share_in_a_step
from insulin_abm.organs.gut import Gut
from insulin_abm.parameters import Faults, Registry, Steps
from insulin_abm.parameters.quantities import power_of_time
from insulin_abm.readings import in_minutes, read_body
from insulin_abm.scenario import Scenario

EARLY_BREAKFAST = "[habits]\n[[habits.meals]]\nat = '07:30'\nfoods = { apple = '100 g' }\n"
LENGTHS = (0.25, 1.0 / 3.0, 0.5, 1.0, 2.0, 3.0, 5.0)


def living_in(step_min, **overrides):
    """A body of a few cells that has not settled and lives in such steps."""
    first = unsettled(**overrides)
    return Body(
        person=first.person,
        cells=first.cells,
        habits=first.habits,
        parameters=first.parameters,
        seed=1,
        start_min_of_day=first.start_min_of_day,
        step_min=step_min,
    )


# ---- units


@pytest.mark.parametrize(
    ("unit", "power"),
    [
        ("1/min", -1),
        ("min", 1),
        ("mmol/kg/min", -1),
        ("cm^2/s", -1),
        ("1/(nmol/L)/min", -1),
        ("U/h", -1),
        ("molecules/min", -1),
        ("mL/min/(1.73m^2)/yr", -1),
        ("1", 0),
        ("mmol/L", 0),
        ("mmHg", 0),
        ("yr", 0),
        ("1/yr", 0),
    ],
)
def test_the_power_of_time_stands_in_the_unit(unit, power):
    assert power_of_time(unit) == power


def test_numbers_counted_in_steps():
    registry = Registry.load()
    half, double = registry.in_steps_of(0.5), registry.in_steps_of(2.0)
    for name, factor in (("gut.mixing", 1.0), ("blood.glucagon_time", -1.0), ("beta.pool_capacity", -1.0)):
        assert half[name].value == pytest.approx(registry[name].value * 0.5**factor)
        assert double[name].value == pytest.approx(registry[name].value * 2.0**factor)
    assert half["kidney.ageing_start"] == registry["kidney.ageing_start"]
    assert registry.in_steps_of(1.0) is registry


@pytest.mark.parametrize("step_min", LENGTHS)
def test_shares_of_steps_make_up_those_of_an_hour(step_min):
    """What is left after the steps of an hour is what is left after an hour, whatever the step."""
    steps = 60.0 / step_min
    assert (1.0 - share_in_a_step(8.0 / step_min, "min")) ** steps == pytest.approx(np.exp(-60.0 / 8.0))
    assert (1.0 - share_in_a_step(0.1 * step_min, "1/min")) ** steps == pytest.approx(np.exp(-6.0))
    assert (1.0 - share_in_a_step(0.5 / step_min, "h")) ** steps == pytest.approx(np.exp(-2.0))


def test_what_takes_no_time_is_there_at_once():
    assert share_in_a_step(0.0, "min") == 1.0


def test_a_share_of_what_is_no_time_is_refused():
    with pytest.raises(ValueError, match="mmol/L"):
        share_in_a_step(5.0, "mmol/L")


# ---- steps and minutes


@pytest.mark.parametrize("step_min", LENGTHS)
def test_steps_and_minutes_go_together(step_min):
    steps = Steps(step_min)
    for minute in range(-1440, 1441, 60):
        assert steps.until(minute) == pytest.approx(minute / step_min)
        assert steps.minute_of(steps.until(minute)) == minute
    assert steps.minute_of(1) == max(1, round(step_min))


@pytest.mark.parametrize("step_min", [0.7, 0.4, 1.5, 2.5, 0.0, -1.0])
def test_steps_that_do_not_go_with_minutes_are_refused(step_min):
    with pytest.raises(ValueError, match="neither an even part of a minute nor a whole number"):
        Steps(step_min)


# ---- bodies


@pytest.mark.parametrize("step_min", [0.5, 2.0, 5.0])
def test_the_ledger_closes_in_any_step(compiled, step_min):
    body = living_in(step_min)
    body.run_for(10)
    body.schedule("eat", at=10, foods={"white_bread": 100.0, "olive_oil": 10.0})
    body.schedule("inject_insulin", at=30, units=2.0, kind="rapid")
    body.infuse_glucose(2.0)
    start = totals(body)
    body.run_for(600)
    row = balance(start, totals(body))
    assert row["glucose_entered_mmol"] > 100.0
    assert abs(row["glucose_difference_mmol"]) <= 1e-9 * row["glucose_entered_mmol"]
    assert abs(row["insulin_difference_pmol"]) <= 1e-9 * row["insulin_entered_pmol"]
    assert abs(row["receptors_difference"]) <= 1e-9 * row["receptors"]
    assert body.blood.imbalance == 0


@pytest.mark.parametrize("step_min", [0.5, 2.0])
def test_as_much_is_infused_eaten_and_pumped(compiled, step_min):
    """Events speak of minutes: what came in during an hour is the same in any step."""
    came = []
    for step in (1.0, step_min):
        body = living_in(step)
        body.infuse_glucose(4.0)
        body.infuse_insulin_iv(100.0)
        before = body.blood.glucose_entered - body.blood.insulin_entered
        body.run_for(60)
        infused = body.blood.glucose_infused * 60 / step, body.blood.insulin_infused * 60 / step
        body.infuse_insulin(1.2)
        body.inject_insulin(4.0, "long")
        body.drink_glucose(20.0)
        body.run_for(120)
        came.append([*infused, body.organ(Gut).eaten, body.blood.insulin_appearance / step, before])
    assert came[1][:3] == pytest.approx(came[0][:3], rel=1e-9)
    assert came[1][3] == pytest.approx(came[0][3], rel=0.01)


@pytest.mark.parametrize("step_min", [0.5, 2.0])
def test_people_read_minutes(compiled, step_min):
    """Rates of an unsettled person after two hours: those of minute steps within what chance does to few cells."""
    cells = {"muscle": 80, "fat": 60, "liver": 90, "beta": 60, "alpha": 20}
    usual, other = (living_in(step, cells=cells) for step in (1.0, step_min))
    rates = []
    for body in (usual, other):
        body.run_for(100)
        rows = []
        for _ in range(10):
            body.run_for(2)
            rows.append(read_body(body))
        rates.append({name: np.mean([row[name] for row in rows]) for name in rows[0]})
    for name in ("brain_glucose_uptake_mmol_per_min", "endogenous_glucose_production_mmol_per_min"):
        assert rates[1][name] == pytest.approx(rates[0][name], rel=0.05)
    assert rates[1]["egfr_ml_per_min_per_1p73m2"] == pytest.approx(rates[0]["egfr_ml_per_min_per_1p73m2"])
    assert in_minutes(other, BetaCell, "ready_insulin").mean() == pytest.approx(
        in_minutes(usual, BetaCell, "ready_insulin").mean(), rel=0.05
    )


def test_a_minute_as_the_step_is_the_usual_body_to_the_bit(compiled):
    usual, said = unsettled(), living_in(1.0)
    usual.run_for(60)
    said.run_for(60)
    assert usual.save() == said.save()


def test_a_fork_lives_in_the_same_steps_and_a_snapshot_can_be_read_into_others(compiled):
    """What flows is converted by the time in its unit; what is there stays."""
    body = living_in(0.5)
    body.run_for(30)
    twin = body.fork()
    body.run_for(30)
    twin.run_for(30)
    assert twin.save() == body.save()
    other = living_in(1.0)
    other.restore(body.save())
    assert other.blood.plasma_glucose == body.blood.plasma_glucose
    assert other.blood.glucose_produced == pytest.approx(2.0 * body.blood.glucose_produced)
    assert other.populations[BetaCell].columns["ready_insulin"] == pytest.approx(
        0.5 * body.populations[BetaCell].columns["ready_insulin"]
    )


# ---- what is refused


def test_an_event_within_a_step_is_refused_with_its_minute(compiled):
    body = living_in(2.0)
    with pytest.raises(ValueError, match="'eat' at minute 7 lies between two steps of 2 min"):
        body.schedule("eat", at=7, foods={"apple": 100.0})
    with pytest.raises(ValueError, match="every 15 min"):
        body.schedule("eat", at=8, every=15, foods={"apple": 100.0})
    with pytest.raises(ValueError, match="the end, minute 3, lies between"):
        body.run_for(3)
    body.run_for(4)
    assert body.time == 4


class Watcher(mesa.Agent):
    """An ordinary Mesa agent that counts."""

    def __init__(self, model):
        super().__init__(model)
        self.steps = 0

    def step(self):
        """Count."""
        self.steps += 1


def test_ordinary_agents_act_once_a_minute(compiled):
    body = living_in(0.5)
    watcher = Watcher(body)
    body.run_for(5)
    assert watcher.steps == 5
    late = living_in(2.0)
    Watcher(late)
    with pytest.raises(ValueError, match="ordinary Mesa agents live in minutes"):
        late.run_for(4)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("0.1 min", "out of range"),
        ("10 min", "out of range"),
        ("0.7 min", "does not go evenly with minutes"),
        ("3 kg", "does not convert"),
        ("2 min", "recording every 5 min lies between two steps of 2 min"),
        ("4 min", "at minute -1410 lies between"),
    ],
)
def test_a_wrong_step_is_refused_before_anything_is_lived(step, message):
    with pytest.raises(Faults, match=message):
        Scenario.from_text(MORNING + EARLY_BREAKFAST, overrides={"step": step})


def test_all_that_lies_within_a_step_is_told_at_once():
    text = 'duration = "3 h"\nstep = "2 min"\n[[meals]]\nat = "7 min"\nevery = "33 min"\nfoods = { apple = "100 g" }\n'
    with pytest.raises(Faults) as raised:
        Scenario.from_text(text)
    told = str(raised.value)
    assert "'eat' at minute 7 lies" in told
    assert "again every 33 min lies" in told
    assert "recording every 5 min lies" in told


def test_the_step_is_part_of_what_a_run_depends_on():
    minute, half = (Scenario.from_text(MORNING, overrides=overrides) for overrides in ({}, {"step": "30 s"}))
    assert (minute.step_min, half.step_min) == (1.0, 0.5)
    assert minute.resolved() != half.resolved()


def test_columns_count_in_steps_and_are_read_in_minutes(compiled):
    body = living_in(0.5)
    body.infuse_glucose(6.0)
    per_minute = 6.0 * body.person.weight_kg / body.records[Gut]["molar_mass_glucose"]
    assert body.blood.glucose_infused == pytest.approx(0.5 * per_minute)
    assert in_minutes(body, type(body.blood), "glucose_infused")[0] == pytest.approx(per_minute)
    assert in_minutes(body, MuscleCell, "surface_receptors") == pytest.approx(
        body.populations[MuscleCell].columns["surface_receptors"]
    )


@pytest.mark.parametrize(
    ("step", "more", "message"),
    [
        ("2 min", '[[visits]]\nat = "7 min"\nprotocols = ["biopsy"]', "the visit 'biopsy' at minute 7 lies between"),
        ("3 min", '[[infusions]]\nhold_glucose = "5 mmol/L"', "every 10 min of the glucose that is held lies between"),
    ],
)
def test_a_visit_and_a_held_glucose_go_with_the_steps(step, more, message):
    text = f'duration = "3 h"\nstep = "{step}"\n[record]\nevery = "30 min"\n{more}\n'
    with pytest.raises(Faults, match=message):
        Scenario.from_text(text)
