"""A run that is cut off goes on from its last snapshot and ends with the same bytes; what is damaged is refused."""

import itertools
import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import mesa
import pytest
from typer.testing import CliRunner

from insulin_abm.cli import app
from insulin_abm.engine.compiled import CACHE_VARIABLE, cache_folder
from insulin_abm.results import PlaceError, Results, RunError, names, run
from insulin_abm.results.errors import Stopped
from insulin_abm.results.identity import is_finished
from insulin_abm.results.snapshot import Snapshot
from insulin_abm.scenario import Scenario

from .test_running import differing

COMMAND = [sys.executable, "-m", "insulin_abm.cli"]
SEED = 20261122
KILLS = 10

DAYS = """
title = "Days that are cut off"
duration = "{duration}"
cells = 60
[[meals]]
at = "07:00"
every = "24 h"
foods = {{ white_rice = "150 g", milk = "200 mL" }}
[[insulin]]
at = "12:00"
every = "24 h"
dose = "1 U"
kind = "long"
[record]
every = "1 h"
cells_every = "5 h"
snapshot_every = "{snapshot_every}"
"""


def days(folder, duration="4 days", snapshot_every="6 h"):
    """Write a scenario of a few days."""
    file = folder / "days.toml"
    file.write_text(DAYS.format(duration=duration, snapshot_every=snapshot_every))
    return file


def said_by(*arguments):
    """Run a command in this process: its exit code, and what it said."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output.strip()


@pytest.fixture(scope="module")
def whole(compiled, tmp_path_factory):
    """Four days in one go, without a snapshot on the way."""
    folder = tmp_path_factory.mktemp("whole")
    return run(days(folder, snapshot_every="300 days"), folder / "days")


def entries(folder):
    """Names of all that is in a folder."""
    return [entry.name for entry in folder.iterdir()]


class Cut(BaseException):
    """Stands for a process that ends at once."""


def cut_off(scenario, out, at, **options):
    """Run until a minute and leave behind what a killed process leaves."""

    def end_at(minute, end):
        if minute >= at:
            for child in out.parent.glob(f".{out.name}.part"):
                shutil.copytree(child, out.parent / "left")
            raise Cut

    with pytest.raises(Cut):
        run(scenario, out, progress=end_at, **options)
    (out.parent / "left").rename(out.parent / f".{out.name}.part")


@pytest.fixture(scope="module")
def left_once(compiled, tmp_path_factory):
    folder = tmp_path_factory.mktemp("left")
    cut_off(days(folder), folder / "days", 2 * 1440 + 500)
    return folder / ".days.part"


@pytest.fixture
def left(left_once, tmp_path):
    """What a run left that was cut off on its third day: the scenario's file, its place, and its snapshot."""
    file, out = days(tmp_path), tmp_path / "out" / "days"
    part = shutil.copytree(left_once, out.parent / ".days.part")
    return file, out, part / names.SNAPSHOT


def live(file, out):
    """What a process does that will be killed."""
    run(file, out)


def newer(snapshot, before, process):
    """Wait until a process has written another snapshot."""
    waited_until = time.monotonic() + 120
    while not snapshot.exists() or snapshot.stat().st_ino == before:
        assert process.exitcode is None, "the run was over before it could be killed"
        assert time.monotonic() < waited_until
        time.sleep(0.001)


def test_killed_ten_times_at_any_moment_it_ends_with_the_same_bytes(compiled, tmp_path):
    """Ten processes really killed: in the first days, between two snapshots, while one is written, as chance has it."""
    chance = random.Random(SEED)
    file, out = days(tmp_path, duration="40 days", snapshot_every="6 h"), tmp_path / "killed" / "days"
    one_go = run(file, tmp_path / "one_go" / "days")
    snapshot = out.parent / ".days.part" / names.SNAPSHOT
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["insulin_abm.results.running"])
    reached = [0]
    for _ in range(KILLS):
        before = snapshot.stat().st_ino if snapshot.exists() else 0
        process = processes.Process(target=live, args=(file, out))
        process.start()
        newer(snapshot, before, process)
        time.sleep(chance.uniform(0.0, 0.1))
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL, "the run was over before it could be killed"
        reached.append(Snapshot.read(snapshot).minute)
    assert all(earlier < later for earlier, later in itertools.pairwise(reached))
    done = subprocess.run([*COMMAND, "run", file, "--out", out], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, f"{out}: resumes at day {reached[-1] / 1440:g} of 40\n")
    assert differing(one_go, Results(out)) == []
    assert entries(out.parent) == ["days"]


