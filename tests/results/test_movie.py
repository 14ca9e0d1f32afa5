"""The movie of a run: what it shows, that it is whole, and what is refused."""

import shutil
import sys
import warnings
from itertools import pairwise

import imageio_ffmpeg
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from typer.testing import CliRunner

from insulin_abm.cli import app
from insulin_abm.results import movie, names, run
from insulin_abm.results.errors import PlaceError
from insulin_abm.results.movie import write_movie
from insulin_abm.results.movie_frames import CELLS, Frames
from insulin_abm.scenario import Scenario

SNAPSHOTS = 13
SIZE = (1280, 720)
TWO_HOURS = """
title = "Rice for $2 or $3"
start = "23:00"
duration = "2 h"
cells = 60
[person]
sex = "female"
weight = "70 kg"
[[meals]]
at = "10 min"
foods = { white_rice = "150 g" }
[record]
every = "15 min"
cells_every = "10 min"
"""


def invoke(*arguments):
    """Make a movie: the exit code, and what was said."""
    result = CliRunner().invoke(app, ["movie", *(str(argument) for argument in arguments)])
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def filmed(compiled, tmp_path_factory):
    """A run of two hours with snapshots every ten minutes; leave it as it is."""
    return run(Scenario.from_text(TWO_HOURS, source="rice.toml"), tmp_path_factory.mktemp("movie") / "rice")


