"""Runs side by side: differences are right, wrong folders are refused, and nothing that is there is lost."""

import hashlib
import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from insulin_abm.cli import app
from insulin_abm.results import PlaceError, Results
from insulin_abm.results.compared import COURSES, chance_of, common_end, common_meals, labels_of, read_runs
from insulin_abm.results.comparison import PICTURE, TISSUES, compare
from insulin_abm.results.curves_picture import curves_picture
from insulin_abm.results.measures import MEASURES
from insulin_abm.results.names import COMPARISON, DIFFERENCES
from insulin_abm.results.tissue_picture import KINDS, scale_of, tissue_picture

GLUCOSE = "plasma_glucose_mmol_per_l"
MEAL = [(60, "eat", '{"foods": {"apple": 100.0}}')]
CELLS = {"muscle": 6, "fat": 4, "liver": 3, "beta": 2}


def write(folder, *, level=1.0, minutes=120, every=10, seed=1, cells=CELLS, meals=MEAL):
    """Write results of a made-up run: glucose rises from 5 to 6 in two hours, all other courses stay at `level`."""
    folder.mkdir(parents=True)
    time = np.arange(0, minutes + 1, every)
    series = pd.DataFrame({"time_min": time, **{name: np.full(len(time), level) for name in COURSES}})
    series[GLUCOSE] = level * (5.0 + time / 120)
    series.to_csv(folder / "timeseries.csv", index=False)
    summary = {"scenario": "made_up", "seed": seed} | {measure.name: np.nan for measure in MEASURES}
    pd.DataFrame([summary | {"homa_ir": 2.0 * level, "quicki": 0.0}]).to_csv(folder / "summary.csv", index=False)
    rows = [
        (moment, kind, 2 * number + patch, 10 * KINDS.index(kind) + patch, 90.0 * level, 10.0 * level, 0.1 * level)
        for moment in (0, minutes)
        for kind, count in cells.items()
        for patch in range(2)
        for number in range(count // 2)
    ]
    headings = ["time_min", "kind", "cell", "patch", "surface_receptors", "bound_receptors", "signal"]
    pd.DataFrame(rows, columns=headings).to_csv(folder / "cells.csv", index=False)
    pd.DataFrame(meals, columns=["time_min", "event", "details"]).to_csv(folder / "events.csv", index=False)
    seal(folder, {"name": "made_up", "seed": seed, "scenario": {"start_min_of_day": 0, "cells": cells}})
    return folder


def seal(folder, manifest):
    """Write the manifest with the hashes of the tables."""
    hashes = {table.name: hashlib.sha256(table.read_bytes()).hexdigest() for table in sorted(folder.glob("*.csv"))}
    (folder / "manifest.json").write_text(json.dumps(manifest | {"outputs_sha256": hashes}))


def command(*arguments):
    """Run `insulin-abm compare`: its exit code, and what it said."""
    done = CliRunner().invoke(app, ["compare", *map(str, arguments)])
    return done.exit_code, done.output


def runs(*folders):
    return read_runs([Results(folder) for folder in folders])


@pytest.fixture
def one(tmp_path):
    return write(tmp_path / "one")


@pytest.fixture
def two(tmp_path):
    return write(tmp_path / "two", level=1.5)


def test_differences_are_against_the_first_run(one, two, tmp_path):
    shown = compare([Results(one), Results(two)], tmp_path / "out")
    table = pd.read_csv(tmp_path / "out" / DIFFERENCES, index_col="measure")
    assert list(table.columns) == ["unit", "time", "one", "two", "difference_two", "ratio_two"]
    assert list(table.loc["homa_ir"]) == ["1", "each run", 2.0, 3.0, 1.0, 1.5]
    assert list(table.loc[f"{GLUCOSE}_mean"]) == ["mmol/L", "0 to 120 min", 5.5, 8.25, 2.75, 1.5]
    assert table.loc["quicki", "difference_two"] == 0.0
    assert np.isnan(table.loc["quicki", "ratio_two"])  # nothing is a multiple of zero
    assert "matsuda" not in table.index  # no run has it
    assert {f"{name}_mean" for name in COURSES} < set(table.index)
    assert ("homa_ir", "1", "each run", "2", "3 (+50 %)") in shown


def test_a_row_per_run_holds_all_measures(one, two, tmp_path):
    compare([Results(one), Results(two)], tmp_path / "out")
    table = pd.read_csv(tmp_path / "out" / COMPARISON, index_col="run")
    assert list(table.columns) == ["scenario", "seed", *(measure.name for measure in MEASURES)]
    assert list(table["homa_ir"]) == [2.0, 3.0]


def test_runs_of_different_length_are_compared_over_the_time_they_share(one, tmp_path):
    long = write(tmp_path / "long", minutes=1440, every=9)
    both = runs(one, long)
    assert common_end(both) == 120.0
    compare([Results(one), Results(long)], tmp_path / "out")
    means = pd.read_csv(tmp_path / "out" / DIFFERENCES, index_col="measure").loc[f"{GLUCOSE}_mean"]
    assert means["long"] == pytest.approx(5.5)
    figure = curves_picture(both)
    assert {axes.get_xlim() for axes in figure.axes} == {(0.0, 2.0)}
    assert "long went on until 24 h" in figure.get_supxlabel()


def test_meals_are_marked_if_all_runs_have_the_same(one, two, tmp_path):
    other = write(tmp_path / "other", meals=[(60, "eat", '{"foods": {"apple": 90.0}}')])
    later_too = write(tmp_path / "later_too", minutes=300, meals=[*MEAL, (200, "drink_glucose", "{}")])
    assert common_meals(runs(one, two)) == [60.0]
    assert common_meals(runs(one, later_too)) == [60.0]
    assert common_meals(runs(one, other)) == []


def test_receptors_are_relative_to_the_first_run(one, two):
    axes = curves_picture(runs(one, two)).axes[5]
    assert [set(line.get_ydata()) for line in axes.lines[:2]] == [{100.0}, {150.0}]
    assert axes.get_ylabel() == "% of one"


def test_all_runs_share_the_scale_of_a_tissue(one, two):
    both = runs(one, two)
    figure = tissue_picture(both)
    for kind, bar in zip(KINDS, figure.axes[-len(KINDS) :], strict=True):
        assert scale_of(both, kind).vmax == 150.0
        assert bar.get_ylabel() == "receptors"
    first, second = (figure.axes[column].images[0].get_array() for column in (0, 1))
    assert first.shape == second.shape
    assert not np.array_equal(first, second)
    assert [figure.axes[column].get_title() for column in (0, 1)] == ["6 cells, mean 100", "6 cells, mean 150"]


def test_a_person_without_some_cells_is_drawn(one, tmp_path):
    bare = write(tmp_path / "bare", cells={"fat": 4})
    figure = tissue_picture(runs(bare, one))
    assert "no muscle cells" in [text.get_text() for text in figure.axes[0].texts]
    compare([Results(bare), Results(one)], tmp_path / "out")
    assert (tmp_path / "out" / TISSUES).is_file()


def test_the_same_runs_give_the_same_bytes(one, two, tmp_path):
    for out in ("out", "again"):
        compare([Results(one), Results(two)], tmp_path / out)
    for file in (COMPARISON, DIFFERENCES, PICTURE, TISSUES):
        assert (tmp_path / "out" / file).read_bytes() == (tmp_path / "again" / file).read_bytes()


def test_labels_are_the_shortest_ends_of_paths_that_differ(tmp_path):
    folders = [tmp_path / "a" / "day", tmp_path / "b" / "day", tmp_path / "night"]
    assert labels_of(folders) == ["a/day", "b/day", "night"]
    assert labels_of([tmp_path / "a" / "x" / "day", tmp_path / "b" / "x" / "day"]) == ["a/x/day", "b/x/day"]


def test_twins_are_told_from_runs_of_other_chance(one, two, tmp_path):
    other = Results(write(tmp_path / "other", seed=7))
    more = Results(write(tmp_path / "more", cells={**CELLS, "fat": 8}))
    first = Results(one)
    assert chance_of([first, Results(two)]) == "same seed: they share every draw"
    assert chance_of([first, other]) == "different seeds: one 1, other 7"
    assert chance_of([first, more]) == "same seed, but not the same number of cells (fat)"


def test_the_command_shows_differences_and_replaces_them_only_when_asked_for(one, two, tmp_path):
    arguments = (one, two, "--out", tmp_path / "out")
    code, said = command(*arguments)
    assert code == 0
    assert "homa_ir\t1\teach run\t2\t3 (+50 %)" in said.splitlines()
    assert "change against one; same seed: they share every draw" in said
    before = (tmp_path / "out" / DIFFERENCES).stat().st_mtime_ns
    code, said = command(*arguments)
    assert (code, "--overwrite" in said) == (2, True)
    assert (tmp_path / "out" / DIFFERENCES).stat().st_mtime_ns == before
    assert command(two, one, "--out", tmp_path / "out", "--overwrite")[0] == 0
    assert list(pd.read_csv(tmp_path / "out" / COMPARISON)["run"]) == ["two", "one"]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["one", "out", "two"]


def test_wrong_folders_end_with_2_and_write_nothing(one, two, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    broken = write(tmp_path / "broken")
    (broken / "cells.csv").write_text("time_min,kind\n0,muscle\n")
    seal(broken, json.loads((broken / "manifest.json").read_text()))
    for arguments, why in [
        ((one,), "one run alone cannot be compared"),
        ((one, one), "is named twice"),
        ((one, two, tmp_path / "two" / ".." / "one"), "is named twice"),
        ((one, "nowhere"), "nowhere: is no folder of results"),
        ((one, broken), "these are not the whole results of a run"),
        ((one, two, "--out", "two"), "not of a comparison"),
    ]:
        code, said = command(*arguments)
        assert (code, why in said) == (2, True), said
        assert len(said.strip().splitlines()) <= 2
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["broken", "one", "two"]


def test_files_of_somebody_else_are_kept(one, two, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine")
    with pytest.raises(PlaceError, match=r"letter\.txt"):
        compare([Results(one), Results(two)], tmp_path / "out", overwrite=True)
    assert (tmp_path / "out" / "letter.txt").read_text() == "mine"


def test_tables_that_were_cut_or_edited_are_refused(one, two, tmp_path):
    table = two / "timeseries.csv"
    table.write_bytes(table.read_bytes()[:-20])
    code, said = command(one, two, "--out", tmp_path / "out")
    assert code == 2
    assert f"{table}: is not as the run wrote it" in said
    assert not (tmp_path / "out").exists()