COURSE = """
title = "Months in which everything that lasts goes on"
start = "07:00"
duration = "80 days"
step = "2 min"
cells = 60
[[usual_meals]]
amount = 1.2
[[infusions]]
until = "day 41 07:00"
insulin = "60 pmol/min"
hold_glucose = "5.2 mmol/L"
[[exercise]]
at = "day 3 17:00"
every = "48 h"
length = "40 min"
[[drugs]]
at = "day 20 07:30"
every = "12 h"
name = "Metformin"
dose = "1000 mg"
[[visits]]
every = "20 days"
protocols = ["check_up"]
[record]
every = "6 h"
cells_every = "20 days"
snapshot_every = "1 days"
"""


def test_a_killed_course_of_months_ends_with_the_same_bytes(compiled, tmp_path):
    """Killed while glucose is held, after fat cells were renewed, between doses: it goes on as if nothing had been."""
    file, out = tmp_path / "course.toml", tmp_path / "killed" / "course"
    file.write_text(COURSE)
    one_go = run(file, tmp_path / "one_go" / "course")
    snapshot = out.parent / ".course.part" / names.SNAPSHOT
    processes = multiprocessing.get_context("forkserver")
    for day in (12, 35, 64):
        process = processes.Process(target=live, args=(file, out))
        process.start()
        waited_until = time.monotonic() + 120
        while not (snapshot.exists() and Snapshot.read(snapshot).minute >= day * 1440):
            assert process.exitcode is None, "the run was over before it could be killed"
            assert time.monotonic() < waited_until
            time.sleep(0.005)
        process.kill()
        process.join()
    assert differing(one_go, run(file, out)) == []


def test_the_command_killed_while_it_starts_begins_again(whole, tmp_path):
    """Killed while Python is loaded, the person settles or the first hours pass: nothing is in the way of the next."""
    chance = random.Random(SEED)
    file, out = days(tmp_path), tmp_path / "out" / "days"
    for _ in range(3):
        process = subprocess.Popen([*COMMAND, "run", file, "--out", out])
        time.sleep(chance.uniform(0.0, 2.0))
        process.kill()
        process.wait()
    assert run(file, out).manifest["outputs_sha256"] == whole.manifest["outputs_sha256"]


def test_snapshots_change_no_result(whole, compiled, tmp_path):
    kept = run(days(tmp_path, snapshot_every="100 min"), tmp_path / "days")
    assert differing(whole, kept) == [names.MANIFEST]  # which holds the scenario's text
    same = ("identity", "scenario", "outputs_sha256", "settling", "seed")
    assert [kept.manifest[key] for key in same] == [whole.manifest[key] for key in same]


def test_it_says_where_it_goes_on_and_ends_the_same(whole, left, caplog):
    file, out, _ = left
    results = run(file, out)
    assert caplog.messages == [f"{out}: resumes at day 2.25 of 4"]
    assert differing(whole, results) == [names.MANIFEST]  # which holds the scenario's text
    assert results.manifest["outputs_sha256"] == whole.manifest["outputs_sha256"]
    assert results.manifest["run"]["began_min"] == 2.25 * 1440
    assert entries(out.parent) == ["days"]


def test_a_kill_while_a_snapshot_is_written_leaves_the_former_one(whole, left):
    file, out, snapshot = left
    beside = snapshot.with_name(f"{snapshot.name}.new")
    beside.write_bytes(snapshot.read_bytes()[:1000])
    results = run(file, out)
    assert results.manifest["run"]["began_min"] == 2.25 * 1440
    assert (results.folder / names.CELLS).read_bytes() == (whole.folder / names.CELLS).read_bytes()
    assert not (out / beside.name).exists()


