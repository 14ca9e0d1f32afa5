"""Fuel: what becomes of the glucose that muscle takes up, in a cell and in a person."""

import numpy as np
import pytest
from bodies import keeping, unsettled

from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.engine.phases import Act
from insulin_abm.parameters.conversions import FMOL_PER_MMOL, MINUTES_PER_DAY
from insulin_abm.scenario import Scenario
from insulin_abm.validation.muscle import glycogen_synthesis
from insulin_abm.validation.ward import Ward

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


def test_a_person_with_type_2_diabetes_stores_less_at_the_same_insulin(compiled):
    """Shulman 1990; the published numbers are on the scoreboard (L5)."""
    ward = Ward(seed=1)
    healthy, type2 = (glycogen_synthesis(who)(ward) for who in ("healthy", "t2d_lean"))
    assert 0.0 < type2 < 0.7 * healthy


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
