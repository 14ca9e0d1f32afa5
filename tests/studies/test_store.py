"""Every finished run is kept whole, whatever happens to the disk or the process."""

import math
import os
import subprocess

import pytest

from insulin_abm.results.errors import PlaceError, RunError
from insulin_abm.studies.piece import Lived
from insulin_abm.studies.store import JOURNAL, Store

LIVED = Lived("", 0.5, ((0.0, "run", "homa_ir", 1.25, "1"), (0.0, "run", "matsuda", math.nan, "1")), ("a note",), b"x")


def test_what_is_kept_is_read_back(tmp_path):
    with Store(tmp_path / "out") as store:
        store.keep("a", LIVED)
    with Store(tmp_path / "out") as store:
        assert store.has("a", True)
        kept = store.read("a")
        assert kept.measures == [[0.0, "run", "homa_ir", 1.25, "1"], [0.0, "run", "matsuda", None, "1"]]
        assert (kept.problems, kept.seconds) == (["a note"], 0.5)
        assert not store.has("b", False)
    with Store(tmp_path / "out", fresh=True) as store:
        assert len(store) == 0


@pytest.mark.parametrize("left", [1, 20, -1])
def test_a_line_that_a_kill_cut_short_is_done_again_and_the_others_are_there(tmp_path, left):
    with Store(tmp_path / "out") as store:
        for key in "abc":
            store.keep(key, LIVED)
    journal = tmp_path / "out" / JOURNAL
    whole = journal.read_bytes()
    length = len(whole) // 3
    journal.write_bytes(whole[: 2 * length + left if left > 0 else len(whole) - 1])
    with Store(tmp_path / "out") as store:
        assert [store.has(key, False) for key in "abc"] == [True, True, False]
        store.keep("c", LIVED)
    assert journal.read_bytes() == whole


def test_two_batches_do_not_write_into_one_folder(tmp_path):
    with Store(tmp_path / "out"), pytest.raises(PlaceError, match="another batch"), Store(tmp_path / "out"):
        pass


def test_what_is_no_study_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    for place, says in ((tmp_path, "thesis.txt"), (tmp_path / "thesis.txt", "no folder")):
        with pytest.raises(PlaceError, match=says), Store(place):
            pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.txt"]


def fill(store):
    for number in range(10_000):
        store.keep(f"run {number}", LIVED)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_keeps_what_was_finished(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=True)
    try:
        with Store(folder / "out") as store:
            with pytest.raises(RunError, match="the disk is full") as refusal:
                fill(store)
            kept = len(store)
        assert kept > 3
        assert f"{kept} finished runs are kept" in str(refusal.value)
        (folder / "out" / "series" / "run 0.parquet").unlink()
        with Store(folder / "out") as store:
            assert len(store) == kept
            store.read(f"run {kept - 1}")
    finally:
        subprocess.run(["umount", folder], check=True)
