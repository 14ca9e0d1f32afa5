"""Receptors: what a cell with whole receptors and minute steps does, against the equations of docs/physiology.md."""

import numpy as np
import pytest
from bodies import keeping, unsettled
from scipy.integrate import solve_ivp

from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.engine.phases import Act
from insulin_abm.making import CELL_CLASSES

ASSOCIATION, DISSOCIATION, TAKEN_IN, FREE_TAKEN_IN, RETURNED, DEGRADED = 0.06, 0.05, 0.085, 0.018, 0.162, 0.01155
RECEPTORS = 1.7e4
NO_TURN_DOWN = {"receptor.turn_down_share": "0"}
CELLS = 200
DAY = 1440


def rates(insulin):
    """The rate equations, for the average cell without turn-down: free, bound, internal receptors."""
    made = RECEPTORS * DEGRADED * FREE_TAKEN_IN / (RETURNED + DEGRADED + FREE_TAKEN_IN)

    def change(_, state):
        free, bound, inside = state
        return [
            made - ASSOCIATION * insulin * free + DISSOCIATION * bound - FREE_TAKEN_IN * free + RETURNED * inside,
            ASSOCIATION * insulin * free - (DISSOCIATION + TAKEN_IN) * bound,
            TAKEN_IN * bound + FREE_TAKEN_IN * free - (RETURNED + DEGRADED) * inside,
        ]

    return change


def equilibrium(insulin):
    """Where the rate equations come to rest."""
    matrix = np.array([np.subtract(rates(insulin)(0, unit), rates(insulin)(0, np.zeros(3))) for unit in np.eye(3)]).T
    return np.linalg.solve(matrix, -np.array(rates(insulin)(0, np.zeros(3))))


def make(overrides):
    body = keeping(unsettled({"muscle": CELLS, "fat": 2, "liver": 2, "beta": 2, "alpha": 2}, overrides=overrides))
    (phase,) = [phase for phase in body.minute.phases if isinstance(phase, Act) and phase.who is MuscleCell]
    return body, phase, body.populations[MuscleCell].columns


def see(columns, insulin):
    """As much insulin as can be bound, at a constant concentration."""
    columns["local_insulin"][:] = insulin
    columns["insulin_at_hand"][:] = 1e9


def means(columns):
    names = ("surface_receptors", "bound_receptors", "internal_receptors")
    return np.array([columns[name].mean(dtype=np.float64) for name in names])


@pytest.mark.parametrize("insulin", [0.03, 0.3, 1.0, 3.0, 17.0])
def test_receptors_come_to_rest_where_the_rate_equations_do(compiled, insulin):
    """Mean of 200 cells over the sixth day at constant insulin (nmol/L), from usual to what is used in dishes.

    The sum and the bound ones are within 1.5 % of theirs, each state within 1.5 % of all receptors.
    """
    body, phase, columns = make(NO_TURN_DOWN)
    see(columns, insulin)
    found = np.zeros(3)
    for minute in range(1, 6 * DAY + 1):
        body.minute.live_phase(body, phase, minute)
        if minute > 5 * DAY:
            found += means(columns) / DAY
    expected = equilibrium(insulin)
    assert found.sum() == pytest.approx(expected.sum(), rel=0.015)
    assert found[1] == pytest.approx(expected[1], rel=0.015)
    assert np.abs(found - expected).max() < 0.015 * expected.sum()


@pytest.mark.parametrize("insulin", [0.1, 1.0, 17.0])
def test_receptors_follow_a_step_as_the_rate_equations_do(compiled, insulin):
    """From rest without insulin: after 30 min, 2, 6 and 24 hours each state within 3 % of all receptors."""
    body, phase, columns = make(NO_TURN_DOWN)
    start = means(columns)
    see(columns, insulin)
    moments = [30, 120, 360, 1440]
    solution = solve_ivp(rates(insulin), (0, DAY), start, t_eval=moments, rtol=1e-8, method="LSODA")
    for minute in range(1, DAY + 1):
        body.minute.live_phase(body, phase, minute)
        if minute in moments:
            expected = solution.y[:, moments.index(minute)]
            assert np.abs(means(columns) - expected).max() < 0.03 * start.sum(), f"{minute} min"


