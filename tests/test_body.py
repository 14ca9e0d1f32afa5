"""A body is a Mesa model: what users do with agents works on a person, and goes through the blood."""

import mesa
import numpy as np
import pytest
from bodies import differences, unsettled

from insulin_abm.cells.fat import FatCell
from insulin_abm.cells.islet import BetaCell
from insulin_abm.cells.liver import LiverCell
from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.cells.receptors import ReceptorCell
from insulin_abm.engine.columns import column
from insulin_abm.organs.blood import Blood
from insulin_abm.organs.depot import InsulinDepot
from insulin_abm.organs.gut import Gut
from insulin_abm.organs.kidneys import Kidneys
from insulin_abm.scenario import Scenario
from insulin_abm.tissue.patch import Patch

HOUR, DAY = 60, 1440


class Sleeper(MuscleCell):
    """A user's cell with a rule in plain Python: every other minute it takes nothing."""

    minutes_lived = column(0, "min", "how often it acted", whole=True)

    def live_a_minute(self, p, chance):
        super().live_a_minute(p, chance)
        self.minutes_lived += 1
        if self.minutes_lived % 2 == 0:
            self.glucose_taken = 0.0


class Watcher(mesa.Agent):
    """An ordinary Mesa agent that looks at the blood each minute."""

    def __init__(self, model):
        super().__init__(model)
        self.seen = []

    def step(self):
        self.seen.append((self.model.time, self.model.blood.plasma_glucose))


class Surgeon(mesa.Agent):
    """An ordinary Mesa agent that changes cells while the body lives."""

    def step(self):
        cells = self.model.agents_by_type[LiverCell]
        if len(cells) > 6:
            cells[0].remove()


# ---- the loop


def test_deaf_muscle_raises_glucose_and_then_insulin_through_the_blood(settled_healthy):
    """Half of the muscle cells made deaf by one call; the twin without it is the control, with the same draws."""
    control, deaf = settled_healthy.fork(), settled_healthy.fork()
    deaf.agents_by_type[MuscleCell].select(at_most=0.5).set("insulin_sensitivity", 0.0)
    assert sum(value == 0.0 for value in deaf.agents_by_type[MuscleCell].get("insulin_sensitivity")) == 150
    glucose, insulin = [], []
    for _ in range(4 * HOUR):
        control.run_for(1)
        deaf.run_for(1)
        glucose.append(deaf.blood.plasma_glucose - control.blood.plasma_glucose)
        insulin.append(deaf.blood.plasma_insulin - control.blood.plasma_insulin)
    assert max(glucose) > 0.05
    assert max(insulin) > 1.0
    half_of = [int(np.argmax(np.array(rise) > 0.5 * max(rise))) for rise in (glucose, insulin)]
    assert half_of[0] < half_of[1], "insulin rose before glucose did"
    assert np.mean(glucose[HOUR:]) > 0.05
    assert np.mean(insulin[HOUR:]) > 1.0
    assert min(*glucose[HOUR:], *insulin[HOUR:]) > 0.0
    deaf.eat({"white_bread": 100.0})
    control.eat({"white_bread": 100.0})
    for body in (deaf, control):
        body.run_for(HOUR)
    assert deaf.blood.plasma_glucose > control.blood.plasma_glucose + 0.1
    assert deaf.blood.plasma_insulin > control.blood.plasma_insulin


def test_what_was_undone_is_forgotten(settled_healthy):
    control, deaf = settled_healthy.fork(), settled_healthy.fork()
    cells = deaf.agents_by_type[MuscleCell]
    usual = cells.get("insulin_sensitivity")
    cells.set("insulin_sensitivity", 0.0)
    deaf.run_for(HOUR)
    cells.set("insulin_sensitivity", np.array(usual))
    control.run_for(HOUR)
    raised = deaf.blood.plasma_glucose - control.blood.plasma_glucose
    for body in (deaf, control):
        body.run_for(6 * HOUR)
    assert raised > 0.1
    assert abs(deaf.blood.plasma_glucose - control.blood.plasma_glucose) < 0.2 * raised


# ---- as a Mesa model


