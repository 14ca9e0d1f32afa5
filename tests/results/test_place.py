"""Results are complete or not there, and nothing that somebody has is lost."""

import fcntl
import os
import subprocess

import pytest

from insulin_abm.results.errors import PlaceError, RunError
from insulin_abm.results.names import MANIFEST, RUN
from insulin_abm.results.place import Place

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")


@pytest.fixture
def disk(tmp_path):
    """Mount a disk of 64 kB; call it with further options to mount it otherwise."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(options):
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)
        return folder

    yield mount
    subprocess.run(["umount", folder], check=True)


def finish(folder, text="new", overwrite=False):
    with Place(folder, RUN, overwrite) as place:
        (place.part / MANIFEST).write_text(text)
        place.finish()


def test_results_appear_when_they_are_complete(tmp_path):
    folder = tmp_path / "outputs" / "day"
    with Place(folder, RUN, False) as place:
        (place.part / MANIFEST).write_text("x")
        assert not folder.exists()
        place.finish()
    assert (folder / MANIFEST).read_text() == "x"
    assert [entry.name for entry in folder.parent.iterdir()] == ["day"]


def fail(folder, error, overwrite=False):
    with Place(folder, RUN, overwrite) as place:
        (place.part / MANIFEST).write_text("half")
        raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("no")])
def test_a_run_that_fails_leaves_nothing(tmp_path, error):
    with pytest.raises(type(error)):
        fail(tmp_path / "outputs" / "day", error)
    assert list(tmp_path.iterdir()) == []


def test_finished_results_are_replaced_only_when_asked_for(tmp_path):
    folder = tmp_path / "day"
    finish(folder, "old")
    with pytest.raises(PlaceError, match="--overwrite"):
        finish(folder)
    with pytest.raises(ValueError, match="no"):
        fail(folder, ValueError("no"), overwrite=True)
    assert (folder / MANIFEST).read_text() == "old"
    finish(folder, overwrite=True)
    assert (folder / MANIFEST).read_text() == "new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["day"]


def test_what_is_no_result_is_never_replaced(tmp_path):
    finish(tmp_path / "day")
    (tmp_path / "day" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "home")
    for name, reason in (("day", "notes.txt"), ("home", "thesis.txt"), ("file", "no folder"), ("link", "no folder")):
        with pytest.raises(PlaceError, match=reason):
            Place(tmp_path / name, RUN, overwrite=True)


def test_an_empty_folder_is_used(tmp_path):
    (tmp_path / "day").mkdir()
    finish(tmp_path / "day")
    assert (tmp_path / "day" / MANIFEST).exists()


def test_what_a_killed_run_left_is_replaced(tmp_path):
    stale = tmp_path / ".day.part"
    (stale / "figures").mkdir(parents=True)
    (stale / "timeseries.csv").write_text("half a li")
    finish(tmp_path / "day")
    assert not stale.exists()
    assert sorted(entry.name for entry in (tmp_path / "day").iterdir()) == ["figures", MANIFEST]


def test_two_runs_do_not_share_a_place(tmp_path):
    part = tmp_path / ".day.part"
    part.mkdir()
    other = os.open(part, os.O_RDONLY)
    try:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(PlaceError, match="another run"), Place(tmp_path / "day", RUN, False):
            pass
    finally:
        os.close(other)
    assert part.exists()
    finish(tmp_path / "day")


@needs_root
def test_a_full_disk_is_said_in_one_line_and_leaves_nothing(disk, run_short):
    folder = disk("size=64k")
    with pytest.raises(RunError, match=r"^.*/outputs/short: the disk is full; nothing was kept$"):
        run_short(folder / "outputs" / "short")
    assert list(folder.iterdir()) == []


@needs_root
def test_a_read_only_disk_is_said_in_one_line(disk, run_short):
    folder = disk("ro")
    with pytest.raises(PlaceError, match=r"^.*/outputs/short: cannot write there: Read-only file system$"):
        run_short(folder / "outputs" / "short")


def test_a_path_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(PlaceError, match="cannot write there"), Place(tmp_path / "file" / "day", RUN, False):
        pass
