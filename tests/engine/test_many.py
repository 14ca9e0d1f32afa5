"""A million agents: they come and go, their rows are used again, and their ids are not."""

import numpy as np
import pytest

from insulin_abm.engine.agents import RemovedAgentError, RowAgent
from insulin_abm.engine.columns import column
from insulin_abm.engine.world import World

MANY, PLACES = 1_000_000, 100_000


class Spot(RowAgent):
    pass


class Mote(RowAgent):
    lives_in = Spot

    mark = column(0, "1", "a number of its own", whole=True)


@pytest.fixture(scope="module")
def crowd():
    world = World(seed=1)
    world.population(Spot).create(PLACES)
    motes = world.population(Mote)
    motes.create(MANY, place=np.arange(MANY) % PLACES, mark=np.arange(MANY))
    return world


def memory(population):
    return sum(array.nbytes for array in population._arrays.values()) + population._ids.nbytes


def test_they_come_and_go_and_rows_are_used_again(crowd):
    """Ten times a tenth dies and as many are born."""
    motes = crowd.population(Mote)
    random = np.random.default_rng(7)
    known = motes.agent(123)
    was = known.unique_id, known.mark
    seen, room = [motes.ids.copy()], memory(motes)
    for generation in range(10):
        going = random.random(MANY) < 0.1
        going[known.row] = False
        marks = dict(zip(motes.ids[~going][:1000].tolist(), motes.columns["mark"][~going][:1000].tolist(), strict=True))
        motes.remove_rows(going)
        newborn = int(going.sum())
        motes.create(newborn, place=random.integers(0, PLACES, newborn), mark=-1 - generation)
        assert len(motes) == MANY
        row_of = dict(zip(motes.ids.tolist(), range(MANY), strict=True))
        assert all(motes.columns["mark"][row_of[one]] == mark for one, mark in marks.items())
        seen.append(motes.ids[motes.columns["mark"] == -1 - generation].copy())
    every = np.concatenate(seen)
    assert len(np.unique(every)) == len(every), "an id was used twice"
    assert memory(motes) <= 2 * room
    assert (known.unique_id, known.mark) == was
    assert motes.runs()[-1, 1] == MANY
    assert np.all(np.diff(np.asarray(motes.place)) >= 0)


def test_an_agent_of_many_that_were_removed_is_gone(crowd):
    motes = crowd.population(Mote)
    agent = motes.agent(5)
    motes.remove_rows([5, 6, 7])
    assert len(motes) == MANY - 3
    assert agent not in motes
    with pytest.raises(RemovedAgentError):
        _ = agent.mark
    motes.create(3)


def test_places_in_which_somebody_lives_stay(crowd):
    spots = crowd.population(Spot)
    with pytest.raises(ValueError, match=r"Spot cannot be removed while \d+ of Mote live in them"):
        spots.remove_rows([0])
    assert len(spots) == PLACES


def test_two_of_them_live_side_by_side(crowd):
    """What happens in one model does not happen in its copy."""
    twin = crowd.fork()
    twin.population(Mote).remove_rows(slice(0, MANY // 2))
    assert len(twin.population(Mote)) == MANY - MANY // 2
    assert len(crowd.population(Mote)) == MANY
    assert twin.population(Mote).agent(0) is not crowd.population(Mote).agent(0)
