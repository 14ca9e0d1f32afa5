"""The same study gives the same tables: on any number of workers, on a cluster, after kills, beside failures."""

import gc
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd
import polars
import pytest

from insulin_abm.results import names, run
from insulin_abm.results.errors import ClusterError, PlaceError
from insulin_abm.scenario import Scenario
from insulin_abm.studies import Study, run_study
from insulin_abm.studies import running as study_running

from .conftest import RICE, TINY, portions

TABLES = (names.RUNS, names.MEASURES, names.TIMESERIES, names.COLUMNS, *names.PARQUET.values(), names.STUDY_MANIFEST)
COMMAND = [sys.executable, "-c", "from insulin_abm.cli import main; main()"]


@pytest.fixture(autouse=True)
def _compiled(compiled):
    """Everything here lives."""


def same_tables(one, other):
    for table in TABLES:
        if (one / table).exists() or (other / table).exists():
            assert (one / table).read_bytes() == (other / table).read_bytes(), table


@contextmanager
def dask_cluster(workers):
    """Start a scheduler and workers, each a process of its own, on free ports; give the address."""
    scheduler_file = Path(os.environ.get("TMPDIR", "/tmp")) / f"scheduler_{os.getpid()}_{random.getrandbits(32)}.json"
    dask = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processes = [subprocess.Popen([*dask, "--scheduler-file", scheduler_file], **quiet)]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--no-dashboard", "--no-nanny"]
    try:
        processes += [subprocess.Popen([*worker, "--scheduler-file", scheduler_file], **quiet) for _ in range(workers)]
        until = time.monotonic() + 60
        while not scheduler_file.exists() and time.monotonic() < until:
            time.sleep(0.1)
        address = pd.read_json(scheduler_file, typ="series")["address"]
        yield address, processes[1:]
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()
        scheduler_file.unlink(missing_ok=True)


def test_any_number_of_workers_and_a_cluster_give_the_same_bytes(study, tmp_path):
    for workers in (1, 2, 4):
        ended = run_study(study, tmp_path / f"on {workers}", workers=workers)
        assert (ended.finished, ended.before, ended.failed) == (12, 0, ())
    with dask_cluster(3) as (address, _):
        run_study(study, tmp_path / "cluster", scheduler=address)
    for other in ("on 2", "on 4", "cluster"):
        same_tables(tmp_path / "on 1", tmp_path / other)
    again = run_study(study, tmp_path / "on 1", workers=2)
    assert (again.finished, again.before) == (12, 12)
    runs = polars.read_parquet(tmp_path / "on 1" / names.PARQUET[names.RUNS])
    assert runs["person.weight"].to_list()[:2] == [60.0, 60.0]
    assert runs["twin"].to_list()[:2] == ["as it is", "frozen"]


def test_a_run_of_a_study_gives_what_the_run_alone_gives(study, tmp_path):
    only = replace(study, seeds=(2,), grid={}, twins={})
    run_study(only, tmp_path / "study")
    alone = run(study.scenarios[0], seed=2)
    found = pd.read_csv(tmp_path / "study" / names.RUNS).iloc[0]
    for measure in ("mean_glucose_mmol_per_l", "glucose_sd_mmol_per_l", "urinary_glucose_mmol"):
        assert found[measure] == alone.summary[measure], measure
    series = pd.read_csv(tmp_path / "study" / names.TIMESERIES).drop(columns="run")
    pd.testing.assert_frame_equal(series, alone.timeseries, check_exact=True, check_dtype=False)