def test_a_body_is_a_mesa_model_of_agents(few):
    assert isinstance(few, mesa.Model)
    assert {Blood, Gut, Patch, MuscleCell, FatCell} <= set(few.agent_types)
    cell = few.agents_by_type[MuscleCell][2]
    assert isinstance(cell, mesa.Agent)
    assert isinstance(cell, ReceptorCell)
    assert isinstance(cell.place, Patch)
    assert cell.place.place is few.tissue("muscle")
    assert few.blood is few.agents_by_type[Blood][0]
    assert few.organ(Gut) is few.agents_by_type[Gut][0]
    muscles = few.agents.select(agent_type=MuscleCell)
    assert len(muscles) == 8
    by_patch = few.agents_by_type[LiverCell].groupby("place")
    assert sum(len(group) for _, group in by_patch) == 12
    few.run_for(30)
    bound = few.agents_by_type[MuscleCell].agg("bound_receptors", np.sum)
    assert bound == sum(agent.bound_receptors for agent in muscles) > 0


def test_a_datacollector_collects_from_a_body(few):
    collector = mesa.DataCollector(
        model_reporters={"glucose": lambda body: body.blood.plasma_glucose, "minute": "time"},
        agenttype_reporters={MuscleCell: {"signal": "signal", "place": lambda cell: cell.place.row}},
    )
    for _ in range(4):
        few.run_for(15)
        collector.collect(few)
    frame = collector.get_model_vars_dataframe()
    assert frame["minute"].tolist() == [15, 30, 45, 60]
    assert frame["glucose"].iloc[-1] == few.blood.plasma_glucose
    cells = collector.get_agenttype_vars_dataframe(MuscleCell)
    assert len(cells) == 4 * 8
    assert cells["signal"].iloc[-8:].tolist() == few.agents_by_type[MuscleCell].get("signal")


def test_an_ordinary_agent_steps_each_minute_and_changes_nothing_by_looking(few):
    alone = few.fork()
    watcher = Watcher(few)
    few.run_for(HOUR)
    assert len(watcher.seen) == HOUR
    assert len({glucose for _, glucose in watcher.seen}) == HOUR
    alone.run_for(HOUR)
    assert differences(alone, few) == []
    assert watcher.seen[-1][1] == alone.blood.plasma_glucose
    watcher.remove()
    few.run_for(30)
    alone.run_for(30)
    assert len(watcher.seen) == HOUR
    assert few.save() == alone.save()


def test_an_ordinary_agent_sees_the_clock_of_its_minute(few):
    """As in any Mesa model: in the step of minute 3 the time is 3, however long the run was asked to be."""
    watcher = Watcher(few)
    few.run_for(10)
    few.run_for(10)
    assert [minute for minute, _ in watcher.seen] == list(range(1, 21))


def test_an_ordinary_agent_may_take_cells_out(few):
    Surgeon(few)
    few.run_for(30)
    assert len(few.agents_by_type[LiverCell]) == 6
    assert few.blood.imbalance == 0


def test_a_subclass_with_a_plain_python_rule_lives_beside_the_compiled_cells(few):
    control = few.fork()
    sleeper = Sleeper(few, place=0)
    assert sleeper.place.place is few.tissue("muscle")
    few.run_for(HOUR)
    control.run_for(HOUR)
    assert not control.minute.interpreted
    assert sleeper.minutes_lived == HOUR
    assert sleeper.glucose_taken == 0.0
    few.run_for(1)
    assert sleeper.glucose_taken > 0.0
    assert few.blood.imbalance == 0
    assert few.minute.interpreted
    assert few.agents_by_type[Sleeper][0] is sleeper
    assert isinstance(sleeper, MuscleCell)
    assert len(few.agents_by_type[MuscleCell]) == 8


def test_a_plain_python_rule_computes_what_the_compiled_one_does(few):
    """Cells that differ in nothing but in how their rule is run end in the same state."""

    class Slow(MuscleCell):
        def live_a_minute(self, p, chance):
            super().live_a_minute(p, chance)

    cells = few.populations[MuscleCell]
    state = {name: np.array(values) for name, values in cells.columns.items()}
    few.population(Slow).create(len(cells), place=cells.place.copy(), **state)
    few.populations[Slow]._ids[: len(cells)] = cells.ids
    few.run_for(2 * HOUR)
    for name in MuscleCell.columns:
        assert np.array_equal(few.populations[Slow].columns[name], few.populations[MuscleCell].columns[name]), name


def test_a_body_with_a_subclass_is_saved_and_forked(few):
    Sleeper(few, place=0)
    few.run_for(10)
    twin = few.fork()
    for body in (few, twin):
        body.run_for(20)
    assert twin.save() == few.save()
    assert twin.agents_by_type[Sleeper][0].minutes_lived == 30
    assert twin.agents_by_type[Sleeper][0] is not few.agents_by_type[Sleeper][0]


def test_an_ordinary_agent_cannot_be_saved_and_is_named(few):
    Watcher(few)
    few.run_for(1)
    for copying in (few.save, few.fork):
        with pytest.raises(Exception, match="Watcher"):
            copying()


