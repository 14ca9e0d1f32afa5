"""A world behaves as an ordinary Mesa model with equal agents does."""

import statistics

import mesa
import numpy as np
import pytest
from mesa.agentset import AbstractAgentSet, AgentSet
from mesa.experimental.mesa_signals import ModelSignals

from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.columns import column
from insulin_abm.engine.world import World

ENERGIES = [0.1, 7.0, 3.25, 0.1, 5.0, 2.5, 7.0, 1.0, 4.75]


class Acts:
    """What the agents of both models do."""

    mood = "calm"

    def take(self, amount=1):
        self.energy += amount
        self.model.order.append(self.number)
        return self.energy

    def quarrel(self):
        """The next one leaves, whoever it is."""
        self.model.order.append(self.number)
        others = [other for other in self.model.agents if other is not self]
        if len(others) > 3:
            others[-1].remove()

    def step(self):
        self.energy += 1.0


class Cell(Acts, RowAgent):
    number = column(0, "1", "a name that both models share", whole=True)
    energy = column(0.0, "1", "a number", wide=True)
    signal = column(0.1, "1", "a number of single width")


class BigCell(Cell):
    """Another class."""


class PlainCell(Acts, mesa.Agent):
    def __init__(self, model, number, energy):
        super().__init__(model)
        self.number, self.energy, self.signal = number, energy, float(np.float32(0.1))


class PlainBigCell(PlainCell):
    pass


class Rabbit(Acts, mesa.Agent):
    """An ordinary agent that is used in both models."""

    def __init__(self, model, number=100, energy=2.0):
        super().__init__(model)
        self.number, self.energy, self.signal = number, energy, 0.0


class RowWorld(World):
    def __init__(self, seed=1):
        super().__init__(seed)
        self.order = []

    def live(self, old, new):
        for _ in range(old, new):
            self.agents.do("step")


class PlainWorld(mesa.Model):
    def __init__(self, seed=1):
        super().__init__(rng=seed)
        self.order = []

    def step(self):
        self.agents.do("step")


def both_worlds():
    ours, plain = RowWorld(), PlainWorld()
    ours.population(Cell).create(9, number=np.arange(9), energy=ENERGIES)
    for number, energy in enumerate(ENERGIES):
        PlainCell(plain, number, energy)
    return ours, plain


@pytest.fixture
def worlds():
    return both_worlds()


@pytest.fixture
def sets(worlds):
    """The agents of one class, and those of the whole model, in both models."""
    ours, plain = worlds
    return [(ours.agents_by_type[Cell], plain.agents_by_type[PlainCell]), (ours.agents, plain.agents)]


def numbers(agents):
    return [agent.number for agent in agents]


def test_agents_and_sets_are_those_of_mesa(worlds):
    ours, _ = worlds
    agent = ours.agents.to_list()[0]
    assert isinstance(agent, mesa.Agent)
    assert isinstance(agent, Cell)
    assert isinstance(ours, mesa.Model)
    assert isinstance(ours.agents, AbstractAgentSet)
    assert isinstance(ours.population(Cell), AbstractAgentSet)
    assert ours.agents_by_type[Cell] is ours.population(Cell)
    assert ours.agent_types == [Cell]
    assert agent.model is ours
    assert agent.random is ours.random
    assert agent.rng is ours.rng


def test_sequence(sets):
    for ours, plain in sets:
        assert len(ours) == len(plain) == 9
        assert numbers(ours) == numbers(plain)
        assert ours[2].number == plain[2].number
        assert ours[-1].number == plain[-1].number
        assert numbers(ours[2:7:2]) == numbers(plain[2:7:2])
        assert ours[2] in ours
        assert plain[2] not in ours
        assert numbers(ours.copy()) == numbers(ours.to_list())
        assert repr(ours).endswith("of 9 agents>")
        with pytest.raises(IndexError):
            ours[9]


SELECTIONS = {
    "all": {},
    "function": {"filter_func": lambda agent: agent.energy > 2},
    "four": {"at_most": 4},
    "none": {"at_most": 0},
    "share": {"at_most": 0.5},
    "whole share": {"at_most": 1.0},
    "two of a kind": {"filter_func": lambda agent: agent.energy == 7, "at_most": 1},
    "type": {"agent_type": mesa.Agent},
    "other type": {"agent_type": Rabbit},
    "type and function": {"agent_type": mesa.Agent, "filter_func": lambda agent: agent.energy > 2, "at_most": 0.4},
}


@pytest.mark.parametrize("selection", SELECTIONS.values(), ids=SELECTIONS)
def test_select(sets, selection):
    for ours, plain in sets:
        chosen = ours.select(**selection)
        assert isinstance(chosen, AgentSet)
        assert numbers(chosen) == numbers(plain.select(**selection))
        assert all(agent in ours for agent in chosen)