def test_a_third_of_the_receptors_goes_inside_under_much_insulin(compiled):
    """17 nmol/L: the share inside goes from 9 to about 31 % (Marshall 1985)."""
    body, phase, columns = make(NO_TURN_DOWN)
    before = means(columns)
    see(columns, 17.0)
    for minute in range(1, 21):
        body.minute.live_phase(body, phase, minute)
    after = means(columns)
    assert before[2] / before.sum() == pytest.approx(0.094, abs=0.01)
    assert after[2] / after.sum() == pytest.approx(0.31, abs=0.02)


def test_a_lasting_signal_turns_production_down(compiled):
    """With the turn-down a cell loses more receptors, and without insulin it gets all of them back."""
    left = {}
    for name, overrides in (("with", {}), ("without", NO_TURN_DOWN)):
        body, phase, columns = make(overrides)
        see(columns, 0.2)
        for minute in range(1, 4 * DAY):
            body.minute.live_phase(body, phase, minute)
        left[name] = means(columns).sum()
        if name == "with":
            see(columns, 0.0)
            for minute in range(4 * DAY, 14 * DAY):
                body.minute.live_phase(body, phase, minute)
            assert means(columns).sum() == pytest.approx(RECEPTORS, rel=0.03)
    assert left["with"] < 0.75 * left["without"]
    assert left["without"] < 0.97 * RECEPTORS


def test_a_cell_binds_no_more_than_there_is(compiled):
    body, phase, columns = make({})
    see(columns, 5.0)
    columns["insulin_at_hand"][:] = 3.0
    bound = []
    for minute in range(1, 60):
        body.minute.live_phase(body, phase, minute)
        bound.append(columns["insulin_bound"] - columns["insulin_set_free"])
    assert np.max(bound) <= 3.0


@pytest.mark.parametrize("kind", CELL_CLASSES)
def test_no_two_cells_are_alike_and_the_average_is_the_average(compiled, kind):
    """Numbers of receptors and sensitivities: all different, with the spread that the parameters say, mean 1."""
    cls = CELL_CLASSES[kind]
    body = keeping(unsettled(dict.fromkeys(CELL_CLASSES, 400)))
    spreads = body.parameters.site("receptor")
    for column, spread in (("receptor_scale", "number_spread"), ("insulin_sensitivity", "sensitivity_spread")):
        values = body.populations[cls].columns[column].astype(np.float64)
        assert len(set(values.tolist())) == 400
        assert values.mean() == pytest.approx(1.0, rel=1e-5)
        assert values.std() == pytest.approx(spreads[spread], rel=0.1)
        assert values.min() > 0.0
    scale, sensitivity = (body.populations[cls].columns[name] for name in ("receptor_scale", "insulin_sensitivity"))
    assert abs(np.corrcoef(scale, sensitivity)[0, 1]) < 0.25


def test_counts_stay_whole_and_never_below_nothing(compiled):
    """Two days of insulin that jumps between nothing and a thousand times what is usual."""
    body, phase, columns = make({})
    random = np.random.default_rng(3)
    for minute in range(1, 2 * DAY):
        columns["local_insulin"][:] = random.choice([0.0, 0.03, 1.0, 30.0], CELLS)
        columns["insulin_at_hand"][:] = random.integers(0, 500, CELLS)
        body.minute.live_phase(body, phase, minute)
        if minute % 60 == 0:
            for name in ("surface_receptors", "bound_receptors", "internal_receptors", "insulin_bound"):
                assert columns[name].min() >= 0.0
                assert np.array_equal(columns[name], np.floor(columns[name]))
