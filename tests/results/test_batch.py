"""Batches: one folder a run; a run that fails or dies does not stop the others."""

from pathlib import Path

import pandas as pd
import pytest

from insulin_abm.parameters import Faults
from insulin_abm.results import Results, names
from insulin_abm.results.batch import Task, check, plan, run_all
from insulin_abm.results.comparison import compare
from insulin_abm.results.names import COMPARISON
from insulin_abm.terminal import seeds_of

from .conftest import SHORT

DIES = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
FAILS = "raise RuntimeError('a bug in a drug')\n"


def write(folder, name, use=""):
    if use:
        (folder / f"{name}.py").write_text(use)
    path = folder / f"{name}.toml"
    path.write_text((f'use = ["{name}.py"]\n' if use else "") + SHORT)
    return str(path)


def test_plan_gives_every_run_its_folder():
    tasks = plan(["a.toml", "healthy_day"], Path("out"), [1, 2], {"cells": 60})
    assert [str(task.folder) for task in tasks] == [
        "out/a_seed_1",
        "out/a_seed_2",
        "out/healthy_day_seed_1",
        "out/healthy_day_seed_2",
    ]
    assert tasks[1].overrides == {"cells": 60, "seed": 2}
    with pytest.raises(Faults, match="several files are called a"):
        plan(["a.toml", "b/a.toml"], Path("out"), [], {})


def test_seeds():
    assert seeds_of("1-3, 7") == [1, 2, 3, 7]
    assert seeds_of("") == []
    for wrong in ("x", "3-1", "1-", "1-999999999"):
        with pytest.raises(Faults, match="not a seed"):
            seeds_of(wrong)


def test_check_says_why_a_run_cannot_begin(tmp_path):
    good = write(tmp_path, "good")
    assert check(Task(good, tmp_path / "out", {})) is None
    assert "no such file" in check(Task(str(tmp_path / "none.toml"), tmp_path / "out", {})).reason
    assert "not of the results of a run" in check(Task(good, tmp_path, {})).reason


def test_the_others_finish_when_a_run_fails_or_dies(compiled, tmp_path):
    files = [write(tmp_path, "dies", DIES), write(tmp_path, "good"), write(tmp_path, "fails", FAILS)]
    out = tmp_path / "out"
    told = []
    tasks = plan(files, out, [], {}, allow_code=True)
    outcomes = run_all([*tasks, *plan([files[1]], out, [2], {})], 1, told.append)
    dies, good, fails, again = (outcome.reason for outcome in outcomes)
    assert "died 4 times" in dies
    assert "a bug in a drug" in fails
    assert (good, again) == ("", "")
    assert len(told) == 4
    assert sorted(entry.name for entry in out.iterdir()) == ["good", "good_seed_2"]

    runs = [Results(out / name) for name in ("good", "good_seed_2")]
    headings, *rows = compare(runs, out / "comparison")
    assert headings == ("measure", "unit", "time", "good", "good_seed_2")
    assert "mean_glucose_mmol_per_l" in [row[0] for row in rows]
    assert list(pd.read_csv(out / "comparison" / COMPARISON)["run"]) == ["good", "good_seed_2"]
    assert names.TIMESERIES in {path.name for path in runs[0].folder.iterdir()}