def test_select_by_a_column(sets):
    for ours, plain in sets:
        mask = np.array(ours.get("energy")) > 2
        assert numbers(ours.select(mask)) == numbers(plain.select(lambda agent: agent.energy > 2))
        assert numbers(ours.select(mask, at_most=2)) == numbers(plain.select(lambda agent: agent.energy > 2, at_most=2))
        with pytest.raises(ValueError, match="a mask must be 9 booleans"):
            ours.select(mask[:4])
        with pytest.raises(ValueError, match="a mask must be 9 booleans"):
            ours.select(np.arange(9))


def test_a_selection_stays_and_removed_agents_leave_it(worlds):
    ours, _ = worlds
    chosen = ours.agents.select(lambda agent: agent.energy == 7)
    assert numbers(chosen) == [1, 6]
    chosen.to_list()[0].remove()
    assert numbers(chosen) == [6]


@pytest.mark.parametrize("by", ["energy", lambda agent: agent.energy > 2, "mood"])
@pytest.mark.parametrize("result_type", ["agentset", "list"])
def test_groupby(sets, by, result_type):
    for ours, plain in sets:
        mine, theirs = ours.groupby(by, result_type), plain.groupby(by, result_type)
        assert {key: numbers(group) for key, group in mine} == {key: numbers(group) for key, group in theirs}
        assert list(mine.groups) == list(theirs.groups)
        assert mine.count() == theirs.count()
        assert mine.agg("energy", sum) == theirs.agg("energy", sum)


@pytest.mark.parametrize("attribute", ["energy", "signal", "number"])
@pytest.mark.parametrize(
    "function", [np.mean, np.sum, np.std, np.median, np.max, np.unique, sum, min, len, statistics.fmean, sorted]
)
def test_agg(sets, attribute, function):
    for ours, plain in sets:
        assert np.array_equal(ours.agg(attribute, function), plain.agg(attribute, function))
        assert type(ours.agg(attribute, function)) is type(plain.agg(attribute, function))


def test_agg_with_several_functions(sets):
    for ours, plain in sets:
        assert ours.agg("energy", [np.mean, max, sum]) == plain.agg("energy", [np.mean, max, sum])


@pytest.mark.parametrize("names", ["energy", "mood", ["energy", "number"], ["mood", "energy"], []])
def test_get(sets, names):
    for ours, plain in sets:
        assert ours.get(names) == plain.get(names)


def test_get_of_what_is_missing(sets):
    for ours, plain in sets:
        for agents in (ours, plain):
            with pytest.raises(AttributeError):
                agents.get("nonsense")
            with pytest.raises(ValueError, match="handle_missing"):
                agents.get("energy", handle_missing="nonsense")
        names = ["energy", "nonsense"]
        assert ours.get(names, "default", 3) == plain.get(names, "default", 3)
        assert ours.get("nonsense", "default") == plain.get("nonsense", "default")


def test_set(sets):
    for ours, plain in sets:
        for name, value in (("energy", 4.5), ("mood", "cross"), ("number", 3)):
            assert ours.set(name, value) is ours
            plain.set(name, value)
            assert ours.get(name) == plain.get(name)
    cells = sets[0][0]
    cells.set("energy", np.arange(9))
    assert cells.get("energy") == list(range(9))
    with pytest.raises(ValueError, match=r"Cell\.energy needs one number or 9"):
        cells.set("energy", [1.0, 2.0])


@pytest.mark.parametrize("whole_model", [False, True])
@pytest.mark.parametrize("way", ["do", "shuffle_do", "map"])
def test_do_shuffle_do_and_map(worlds, way, whole_model):
    ours, plain = worlds
    mine = ours.agents if whole_model else ours.agents_by_type[Cell]
    theirs = plain.agents if whole_model else plain.agents_by_type[PlainCell]
    for method, arguments in (("take", {"amount": 2}), (lambda agent, factor: agent.take(factor), {"factor": 3})):
        result, expected = getattr(mine, way)(method, **arguments), getattr(theirs, way)(method, **arguments)
        assert result == expected if way == "map" else result is mine
    assert ours.order == plain.order
    assert sorted(ours.order) == sorted([*range(9)] * 2)
    assert mine.get("energy") == theirs.get("energy")


@pytest.mark.parametrize("way", ["do", "shuffle_do", "map"])
def test_agents_removed_on_the_way_do_not_act(worlds, way):
    ours, plain = worlds
    for world in worlds:
        getattr(world.agents, way)("quarrel")
    assert ours.order == plain.order
    assert numbers(ours.agents) == numbers(plain.agents)


def test_shuffle_and_sort(sets):
    for ours, plain in sets:
        assert numbers(ours.shuffle()) == numbers(plain.shuffle())
        assert numbers(ours.sort("energy")) == numbers(plain.sort("energy"))
        assert numbers(ours.sort(lambda agent: -agent.number, ascending=True)) == list(range(8, -1, -1))


@pytest.mark.parametrize(("way", "how"), [("shuffle", {}), ("sort", {"key": "energy"}), ("select", {"at_most": 1})])
def test_the_agents_of_a_model_stay_in_order(worlds, way, how):
    ours, plain = worlds
    for agents in (ours.agents, ours.population(Cell)):
        with pytest.raises(TypeError, match="in place; use what is returned"):
            getattr(agents, way)(**how, inplace=True)
    assert ours.random.random() == plain.random.random()


