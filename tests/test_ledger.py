"""The ledgers: every particle and receptor is accounted for, every minute."""

import numpy as np
import pytest
from bodies import keeping, unsettled

from insulin_abm.cells.fat import FatCell
from insulin_abm.cells.islet import BetaCell
from insulin_abm.cells.liver import LiverCell
from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.cells.receptors import ReceptorCell
from insulin_abm.engine.columns import column
from insulin_abm.ledger import balance, totals
from insulin_abm.organs.blood import Blood
from insulin_abm.scenario import Scenario
from insulin_abm.stepped import LedgerError
from insulin_abm.tissue.patch import Patch
from insulin_abm.tissue.tissue import Tissue

CLOSES = 1e-9


def counted(body):
    """Whole numbers counted cell by cell and patch by patch, for each tissue; and what its minute reports."""
    patches, tissues = body.populations[Patch], body.populations[Tissue].columns
    number = len(body.anatomy)

    def of_patches(name):
        return np.bincount(patches.place, patches.columns[name], number).astype(np.int64)

    def of_cells(*names):
        total = np.zeros(number, np.int64)
        for population in body.populations.values():
            if issubclass(population.agent_class, ReceptorCell) and len(population):
                tissue = patches.place[population.place]
                for name in names:
                    values = population.columns[name].astype(np.int64)
                    assert np.array_equal(values, population.columns[name]), f"{name} is not whole"
                    total += np.bincount(tissue, values, number).astype(np.int64)
        return total

    there = {
        "glucose": of_patches("glucose"),
        "insulin": of_patches("insulin") + of_cells("bound_receptors"),
        "receptors": of_cells("surface_receptors", "bound_receptors", "internal_receptors"),
    }
    change = {
        "glucose": tissues["glucose_in"]
        - tissues["glucose_out"]
        + tissues["glucose_released"]
        - tissues["glucose_taken"],
        "insulin": tissues["insulin_in"] - tissues["insulin_out"] - tissues["insulin_degraded"],
        "receptors": tissues["receptors_made"] - tissues["receptors_degraded"],
    }
    return there, {name: np.array(value) for name, value in change.items()}


def test_every_minute_closes_to_the_particle(healthy):
    """Four hours with a meal and an injection, each minute counted from the cells up."""
    healthy.schedule("eat", at=15, foods={"white_bread": 100.0, "apple": 150.0})
    healthy.schedule("inject_insulin", at=30, units=2.0, kind="rapid")
    before, _ = counted(healthy)
    start = totals(healthy)
    for minute in range(1, 241):
        healthy.run_for(1)
        now, change = counted(healthy)
        for kind, there in now.items():
            assert np.array_equal(there - before[kind], change[kind]), f"{kind} in minute {minute}"
            assert there.min() >= 0
        before = now
        assert healthy.blood.imbalance == 0
        assert not healthy.populations[Patch].columns["imbalance"].any()
        row = balance(start, totals(healthy))
        assert abs(row["glucose_difference_mmol"]) <= CLOSES * row["glucose_mmol"]
        assert abs(row["insulin_difference_pmol"]) <= CLOSES * row["insulin_pmol"]


def test_totals_balance_over_a_day():
    """The healthy day with its three meals: glucose, insulin and receptors to 1e-9 of what went through."""
    body = Scenario.load("healthy_day").body(seed=1)
    start = totals(body)
    body.run_for(1440)
    row = balance(start, totals(body))
    assert row["glucose_entered_mmol"] > 500.0
    assert abs(row["glucose_difference_mmol"]) <= CLOSES * row["glucose_entered_mmol"]
    assert abs(row["insulin_difference_pmol"]) <= CLOSES * row["insulin_entered_pmol"]
    assert abs(row["receptors_difference"]) <= CLOSES * row["receptors"]
    scale = body.populations[Tissue].columns["scale"]
    there, _ = counted(body)
    assert row["receptors"] == pytest.approx((there["receptors"] * scale).sum(), rel=CLOSES)


def test_receptors_of_a_day_are_those_made_less_those_degraded():
    """Cell by cell, in minutes: what a cell has is what it had, and what it made less what it degraded."""
    body = keeping(unsettled())
    there = {cls: cls.all_receptors(body.populations[cls].columns) for cls in body.cell_classes.values()}
    for _ in range(1440):
        body.run_for(1)
        for cls in there:
            columns = body.populations[cls].columns
            there[cls] += columns["receptors_made"].astype(np.float64) - columns["receptors_degraded"]
    for cls, expected in there.items():
        assert np.array_equal(cls.all_receptors(body.populations[cls].columns), expected)


# ---- what must not happen


class Greedy(MuscleCell):
    """Takes glucose that is not there."""

    def live_a_minute(self, p, chance):
        super().live_a_minute(p, chance)
        self.glucose_taken += 1e7


class Sprouting(MuscleCell):
    """From its tenth minute on it finds a receptor."""

    age = column(0, "min", "its age", whole=True)

    def live_a_minute(self, p, chance):
        super().live_a_minute(p, chance)
        self.age += 1
        if self.age >= 10:
            self.surface_receptors += 1.0


def alarm(body, minutes):
    """The message with which the run stops."""
    with pytest.raises(LedgerError) as raised:
        body.run_for(minutes)
    return str(raised.value)


def test_a_rule_that_takes_what_is_not_there_stops_the_run(few):
    Greedy(few, place=0)
    message = alarm(few, 30)
    assert "minute 1," in message
    assert "patch 0 (muscle)" in message


def test_a_rule_that_makes_receptors_from_nothing_stops_the_run_in_its_minute(few):
    Sprouting(few, place=0, surface_receptors=1000.0)
    message = alarm(few, 30)
    assert "in minute 10," in message
    assert "1 particles or receptors" in message
    assert "patch 0 (muscle)" in message
    assert few.populations[Sprouting][0].age == 10


@pytest.mark.parametrize(
    ("cls", "name", "wrong", "tissue"),
    [
        (LiverCell, "insulin_degraded", 3, "liver"),
        (FatCell, "insulin_bound", 3, "fat"),
        (BetaCell, "receptors_made", 3, "islet"),
        (MuscleCell, "glucose_taken", 10_000_000, "muscle"),
    ],
)
def test_the_compiled_minute_finds_what_a_patch_was_told_wrongly(few, cls, name, wrong, tissue):
    """Phase by phase, with one number altered between the cells and their patch."""
    keeping(few)
    phases = list(few.minute.phases)
    told = [phase.name for phase in phases].index("patches are told")
    few.run_for(1)
    for phase in phases[:told]:
        few.minute.live_phase(few, phase, 2)
    row = len(few.populations[cls]) // 2
    few.populations[cls].columns[name][row] += wrong
    for phase in phases[told:]:
        few.minute.live_phase(few, phase, 2)
    blamed = few.populations[Patch].columns["imbalance"]
    assert np.flatnonzero(blamed).tolist() == [few.populations[cls].place[row]]
    assert few.populations[Blood].columns["imbalance"][0] > 0
    assert f"({tissue})" in few._imbalance(2)


def test_what_is_changed_from_outside_between_two_minutes_is_no_fault(few):
    """Somebody may alter cells by hand: the ledger begins anew from what there is."""
    few.run_for(5)
    few.agents_by_type[MuscleCell].set("insulin_sensitivity", 0.0)
    cell = few.agents_by_type[LiverCell][3]
    cell.surface_receptors += 100.0
    few.populations[Patch].columns["glucose"][:] += 10
    few.run_for(30)
    assert few.blood.imbalance == 0