KILLED_WHILE_WRITING = """
import os, signal, sys
from insulin_abm.results import run, snapshot

def die(handle, number=[0], fsync=os.fsync):
    fsync(handle)
    number[0] += os.readlink(f"/proc/self/fd/{handle}").endswith("snapshot.new")
    if number[0] == 4:
        os.kill(os.getpid(), signal.SIGKILL)

snapshot.os.fsync = die
run(sys.argv[1], sys.argv[2])
"""


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux says which file is written")
def test_a_process_killed_between_writing_a_snapshot_and_moving_it_in(whole, tmp_path, caplog):
    file, out = days(tmp_path), tmp_path / "out" / "days"
    done = subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, file, out], check=False)
    assert done.returncode == -signal.SIGKILL
    assert {"snapshot", "snapshot.new"} < set(entries(out.parent / ".days.part"))
    results = run(file, out)
    assert caplog.messages == [f"{out}: resumes at day 0.75 of 4"]
    assert results.manifest["outputs_sha256"] == whole.manifest["outputs_sha256"]


def truncated(data):
    return data[: len(data) * 2 // 3]


def altered(data):
    return data[:-1000] + bytes([data[-1000] ^ 1]) + data[-999:]


def altered_text(data):
    return data.replace(b'"minute": 3240', b'"minute": 3241', 1)


def older(data):
    return data.replace(b"format 1,", b"format 0,", 1)


def foreign(data):
    """A pickle that would write a file."""
    return b"\x80\x04cposix\nsystem\n\x8c\x13touch was_executed \x85R."


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (truncated, "was altered or cut short: its checksum is wrong"),
        (altered, "was altered or cut short: its checksum is wrong"),
        (altered_text, "was altered or cut short: its checksum is wrong"),
        (lambda data: data[:30], "is no snapshot of a run, or only a part of one"),
        (lambda data: b"", "is no snapshot of a run, or only a part of one"),
        (foreign, "is no snapshot of a run, or only a part of one"),
        (older, "has format 0, and only format 1 can be read"),
    ],
)
def test_a_damaged_or_older_snapshot_is_refused_in_one_line_and_nothing_is_lost(left, damage, reason):
    file, out, snapshot = left
    snapshot.write_bytes(damage(snapshot.read_bytes()))
    before = {path.name: path.read_bytes() for path in snapshot.parent.glob("*.*")}
    code, said = said_by("run", file, "--out", out)
    assert (code, said) == (2, f"{snapshot}: {reason}; use --fresh to begin the run anew")
    assert {path.name: path.read_bytes() for path in snapshot.parent.glob("*.*")} == before
    assert not out.exists()


def test_a_snapshot_of_another_program_is_refused(left):
    file, out, snapshot = left
    kept = Snapshot.read(snapshot)
    Snapshot(kept.minute, "0.0.9", {**kept.identity, "program": "0" * 64}, kept.start, kept.tables, kept.body).write(
        snapshot
    )
    with pytest.raises(PlaceError, match=r"another version of the program wrote it \(0\.0\.9\); use --fresh"):
        run(file, out)
    assert Snapshot.read(snapshot).version == "0.0.9"


@pytest.mark.parametrize("change", ["altered", "shorter", "gone"])
def test_tables_that_do_not_belong_to_the_snapshot_are_refused(left, change):
    file, out, snapshot = left
    table = snapshot.with_name(names.TISSUES)
    text = table.read_text()
    if change == "gone":
        table.unlink()
    else:
        table.write_text(text.replace("muscle", "mussle", 1) if change == "altered" else text[:500])
    code, said = said_by("run", file, "--out", out)
    assert (code, said) == (
        2,
        f"{snapshot}: tissues.csv beside it was altered or cut short; use --fresh to begin the run anew",
    )


def test_a_snapshot_with_a_body_that_is_none_is_refused(left):
    """Its checksum is right: whoever writes a file can write that too. Nothing of it is ever executed."""
    file, out, snapshot = left
    kept = Snapshot.read(snapshot)
    for body in (b"", kept.body[:500], foreign(b"")):
        Snapshot(kept.minute, kept.version, kept.identity, kept.start, kept.tables, body).write(snapshot)
        with pytest.raises(PlaceError, match="use --fresh"):
            run(file, out)
    Snapshot(kept.minute + 60, kept.version, kept.identity, kept.start, kept.tables, kept.body).write(snapshot)
    with pytest.raises(PlaceError, match="its body is of another minute"):
        run(file, out)


