"""A snapshot is the whole state: the same bytes for the same state, and nothing else can be read."""

import hashlib
import re

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from mesa.time import Schedule

from insulin_abm.engine import snapshot
from insulin_abm.engine.agents import REMOVED, RowAgent
from insulin_abm.engine.columns import column
from insulin_abm.engine.events import event
from insulin_abm.engine.snapshot import SnapshotError, restore, save
from insulin_abm.engine.world import World


class Patch(RowAgent):
    particles = column(0, "1", "whole particles here", whole=True)


class Cell(RowAgent):
    lives_in = Patch
    energy = column(1.5, "1", "a number that changes quickly")
    store = column(2.0, "1", "a number that changes slowly", wide=True)


class Dish(World):
    """Cells that move, die and are born by chance, fed by events."""

    def __init__(self, seed=1):
        super().__init__(seed)
        self.eaten = 0.0

    def agent_classes(self):
        return {"Patch": Patch, "Cell": Cell}

    def state(self):
        return {"eaten": self.eaten}

    def take_state(self, state):
        self.eaten = state["eaten"]

    def live(self, old, new):
        for _ in range(old, new):
            for cell in self.population(Cell).shuffle():
                cell.energy += self.random.random() + self.rng.random()
                if cell.energy > 3.0:
                    cell.place = self.random.randrange(3)
                    cell.energy = 0.0
            cells = self.population(Cell)
            if cells.size > 5:
                cells.agent(0).remove()
            Cell(self)

    @event
    def eat(self, grams):
        self.eaten += grams


class Stranger(Dish):
    """A world that knows other classes and events."""

    def agent_classes(self):
        return {}


def begun(seed=1):
    world = Dish(seed)
    world.population(Patch).create(3, particles=[5, 2**60, -1])
    world.population(Cell).create(6, energy=np.linspace(0, 3, 6))
    world.schedule("eat", at=4, every=3, grams=0.1)
    world.schedule("eat", at=7, grams=1e300)
    return world


SAVED = save(begun())


def refused(data, message, world=None):
    world = world or begun(seed=2)
    before = save(world)
    with pytest.raises(SnapshotError, match=message):
        restore(world, data)
    assert save(world) == before


def test_the_same_state_gives_the_same_bytes():
    assert all(save(begun()) == SAVED for _ in range(10))
    assert save(begun(seed=2)) != SAVED


@pytest.mark.parametrize("half_way", [0, 5, 7])
def test_saved_and_restored_half_way_is_as_if_run_through(half_way):
    through, halved = begun(), begun()
    through.run_for(12)
    halved.run_for(half_way)
    resumed = Dish(seed=99)
    restore(resumed, save(halved))
    assert (resumed.time, resumed.steps, resumed.seed) == (half_way, half_way, 1)
    assert list(resumed.events) == list(halved.events)
    resumed.run_until(12)
    assert save(resumed) == save(through)
    assert resumed.eaten == through.eaten


def test_looking_or_saving_changes_nothing():
    watched, alone = begun(), begun()
    for _ in range(12):
        watched.run_for(1)
        save(watched)
        watched.agents.get("unique_id")
    for _ in range(12):
        alone.run_for(1)
    assert save(watched) == save(alone)


def test_a_fork_goes_its_own_way():
    world = begun()
    world.run_for(3)
    before = save(world)
    twin = world.fork()
    assert save(twin) == before
    twin.population(Cell).set("energy", 0.0)
    twin.run_for(5)
    assert save(world) == before
    assert type(twin) is Dish


def test_a_fork_knows_classes_that_came_later_and_keeps_their_order():
    class Added(RowAgent):
        size = column(1.0, "1", "how large")

    world = Dish()
    Added(world)
    world.population(Patch).create(1)
    twin = world.fork()
    assert [population.name for population in twin.populations.values()] == ["Added", "Patch"]
    assert twin.agents.get("unique_id") == world.agents.get("unique_id")


def test_going_back_keeps_the_agents_that_were_there():
    world = begun()
    kept = world.population(Cell).agent(5)
    known = kept.unique_id, kept.energy, kept.place
    data = save(world)
    world.run_for(1)
    kept.energy = 70.0
    newborn = Cell(world)
    restore(world, data)
    assert (kept.unique_id, kept.energy, kept.place) == known
    assert world.population(Cell).agent(kept.row) is kept
    assert newborn not in world.agents
    assert newborn._row == REMOVED
    assert Cell(world).unique_id == Cell(begun()).unique_id


