"""Receptors in balance: what is made is degraded, what is taken in returns, what binds leaves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insulin_abm.cells.balance import occupancy_in_balance, occupied_endocytosis_rate, receptors_in_balance
from insulin_abm.cells.fat import FatCell
from insulin_abm.parameters import Registry
from insulin_abm.person import Person

RECORD = FatCell.record(Registry.load(), Person())
NMOL = 1000.0


@settings(deadline=None)
@given(st.floats(0.0, 1e6), st.floats(0.05, 20.0))
def test_every_flow_is_balanced(insulin, scale):
    """For any insulin (pmol/L) and any number of receptors of a cell."""
    made = np.array([scale * RECORD["lean_production"]])
    occupancy = occupancy_in_balance(RECORD, made, insulin)
    there = receptors_in_balance(RECORD, made, occupancy)
    binding = RECORD["association_rate"] * insulin / NMOL * there.free
    leaving = (RECORD["dissociation_rate"] + occupied_endocytosis_rate(RECORD)) * there.bound
    assert binding == pytest.approx(leaving, rel=1e-9, abs=1e-9)
    taken_in = occupied_endocytosis_rate(RECORD) * there.bound + RECORD["free_endocytosis_rate"] * there.free
    back = (RECORD["recycling_rate"] + RECORD["degradation_rate"]) * there.internal
    assert taken_in == pytest.approx(back, rel=1e-9)
    turned_down = RECORD["turn_down_share"] * occupancy / (occupancy + RECORD["turn_down_half_occupancy"])
    assert made * (1.0 - turned_down) == pytest.approx(RECORD["degradation_rate"] * there.internal, rel=1e-12)


@settings(deadline=None)
@given(st.floats(0.0, 1e5), st.floats(1.01, 10.0))
def test_more_insulin_more_bound_fewer_receptors(insulin, times):
    made = np.array([RECORD["lean_production"]])
    less, more = (occupancy_in_balance(RECORD, made, dose) for dose in (insulin, times * insulin + 1.0))
    assert less < more
    assert receptors_in_balance(RECORD, made, less).total > receptors_in_balance(RECORD, made, more).total


def test_without_insulin_it_is_the_number_that_the_parameter_says():
    made = np.array([RECORD["lean_production"]])
    there = receptors_in_balance(RECORD, made, occupancy_in_balance(RECORD, made, 0.0))
    assert there.bound == 0.0
    assert there.total == pytest.approx(RECORD["receptor_count"], rel=1e-12)
