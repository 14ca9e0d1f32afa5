"""The pictures of the page: which pixel shows which cell, how many dots there are, what curves and marks say."""

import io
import re
import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from insulin_abm.app.axis import axis_of
from insulin_abm.app.curves import STRETCHES, chart
from insulin_abm.app.model import PersonModel
from insulin_abm.app.mosaic import CAPILLARY, CHOSEN, NOTHING, SHADES, Mosaic, quantities, values_of
from insulin_abm.app.pace import Pace
from insulin_abm.app.particles import PLACES, Particles
from insulin_abm.app.series import Series
from insulin_abm.app.svg import nice_above, number
from insulin_abm.results.sheet import sheet_of_cells
from insulin_abm.scenario import Scenario
from insulin_abm.tissue.patch import Patch
from tests.app.people import stepped_by_hand

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


@pytest.fixture
def person(scenario: Scenario):
    yield from stepped_by_hand(scenario, cells=60, minutes_per_step=60)


def png(picture: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture)))


def test_every_cell_is_one_square_and_cells_of_a_patch_touch() -> None:
    patch = np.repeat(np.arange(7), [4, 3, 4, 4, 2, 4, 1])
    pixels = sheet_of_cells(tuple(patch.tolist()), 7).pixels
    cells, areas = np.unique(pixels[pixels >= 0], return_counts=True)
    assert cells.tolist() == list(range(len(patch)))
    assert len(set(areas.tolist())) == 1
    for cell in cells:
        down, right = np.nonzero(pixels == cell)
        assert (np.ptp(down) + 1) * (np.ptp(right) + 1) == areas[0]
    first_row = pixels[0][pixels[0] >= 0]
    assert list(dict.fromkeys(patch[first_row].tolist())) == [0, 1, 2]  # a sheet three patches wide


@pytest.mark.parametrize(("cells", "largest"), [(100_000, 1500), (1_000_000, 1500)])
def test_a_large_tissue_makes_a_picture_of_bounded_size(cells: int, largest: int) -> None:
    patches = cells // 8
    pixels = sheet_of_cells(tuple(np.repeat(np.arange(patches), 8).tolist()), patches).pixels
    assert len(np.unique(pixels[pixels >= 0])) == cells
    assert max(pixels.shape) < largest


def test_numbers_and_axes_are_round() -> None:
    assert [number(value) for value in (0.0, 0.25, 5.123, 13_674.2, 1e6)] == [
        "0",
        "0.25",
        "5.12",
        "13,700",
        "1,000,000",
    ]
    assert [nice_above(value) for value in (0.0, 12.0, 12.1, 99.0)] == [1.0, 12.0, 16.0, 100.0]


# ---- cells


def test_each_pixel_has_the_colour_of_its_cell(person: PersonModel) -> None:
    body = person.lives[0].body
    mosaic = Mosaic([body])
    classes = list(body.cell_classes.values())
    quantity = quantities(classes)["surface_receptors"]
    picture, shown = mosaic.draw([body], quantity)
    drawn = png(picture)
    assert drawn.shape == (mosaic.height, mosaic.width)
    seen = {}
    for y, x in np.argwhere(drawn < SHADES):
        number_, cls, row = mosaic.cell_at(x, y)
        seen.setdefault((cls, row), set()).add(int(drawn[y, x]))
        assert number_ == 0
    assert len(seen) == sum(body.populations[cls].size for cls in classes)
    tops = {cls: one.top for panel, one in zip(mosaic.panels, shown, strict=True) for cls in panel.classes}
    for (cls, row), shades in seen.items():
        value = values_of(body, cls, quantity)[row]
        assert shades == {int(np.clip(value / tops[cls] * SHADES, 0, SHADES - 1))}
    for panel, one in zip(mosaic.panels, shown, strict=True):
        values = np.concatenate([values_of(body, cls, quantity) for cls in panel.classes])
        assert one.mean == pytest.approx(values.mean())


def test_what_is_no_cell_is_said_to_be_none_and_the_opened_cell_is_marked(person: PersonModel) -> None:
    body = person.lives[0].body
    mosaic = Mosaic([body])
    quantity = quantities(list(body.cell_classes.values()))["lipid"]
    cls = body.cell_classes["fat"]
    chosen = mosaic.number_of(0, cls, 3)
    drawn = png(mosaic.draw([body], quantity, chosen)[0])
    for y, x in [*np.argwhere(drawn == NOTHING)[:50], *np.argwhere(drawn == CAPILLARY)]:
        assert mosaic.cell_at(x, y) is None
    assert {mosaic.cell_at(x, y) for y, x in np.argwhere(drawn == CHOSEN)} == {(0, cls, 3)}
    assert mosaic.cell_at(-1, 0) is mosaic.cell_at(mosaic.width, 0) is None
    assert (drawn == CAPILLARY).any()


def test_every_column_of_every_kind_can_be_shown(person: PersonModel) -> None:
    body = person.lives[0].body
    mosaic = Mosaic([body])
    for quantity in quantities(list(body.cell_classes.values())).values():
        mosaic.draw([body], quantity)