def test_failures_are_told_and_the_others_finish(moment, tmp_path):
    """Of 100 people 5 have impossible numbers, and 2 kill their process each time."""
    (tmp_path / "deadly_code.py").write_text(
        "import multiprocessing, os, signal\n"
        "if multiprocessing.parent_process():\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    points = [{RICE: portion, "person.weight": "75 kg", "use": []} for portion in portions(100)]
    impossible, deadly = (13, 38, 63, 88, 89), (21, 55)
    for number in impossible:
        points[number - 1]["person.weight"] = "9000 kg"
    for number in deadly:
        points[number - 1]["use"] = ["deadly_code.py"]
    study = Study("poisoned", (str(moment),), points=points)
    ended = run_study(study, tmp_path / "out", workers=2, allow_code=True)
    assert (ended.finished, len(ended.failed)) == (93, 7)
    reasons = {run.number: reason for run, reason in ended.failed}
    assert {number for number, reason in reasons.items() if "person.weight" in reason} == set(impossible)
    assert {number for number, reason in reasons.items() if "process died 4 times" in reason} == set(deadly)
    failed = pd.read_csv(tmp_path / "out" / names.FAILED)
    assert list(failed["run"]) == sorted(impossible + deadly)
    kept = pd.read_csv(tmp_path / "out" / names.RUNS)
    assert list(kept["run"]) == [number for number in range(1, 101) if number not in impossible + deadly]


def test_a_worker_of_a_cluster_that_dies_loses_nothing(study, tmp_path):
    longer = replace(study, seeds=tuple(range(1, 8)))
    run_study(longer, tmp_path / "undisturbed", workers=2)
    with dask_cluster(2) as (address, workers):

        def kill_one(told):
            if told.done == 5:
                workers[0].kill()

        ended = run_study(longer, tmp_path / "disturbed", scheduler=address, progress=kill_one)
    assert (ended.finished, ended.failed) == (28, ())
    same_tables(tmp_path / "undisturbed", tmp_path / "disturbed")


def kill_all(process):
    """Kill a batch and its workers, as a machine that goes down does."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_three_kills_at_random_moments_change_nothing(moment, tmp_path):
    """A batch of 200, killed with its workers whenever a few dozen more runs were kept, ends as if nothing was."""
    file = tmp_path / "study.toml"
    file.write_text(f'title = "killed"\nscenarios = ["{moment}"]\n[grid]\n"{RICE}" = {json.dumps(portions(200))}\n')
    batch = [*COMMAND, "batch", str(file), "--workers", "2", "--out"]
    subprocess.run([*batch, str(tmp_path / "undisturbed")], check=True, capture_output=True)
    journal = tmp_path / "killed" / names.JOURNAL
    chance, reached = random.Random(5), 0
    for _ in range(3):
        process = subprocess.Popen(
            [*batch, str(tmp_path / "killed")],
            env={**os.environ, "TMPDIR": str(tmp_path)},  # what the killed leave there goes with the test
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        reached += chance.randrange(10, 60)
        until = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < until:
            if journal.exists() and journal.read_bytes().count(b"\n") >= reached:
                break
            time.sleep(0.01)
        time.sleep(chance.uniform(0.0, 0.1))  # runs take some 40 ms: at any moment of one
        assert process.poll() is None, "it was over before it was killed"
        kill_all(process)
        reached = journal.read_bytes().count(b"\n")
    done = subprocess.run([*batch, str(tmp_path / "killed")], check=True, capture_output=True, text=True)
    before = int(re.search(r"\((\d+) are done\)", done.stdout).group(1))
    assert reached <= before < 200
    same_tables(tmp_path / "undisturbed", tmp_path / "killed")
    assert len(pd.read_csv(tmp_path / "killed" / names.RUNS)) == 200


def test_ctrl_c_ends_with_130_and_the_same_command_does_the_rest(tiny, tmp_path):
    file = tmp_path / "study.toml"
    file.write_text('scenarios = ["tiny.toml"]\nseeds = 500\n')
    batch = [*COMMAND, "batch", str(file), "--workers", "2", "--out", str(tmp_path / "out")]
    process = subprocess.Popen(
        batch, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    journal = tmp_path / "out" / names.JOURNAL
    until = time.monotonic() + 120
    while time.monotonic() < until and not (journal.exists() and journal.read_bytes().count(b"\n") > 3):
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it, too
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.strip().endswith("finished runs are kept, and the same command does the rest")
    assert "Traceback" not in said
    assert journal.read_bytes().count(b"\n") > 3


def test_a_changed_scenario_is_run_anew_and_an_old_run_does_not_come_into_the_tables(study, tiny, tmp_path):
    run_study(study, tmp_path / "out", workers=2)
    before = pd.read_csv(tmp_path / "out" / names.RUNS)
    tiny.write_text(TINY.replace("20 min", "40 min"))
    ended = run_study(study, tmp_path / "out", workers=2)
    assert (ended.before, ended.finished) == (0, 12)
    after = pd.read_csv(tmp_path / "out" / names.RUNS)
    assert len(after) == 12
    assert (after["urinary_glucose_mmol"] != before["urinary_glucose_mmol"]).any() or (
        after["mean_glucose_mmol_per_l"] != before["mean_glucose_mmol_per_l"]
    ).any()


def test_a_cluster_that_is_not_there_or_of_another_version_is_refused_in_a_line(study, tmp_path, monkeypatch):
    monkeypatch.setattr("insulin_abm.results.cluster.PATIENCE_S", 1)
    with pytest.raises(ClusterError, match="no scheduler can be reached there"):
        run_study(study, tmp_path / "out", scheduler="tcp://127.0.0.1:9")
    monkeypatch.undo()
    with dask_cluster(1) as (address, _):
        monkeypatch.setattr(study_running, "program_hash", lambda: "another")
        with pytest.raises(ClusterError, match="another version of insulin_abm; install the same one"):
            run_study(study, tmp_path / "out", scheduler=address)


def test_a_script_without_a_guard_is_told_once_what_to_do(moment, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from insulin_abm.studies import Study, run_study\n"
        f'run_study(Study("two", ({str(moment)!r},), (1, 2)), {str(tmp_path / "out")!r}, workers=2)\n'
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=300)
    assert done.returncode == 1
    told = r'insulin_abm\S+ClusterError: 2 processes could not be started .* under if __name__ == "__main__":'
    assert re.match(told, done.stderr.strip().splitlines()[-1])
    assert done.stderr.count("Traceback") == 1


def test_a_folder_that_cannot_be_written_is_refused(study, tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(PlaceError, match="file"):
        run_study(study, tmp_path / "file" / "out")


def test_it_is_said_before_what_it_takes(study, tmp_path):
    told = []
    run_study(study, tmp_path / "out", workers=2, expected=told.append)
    (wanted,) = told
    assert wanted.runs == 12
    assert wanted.seconds > 0.0
    kept = sum(file.stat().st_size for file in (tmp_path / "out").rglob("*") if file.is_file())
    assert 0.1 < wanted.bytes / kept < 10.0


def test_scenarios_of_finished_runs_are_forgotten(moment, tmp_path):
    """However many runs a study has, a few scenarios are in memory: those in work and those of the last messages."""
    alive = []

    def count(told):
        if told.done in (60, 120):
            gc.collect()
            alive.append(sum(type(one) is Scenario for one in gc.get_objects()))

    run_study(Study("small", (str(moment),), grid={RICE: portions(120)}), tmp_path / "out", workers=2, progress=count)
    assert len(alive) == 2
    assert max(alive) < 30
