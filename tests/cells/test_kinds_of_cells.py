"""Cells: what muscle, fat, liver, beta and alpha cells do with glucose and insulin of their own."""

import numpy as np
import pytest
from bodies import keeping, unsettled

from insulin_abm.cells.fat import FatCell
from insulin_abm.cells.islet import AlphaCell, BetaCell
from insulin_abm.cells.liver import LiverCell
from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.engine.phases import Act

NUMBER = 200
LITTLE, USUAL, MUCH = 0.002, 0.03, 0.6


@pytest.fixture
def dish(compiled):
    """Cells in a constant medium: columns are set by hand, only their own rule acts."""
    body = keeping(unsettled(dict.fromkeys(("muscle", "fat", "liver", "beta", "alpha"), NUMBER)))

    def live(cls, minutes, measure, **medium):
        (phase,) = [phase for phase in body.minute.phases if isinstance(phase, Act) and phase.who is cls]
        columns = body.populations[cls].columns
        columns["insulin_at_hand"][:] = columns["glucose_at_hand"][:] = 1e6
        for name, value in medium.items():
            columns[name][:] = value
        course = []
        for minute in range(1, minutes + 1):
            body.minute.live_phase(body, phase, minute)
            course.append(columns[measure].mean(dtype=np.float64))
        return np.array(course)

    live.body = body
    return live


@pytest.mark.parametrize("cls", [MuscleCell, FatCell])
def test_insulin_opens_the_cell_to_glucose_within_half_an_hour(dish, cls):
    resting = dish(cls, 180, "glucose_taken", local_insulin=LITTLE, local_glucose=5.0)[-60:].mean()
    course = dish(cls, 180, "glucose_taken", local_insulin=MUCH, local_glucose=5.0)
    full = course[-60:].mean()
    assert full > 2.0 * resting
    assert 2 < np.argmax(course > resting + 0.5 * (full - resting)) < 60
    back = dish(cls, 360, "glucose_taken", local_insulin=LITTLE, local_glucose=5.0)
    assert back[-60:].mean() < 1.3 * resting


@pytest.mark.parametrize("cls", [MuscleCell, FatCell])
def test_uptake_saturates_with_glucose(dish, cls):
    uptakes = [
        dish(cls, 90, "glucose_taken", local_insulin=0.1, local_glucose=glucose)[-60:].mean()
        for glucose in (2.5, 5.0, 10.0, 20.0, 40.0)
    ]
    gains = np.diff(uptakes)
    assert (gains > 0.0).all()
    assert uptakes[1] / uptakes[0] < 2.0
    assert uptakes[-1] / uptakes[-2] < 1.4


def test_a_deaf_cell_takes_glucose_without_hearing_insulin(dish):
    """Sensitivity 0: bound receptors send nothing on; only what needs no insulin is left."""
    hearing = dish(MuscleCell, 120, "glucose_taken", local_insulin=MUCH, local_glucose=5.0)[-60:].mean()
    deaf = dish(MuscleCell, 240, "glucose_taken", local_insulin=MUCH, insulin_sensitivity=0.0)[-60:].mean()
    assert deaf < 0.3 * hearing
    assert dish.body.populations[MuscleCell].columns["bound_receptors"].mean() > 0


def test_a_cell_takes_no_more_glucose_than_is_there(dish):
    for cls in (MuscleCell, FatCell, LiverCell, BetaCell, AlphaCell):
        dish(cls, 30, "glucose_taken", local_insulin=MUCH, local_glucose=15.0)
        columns = dish.body.populations[cls].columns
        columns["glucose_at_hand"][:] = 2.0
        (phase,) = [phase for phase in dish.body.minute.phases if isinstance(phase, Act) and phase.who is cls]
        for minute in range(31, 60):
            dish.body.minute.live_phase(dish.body, phase, minute)
            assert columns["glucose_taken"].max() <= 2.0


def test_fat_breaks_down_lipid_without_insulin(dish):
    """Insulin of a fed person holds it back by more than two thirds; half effect is near fasting insulin."""
    free = dish(FatCell, 240, "fatty_acid_released", local_insulin=0.0, lipolysis_size=1.0)[-60:].mean()
    usual = dish(FatCell, 240, "fatty_acid_released", local_insulin=USUAL)[-60:].mean()
    held = dish(FatCell, 240, "fatty_acid_released", local_insulin=MUCH)[-60:].mean()
    assert held < free / 3.0
    assert held < usual < free
    glucagon = dish(FatCell, 300, "fatty_acid_released", local_insulin=0.0, local_glucagon=2.5)[-60:].mean()
    assert glucagon > free


def test_the_liver_makes_glucose_and_stops_under_insulin(dish):
    resting = dish(LiverCell, 180, "glucose_released", local_insulin=USUAL, local_glucose=5.0, glycogen=250.0)[-60:]
    without = dish(LiverCell, 180, "glucose_released", local_insulin=0.0, local_glucose=5.0, glycogen=250.0)[-60:]
    stopped = dish(LiverCell, 180, "glucose_released", local_insulin=0.5, local_glucose=8.0, glycogen=250.0)[-60:]
    assert stopped.mean() < 0.2 * resting.mean()
    assert without.mean() > resting.mean()


