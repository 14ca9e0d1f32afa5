"""The clock: whole minutes are lived between events."""

import copy
import pickle

import mesa
import pytest
from mesa.time import Schedule

from insulin_abm.engine.events import event
from insulin_abm.engine.snapshot import SnapshotError
from insulin_abm.engine.world import World


class Toy(World):
    """Writes down what it lived and what happened."""

    def __init__(self, seed=1):
        super().__init__(seed)
        self.log = []

    def live(self, old, new):
        self.log.append((old, new))

    @event
    def eat(self, grams):
        self.log.append(grams)


def test_minutes_are_lived_before_the_event_at_their_end_acts():
    world = Toy()
    world.schedule("eat", at=420, grams=60)
    world.schedule("eat", at=0, grams=10)
    world.run_for(1440)
    world.step()
    assert world.log == [10, (0, 420), 60, (420, 1440), (1440, 1441)]
    assert (world.time, world.steps) == (1441, 1441)


def test_an_event_at_the_end_acts_and_only_once():
    world = Toy()
    world.schedule("eat", at=60, grams=1)
    world.run_until(60)
    world.run_until(60)
    world.run_for(0)
    world.run_for(1)
    assert world.log == [(0, 60), 1, (60, 61)]


def test_live_gets_ints():
    world = Toy()
    world.run_for(3.0)
    assert all(type(minute) is int for minute in world.log[0])


def test_the_world_itself_lives_nothing():
    with pytest.raises(NotImplementedError, match="World must say in `live"):
        World(1).step()


@pytest.mark.parametrize("value", [0.5, float("nan"), float("inf"), True])
def test_fractions_of_a_minute_are_refused(value):
    world = Toy()

    def nothing():
        pass

    attempts = [
        lambda: world.run_for(value),
        lambda: world.run_until(value),
        lambda: world.schedule("eat", at=value, grams=1),
        lambda: world.schedule("eat", at=1, every=value, grams=1),
        lambda: world.schedule_event(nothing, at=value),
        lambda: world.schedule_event(nothing, after=value),
        lambda: world.schedule_recurring(nothing, Schedule(interval=value)),
        lambda: world.schedule_recurring(nothing, Schedule(interval=1, start=value)),
    ]
    for attempt in attempts:
        with pytest.raises(ValueError, match="whole number of minutes"):
            attempt()
    assert (world.time, world.log, len(world.events)) == (0, [], 0)


def test_time_does_not_run_backwards():
    world = Toy()
    world.run_for(10)
    with pytest.raises(ValueError, match="it is minute 10 already"):
        world.run_until(9)
    with pytest.raises(ValueError, match="it is minute 10 already"):
        world.run_for(-1)


def test_functions_given_to_mesa_are_kept_alive():
    world, called = Toy(), []
    world.schedule_event(lambda: called.append(world.time), at=5)

    def local():
        called.append(-world.time)

    world.schedule_recurring(local, Schedule(interval=4, start=4, count=2))
    world.schedule_recurring(local, Schedule(interval=lambda model: 7))
    cancelled = world.schedule_event(lambda: called.append("never"), after=6)
    del local
    assert world.unsaved() == [
        "test_functions_given_to_mesa_are_kept_alive.<locals>.<lambda> (minute 5)",
        "test_functions_given_to_mesa_are_kept_alive.<locals>.<lambda> (minute 6)",
        "test_functions_given_to_mesa_are_kept_alive.<locals>.local (recurring)",
        "test_functions_given_to_mesa_are_kept_alive.<locals>.local (recurring)",
    ]
    cancelled.cancel()
    world.run_for(9)
    assert called == [-4, 5, -7, -8]
    assert len(world.unsaved()) == 1
    with pytest.raises(TypeError, match="only a function can be scheduled"):
        world.schedule_event(3, at=10)


def test_a_schedule_that_turns_fractional_stops_the_run():
    world = Toy()
    world.schedule_recurring(world.log.clear, Schedule(interval=lambda model: 0.5, start=1))
    with pytest.raises(ValueError, match=r"interval of an event must be a whole number of minutes, not 0\.5"):
        world.run_for(2)


def test_the_events_of_a_removed_agent_end_with_it():
    world, called = Toy(), []

    class Caller(mesa.Agent):
        def call(self):
            called.append(self.unique_id)

    gone, there = Caller(world), Caller(world)
    world.schedule_event(gone.call, at=1)
    world.schedule_event(there.call, at=1)
    gone.remove()
    world.run_for(1)
    assert called == [there.unique_id]


def test_a_world_cut_short_by_an_error_does_not_go_on():
    class Broken(Toy):
        def live(self, old, new):
            raise KeyboardInterrupt

    world = Broken()
    with pytest.raises(KeyboardInterrupt):
        world.run_for(5)
    assert not world.between_minutes
    with pytest.raises(RuntimeError, match="an error cut minute 1 short"):
        world.run_for(5)


def test_plain_agents_step_when_the_world_says_so():
    class Counter(mesa.Agent):
        count = 0

        def step(self):
            self.count += 1

    class Plain(Toy):
        def live(self, old, new):
            for _ in range(old, new):
                self.live_plain_agents()

    world = Plain()
    counter = Counter(world)
    world.run_for(7)
    assert counter.count == 7


def test_a_step_that_nobody_would_call_is_refused():
    with pytest.raises(TypeError, match=r"Stepping\.step would never be called"):
        type("Stepping", (World,), {"step": lambda self: None})


def test_a_pickled_or_copied_world_goes_on_like_the_original():
    """Its agents come along, and two live models share nothing."""
    world = Toy()
    world.run_for(3)
    for copied in (copy.deepcopy(world), copy.copy(world), pickle.loads(pickle.dumps(world))):
        assert copied is not world
        assert copied.save() == world.save()
        copied.run_for(5)
        assert copied.time == 8
        assert world.time == 3


def test_a_world_with_what_is_no_data_cannot_be_pickled():
    world = Toy()
    mesa.Agent(world)
    with pytest.raises(SnapshotError, match="while it holds what is no data: Agent"):
        pickle.dumps(world)
