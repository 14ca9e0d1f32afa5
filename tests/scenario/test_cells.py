"""How many agents of each kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulin_abm.parameters import Faults, Registry
from insulin_abm.scenario import Scenario
from insulin_abm.scenario.cells import split, usual_cells

USUAL = usual_cells(Registry.load())


def cells(text):
    return Scenario.from_text(f'duration = "1 h"\n{text}').cells


def test_the_usual_thousand():
    assert cells("") == {"muscle": 300, "fat": 300, "liver": 250, "beta": 120, "alpha": 30}
    assert cells("cells = 1000") == USUAL


def test_a_table_names_some_and_the_others_are_usual():
    assert cells("[cells]\nmuscle = 7\nbeta = 5") == {**USUAL, "muscle": 7, "beta": 5}


@given(total=st.integers(3, 10_000_000))
def test_a_number_is_split_by_the_usual_proportions(total):
    counts = split(total, USUAL)
    assert sum(counts.values()) == total
    assert min(counts["muscle"], counts["fat"], counts["liver"]) >= 1
    for kind, count in counts.items():
        assert abs(count - total * USUAL[kind] / 1000) < 1


@pytest.mark.parametrize(
    "text",
    [
        "cells = 0",
        "cells = 2",
        "cells = -5",
        "cells = 1000000000000",
        "cells = 10.0",
        'cells = "1000"',
        "cells = true",
        "cells = [300]",
        "[cells]\nmuscle = 0",
        "[cells]\nmuscle = 9000000\nfat = 9000000",
        "[cells]\nmuscel = 3",
    ],
)
def test_what_is_refused(text):
    with pytest.raises(Faults, match="cells"):
        cells(text)