@pytest.fixture
def copied(filmed, tmp_path):
    """The folder of a copy of it, to be spoilt."""
    shutil.copytree(filmed.folder, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture
def frames(filmed):
    return Frames(filmed, filmed.read(names.CELLS, CELLS))


def read_mp4(path):
    """The frames of a movie, and what it says of itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the library leaves its pipes open
        reader = imageio_ffmpeg.read_frames(str(path))
        about = next(reader)
        return [np.frombuffer(frame, np.uint8) for frame in reader], about


def test_the_command_writes_a_frame_for_every_snapshot(copied):
    code, said = invoke(copied, "--seconds", 2)
    path = copied / "figures" / "movie.mp4"
    assert (code, said.strip()) == (0, f"{path}: {SNAPSHOTS} frames. {names.NOTE}")
    shown, about = read_mp4(path)
    assert (len(shown), about["size"], about["codec"]) == (SNAPSHOTS, SIZE, "h264")
    assert about["duration"] == pytest.approx(2.0, abs=0.1)
    assert all((before != after).any() for before, after in pairwise(shown))
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["movie.mp4", "overview.png"]


def test_a_gif_plays_as_long_as_it_shall_again_and_again(filmed, tmp_path):
    path = tmp_path / "made" / "rice.GIF"
    reached = []
    assert write_movie(filmed.folder, path, 3.1, lambda *frame: reached.append(frame)) == (path, SNAPSHOTS)
    assert reached == [(number, SNAPSHOTS) for number in range(1, SNAPSHOTS + 1)]
    shown, milliseconds = [], 0
    with Image.open(path) as image:
        assert (image.n_frames, image.size, image.info["loop"]) == (SNAPSHOTS, SIZE, 0)
        for number in range(image.n_frames):
            image.seek(number)
            milliseconds += image.info["duration"]
            shown.append(np.asarray(image.convert("RGB")))
    assert milliseconds == 3100
    assert all((before != after).any() for before, after in pairwise(shown))


def test_a_movie_lasts_four_seconds_unless_it_has_many_frames(filmed, tmp_path):
    path = write_movie(filmed.folder, tmp_path / "rice.mp4").path
    assert read_mp4(path)[1]["duration"] == pytest.approx(movie.LEAST_USUAL_SECONDS, abs=0.4)


def test_a_frame_shows_every_cell_in_its_colour_and_the_curves_until_then(filmed, frames):
    number = 6
    frames.draw(number)
    cells = filmed.cells[filmed.cells["time_min"] == 60]
    for tissue, kind in zip(frames._tissues, ("muscle", "fat", "liver", "beta"), strict=True):
        own = cells[cells["kind"] == kind].sort_values("cell")
        receptors = (own["surface_receptors"] + own["bound_receptors"]).to_numpy()
        assert tissue.receptors[number, :-1].tolist() == receptors.tolist()
        assert np.unique(tissue.pixels).tolist() == [-1, *range(len(own))] or len(own) == 1
        colours = tissue.image.cmap(tissue.image.norm(receptors), bytes=True)
        assert (tissue.image.get_array()[tissue.pixels >= 0] == colours[tissue.pixels[tissue.pixels >= 0]]).all()
        assert tissue.mean.get_text() == f"mean {receptors.mean():,.0f}"
    line, *_ = frames._curves._whole
    times, values = line[0].get_data()
    glucose = filmed.timeseries.set_index("time_min")["plasma_glucose_mmol_per_l"]
    assert (np.asarray(times) * 60.0).tolist() == [0.0, 15.0, 30.0, 45.0, 60.0]
    assert list(values) == glucose.loc[:60].tolist()


def test_the_clock_goes_on_after_midnight(frames):
    frames.draw(0)
    assert frames._clock.text.get_text() == "day 1, 23:00"
    frames.draw(SNAPSHOTS - 1)
    assert frames._clock.text.get_text() == "day 2, 01:00"


def test_a_frame_does_not_hang_on_those_before_it(frames):
    first = frames.draw(3)
    frames.draw(SNAPSHOTS - 1)
    assert (frames.draw(3) == first).all()


def test_a_cell_that_dies_leaves_its_place_empty(filmed):
    cells = filmed.cells
    dead = (cells["kind"] == "fat") & (cells["cell"] == 2) & (cells["time_min"] > 60)
    shown = Frames(filmed, cells.loc[~dead, CELLS])
    fat = shown._tissues[1]
    shown.draw(SNAPSHOTS - 1)
    opaque = fat.image.get_array()[:, :, 3]
    assert (opaque[fat.pixels == 1] == 0).all()
    assert (opaque[(fat.pixels >= 0) & (fat.pixels != 1)] == 255).all()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--out", "movie.avi"), "end it in .mp4 or .gif"),
        (("--out", "movie"), "end it in .mp4 or .gif"),
        (("--seconds", "0.1"), "takes 0.26 to 130 s"),
        (("--seconds", "nan"), "change --seconds"),
        (("--seconds", "-3"), "change --seconds"),
    ],
)
def test_a_movie_that_cannot_be_is_refused(filmed, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    code, output = invoke(filmed.folder, *arguments)
    assert (code, said in output, output.count("\n")) == (2, True, 1)
    assert list(tmp_path.iterdir()) == []
    assert [entry.name for entry in (filmed.folder / "figures").iterdir()] == ["overview.png"]


def of_one_snapshot(folder):
    cells = pd.read_csv(folder / names.CELLS)
    cells[cells["time_min"] == 0].to_csv(folder / names.CELLS, index=False)


def without_receptors(folder):
    pd.read_csv(folder / names.CELLS).drop(columns="surface_receptors").to_csv(folder / names.CELLS, index=False)


def with_a_cell_twice(folder):
    cells = pd.read_csv(folder / names.CELLS)
    pd.concat([cells, cells.iloc[:1]]).to_csv(folder / names.CELLS, index=False)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (of_one_snapshot, 'write cells_every = "10 min" under [record]'),
        (without_receptors, "cells.csv: cannot be read"),
        (with_a_cell_twice, "the tables are damaged"),
        (lambda folder: (folder / names.MANIFEST).unlink(), "is of a run that is not finished"),
        (shutil.rmtree, "is no folder of results"),
    ],
)
def test_what_is_no_whole_run_is_refused(copied, spoil, said):
    spoil(copied)
    code, output = invoke(copied)
    assert (code, said in output, output.count("\n")) == (2, True, 1)
    assert not list(copied.parent.rglob("*movie*"))


def test_a_dish_is_refused(compiled, tmp_path):
    dish = run("dish_islet", tmp_path / "dish")
    code, output = invoke(dish.folder)
    assert (code, "a movie shows the tissues of a person" in output) == (2, True)
    assert not list(tmp_path.rglob("*movie*"))


def test_without_its_library_an_mp4_is_refused_and_a_gif_is_not(filmed, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    code, output = invoke(filmed.folder, "--out", tmp_path / "rice.mp4")
    needed = "The movie needs imageio_ffmpeg. Install it with: pip install 'insulin_abm[app]'"
    assert (code, output.strip()) == (2, needed)
    assert list(tmp_path.iterdir()) == []
    assert invoke(filmed.folder, "--out", tmp_path / "rice.gif")[0] == 0


@pytest.mark.parametrize("ending", [".mp4", ".gif"])
def test_what_stops_half_way_leaves_the_movie_that_was_there(filmed, tmp_path, ending):
    path = tmp_path / f"rice{ending}"
    path.write_text("the movie of yesterday")

    def stop(frame, frames):
        if frame == frames // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_movie(filmed.folder, path, progress=stop)
    assert {entry.name: entry.read_text() for entry in tmp_path.iterdir()} == {path.name: "the movie of yesterday"}


def test_an_mp4_that_ffmpeg_did_not_finish_is_no_movie(filmed, tmp_path, monkeypatch):
    monkeypatch.setattr(imageio_ffmpeg, "count_frames_and_secs", lambda path: (SNAPSHOTS - 1, 1.0))
    with pytest.raises(PlaceError, match="12 of 13 frames"):
        write_movie(filmed.folder, tmp_path / "rice.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_refused_in_one_line(filmed, tmp_path):
    (tmp_path / "file").write_text("")
    code, output = invoke(filmed.folder, "--out", tmp_path / "file" / "rice.mp4")
    assert (code, "cannot write there" in output, output.count("\n")) == (2, True, 1)


def test_a_long_run_shows_means_of_each_day_and_says_so(compiled, tmp_path):
    text = TWO_HOURS.replace("2 h", "16 days").replace("15 min", "1 h")
    text = text.replace('cells_every = "10 min"', 'cells_every = "2 days"')
    long = run(Scenario.from_text(text, source="long.toml"), tmp_path / "long")
    shown = Frames(long, long.read(names.CELLS, CELLS))
    assert len(shown) == 9
    shown.draw(4)
    line, *_ = shown._curves._whole
    assert len(line[1]) == 16
    assert line[0].get_xdata()[-1] == 8.0
    assert "means of each day" in shown._canvas.figure.get_supxlabel()
    assert shown._clock.text.get_text() == "day 9, 23:00"