def test_the_picture_is_made_anew_when_a_cell_dies(person: PersonModel) -> None:
    body = person.lives[0].body
    mosaic = Mosaic([body])
    assert mosaic.fits([body])
    body.populations[body.cell_classes["beta"]].agent(0).remove()
    assert not mosaic.fits([body])
    assert Mosaic([body]).fits([body])


def test_dots_are_where_the_particles_are_and_as_many(person: PersonModel) -> None:
    """The number of dots is a sum of rounded shares; an error beyond 5 standard deviations comes once in 10^6."""
    body = person.lives[0].body
    mosaic = Mosaic([body])
    particles = Particles(mosaic, [body])
    counts = body.populations[Patch].columns["insulin"]
    panel = next(panel for panel in mosaic.panels if panel.tissue == "muscle")
    here = counts[panel.first_patch : panel.first_patch + len(panel.sheet.left)]
    totals, repeats = 0, 40
    for minute in range(repeats):
        places = np.frombuffer(particles.draw([body], minute)["insulin"].places, "<u2").reshape(-1, 2)
        x = places[places[:, 0] < PLACES, 0] / (PLACES - 1) * mosaic.width
        totals += ((x >= panel.left) & (x < panel.left + panel.width)).sum()
    expected = float(here.sum()) / particles.stands_for["insulin"]["muscle"]
    assert abs(totals / repeats - expected) < 5.0 * np.sqrt(len(here) / 4 / repeats)
    assert particles.draw([body], 7) == particles.draw([body], 7)


# ---- time


def test_a_step_has_its_minutes_and_the_last_one_ends_the_scenario(person: PersonModel) -> None:
    person.pace.minutes_per_step = 1000
    person.step()
    assert (person.time, person.clock, person.running) == (1000, "Day 1, 22:40", True)
    person.step()
    person.step()
    assert (person.time, person.clock, person.running) == (2880, "Day 3, 06:00", False)
    assert axis_of(person, "a day").first == 1440
    assert axis_of(person, "everything").first == 0


def test_a_reset_makes_the_same_person(scenario: Scenario) -> None:
    tables = []
    for _ in range(2):
        for person in stepped_by_hand(scenario, cells=60, minutes_per_step=60):
            person.step()
            tables.append(person.lives[0].timeseries())
    assert tables[0] == tables[1]


def test_the_chart_marks_what_the_scenario_says_and_ends_in_the_numbers_of_the_columns(person: PersonModel) -> None:
    person.step()
    picture = chart(person, "a day")
    assert len(re.findall("<title>eat: white bread 50 g</title>", picture)) == 1
    assert len(re.findall("<title>inject insulin: ", picture)) == 1
    assert re.findall(r">(\d\d:\d\d)<", picture) == [f"{hour % 24:02d}:00" for hour in range(6, 31, 3)]
    blood = person.lives[0].body.blood
    assert f"glucose {blood.plasma_glucose:.2f} mmol/L, insulin {blood.plasma_insulin:.0f} pmol/L" in picture
    assert "usual, fasting: 12.7 to 74.9 pmol/L" in picture


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=3000))
def test_few_points_keep_the_lowest_the_highest_and_the_last(values: list[float]) -> None:
    series = Series(["value"])
    for minute, value in enumerate(values):
        series.append(minute, {"value": value})
    times, few = series.few("value", 0, STRETCHES)
    assert len(times) <= 3 * STRETCHES + 2
    assert (np.diff(times) >= 0).all()
    assert (few.min(), few.max(), few[-1]) == (min(values), max(values), values[-1])
    assert (np.asarray(values, np.float32)[times.astype(int)] == few).all()


# ---- the pace


def test_play_goes_no_further_than_one_frame_ahead_of_the_browser() -> None:
    pace = Pace(minutes_per_second=10_000)
    pace.drawn(1)
    due: list[int] = []
    play = threading.Thread(target=lambda: due.append(pace.minutes_due()))
    pace.send(3)  # 2 was not drawn yet
    play.start()
    play.join(timeout=0.5)
    assert play.is_alive()
    pace.drawn(2)
    play.join(timeout=5.0)
    assert due[0] > 0


def test_a_closed_page_stops_play() -> None:
    pace = Pace()
    pace.send(5)
    due: list[int] = []
    play = threading.Thread(target=lambda: due.append(pace.minutes_due()))
    play.start()
    pace.close()
    play.join(timeout=5.0)
    assert due == [0]


def test_play_lives_as_many_minutes_a_second_as_are_chosen() -> None:
    pace = Pace(minutes_per_second=6000)
    pace.minutes_due()
    began, lived = time.monotonic(), 0
    while time.monotonic() - began < 0.5:
        lived += pace.minutes_due()
    assert lived <= 6000 * (time.monotonic() - began + 0.2)  # a slow machine may live less, never more


def test_a_click_lives_a_step_and_never_waits() -> None:
    pace = Pace()
    pace.drawn(1)  # this thread brings the browser's messages
    pace.send(9)
    assert pace.minutes_due() == pace.minutes_per_step
