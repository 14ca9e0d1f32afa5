"""Events are data: a table that is in order, checked on entry and acted on by methods."""

import pytest

from insulin_abm.engine.events import Event, event
from insulin_abm.engine.world import World


class Toy(World):
    def __init__(self, seed=1):
        super().__init__(seed)
        self.log = []

    def live(self, old, new):
        pass

    @event
    def eat(self, grams, kind="bread"):
        self.log.append((self.time, kind, grams))

    @event
    def feast(self, courses):
        courses.append("and a coffee")
        self.log.append((self.time, *courses))

    @event
    def plan(self):
        self.schedule("eat", at=self.time, grams=1)
        self.schedule("eat", at=self.time + 1, grams=2)


class Hungry(Toy):
    def eat(self, grams, kind="bread"):
        super().eat(2 * grams, kind)


def test_kinds_are_the_marked_methods():
    assert set(Toy.event_kinds) == {"eat", "feast", "plan"}
    assert World.event_kinds == {}


def test_the_table_is_in_order_of_time_then_entry():
    world = Toy()
    second = world.schedule("eat", at=9, grams=2)
    third = world.schedule("eat", at=9, grams=1)
    first = world.schedule("eat", at=3, grams=3, kind="rice")
    assert list(world.events) == [first, second, third]
    assert world.events[0] == Event(3, "eat", {"grams": 3, "kind": "rice"})
    assert len(world.events) == 3
    world.run_for(10)
    assert world.log == [(3, "rice", 3), (9, "bread", 2), (9, "bread", 1)]
    assert len(world.events) == 0


def test_a_recurring_event_enters_itself_again():
    world = Toy()
    world.schedule("eat", at=2, every=3, grams=1)
    world.run_for(8)
    assert [time for time, *_ in world.log] == [2, 5, 8]
    assert list(world.events) == [Event(11, "eat", {"grams": 1}, 3)]


def test_events_may_enter_events_at_the_same_minute():
    world = Toy()
    world.schedule("plan", at=4)
    world.run_for(4)
    assert world.log == [(4, "bread", 1)]
    world.run_for(1)
    assert world.log[1:] == [(5, "bread", 2)]


def test_a_subclass_may_change_what_an_event_does():
    world = Hungry()
    world.schedule("eat", at=1, grams=2)
    world.run_for(1)
    assert world.log == [(1, "bread", 4)]


def test_arguments_belong_to_the_table():
    world, courses = Toy(), ["soup"]
    world.schedule("feast", at=1, every=1, courses=courses)
    courses.append("fish")
    world.run_for(2)
    assert world.log == [(1, "soup", "and a coffee"), (2, "soup", "and a coffee")]


def test_cancelling():
    world = Toy()
    recurring = world.schedule("eat", at=1, every=1, grams=1)
    once = world.schedule("eat", at=2, grams=2)
    world.events.cancel(once)
    world.run_for(1)
    with pytest.raises(ValueError, match="is not pending"):
        world.events.cancel(recurring)
    world.events.cancel(world.events[0])
    world.run_for(5)
    assert world.log == [(1, "bread", 1)]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        ({"kind": "eta", "at": 1}, ValueError, "unknown kind of event 'eta'; did you mean 'eat'"),
        ({"kind": "sleep", "at": 1}, ValueError, "there are eat, feast, plan"),
        ({"kind": "eat", "at": -1, "grams": 1}, ValueError, "'eat' at minute -1 is past"),
        ({"kind": "eat", "at": 1, "every": 0, "grams": 1}, ValueError, "at least 1 minute"),
        ({"kind": "eat", "at": 1}, TypeError, "event 'eat': missing a required argument: 'grams'"),
        ({"kind": "eat", "at": 1, "grams": 1, "gram": 1}, TypeError, "unexpected keyword argument 'gram'"),
        ({"kind": "eat", "at": 1, "grams": float("nan")}, ValueError, "an argument of 'eat' cannot be saved"),
        ({"kind": "eat", "at": 1, "grams": object()}, ValueError, "an argument of 'eat' cannot be saved"),
    ],
)
def test_what_could_not_happen_is_refused_at_once(call, error, message):
    world = Toy()
    with pytest.raises(error, match=message):
        world.schedule(call.pop("kind"), **call)
    assert len(world.events) == 0