def test_adding_and_removing(worlds):
    ours, plain = worlds
    Cell(ours, number=9, energy=1.0)
    PlainCell(plain, 9, 1.0)
    BigCell.create_agents(ours, 2, number=[10, 11], energy=[1.0, 2.0])
    PlainBigCell.create_agents(plain, 2, number=[10, 11], energy=[1.0, 2.0])
    for world in worlds:
        world.agents.to_list()[3].remove()
        world.agents.select(lambda agent: agent.number == 10).do("remove")
    assert numbers(ours.agents) == numbers(plain.agents)
    assert ours.agent_types == [Cell, BigCell]
    assert [len(agents) for agents in ours.agents_by_type.values()] == [9, 1]
    for world in worlds:
        world.remove_all_agents()
        assert len(world.agents) == 0


def test_removing_through_the_set(worlds):
    ours, _ = worlds
    cells = ours.population(Cell)
    first, second, other = cells[0], cells[1], Cell(RowWorld())
    cells.remove(first)
    ours.agents.discard(second)
    cells.discard(first)
    with pytest.raises(KeyError):
        cells.remove(other)
    cells.add(cells[0])
    with pytest.raises(ValueError, match="is not in this model; make a new agent"):
        cells.add(other)
    assert numbers(cells) == list(range(2, 9))
    assert len(cells & ours.agents.select(at_most=3)) == 3


def test_ordinary_agents_beside_the_rows(worlds):
    ours, plain = worlds
    for world in worlds:
        Rabbit(world)
        Rabbit(world, number=101)
    assert len(ours.agents) == len(plain.agents) == 11
    assert ours.agent_types == [Rabbit, Cell]
    assert numbers(ours.agents_by_type[Rabbit]) == [100, 101]
    assert sorted(numbers(ours.agents)) == sorted(numbers(plain.agents))
    assert numbers(ours.agents.select(agent_type=Rabbit)) == numbers(plain.agents.select(agent_type=Rabbit))
    assert ours.agents.agg("energy", max) == plain.agents.agg("energy", max)
    assert len(set(ours.agents.get("unique_id"))) == 11
    for world in worlds:
        world.step()
        world.run_for(2)
        world.agents.select(agent_type=Rabbit).do("remove")
    assert numbers(ours.agents) == numbers(plain.agents)
    assert ours.agents.get("energy") == plain.agents.get("energy")
    assert (ours.time, ours.steps) == (plain.time, plain.steps)


def test_datacollector(worlds):
    frames = []
    for world, cell_class in zip(worlds, (Cell, PlainCell), strict=True):
        collector = mesa.DataCollector(
            model_reporters={"count": lambda model: len(model.agents), "minute": "time"},
            agent_reporters={"energy": "energy", "twice": lambda agent: 2 * agent.signal, "number": "number"},
            agenttype_reporters={cell_class: {"energy": "energy"}, mesa.Agent: {"mood": "mood"}},
        )
        for _ in range(3):
            collector.collect(world)
            world.step()
            world.agents.to_list()[-1].remove()
        collected = [collector.get_model_vars_dataframe(), collector.get_agent_vars_dataframe()]
        collected += [collector.get_agenttype_vars_dataframe(kind) for kind in (cell_class, mesa.Agent)]
        frames.append(collected)
    for mine, theirs in zip(*frames, strict=True):
        assert (
            mine.reset_index()
            .drop(columns="AgentID", errors="ignore")
            .equals(theirs.reset_index().drop(columns="AgentID", errors="ignore"))
        )
    assert set(frames[0][1].reset_index()["AgentID"]) >= set(worlds[0].population(Cell).ids)


def test_signals_of_coming_and_going(worlds):
    for world, make in zip(worlds, (lambda w: Cell(w, number=9), lambda w: PlainCell(w, 9, 0.0)), strict=True):
        seen = []

        def note(signal, seen=seen):
            seen.append((signal.signal_type, signal.additional_kwargs["args"][0].unique_id))

        world.observe("agents", [ModelSignals.AGENT_ADDED, ModelSignals.AGENT_REMOVED], note)
        agent = make(world)
        agent.remove()
        assert seen == [(ModelSignals.AGENT_ADDED, agent.unique_id), (ModelSignals.AGENT_REMOVED, agent.unique_id)]


def test_two_live_worlds_do_not_meet():
    (one, _), (other, _) = both_worlds(), both_worlds()
    one.agents.set("energy", 0.0)
    Rabbit(one)
    one.population(Cell)[0].remove()
    assert other.agents.get("energy") == ENERGIES
    assert len(other.agents) == 9
    assert other.population(Cell)[1] not in one.agents
    assert one.population(Cell)[0].unique_id == other.population(Cell)[1].unique_id
    one.run_for(3)
    assert (one.time, other.time) == (3, 0)