def test_fresh_begins_anew(left, whole, caplog):
    file, out, snapshot = left
    snapshot.write_bytes(b"no snapshot")
    results = run(file, out, fresh=True)
    assert caplog.messages == []
    assert results.manifest["run"]["began_min"] == 0
    assert results.manifest["outputs_sha256"] == whole.manifest["outputs_sha256"]


@pytest.mark.parametrize(("options", "other"), [({"seed": 2}, "seed"), ({"overrides": {"cells": 70}}, "scenario")])
def test_another_run_in_the_same_place_begins_anew_and_says_so(left, caplog, options, other):
    file, out, _ = left
    results = run(file, out, **options)
    assert caplog.messages == [f"{out}: begins anew; the run that was cut off there had another {other}"]
    assert results.manifest["run"]["began_min"] == 0


def test_a_comment_or_another_interval_goes_on(left, caplog):
    file, out, _ = left
    file.write_text("# a remark\n" + DAYS.format(duration="4 days", snapshot_every="9 h"))
    assert run(file, out).manifest["scenario_text"].startswith("# a remark")
    assert caplog.messages == [f"{out}: resumes at day 2.25 of 4"]


def test_results_that_were_cut_off_while_they_moved_in_are_moved_in(whole, compiled, tmp_path):
    file, part = days(tmp_path, snapshot_every="300 days"), tmp_path / "out" / ".days.part"
    shutil.copytree(whole.folder, part)
    (part / names.FIGURES / names.OVERVIEW).unlink()
    finished = (part / names.MANIFEST).read_bytes()
    results = run(file, tmp_path / "out" / "days")
    assert (results.folder / names.MANIFEST).read_bytes() == finished  # it was not run again
    assert differing(whole, results) == []


def test_an_interrupt_keeps_the_snapshot_and_says_where_it_goes_on(compiled, tmp_path):
    def interrupt(minute, end):
        if minute >= 2000:
            raise KeyboardInterrupt

    file, out = days(tmp_path), tmp_path / "out" / "days"
    with pytest.raises(Stopped, match=r"^.*days: stopped at day 1\.\d+; the same command goes on from day 1\.25$"):
        run(file, out, progress=interrupt)
    assert entries(out.parent) == [".days.part"]
    assert run(file, out).manifest["run"]["began_min"] == 1800


def test_ctrl_c_on_the_command_line_says_the_same_in_one_line(compiled, tmp_path):
    file, out = days(tmp_path, duration="30000 days", snapshot_every="12 h"), tmp_path / "out" / "days"
    process = subprocess.Popen([*COMMAND, "run", str(file), "--out", str(out)], stderr=subprocess.PIPE, text=True)
    try:
        waited_until = time.monotonic() + 240
        while not (out.parent / ".days.part" / names.SNAPSHOT).exists() and time.monotonic() < waited_until:
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert re.fullmatch(rf"{out}: stopped at day [\d.]+; the same command goes on from day [\d.]+\n", said)


def test_an_error_that_would_come_again_leaves_nothing(left, monkeypatch):
    file, out, _ = left

    def fail(body, old, new):
        raise ValueError("a bug in a rule")

    monkeypatch.setattr("insulin_abm.body.Body.live", fail)
    with pytest.raises(ValueError, match="a bug"):
        run(file, out)
    assert entries(out.parent) == []


@pytest.fixture
def disk(tmp_path):
    """Mount a disk of 2 MB."""
    if os.geteuid():
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


def fill(disk, left_kb):
    """Fill a disk but for so many kB."""
    space = os.statvfs(disk)
    (disk / "other").write_bytes(b"x" * max(space.f_bavail * space.f_frsize - left_kb * 1024, 0))


def test_a_full_disk_while_a_snapshot_is_written_leaves_the_former_one(whole, disk, tmp_path):
    file, out = days(tmp_path), disk / "out" / "days"

    def fill_up(minute, end):
        if minute == 2 * 1440:  # a snapshot was just written; there is room for rows, but for no second snapshot
            fill(disk, 24)

    with pytest.raises(RunError) as error:
        run(file, out, progress=fill_up)
    assert str(error.value) == f"{out}: the disk is full; the same command goes on from day 2"
    assert not (out.parent / ".days.part" / "snapshot.new").exists()
    with pytest.raises(RunError, match=r"goes on from day 2$"):
        run(file, out)
    (disk / "other").unlink()
    results = run(file, out)
    assert results.manifest["run"]["began_min"] == 2 * 1440
    assert results.manifest["outputs_sha256"] == whole.manifest["outputs_sha256"]


