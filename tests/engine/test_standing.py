"""Agents of many places stand abreast: in the order that the words say, and every one is in one run."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from insulin_abm.engine.blocks import cut
from insulin_abm.engine.standing import in_order, runs, stands

PARENTS = st.lists(st.integers(0, 2), min_size=1, max_size=12).map(sorted)


@st.composite
def crowds(draw):
    """Places in up to three parents, how many stand abreast, and who lives where under which id."""
    parents = draw(PARENTS)
    places = draw(st.lists(st.integers(0, len(parents) - 1), max_size=40))
    ids = draw(st.permutations(range(len(places))))
    return np.array(parents), draw(st.integers(1, 5)), np.array(places, np.int32), np.array(ids, np.int64)


def stand_of(place, parents, abreast):
    """The first place of the stand of a place, said without arrays."""
    first = parents.tolist().index(parents[place])
    return place - (place - first) % abreast


@given(crowds())
def test_agents_stand_by_their_number_in_the_place(crowd):
    parents, abreast, place, ids = crowd
    stand = stands(parents, abreast)
    order = in_order(ids, place, stand).tolist()

    def where(agent):
        number = sum(1 for other in range(len(ids)) if place[other] == place[agent] and ids[other] < ids[agent])
        return stand_of(place[agent], parents, abreast), number if abreast > 1 else 0, place[agent], ids[agent]

    assert order == sorted(range(len(ids)), key=where)


@given(crowds())
def test_every_agent_is_in_one_run_which_says_where_it_lives(crowd):
    parents, abreast, place, ids = crowd
    stand = stands(parents, abreast)
    place = place[in_order(ids, place, stand)]
    found = runs(place, stand, abreast).tolist()
    said = [first + (row - begin if abreast > 1 else 0) for begin, end, first in found for row in range(begin, end)]
    assert said == place.tolist()
    assert [begin for begin, _, _ in found] == [0, *(end for _, end, _ in found)][: len(found)]


@given(PARENTS, st.integers(1, 5))
def test_no_block_parts_those_who_stand_abreast(parents, abreast):
    parents = np.array(parents)
    edges = cut(np.full(len(parents), 700), parents, abreast)
    assert set(edges[:-1].tolist()) <= set(stands(parents, abreast).tolist())
    assert set(np.flatnonzero(np.diff(parents, prepend=-1)).tolist()) <= set(edges.tolist())
