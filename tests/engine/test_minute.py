"""The minute: phases in their order, compiled, against the same said with NumPy."""

import numpy as np
import pytest
from bodies import differences

from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.chance import purpose, whole_share
from insulin_abm.engine.columns import column
from insulin_abm.engine.minute import Minute, parameters_of
from insulin_abm.engine.phases import Act, Adjust, Hop, See, Tell
from insulin_abm.engine.records import ParameterRecord
from insulin_abm.engine.rules import rule
from insulin_abm.engine.world import World

LEAVING = purpose("a seed leaves")


class Garden(RowAgent):
    is_single = True

    rain = column(1.5, "L", "rain", wide=True)
    flowers = column(0, "1", "flowers", whole=True)
    scent = column(0.0, "1", "scent", wide=True)
    alarm = column(0, "1", "not zero when there are too many flowers", whole=True)

    @rule
    def live_a_minute(garden, p, chance):
        """Notice when it is too much."""
        garden.alarm = 1 if garden.scent > p.too_much else 0


class Bed(RowAgent):
    lives_in = Garden

    rain = column(0.0, "L", "rain", wide=True, sees="rain")
    flowers = column(0, "1", "flowers", whole=True, adds_to="flowers")
    scent = column(0.0, "1", "scent", wide=True, adds_to="scent")
    seed = column(0, "1", "seeds", whole=True)
    east = column(0, "row", "neighbour", whole=True)
    west = column(0, "row", "neighbour", whole=True)
    north = column(0, "row", "neighbour", whole=True)
    south = column(0, "row", "neighbour", whole=True)
    seed_to_east = column(0, "1", "seeds that hop", whole=True)
    seed_to_west = column(0, "1", "seeds that hop", whole=True)
    seed_to_north = column(0, "1", "seeds that hop", whole=True)
    seed_to_south = column(0, "1", "seeds that hop", whole=True)

    @rule
    def live_a_minute(bed, p, chance):
        """Let seeds go."""
        bed.seed_to_east = whole_share(chance, LEAVING, bed.seed, p.leaving)
        bed.seed_to_north = whole_share(chance, LEAVING, bed.seed - bed.seed_to_east, p.leaving)


class Flower(RowAgent):
    lives_in = Bed

    rain = column(0.0, "L", "rain", sees="rain")
    here = column(1, "1", "one flower", whole=True, adds_to="flowers")
    scent = column(0.0, "1", "scent", adds_to="scent")

    @rule
    def live_a_minute(flower, p, chance):
        """Smell of rain."""
        flower.scent += p.growth * flower.rain


class Weed(Flower):
    """A flower that nobody planted."""


class Gardener(RowAgent):
    is_single = True

    doubling = column(1.0, "1", "what growth is multiplied by", wide=True)

    @rule
    def live_a_minute(gardener, p, chance):
        """Work ever more."""
        gardener.doubling = 2.0


class GardenWorld(World):
    def __init__(self, seed=1, threads=1, too_much=1e9):
        super().__init__(seed)
        for single in (Garden, Gardener):
            self.population(single).create(1)
        here = np.arange(6)
        self.population(Bed).create(
            6, seed=1000 * here, east=(here + 1) % 6, west=(here - 1) % 6, north=(here + 3) % 6, south=(here - 3) % 6
        )
        self.population(Flower).create(10, place=np.array([0, 5, 0, 2, 2, 2, 4, 5, 5, 0]))
        self.population(Weed).create(3, place=np.array([1, 2, 5]), scent=0.25)
        growth = {"growth": 0.5}
        self.records = {
            Garden: ParameterRecord({"too_much": too_much}),
            Bed: ParameterRecord({"leaving": 0.2}),
            Flower: ParameterRecord(growth),
            Weed: ParameterRecord(growth),
            Gardener: ParameterRecord({}),
        }
        self.minute = Minute(
            [
                Adjust("the gardener helps", Flower, (("growth", Gardener, "doubling"),)),
                See("beds see rain", Bed),
                See("flowers see rain", Flower),
                See("weeds see rain", Weed),
                Act("flowers grow", Flower),
                Act("weeds grow", Weed),
                Act("seeds go", Bed),
                Hop("seeds hop", Bed, ("seed",)),
                Tell("beds are told", Bed, (Flower, Weed)),
                Tell("the garden is told", Garden, (Bed,)),
                Act("the gardener works", Gardener),
                Act("the garden is watched", Garden),
            ],
            (Garden, "alarm"),
            self.records,
            threads,
        )

    def live(self, old, new):
        self.lived = self.minute.live(self, old, new)


def test_what_flows_down_and_up_is_what_numpy_says():
    """Places show, agents act, places are told: minute 1 with the parameter as set, then doubled by the gardener."""
    world = GardenWorld()
    flowers, weeds, beds = (world.population(cls) for cls in (Flower, Weed, Bed))
    world.run_for(3)
    growth = 0.5 * 1.5 * np.array([1.0, 2.0, 2.0]).sum()
    assert np.array_equal(flowers.columns["rain"], np.full(10, 1.5))
    assert np.allclose(flowers.columns["scent"], growth)
    assert np.allclose(weeds.columns["scent"], 0.25 + 3 * 0.75)
    scent = np.bincount(flowers.place, flowers.columns["scent"], 6) + np.bincount(
        weeds.place, weeds.columns["scent"], 6
    )
    assert np.array_equal(beds.columns["scent"], scent)
    assert beds.columns["flowers"].tolist() == [3, 1, 4, 0, 1, 4]
    garden = world.population(Garden)[0]
    assert garden.flowers == 13
    assert garden.scent == pytest.approx(scent.sum(), rel=1e-15)