def test_a_body_that_cannot_be_saved_goes_on_without_snapshots(compiled, tmp_path, monkeypatch, caplog):
    """The body holds a plain Mesa agent; it is said once."""

    class Watcher(mesa.Agent):
        def step(self):
            pass

    usual = Scenario.body

    def with_watcher(scenario, seed=None, threads=1):
        body = usual(scenario, seed, threads)
        Watcher(body)
        return body

    monkeypatch.setattr(Scenario, "body", with_watcher)
    file = days(tmp_path, duration="13 h", snapshot_every="2 h")
    results = run(file, tmp_path / "days")
    (said,) = [message for message in caplog.messages if "snapshot" in message]
    assert said.startswith(f"{tmp_path}/days: runs without snapshots: ")
    assert "Watcher" in said
    assert len(results.timeseries) == 14


def test_batch_resumes_by_itself(whole, left, tmp_path):
    """One run is finished, one is cut off, one did not begin: each is done once."""
    file, out, _ = left
    folder = out.parent
    finished = run(file, folder / "days_seed_2", seed=2)
    proof = (finished.folder / names.MANIFEST).read_bytes()
    cut_off(file, folder / "days_seed_1", 1440, seed=1)
    code, said = said_by("batch", file, "--seeds", "1-3", "--out", folder)
    assert code == 0
    assert f"{folder}/days_seed_2: was done before" in said
    assert "3 done, 0 failed" in said
    assert (finished.folder / names.MANIFEST).read_bytes() == proof
    first = json.loads((folder / "days_seed_1" / names.MANIFEST).read_text())
    assert (first["run"]["began_min"], first["outputs_sha256"]) == (1440, whole.manifest["outputs_sha256"])
    assert said_by("batch", file, "--seeds", "1-3", "--out", folder)[1].count("was done before") == 3

    code, said = said_by("batch", file, "--seeds", "1", "--out", folder, "--fresh")
    assert (code, "--overwrite" in said) == (2, True)
    (folder / "days_seed_1" / names.MEASURES).write_text("mine")
    code, said = said_by("batch", file, "--seeds", "1", "--out", folder)
    assert (code, "--overwrite" in said) == (2, True)
    assert (folder / "days_seed_1" / names.MEASURES).read_text() == "mine"


def test_results_of_another_scenario_are_not_taken_for_finished(whole, tmp_path):
    file = days(tmp_path)
    assert is_finished(whole.folder, Scenario.load(file))
    assert not is_finished(whole.folder, Scenario.load(file, overrides={"seed": 2}))
    assert not is_finished(whole.folder, Scenario.load(file, overrides={"person.weight": "71 kg"}))


def test_a_kill_while_a_person_settles_loses_nothing_that_was_kept(compiled, tmp_path, monkeypatch):
    """The cache is as it was, or has one person more: never half of one."""
    file, cache = days(tmp_path), tmp_path / "cache"
    shutil.copytree(cache_folder(), cache, ignore=lambda folder, entries: {"people"} & set(entries))
    monkeypatch.setenv(CACHE_VARIABLE, str(cache))
    Scenario.load(file, overrides={"seed": 3}).body()
    (kept,) = (cache / "people").glob("*.snapshot")
    before = kept.read_bytes()
    process = subprocess.Popen([*COMMAND, "run", file, "--seed", "4", "--cells", "3000", "--out", tmp_path / "days"])
    waited_until = time.monotonic() + 120
    while not (tmp_path / ".days.part").exists() and time.monotonic() < waited_until:
        time.sleep(0.01)
    time.sleep(random.Random(SEED).uniform(0.2, 1.0))
    process.kill()
    process.wait()
    assert kept.read_bytes() == before
    for person in (cache / "people").glob("*.snapshot"):
        assert len(person.read_bytes()) >= len(before)
