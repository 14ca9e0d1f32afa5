"""A run: the same bytes for the same scenario and seed, and nothing left of one that fails."""

import hashlib
import json

import pytest

from insulin_abm.body import Body
from insulin_abm.parameters import Faults
from insulin_abm.results import RunError, names, run
from insulin_abm.results.draw_again import draw_again
from insulin_abm.results.place import PlaceError
from insulin_abm.stepped import LedgerError


def contents(results):
    """All that must be the same: every file, the manifest without its block `run`."""
    files = {file: (results.folder / file).read_bytes() for file in names.TABLES}
    files[names.OVERVIEW] = (results.folder / names.FIGURES / names.OVERVIEW).read_bytes()
    manifest = results.manifest
    manifest.pop("run")
    return {**files, names.MANIFEST: json.dumps(manifest)}


def differing(one, other):
    first, second = contents(one), contents(other)
    return [file for file in first if first[file] != second[file]]


@pytest.mark.parametrize("options", [{}, {"threads": 2}])
def test_the_same_scenario_and_seed_give_the_same_bytes(short, run_short, tmp_path, options):
    assert differing(short, run_short(tmp_path / "again", **options)) == []


def test_another_seed_gives_other_bytes(short, run_short, tmp_path):
    other = run_short(tmp_path / "other", seed=2)
    assert {names.TIMESERIES, names.CELLS, names.SUMMARY} <= set(differing(short, other))
    assert other.manifest["seed"] == other.manifest["scenario"]["seed"] == 2


def test_the_manifest_says_what_was_run_and_vouches_for_the_tables(short, short_scenario):
    manifest = short.manifest
    assert manifest["scenario_text"] == short_scenario.text
    assert manifest["scenario"]["duration_min"] == 90
    assert "not medical advice" in manifest["note"]
    for file, digest in manifest["outputs_sha256"].items():
        assert hashlib.sha256((short.folder / file).read_bytes()).hexdigest() == digest
    assert manifest["run"]["wall_s"] > 0


def test_without_a_place_results_live_as_long_as_they_are_used(run_short, tmp_path):
    results = run_short(None)
    folder = results.folder
    saved = results.save(tmp_path / "kept")
    assert differing(results, saved) == []
    with pytest.raises(PlaceError, match="--overwrite"):
        results.save(tmp_path / "kept")
    del results
    assert not folder.exists()


def test_plot_draws_the_same_picture_from_the_tables_alone(short, run_short, tmp_path):
    results = run_short(tmp_path / "short")
    picture = results.folder / names.FIGURES / names.OVERVIEW
    before = picture.read_bytes()
    picture.unlink()
    assert draw_again(results.folder) == [picture]
    assert picture.read_bytes() == before
    (results.folder / names.TIMESERIES).write_text("a,b\n1,2\n")
    with pytest.raises(PlaceError, match="not the results of a run"):
        draw_again(results.folder)


def test_progress_is_told_until_the_end(run_short):
    told = []
    run_short(None, progress=lambda minute, end: told.append((minute, end)))
    assert told[0] == (0, 90)
    assert told[-1] == (90, 90)


def test_an_imbalance_ends_the_run_and_leaves_nothing(run_short, tmp_path, monkeypatch):
    def fail(body, old, new):
        raise LedgerError("the ledger does not close in minute 3")

    monkeypatch.setattr(Body, "live", fail)
    with pytest.raises((RunError, LedgerError), match="does not close"):
        run_short(tmp_path / "out" / "short", seed=77)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_scenario_writes_nothing(tmp_path):
    with pytest.raises(Faults):
        run("healthy_day", tmp_path / "out", overrides={"person.weight": "-1 kg"})
    assert list(tmp_path.iterdir()) == []