def test_glycogen_fills_under_insulin_and_glucose_and_never_above_its_ceiling(dish):
    ceiling = dish.body.parameters.site("liver")["glycogen_ceiling"]
    filling = dish(LiverCell, 600, "glycogen", local_insulin=0.5, local_glucose=10.0, glycogen=200.0)
    assert filling[-1] > 230.0
    full = dish(LiverCell, 4000, "glycogen", local_insulin=2.0, local_glucose=20.0, glycogen=ceiling - 5.0)
    assert dish.body.populations[LiverCell].columns["glycogen"].max() <= 1.01 * ceiling
    assert full[-1] <= ceiling
    emptying = dish(LiverCell, 4000, "glycogen", local_insulin=0.0, local_glucose=4.0, local_glucagon=2.5)
    assert emptying[-1] < 0.3 * ceiling
    assert dish.body.populations[LiverCell].columns["glycogen"].min() >= 0.0


def test_glucagon_and_fatty_acids_raise_what_the_liver_makes(dish):
    medium = {"local_insulin": USUAL, "local_glucose": 5.0, "glycogen": 250.0}
    usual = dish(LiverCell, 120, "glucose_released", **medium)[-60:].mean()
    glucagon = dish(LiverCell, 120, "glucose_released", **medium, local_glucagon=2.0)[-60:].mean()
    fatty = dish(LiverCell, 120, "glucose_released", **medium, local_glucagon=1.13, local_fatty_acid=1.0)[-60:].mean()
    assert glucagon > 1.1 * usual
    assert fatty > 1.1 * usual


def test_the_average_of_thresholds_is_a_sigmoid(dish):
    """Beta cells fire one after the other as glucose rises, within an hour: before high glucose harms them."""
    secreted = [
        dish(BetaCell, 60, "insulin_secreted", local_glucose=glucose, secretory_capacity=1.0, mean_glucose=5.0)[
            -20:
        ].mean()
        for glucose in (3.0, 5.0, 7.0, 9.0, 12.0, 20.0, 30.0)
    ]
    assert (np.diff(secreted) > -0.02 * secreted[-1]).all()
    assert secreted[0] < 0.15 * secreted[-1]
    thresholds = dish.body.populations[BetaCell].columns["firing_threshold"]
    site = dish.body.parameters.site("beta")
    assert thresholds.mean() == pytest.approx(site["threshold_mean"], rel=0.01)
    assert thresholds.std() == pytest.approx(site["threshold_spread"], rel=0.05)
    assert len(set(thresholds.tolist())) == NUMBER


def test_a_step_of_glucose_gives_a_first_and_a_second_phase(dish):
    dish(BetaCell, 600, "insulin_secreted", local_glucose=4.0)
    course = dish(BetaCell, 120, "insulin_secreted", local_glucose=12.0)
    first = course[:10].max()
    trough = course[10:40].min()
    second = course[-20:].mean()
    assert first > 1.5 * trough
    assert second > 1.1 * trough


def test_glucose_that_stays_high_raises_the_capacity_over_days(dish):
    before = dish(BetaCell, 60, "secretory_capacity", local_glucose=5.5)[-1]
    after = dish(BetaCell, 8 * 1440, "secretory_capacity", local_glucose=7.0)
    assert after[1440] > before
    assert 1.05 < after[-1] <= dish.body.parameters.site("beta")["adaptation_ceiling"]


def test_incretins_raise_secretion(dish):
    plain = dish(BetaCell, 240, "insulin_secreted", local_glucose=8.0)[-60:].mean()
    helped = dish(BetaCell, 240, "insulin_secreted", local_glucose=8.0, local_incretin=0.6)[-60:].mean()
    assert 1.2 < helped / plain < 2.2


def test_alpha_cells_answer_low_glucose_high_glucose_and_silent_neighbours(dish):
    usual = dish(AlphaCell, 5, "glucagon_secreted", local_glucose=5.0, neighbour_secretion=1e6)[-1]
    low = dish(AlphaCell, 5, "glucagon_secreted", local_glucose=2.5, neighbour_secretion=1e6)[-1]
    high = dish(AlphaCell, 5, "glucagon_secreted", local_glucose=12.0, neighbour_secretion=1e6)[-1]
    silent = dish(AlphaCell, 5, "glucagon_secreted", local_glucose=12.0, neighbour_secretion=0.0)[-1]
    assert low > 1.5 * usual
    assert 0.0 < high < usual
    assert silent > 1.2 * high


def test_insulin_around_beta_cells_holds_their_secretion_back(dish):
    """By a third to two thirds in the insulin of a clamp, never wholly (Elahi 1982)."""
    alone = dish(BetaCell, 240, "insulin_secreted", local_insulin=0.0, local_glucose=8.0)[-60:].mean()
    clamped = dish(BetaCell, 240, "insulin_secreted", local_insulin=0.6, local_glucose=8.0)[-60:].mean()
    assert 0.33 * alone < clamped < 0.67 * alone


def test_somatostatin_holds_islets_back(dish):
    """A full dose takes all but a twentieth of insulin and two fifths of glucagon; half a dose half of that."""
    for cls, column, held in ((BetaCell, "insulin_secreted", 0.95), (AlphaCell, "glucagon_secreted", 0.4)):
        sees = {"local_glucose": 8.0, "local_insulin": 0.1}
        free, half, full = (
            dish(cls, 120, column, local_somatostatin=dose, **sees)[-30:].mean() for dose in (0.0, 0.5, 1.0)
        )
        # within what the ready pool of beta cells still drifts by
        assert full == pytest.approx((1.0 - held) * free, rel=0.06)
        assert half == pytest.approx((1.0 - held / 2.0) * free, rel=0.06)
