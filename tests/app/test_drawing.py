"""The pictures of the page: which pixel shows which cell, what the curves and marks say."""

import re
import threading

import numpy as np
import pytest

from insulin_abm.app.curves import axis_of, curves_picture
from insulin_abm.app.model import PersonModel
from insulin_abm.app.pace import PATIENCE_S, Pace
from insulin_abm.app.picture import QUANTITIES, pixels_of_cells, tissue_picture
from insulin_abm.app.svg import nice_above, number
from insulin_abm.scenario import Scenario

DAYS = """
title = "Two days"
start = "06:00"
duration = "48 h"
cells = 60
[[meals]]
at = "07:00"
foods = { white_bread = "50 g" }
every = "24 h"
[[insulin]]
at = "07:00"
dose = "2 U"
kind = "rapid"
"""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario.from_text(DAYS)


def model(scenario: Scenario, minutes_per_step: int = 60) -> PersonModel:
    return PersonModel(shown=scenario, pace=Pace(), seed=1, cells=60, minutes_per_step=minutes_per_step)


def test_every_cell_is_one_square_and_cells_of_a_patch_touch() -> None:
    patch = np.repeat(np.arange(7), [4, 3, 4, 4, 2, 4, 1])
    pixels = pixels_of_cells(tuple(patch.tolist()), 7)
    cells, areas = np.unique(pixels[pixels >= 0], return_counts=True)
    assert cells.tolist() == list(range(len(patch)))
    assert len(set(areas.tolist())) == 1
    for cell in cells:
        down, right = np.nonzero(pixels == cell)
        assert (np.ptp(down) + 1) * (np.ptp(right) + 1) == areas[0]
    first_row = pixels[0][pixels[0] >= 0]
    assert list(dict.fromkeys(patch[first_row].tolist())) == [0, 1, 2]  # a sheet three patches wide


def test_a_large_tissue_makes_a_picture_of_bounded_size() -> None:
    pixels = pixels_of_cells(tuple(np.repeat(np.arange(12_500), 8).tolist()), 12_500)
    assert len(np.unique(pixels)) == 100_001
    assert max(pixels.shape) < 1500


def test_numbers_and_axes_are_round() -> None:
    assert [number(value) for value in (0.0, 0.25, 5.123, 13_674.2, 1e6)] == [
        "0",
        "0.25",
        "5.12",
        "13,700",
        "1,000,000",
    ]
    assert [nice_above(value) for value in (0.0, 12.0, 12.1, 99.0)] == [1.0, 12.0, 16.0, 100.0]


def test_a_step_has_its_minutes_and_the_last_one_ends_the_scenario(scenario: Scenario) -> None:
    person = model(scenario, minutes_per_step=1000)
    person.step()
    assert (person.time, person.clock, person.running) == (1000, "Day 1, 22:40", True)
    person.step()
    person.step()
    assert (person.time, person.clock, person.running) == (2880, "Day 3, 06:00", False)
    assert person.points[-1].time - person.points[0].time == 1440
    assert axis_of(person).first == 1440


def test_a_reset_makes_the_same_person(scenario: Scenario) -> None:
    person, again = model(scenario), model(scenario)
    for each in (person, again):
        each.step()
    assert list(person.points) == list(again.points)
    assert [point.time for point in person.points] == list(range(0, 65, 5))


def test_the_curves_mark_what_the_scenario_says(scenario: Scenario) -> None:
    person = model(scenario)
    picture = curves_picture(person)
    assert len(re.findall("<title>eat: white bread 50 g</title>", picture)) == 1
    assert len(re.findall("<title>inject insulin: ", picture)) == 1
    assert re.findall(r">(\d\d:\d\d)<", picture) == [f"{hour % 24:02d}:00" for hour in range(6, 31, 3)]
    assert "mmol/L" in picture
    assert "pmol/L" in picture


@pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=list(QUANTITIES))
def test_a_tissue_is_drawn_with_unit_and_mean(scenario: Scenario, quantity) -> None:
    person = model(scenario)
    columns = person.body.populations[person.body.cell_classes["muscle"]].columns
    mean = sum(columns[name].mean(dtype=np.float64) for name in quantity.columns)
    picture = tissue_picture(person, "muscle", quantity, 1e4)
    assert f"18 muscle cells: mean {mean:.3g} receptors per cell" in picture
    assert "data:image/png" in picture


def test_play_waits_until_the_page_has_drawn() -> None:
    pace = Pace()
    pace.wait()  # nothing was sent yet
    pace.send(1)
    waited = threading.Event()
    play = threading.Thread(target=lambda: (pace.wait(), waited.set()))
    play.start()
    pace.drawn(0)  # an old frame
    assert not waited.wait(PATIENCE_S / 5)
    pace.send(1)  # the same frame again is no new one
    pace.drawn(1)
    assert waited.wait(PATIENCE_S / 2)
    play.join()
    pace.send(2)
    pace.wait()  # this thread has brought the browser's messages: it must not wait for the next


def test_a_page_that_draws_no_more_does_not_stop_the_person() -> None:
    pace = Pace()
    pace.send(1)
    pace.wait()
