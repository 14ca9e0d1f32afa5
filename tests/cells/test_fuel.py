"""Fuel: what becomes of the glucose that muscle takes up, in a cell and in a person whose blood is held by hand."""

from functools import cache

import numpy as np
import pytest
from bodies import keeping, unsettled

from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.engine.phases import Act
from insulin_abm.parameters.conversions import FMOL_PER_MMOL, MINUTES_PER_DAY
from insulin_abm.scenario import Scenario

MG_PER_MMOL = 180.156
HEALTHY, TYPE2 = "ogtt_healthy", "ogtt_type2"
FATES = ("glucose_taken", "glucose_oxidised", "glucose_stored")


class Muscle:
    """Muscle cells of which only their own rule acts."""

    def __init__(self):
        self.body = keeping(unsettled({"muscle": 200}))
        phases = self.body.minute.phases
        (self.phase,) = [phase for phase in phases if isinstance(phase, Act) and phase.who is MuscleCell]
        self.columns = self.body.populations[MuscleCell].columns
        self.minute = 0

    def live(self, minutes, **medium):
        """Columns at every minute, float64 of shape (minutes, cells)."""
        self.columns["insulin_at_hand"][:] = self.columns["glucose_at_hand"][:] = 1e6
        for name, value in medium.items():
            self.columns[name][:] = value
        course = {name: [] for name in (*FATES, "glycogen")}
        for _ in range(minutes):
            self.minute += 1
            self.body.minute.live_phase(self.body, self.phase, self.minute)
            for name, values in course.items():
                values.append(np.array(self.columns[name], np.float64))
        return {name: np.array(values) for name, values in course.items()}

    def fates(self, **medium):
        """Means of what is taken up, oxidised and stored once the cells have followed the medium."""
        course = self.live(180, **medium)
        return tuple(course[name][-60:].mean() for name in FATES)


@pytest.fixture
def muscle(compiled):
    return Muscle()


def test_what_is_taken_up_is_oxidised_or_stored(muscle):
    """To the packet, in every cell and minute; and glycogen changes by what is stored less what activity uses."""
    before = np.array(muscle.columns["glycogen"])
    record = muscle.body.records[MuscleCell]
    for medium in ({"local_insulin": 0.01, "local_fatty_acid": 0.6}, {"local_insulin": 0.5, "local_fatty_acid": 0.0}):
        course = muscle.live(120, local_glucose=5.0, **medium)
        taken, oxidised, stored = (course[name] for name in FATES)
        assert (taken == oxidised + stored).all()
        assert oxidised.min() >= 0.0
        assert stored.min() >= 0.0
        earlier = np.concatenate([[before], course["glycogen"][:-1]])
        used = record["glycogen_time_share"] * earlier
        gained = record["glycogen_per_packet"] * stored
        np.testing.assert_allclose(course["glycogen"] - earlier, gained - used, rtol=0.0, atol=1e-12)
        before = course["glycogen"][-1]


def test_a_packet_of_glycogen_is_a_packet_of_glucose(muscle):
    """All cells of a kilogram store as many mmol as they take up and do not oxidise."""
    record = muscle.body.records[MuscleCell]
    glucose = record["packet"] * record["cells_per_kg"] / FMOL_PER_MMOL
    assert record["glycogen_per_packet"] * record["volume_per_mass"] == pytest.approx(glucose, rel=1e-12)


def test_glycogen_changes_nothing_else_and_goes_to_one_level(compiled):
    """What two cells have more or less of it is used as everything else of them is: over `glycogen_time`."""
    little, much = Muscle(), Muscle()
    little.columns["glycogen"][:], much.columns["glycogen"][:] = 10.0, 300.0
    medium = {"local_insulin": 0.06, "local_glucose": 5.0, "local_fatty_acid": 0.4}
    one, other = little.live(MINUTES_PER_DAY, **medium), much.live(MINUTES_PER_DAY, **medium)
    for name in FATES:
        assert (one[name] == other[name]).all()
    apart = other["glycogen"][-1] - one["glycogen"][-1]
    left = np.exp(-MINUTES_PER_DAY / little.body.records[MuscleCell]["glycogen_time"])
    np.testing.assert_allclose(apart, 290.0 * left, rtol=1e-9)