@settings(deadline=None)
@given(st.data(), st.integers(0, 9))
def test_every_number_comes_back_to_the_bit(data, n):
    world = Dish()
    world.population(Patch).create(2)
    numbers = {
        "energy": data.draw(arrays.arrays(np.float32, n, elements=st.floats(width=32))),
        "store": data.draw(arrays.arrays(np.float64, n, elements=st.floats())),
    }
    world.population(Cell).create(n, place=0, **numbers)
    restored = Dish()
    restore(restored, save(world))
    for name, array in numbers.items():
        assert restored.population(Cell).columns[name].tobytes() == array.tobytes()


@settings(deadline=None)
@given(st.integers(0, len(SAVED) - 1), st.integers(1, 255))
def test_one_altered_byte_is_noticed(position, flip):
    altered = bytearray(SAVED)
    altered[position] ^= flip
    refused(bytes(altered), "snapshot")


@settings(deadline=None)
@given(st.integers(0, len(SAVED) - 1))
def test_a_part_is_refused(length):
    refused(SAVED[:length], "snapshot")


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_other_bytes_are_refused(data):
    refused(data, "no snapshot")
    refused(SAVED + data + b"!", "altered")


@pytest.mark.parametrize(
    "header", ["[]", "{}", '{"__metadata__": {"insulin_abm": 3}}', '{"__metadata__": 3}', "[" * 10**5]
)
def test_other_headers_are_refused(header):
    refused(len(header).to_bytes(8, "little") + header.encode(), "no snapshot")


def test_another_format_is_refused(monkeypatch):
    monkeypatch.setattr(snapshot, "FORMAT", 3)
    refused(SAVED, "has format 2, and only format 3 can be read")


def test_a_world_that_does_not_know_the_agents_or_events_refuses():
    refused(SAVED, "agents of class Patch, which this world does not know", Stranger())
    world = Stranger()
    world.schedule("eat", at=1, grams=1)
    altered = save(world).replace(b'\\"eat\\"', b'\\"eta\\"')
    unsealed = re.sub(rb'(?<=")[0-9a-f]{64}', snapshot.UNSEALED.encode(), altered, count=1)
    sealed = unsealed.replace(snapshot.UNSEALED.encode(), hashlib.sha256(unsealed).hexdigest().encode(), 1)
    refused(sealed, "kind 'eta', which this world does not know", Stranger())


def test_other_columns_are_refused():
    class Changed(Stranger):
        def agent_classes(self):
            columns = {
                "energy": column(0.0, "1", "now wide", wide=True),
                "added": column(0.0, "1", "new"),
                "lives_in": Patch,
            }
            return {"Patch": Patch, "Cell": type("Cell", (RowAgent,), columns)}

    refused(SAVED, "when Cell had other columns: added, energy, store", Changed())


def test_agents_of_which_the_snapshot_knows_nothing_are_not_left_over():
    refused(save(Dish()), "holds no Patch, and this world has some")


def test_what_is_no_data_is_named():
    class Rabbit(mesa.Agent):
        pass

    def by_hand():
        pass

    world = begun()
    once = world.schedule_event(by_hand, at=5)
    again = world.schedule_recurring(by_hand, Schedule(interval=5))
    rabbit = Rabbit(world)
    for attempt in (lambda: save(world), world.fork, lambda: restore(world, SAVED)):
        with pytest.raises(SnapshotError, match=r"by_hand \(minute 5\), .*by_hand \(recurring\), Rabbit 1; use"):
            attempt()
    once.cancel()
    again.stop()
    rabbit.remove()
    assert save(world) == SAVED


def test_state_that_is_no_data_is_refused():
    world = begun()
    world.eaten = float("inf")
    with pytest.raises(SnapshotError, match=r"what its `state\(\)` gives is no plain data"):
        save(world)


def test_nothing_is_saved_within_a_minute():
    class Curious(Dish):
        def live(self, old, new):
            self.save()

    with pytest.raises(SnapshotError, match="in the middle of a minute"):
        Curious().run_for(1)


def test_an_event_may_fork_the_world():
    class Clinic(Dish):
        @event
        def visit(self):
            twin = self.fork()
            twin.run_for(10)
            self.eaten += twin.eaten

    world = Clinic()
    world.population(Patch).create(3)
    world.schedule("visit", at=2, every=1000)
    world.schedule("eat", at=2, grams=3)
    world.run_for(2)
    assert world.eaten == 6
    assert [pending.time for pending in world.events] == [1002]
