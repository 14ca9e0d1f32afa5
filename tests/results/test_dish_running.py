"""Dishes by the command: tables, pictures, measures; what is refused, and that nothing is written then."""

import hashlib
import json
import logging
import subprocess
import sys

import numpy as np
import pytest
from typer.testing import CliRunner

from insulin_abm import run
from insulin_abm.cli import app
from insulin_abm.results import Results, names
from insulin_abm.results.dish_picture import time_course
from insulin_abm.results.own_points import read_points
from insulin_abm.scenario import DishScenario

RUNNER = CliRunner()
SHORT = """
title = "Two doses"
duration = "3 h"
[dish]
line  = "fat"
cells = 24
[[changes]]
at      = "0 min"
insulin = ["0 nmol/L", "1 nmol/L", "17 nmol/L"]
[[tests]]
at      = "0 min"
every   = "1 h"
insulin = "17 nmol/L"
for     = "30 min"
[[tests]]
kind    = "binding"
at      = "3 h"
insulin = ["0.3 nmol/L", "1 nmol/L", "3 nmol/L", "10 nmol/L"]
[record]
every = "15 min"
[[published]]
target = "R18_01"
at     = "2 h"
[[published]]
target   = "D9_01"
quantity = "glucose_uptake"
level    = 0.5
"""


def invoke(*arguments):
    """Run a command in this process: its exit code, and what it said."""
    result = RUNNER.invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("dish") / "two_doses.toml"
    path.write_text(SHORT)
    return path


@pytest.fixture(scope="module")
def folder(compiled, file):
    out = file.parent / "results"
    code, said = invoke("run", file, "--out", out)
    assert (code, said) == (0, f"{out}: done. Model output for research and teaching, not medical advice.\n")
    return out


def test_the_folder_holds_what_the_content_says(folder):
    assert {path.name for path in folder.iterdir()} == set(names.DISH.files)
    pictures = {path.name for path in (folder / names.FIGURES).iterdir()}
    assert pictures == {names.TIME_COURSE, names.DOSE_RESPONSE, names.SCATCHARD}


def test_every_column_is_explained(folder):
    results = Results(folder)
    notes = results.columns
    for table in names.DISH.tables:
        assert list(results.read(table).columns) == notes[notes["file"] == table]["name"].tolist()


def test_rows_are_there_for_every_well_and_moment(folder):
    results = Results(folder)
    assert len(results.wells) == 3 * (12 + 1)
    assert len(results.tests) == 3 * (4 + 4)
    assert len(results.cells) == 3 * 2 * 24
    last = results.wells[results.wells["time_min"] == 180.0]
    assert last["total_receptors_mean"].is_monotonic_decreasing
    assert last["bound_receptors_mean"].is_monotonic_increasing
    assert (results.wells["total_receptors_p10"] < results.wells["total_receptors_p90"]).all()
    assert results.wells["insulin_secretion_mean"].isna().all()


def test_receptors_of_the_table_are_balanced_by_what_is_made_and_degraded(compiled):
    """Recorded every minute: the change of the mean is what a cell made less what it degraded."""
    wells = run(
        DishScenario.from_text(SHORT, overrides={"record.every": "1 min", "tests": [], "duration": "1 h"})
    ).wells
    for _, well in wells.groupby("well"):
        change = well["total_receptors_mean"].diff().iloc[1:]
        explained = (well["receptors_made_per_cell"] - well["receptors_degraded_per_cell"]).iloc[1:]
        assert np.allclose(change, explained, atol=0.05)  # the table has nine digits of some 3e5


def test_measures_are_those_of_the_curves(folder):
    measures = Results(folder).measures.set_index(["well", "measure"])["value"]
    assert measures["insulin 17000 pmol/L", "receptors_left"] < measures["insulin 1000 pmol/L", "receptors_left"] < 1.0
    assert measures["insulin 17000 pmol/L", "largest_share_inside"] > 0.25
    assert measures["insulin 0 pmol/L", "dissociation_constant"] == pytest.approx(1000 * 0.05 / 0.06, rel=0.05)
    assert ("insulin 0 pmol/L", "half_time_of_change") not in measures.index


def test_the_same_scenario_gives_the_same_bytes(folder, file):
    again = file.parent / "again"
    assert invoke("run", file, "--out", again, "--threads", 2)[0] == 0
    for table in names.DISH.tables:
        assert (again / table).read_bytes() == (folder / table).read_bytes()
    one, other = (json.loads((where / names.MANIFEST).read_text()) for where in (folder, again))
    assert {**one, "run": 0} == {**other, "run": 0}
    for picture in (folder / names.FIGURES).iterdir():
        assert picture.read_bytes() == (again / names.FIGURES / picture.name).read_bytes()


def test_results_are_not_replaced_unasked_and_a_batch_knows_what_is_done(folder, file):
    code, said = invoke("run", file, "--out", folder)
    assert (code, "holds the results of a dish already; use --overwrite" in said) == (2, True)
    code, said = invoke("batch", file, "--out", file.parent / "batch")
    assert (code, "1 done, 0 failed" in said) == (0, True)
    code, said = invoke("batch", file, "--out", file.parent / "batch")
    assert "two_doses: was done before" in said


def test_results_read_and_save_as_those_of_a_person(folder, tmp_path):
    results = Results(folder)
    assert results.of_dish
    saved = results.save(tmp_path / "copy")
    assert saved.wells.equals(results.wells)
    assert saved.plot().axes