def test_a_factor_multiplies_the_value_as_set_and_not_itself():
    world = GardenWorld()
    world.run_for(5)
    record = world.records[Flower]
    assert record["growth"] == 1.0
    assert record.values[1].tolist() == [0.5]
    assert world.records[Weed]["growth"] == 0.5


def test_whole_things_hop_and_none_is_lost():
    world = GardenWorld()
    beds = world.population(Bed).columns
    before = beds["seed"].copy()
    world.run_for(1)
    gone = beds["seed_to_east"] + beds["seed_to_north"]
    come = np.roll(beds["seed_to_east"], 1) + beds["seed_to_north"][(np.arange(6) - 3) % 6]
    assert gone.sum() > 0
    assert np.array_equal(beds["seed"], before - gone + come)
    world.run_for(100)
    assert beds["seed"].sum() == before.sum()
    assert beds["seed"].min() >= 0


def test_a_chunk_is_its_minutes():
    chunk, minutes = GardenWorld(), GardenWorld()
    chunk.run_for(50)
    for _ in range(50):
        minutes.run_for(1)
    assert differences(chunk, minutes) == []
    assert chunk.save() == minutes.save()


def test_phase_by_phase_is_the_minute():
    whole, parts = GardenWorld(), GardenWorld()
    whole.run_for(4)
    for minute in range(1, 5):
        for phase in parts.minute.phases:
            parts.minute.live_phase(parts, phase, minute)
    assert differences(whole, parts) == []


def test_the_alarm_ends_a_chunk_in_its_minute():
    world = GardenWorld(too_much=20.0)
    scents = []
    reference = GardenWorld()
    for _ in range(10):
        reference.run_for(1)
        scents.append(reference.population(Garden)[0].scent)
    expected = 1 + int(np.argmax(np.array(scents) > 20.0))
    assert 1 < expected < 10
    assert world.minute.live(world, 0, 10) == expected
    assert world.population(Garden)[0].scent == scents[expected - 1]


def test_rows_may_come_go_and_move_between_chunks():
    """The compiled loop is given the columns anew when they have moved."""
    world = GardenWorld()
    world.run_for(2)
    flowers = world.population(Flower)
    flowers[0].remove()
    flowers.create(1000, place=3)
    Flower(world, place=world.population(Bed)[1], scent=7.0)
    world.run_for(1)
    assert world.population(Garden)[0].flowers == 13 - 1 + 1000 + 1
    assert len(flowers) == 1010
    assert flowers.columns["scent"].max() == pytest.approx(7.0 + 1.5)


def test_a_changed_parameter_acts_without_compiling_anew():
    world = GardenWorld()
    world.run_for(1)
    world.records[Weed].values[:] = 3.0
    before = world.population(Weed).columns["scent"].copy()
    world.run_for(1)
    assert np.allclose(world.population(Weed).columns["scent"], before + 3.0 * 1.5)


def test_parameters_have_names():
    p = parameters_of(Flower, ParameterRecord({"growth": 2, "beauty": 1.0}))
    assert (p.growth, p.beauty) == (2.0, 1.0)
    assert ParameterRecord({"growth": 2, "beauty": 1.0}).names == ("beauty", "growth")


def test_a_rule_that_is_plain_python_takes_part():
    """It is called agent by agent; all else is as compiled as before."""

    class SlowFlower(Flower):
        def live_a_minute(self, p, chance):
            self.scent += p.growth * self.rain

    world = GardenWorld()
    world.population(SlowFlower).create(4, place=3)
    world.records[SlowFlower] = ParameterRecord({"growth": 0.5})
    phases = [*world.minute.phases[:4], See("slow flowers see rain", SlowFlower), Act("slow flowers grow", SlowFlower)]
    world.minute = Minute([*phases, *world.minute.phases[4:]], (Garden, "alarm"), world.records, 1)
    assert [phase.who for phase in world.minute.interpreted] == [SlowFlower]
    reference = GardenWorld()
    world.run_for(3)
    reference.run_for(3)
    assert world.population(SlowFlower).columns["scent"].tolist() == [2.25] * 4
    assert differences(reference, world) == []


def fond_of(amount):
    class Fond(Flower):
        @rule
        def live_a_minute(flower, p, chance):
            """Smell by a number from outside."""
            flower.scent += amount

    return Fond


def test_two_classes_of_one_name_and_text_are_two_classes():
    """A factory of classes: what a rule closes over differs, the text does not."""
    for amount in (1.0, 5.0):
        fond = fond_of(amount)
        world = GardenWorld()
        world.population(fond).create(1, place=0)
        world.records[fond] = ParameterRecord({})
        phases = [Act("fond flowers smell", fond), Act("the garden is watched", Garden)]
        world.minute = Minute(phases, (Garden, "alarm"), world.records, 1)
        world.run_for(1)
        assert world.population(fond)[0].scent == amount
