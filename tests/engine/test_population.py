"""Rows come, move and go; ids, objects and order stay what they should be."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insulin_abm.engine.agents import RemovedAgentError, RowAgent
from insulin_abm.engine.columns import column
from insulin_abm.engine.crowding import least_crowded
from insulin_abm.engine.table import IDS_PER_CLASS
from insulin_abm.engine.world import World


class Patch(RowAgent):
    particles = column(0, "1", "whole particles here", whole=True)


class Cell(RowAgent):
    lives_in = Patch
    energy = column(1.5, "1", "a number that changes quickly")
    store = column(2.0, "1", "a number that changes slowly", wide=True)
    balance = column(3, "1", "whole things", whole=True, wide=True)


class Pair(RowAgent):
    abreast = 2


class Twin(Cell):
    lives_in = Pair


class BigCell(Cell):
    extra = column(0.0, "1", "a number of its own")


@pytest.fixture
def world():
    made = World(seed=1)
    made.population(Patch).create(3)
    return made


@pytest.fixture
def cells(world):
    made = world.population(Cell)
    made.create(7, place=[2, 0, 1, 0, 2, 2, 0], energy=np.arange(7.0))
    return made


def indices(population):
    """The running numbers within the class, which start at 1."""
    return (population.ids % IDS_PER_CLASS).tolist()


def test_columns_start_with_defaults_and_keep_their_types(world):
    cells = world.population(Cell)
    cells.create(4, place=0, store=[1.0, 2.0, 3.0, 4.0])
    assert {name: array.dtype for name, array in cells.columns.items()} == {
        "energy": np.float32,
        "store": np.float64,
        "balance": np.int64,
    }
    assert cells.columns["energy"].tolist() == [1.5] * 4
    assert cells.columns["store"].tolist() == [1.0, 2.0, 3.0, 4.0]
    assert all(array.flags.c_contiguous and len(array) == 4 for array in cells.columns.values())


def test_subclasses_inherit_columns_and_have_their_own_population(world, cells):
    assert list(BigCell.columns) == ["energy", "store", "balance", "extra"]
    BigCell(world)
    assert (cells.size, world.population(BigCell).size) == (7, 1)
    assert cells.agent_class is Cell


def test_rows_are_sorted_by_place_and_stable(cells):
    assert cells.place.tolist() == [0, 0, 0, 1, 2, 2, 2]
    assert cells.columns["energy"].tolist() == [1, 3, 6, 2, 0, 4, 5]
    assert indices(cells) == [2, 4, 7, 3, 1, 5, 6]
    assert cells.runs().tolist() == [[0, 3, 0], [3, 4, 1], [4, 7, 2]]


def test_there_is_a_run_for_every_place_with_agents(world):
    cells = world.population(Cell)
    assert cells.runs().shape == (0, 3)
    cells.create(2, place=1)
    assert cells.runs().tolist() == [[0, 2, 1]]
    cells.create(3, place=0)
    assert cells.runs().tolist() == [[0, 3, 0], [3, 5, 1]]
    with pytest.raises(TypeError, match="Patch lives in no place"):
        world.population(Patch).runs()


def test_an_attribute_is_its_row_and_a_python_number(cells):
    cell = cells.agent(3)
    assert (cell.energy, type(cell.energy), type(cell.balance)) == (2.0, float, int)
    cell.energy = 0.1
    assert cells.columns["energy"][3] == np.float32(0.1)
    cells.columns["store"][3] = 9.0
    assert cell.store == 9.0


def test_an_agent_stays_the_same_object_while_rows_move(world, cells):
    cell = cells.agent(5)
    known = cell.unique_id, cell.energy
    cells.agent(0).remove()
    Cell(world, place=0)
    BigCell(world)
    assert cells.agent(5) is cell
    cells.agent(1).remove()
    assert cells.agent(4) is cell
    assert (cell.unique_id, cell.energy) == known
    assert cell.row == 4
    assert all(agent.unique_id == cells.ids[agent.row] for agent in cells)


def test_ids_are_never_reused_and_do_not_depend_on_other_classes(world, cells):
    before = cells.ids.tolist()
    for cell in cells.to_list():
        cell.remove()
    other = World(seed=1)
    other.population(Patch).create(1)
    other.population(BigCell).create(5)
    other.population(Cell).create(9)
    new = Cell(world)
    assert new.unique_id == max(before) + 1
    assert new.unique_id in other.population(Cell).ids
    assert not set(world.population(Patch).ids) & set(before)


def test_a_newborn_goes_to_the_least_crowded_place(world, cells):
    assert Cell(world).place.row == 1
    assert Cell(world).place.row == 1
    cells.create(3)
    assert cells.runs().tolist() == [[0, 4, 0], [4, 8, 1], [8, 12, 2]]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=6), st.integers(0, 20))
def test_least_crowded_is_one_by_one(crowding, n):
    living, expected = list(crowding), []
    for _ in range(n):
        expected.append(living.index(min(living)))
        living[expected[-1]] += 1
    assert least_crowded(np.array(crowding), n).tolist() == expected


def test_the_place_is_an_agent_and_can_be_changed(world, cells):
    patches = world.population(Patch)
    cell = cells.agent(0)
    assert cell.place is patches.agent(0)
    assert patches.agent(0).place is None
    assert patches.place is None
    cell.place = patches.agent(2)
    assert cells.runs().tolist() == [[0, 2, 0], [2, 3, 1], [3, 7, 2]]
    assert (cell.place, cell.energy) == (patches.agent(2), 1.0)


def test_cells_follow_their_place_when_places_go(world, cells):
    patches = world.population(Patch)
    first, last = patches.agent(0), patches.agent(2)
    with pytest.raises(ValueError, match="cannot be removed while 3 of Cell live in it"):
        first.remove()
    for cell in cells.select(cells.place == 0):
        cell.remove()
    first.remove()
    assert last.row == 1
    assert cells.runs().tolist() == [[0, 1, 0], [1, 4, 1]]
    assert cells.agent(3).place is last


def test_version_grows_when_rows_change_and_not_otherwise(world, cells):
    seen = [cells.version]
    changes = [
        lambda: Cell(world),
        lambda: cells.agent(0).remove(),
        lambda: setattr(cells.agent(0), "place", 2),
        lambda: cells.create(2),
        lambda: world.population(Patch).create(1),
    ]
    for change in changes:
        change()
        seen.append(cells.version)
    assert all(after > before for before, after in pairwise(seen))
    cells.set("energy", 1.0)
    assert cells.agent(0).energy == cells.columns["energy"][0] == 1.0
    assert cells.version == seen[-1]


@pytest.mark.parametrize("action", ["read", "write", "row", "place", "move"])
def test_a_removed_agent_says_so(cells, action):
    cell = cells.agent(0)
    cell.remove()
    cell.remove()
    actions = {
        "read": lambda: cell.energy,
        "write": lambda: setattr(cell, "energy", 1.0),
        "row": lambda: cell.row,
        "place": lambda: cell.place,
        "move": lambda: setattr(cell, "place", 0),
    }
    with pytest.raises(RemovedAgentError, match=f"Cell {cell.unique_id} was removed"):
        actions[action]()
    assert repr(cell) == f"<Cell {cell.unique_id}, removed>"
    assert cell not in cells


def test_whole_columns_refuse_fractions(world, cells):
    cells.agent(0).balance = 4.0
    assert cells.agent(0).balance == 4
    for attempt in (
        lambda: setattr(cells.agent(0), "balance", 0.5),
        lambda: cells.set("balance", 0.5),
        lambda: Cell(world, balance=0.5),
    ):
        with pytest.raises(ValueError, match=r"Cell\.balance counts whole things"):
            attempt()


def test_wrong_state_and_places_are_refused(world, cells):
    with pytest.raises(TypeError, match="no column 'enrgy'; did you mean 'energy'"):
        Cell(world, enrgy=1.0)
    with pytest.raises(ValueError, match=r"Cell.energy needs one number or 2"):
        cells.create(2, energy=[1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="0 to 2; give one or 2"):
        cells.create(2, place=[0, 3])
    with pytest.raises(ValueError, match="lives in a Patch of the same model"):
        Cell(world, place=cells.agent(0))
    with pytest.raises(TypeError, match="Patch lives in no place"):
        Patch(world, place=0)
    with pytest.raises(ValueError, match="lives in a Patch, and there is none yet"):
        Cell(World(seed=1))
    with pytest.raises(ValueError, match="cannot create -1"):
        cells.create(-1)
    with pytest.raises(IndexError, match="no row 7"):
        cells.agent(7)
    assert cells.size == 7


def test_wrong_classes_are_refused(world):
    with pytest.raises(TypeError, match="hides the column 'energy'"):
        type("Hiding", (Cell,), {"energy": 3.0})
    with pytest.raises(TypeError, match="every agent has a 'step' already"):
        type("Stepping", (RowAgent,), {"step": column(0, "1", "not a good name")})
    world.population(Cell)
    with pytest.raises(TypeError, match="another class 'Cell'"):
        world.population(type("Cell", (RowAgent,), {}))
    with pytest.raises(TypeError, match="a class of RowAgent"):
        world.population(int)


ACTIONS = st.one_of(
    st.tuples(st.just("create"), st.integers(1, 4)),
    st.tuples(st.just("remove"), st.integers(0, 50)),
    st.tuples(st.just("move"), st.integers(0, 50)),
    st.tuples(st.just("look"), st.just(0)),
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([Cell, Twin]), st.lists(ACTIONS, max_size=30))
def test_rows_equal_a_plain_list_of_records_whoever_looks_when(agent_class, actions):
    world = World(seed=1)
    world.population(agent_class.lives_in).create(3)
    cells = world.population(agent_class)
    records, agents = {}, {}
    for number, (action, value) in enumerate(actions):
        if action == "create":
            place = np.arange(value) % 3
            cells.create(value, place=place, energy=number)
            for position in range(value):
                records[cells.next_index - value + position] = [int(place[position]), float(number)]
        elif action == "look":
            agents.update({agent.unique_id % IDS_PER_CLASS: agent for agent in cells})
        elif records:
            index = sorted(records)[value % len(records)]
            agent = agents.get(index) or next(cell for cell in cells if cell.unique_id % IDS_PER_CLASS == index)
            if action == "remove":
                agent.remove()
                agents.pop(index, None)
                del records[index]
            else:
                records[index][0] = value % 3
                agent.place = value % 3
    ordered = sorted((place, index, energy) for index, (place, energy) in records.items())
    numbers = [sum(other[0] == one[0] for other in ordered[:k]) for k, one in enumerate(ordered)]
    together = agent_class.lives_in.abreast
    standing = [
        (one[0] // together, number if together > 1 else 0, one) for one, number in zip(ordered, numbers, strict=True)
    ]
    expected = [one for *_, one in sorted(standing)]
    assert list(zip(cells.place.tolist(), indices(cells), cells.get("energy"), strict=True)) == expected
    assert all(agent.energy == records[index][1] and agent in cells for index, agent in agents.items())