def test_fatty_acids_hold_oxidation_back(muscle):
    """Of the glucose that is still taken up a smaller share is oxidised, and none of it is lost."""
    taken, oxidised, stored = zip(
        *(muscle.fates(local_insulin=0.2, local_glucose=5.0, local_fatty_acid=level) for level in (0.1, 0.5, 1.5)),
        strict=True,
    )
    shares = np.divide(oxidised, taken)
    assert (np.diff(shares) < 0.0).all()
    assert shares[-1] < 0.5 * shares[0]
    np.testing.assert_allclose(np.add(oxidised, stored), taken, rtol=1e-12)


def test_oxidation_saturates_while_storage_goes_on_rising(muscle):
    """From one insulin to the next a smaller part of what is taken up in addition is oxidised."""
    taken, oxidised, stored = zip(
        *(
            muscle.fates(local_insulin=insulin, local_glucose=5.0, local_fatty_acid=0.1)
            for insulin in (0.03, 0.1, 0.3, 1.0, 3.0)
        ),
        strict=True,
    )
    assert (np.diff(taken) > 0.0).all()
    assert (np.diff(stored) > 0.0).all()
    of_more = np.diff(oxidised) / np.diff(taken)
    assert (np.diff(of_more) < 0.0).all()
    limit = muscle.body.records[MuscleCell]["oxidation_packets"]
    assert max(oxidised) < limit < max(stored)


@cache
def held(name, insulin, glucose=5.0, fatty_acid=None, minutes=300):
    """Oxidation of the whole body, mg/kg/min, and glycogen made by muscle, mmol/kg/min, at the end of a clamp."""
    body = Scenario.load(name, overrides={"meals": []}).body(seed=1)
    blood, muscle, columns = body.blood, body.tissue("muscle"), body.populations[MuscleCell].columns
    record = body.records[MuscleCell]
    per_kg = record["packet"] * record["cells_per_kg"] / FMOL_PER_MMOL
    rows = []
    for _ in range(minutes):
        if insulin is not None:
            blood.plasma_glucose = blood.slow_glucose = glucose
            blood.plasma_insulin = insulin
        if fatty_acid is not None:
            blood.plasma_fatty_acid = fatty_acid
        body.run_for(1)
        oxidised, stored = (per_kg * columns[fate].mean() for fate in ("glucose_oxidised", "glucose_stored"))
        rows.append((blood.organ_glucose_used + muscle.mass * oxidised, stored))
    whole, stored = np.array(rows)[-40:].mean(axis=0)
    return whole / body.person.weight_kg * MG_PER_MMOL, stored


def test_a_person_with_type_2_diabetes_stores_less_at_the_same_insulin(compiled):
    """Shulman 1990: 0.022 to 0.134 mmol/kg/min in type 2; healthy muscle stores less here than measured."""
    healthy, type2 = (held(name, 400.0, glucose=10.0, minutes=120)[1] for name in (HEALTHY, TYPE2))
    assert type2 < 0.7 * healthy
    assert 0.022 <= type2 <= 0.134


def test_largest_and_half_largest_oxidation_of_the_whole_body(compiled):
    """Diabetes 1982, 31:957: 4.0 mg/kg/min; half of the way there from fasting at 240 pmol/L."""
    fasting, largest = held(HEALTHY, None)[0], held(HEALTHY, 6792.0)[0]
    assert 3.2 <= largest <= 4.8
    low, high = (held(HEALTHY, insulin)[0] for insulin in (192.0, 288.0))
    assert low < (fasting + largest) / 2.0 < high


def test_a_lipid_infusion_halves_oxidation(compiled):
    """Dresner 1999: it falls by 50 to 60 % in five hours."""
    with_lipid, without = (held(HEALTHY, 450.0, fatty_acid=level)[0] for level in (1.75, None))
    assert 0.5 <= 1.0 - with_lipid / without <= 0.6


@pytest.mark.parametrize(("name", "least", "most"), [("healthy_day", 54.5, 81.7), ("type2_day", 54.6, 82.0)])
def test_the_muscle_glycogen_that_a_usual_day_keeps(compiled, name, least, most):
    """Macauley 2015, before breakfast; wherever the person began."""
    levels = []
    for start in ("10 mmol/L", "300 mmol/L"):
        body = Scenario.load(name, overrides={"start.muscle_glycogen": start}).body(seed=1)
        assert body.settling["settled"]
        body.run_for(7 * 60)
        levels.append(body.populations[MuscleCell].columns["glycogen"].mean())
    assert levels[1] == pytest.approx(levels[0], rel=0.001)
    assert least <= levels[0] <= most