def test_published_and_own_points_are_drawn(folder, tmp_path):
    """Each point is an error bar of its own in the panel of its quantity."""

    def bars(figure, title):
        (axes,) = [axes for axes in figure.axes if axes.get_title(loc="left") == title]
        return [container.get_label().removeprefix("_") for container in axes.containers]

    own = tmp_path / "mine.csv"
    own.write_text("quantity,time_min,value,low,high\nsurface_receptors,60,0.7,0.6,0.8\nsurface_receptors,90,0.6,,\n")
    figure = time_course(Results(folder), read_points(own, ["surface_receptors"]))
    assert bars(figure, "Total receptors") == ["R18_01: Marshall & Olefsky 1980 J Clin Inve…"]
    assert bars(figure, "Surface receptors") == ["mine.csv", ""]
    before = hashlib.sha256((folder / names.FIGURES / names.TIME_COURSE).read_bytes()).hexdigest()
    code, said = invoke("plot", folder, "--with", own)
    assert (code, said.count(": drawn")) == (0, 3)
    assert hashlib.sha256((folder / names.FIGURES / names.TIME_COURSE).read_bytes()).hexdigest() != before
    assert invoke("plot", folder)[0] == 0
    assert hashlib.sha256((folder / names.FIGURES / names.TIME_COURSE).read_bytes()).hexdigest() == before


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("quantity,value\nsignal,1\n", "lacks the column time_min or dose_pmol_per_l"),
        ("quantity,time_min\nsignal,1\n", "lacks the column value"),
        ("quantity,time_min,value\nsignals,1,1\n", "there is no quantity 'signals'; choose among total_receptors"),
        ("quantity,time_min,value\nsignal,1,much\n", "holds something that is no number"),
        ("", "cannot be read"),
        ("quantity,time_min,value,low,high\nsignal,1,0.5,0.6,0.4\n", "is no point with its spread around it"),
        ("quantity,time_min,dose_pmol_per_l,value\nsignal,1,1,1\n", "a point is at a time or at a dose"),
        ("quantity,dose_pmol_per_l,value\nsignal,0,1\n", "is no point"),
        ("quantity,time_min,value\n", "holds no points"),
        ("quantity,time_min,value\ninsulin_secretion,1,1\n", "these cells have no insulin_secretion"),
        ("quantity,dose_pmol_per_l,value\ninternal_receptors,5,1\n", "no dose-response of internal_receptors is drawn"),
    ],
)
def test_points_that_cannot_be_drawn_are_refused(folder, tmp_path, text, problem):
    own = tmp_path / "mine.csv"
    own.write_text(text)
    code, said = invoke("plot", folder, "--with", own)
    assert (code, problem in said) == (2, True)


@pytest.mark.parametrize(
    ("table", "damage"),
    [
        (names.WELLS, lambda text: text.splitlines()[0] + "\n"),
        (names.WELLS, lambda text: text.replace("\n15,", "\nsoon,")),
        (names.MANIFEST, lambda text: '{"scenario": 3}'),
    ],
)
def test_damaged_results_are_refused(folder, tmp_path, table, damage):
    copy = Results(folder).save(tmp_path / "copy").folder
    (copy / table).write_text(damage((copy / table).read_text()))
    code, said = invoke("plot", copy)
    assert (code, said.startswith(f"{copy}")) == (2, True), said


def test_a_batch_of_dishes_is_not_compared_and_none_runs(file, tmp_path):
    code, said = invoke("batch", file, "healthy_day", "--compare", "--out", tmp_path / "out")
    assert (code, "only people are compared" in said) == (2, True)
    assert not (tmp_path / "out").exists()


def test_a_comparison_is_of_people(folder, tmp_path):
    other = Results(folder).save(tmp_path / "other")
    code, said = invoke("compare", folder, other.folder, "--out", tmp_path / "compared")
    assert (code, "is of a dish" in said) == (2, True)
    assert not (tmp_path / "compared").exists()


def test_a_wrong_dish_exits_with_2_and_writes_nothing(tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(SHORT.replace('"17 nmol/L"]', '"-17 nmol/L"]'))
    done = subprocess.run(
        [sys.executable, "-m", "insulin_abm.cli", "run", str(wrong), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "changes[1].insulin" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.toml"]


def test_where_a_person_was_cut_off_a_dish_says_that_it_begins_anew(compiled, file, tmp_path, caplog):
    left = tmp_path / ".out.part"
    left.mkdir()
    (left / names.SNAPSHOT).write_text("of a person")
    with caplog.at_level(logging.WARNING):
        run(file, tmp_path / "out")
    assert "begins anew; the run that was cut off there was of a person" in caplog.text
    assert not left.exists()


def test_interrupted_it_leaves_nothing(compiled, file, tmp_path):
    def interrupt(minute, end):
        if minute:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(file, tmp_path / "out", progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_lines_are_listed():
    code, said = invoke("lines")
    assert (code, "htc\tliver\tHTC rat hepatoma cells" in said.splitlines()) == (0, True)
    code, said = invoke("lines", "im9")
    assert any(line.startswith("im9\tmuscle.receptor_count\t25000\treceptors\t") for line in said.splitlines())
    code, said = invoke("lines", "im8")
    assert (code, "Did you mean 'im9'" in said) == (2, True)


def test_scenarios_and_check_know_dishes(file):
    code, said = invoke("check", file, "dish_washout")
    assert code == 0
    assert "3 wells of 24 fat cells, 5 tests" in said
    assert any(line.startswith("dish_islet\t") for line in invoke("scenarios")[1].splitlines())
