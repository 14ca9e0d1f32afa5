"""The compiled body lives as an ordinary Mesa model with the same rules does, to the bit."""

import pytest
from bodies import unsettled

from benchmarks.plain_mesa import PlainBody
from insulin_abm.cells.fat import FatCell
from insulin_abm.cells.liver import LiverCell
from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.organs.blood import Blood

MINUTES = 30
CELLS = {"muscle": 20, "fat": 16, "liver": 14, "beta": 8, "alpha": 4}


@pytest.mark.parametrize("keep", [False, True])
def test_a_plain_mesa_model_with_the_same_rules_lives_the_same_minutes_to_the_bit(compiled, keep):
    """Also in what is only passed on within a minute, where that is kept."""
    body = unsettled(CELLS)
    if keep:
        for population in body.populations.values():
            population.keep()
    body.schedule("eat", at=0, foods={"bread": 80.0, "milk": 250.0})
    body.run_for(5)
    plain = PlainBody(body, rounding=True)
    insulin_before = body.blood.plasma_insulin
    body.run_for(MINUTES)
    for _ in range(MINUTES):
        plain.step()
    assert plain.differences(body) == []
    assert body.blood.plasma_insulin != insulin_before


def test_so_it_does_when_patches_are_unequally_full(compiled):
    """Cells came, went and moved: the runs of those who stand abreast are short and many."""
    body = unsettled({"muscle": 60, "fat": 60, "liver": 50, "beta": 8, "alpha": 4})
    body.population(FatCell).remove_rows([0, 3, 7, 20, 21])
    body.population(FatCell).create(9)
    body.population(MuscleCell).create(7, place=2)
    body.population(LiverCell).agent(3).place = body.population(LiverCell).agent(20).place
    body.run_for(5)
    plain = PlainBody(body, rounding=True)
    body.run_for(MINUTES)
    for _ in range(MINUTES):
        plain.step()
    assert plain.differences(body) == []


def test_attributes_of_full_width_change_little(compiled):
    """What the columns' precision costs: float32 for what changes within minutes."""
    body = unsettled(CELLS)
    body.run_for(5)
    exact = PlainBody(body)
    body.run_for(MINUTES)
    for _ in range(MINUTES):
        exact.step()
    (blood,) = exact.agents_of(Blood)
    assert abs(blood.plasma_glucose / body.blood.plasma_glucose - 1.0) < 0.01