def test_two_live_bodies_do_not_disturb_each_other(compiled):
    """Minute about, and one after the other: the same; also with different parameters, which each body keeps."""
    other_muscle = {"muscle.uptake_factor": "3"}

    def two():
        return unsettled(seed=1), unsettled(seed=2, overrides=other_muscle)

    apart, together = two(), two()
    for body in apart:
        body.run_for(HOUR)
    for _ in range(HOUR):
        for body in together:
            body.run_for(1)
    for one, other in zip(apart, together, strict=True):
        assert one.save() == other.save()
    assert apart[0].records[MuscleCell]["uptake_factor"] == 1.0
    assert apart[1].records[MuscleCell]["uptake_factor"] == 3.0
    assert apart[1].blood.plasma_glucose < apart[0].blood.plasma_glucose


def test_cells_may_be_added_and_removed_while_it_lives(few):
    few.run_for(10)
    few.agents_by_type[FatCell].select(at_most=2).do("remove")
    newborn = MuscleCell(few, place=0, surface_receptors=15_000.0)
    few.run_for(30)
    assert len(few.agents_by_type[FatCell]) == 4
    assert len(few.agents_by_type[MuscleCell]) == 9
    assert newborn.bound_receptors > 0
    assert few.blood.imbalance == 0


# ---- events


def test_events_are_what_happens_to_a_person(healthy):
    assert {
        "eat",
        "drink_glucose",
        "inject_insulin",
        "infuse_insulin",
        "infuse_insulin_iv",
        "infuse_glucose",
        "take_drug",
    } <= set(type(healthy).event_kinds)
    healthy.schedule("eat", at=5, foods={"banana": 100.0})
    healthy.schedule("inject_insulin", at=6, units=1.0, kind="rapid")
    eaten = healthy.organ(Gut).eaten
    healthy.run_until(4)
    assert healthy.organ(Gut).eaten == eaten
    healthy.run_until(6)
    assert healthy.organ(Gut).eaten > eaten
    assert healthy.organ(InsulinDepot).first_pool == 6000.0


def test_an_unknown_food_or_drug_is_named(few):
    with pytest.raises(ValueError, match="banana"):
        few.eat({"bananna": 100.0})
    with pytest.raises(ValueError, match="no drug 'Aspirin'"):
        few.take_drug("Aspirin", 100.0)


def test_the_clock_of_the_day(healthy):
    assert healthy.clock_minute == 7 * HOUR
    healthy.run_for(90)
    assert healthy.clock_minute == 8 * HOUR + 30


def test_a_person_of_any_size_lives(compiled):
    """One cell of each kind, a person without beta cells, a large one: numbers stay numbers, ledgers close."""
    for cells, overrides in (
        (dict.fromkeys(("muscle", "fat", "liver", "beta", "alpha"), 1), {}),
        (None, {"person.beta_cell_mass": "0"}),
        (None, {"person.weight": "120 kg", "person.body_fat": "45 %"}),
    ):
        body = unsettled(cells, overrides=overrides)
        body.eat({"white_rice": 200.0})
        body.run_for(3 * HOUR)
        assert 2.0 < body.blood.plasma_glucose < 60.0
        assert body.blood.imbalance == 0
        assert np.isfinite([getattr(body.blood, name) for name in Blood.columns]).all()
        assert body.organ(Kidneys).urinary_glucose >= 0.0


def test_a_beta_cell_mass_is_kept_that_is_no_whole_number_of_agents():
    """34 agents stand for 28 % of 120, not for 28.3 %."""
    whole, part = (
        unsettled(
            {"muscle": 8, "fat": 6, "liver": 12, "beta": 120, "alpha": 30}, overrides={"person.beta_cell_mass": mass}
        )
        for mass in (1.0, 0.28)
    )
    healthy, left = (body.populations[BetaCell].columns["stands_for"] for body in (whole, part))
    assert (len(healthy), len(left)) == (120, 34)
    assert left.sum() / healthy.sum() == pytest.approx(0.28, rel=1e-6)


def test_a_cell_class_that_lacks_a_number_says_which_and_where_it_is(compiled):
    class Bare(MuscleCell):
        cell_name = "muscle"
        parameter_sites = ("tissue", "receptor", "overload", "muscle")

    scenario = Scenario.from_text('duration = "1 h"')
    with pytest.raises(
        ValueError, match=r"Bare needs the number 'insulin_driven_endocytosis'.*: add one of the sites mechanism"
    ):
        Bare.record(scenario.parameters, scenario.person)
