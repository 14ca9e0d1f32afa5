"""The commands that run, draw and list: what they say and how they end."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from insulin_abm.cli import app
from insulin_abm.results import names

COMMAND = [sys.executable, "-m", "insulin_abm.cli"]
RUNNER = CliRunner()


def invoke(*arguments):
    """Run a command in this process: its exit code, and what it said."""
    result = RUNNER.invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


SHORT = ("--duration", "1 h", "--cells", "60")


def test_run_in_a_pipe_says_one_line(compiled, tmp_path):
    done = subprocess.run(
        [*COMMAND, "run", "healthy_day", "--set", "meals=[]", *SHORT],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    assert re.fullmatch(
        r"outputs/healthy_day: done; the person settled in \d+ usual days \(largest change 0\.\d+ % a week\)\. "
        r"Model output for research and teaching, not medical advice\.",
        line,
    )
    assert {path.name for path in (tmp_path / "outputs" / "healthy_day").iterdir()} == set(names.RUN.files)


def test_run_refuses_to_replace_results_and_plot_draws_them_again(compiled, tmp_path):
    arguments = ("run", "ogtt_healthy", "--set", "meals=[]", *SHORT, "--out", tmp_path / "day")
    assert invoke(*arguments)[0] == 0
    code, said = invoke(*arguments)
    assert code == 2
    assert "--overwrite" in said
    assert invoke(*arguments, "--overwrite", "--seed", 5)[0] == 0
    assert '"seed": 5' in (tmp_path / "day" / names.MANIFEST).read_text()
    code, said = invoke("plot", tmp_path / "day")
    assert (code, said.strip()) == (0, f"{tmp_path}/day/figures/overview.png: drawn")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "healthy_day", "--duration", "3 kg"), "duration"),
        (("run", "healthy_day", "--cells", "0"), "cells"),
        (("run", "helthy_day"), "Did you mean 'healthy_day'"),
        (("run", "healthy_day", "--threads", "0"), "threads"),
        (("plot", "nowhere"), "no folder of results"),
        (("batch", "helthy_day"), "nothing can run"),
        (("batch", "healthy_day", "--seeds", "5-1"), "not a seed"),
    ],
)
def test_wrong_input_ends_with_2_and_writes_nothing(tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    code, output = invoke(*arguments)
    assert code == 2
    assert said in output
    assert list(tmp_path.iterdir()) == []


def test_batch_lists_failures_and_ends_with_1(compiled, tmp_path):
    code, said = invoke(
        "batch",
        "fast_24h",
        "nowhere",
        "--out",
        tmp_path,
        *("--set", "duration=1 h"),
        *("--set", "cells=60"),
        "--compare",
    )
    assert code == 1
    assert "nowhere: failed: nowhere: 1 fault; there is no such file" in said
    assert "1 done, 1 failed" in said
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["comparison", "fast_24h"]
    assert sorted(entry.name for entry in (tmp_path / "comparison").iterdir()) == [
        "comparison.csv",
        "differences.csv",
        "figures",
    ]


def test_batch_refuses_before_it_runs_what_it_could_not_compare(tmp_path):
    (tmp_path / "comparison").mkdir()
    (tmp_path / "comparison" / "letter.txt").write_text("mine")
    code, said = invoke("batch", "fast_24h", "--out", tmp_path, "--compare")
    assert (code, "not of a comparison; choose another --out" in said) == (2, True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["comparison"]


def test_columns_are_listed_with_unit_and_meaning():
    code, said = invoke("columns")
    assert code == 0
    assert "timeseries.csv\tplasma_glucose_mmol_per_l\tmmol/L\tglucose in plasma" in said.splitlines()


def test_ctrl_c_ends_with_130_in_one_line_and_leaves_nothing(compiled, tmp_path):
    out = tmp_path / "outputs"
    process = subprocess.Popen(
        [*COMMAND, "run", "fast_24h", "--duration", "50000 h", "--cells", "60", "--out", out / "day"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        timeseries = out / ".day.part" / names.TIMESERIES
        waited_until = time.monotonic() + 240
        while not timeseries.exists() and process.poll() is None and time.monotonic() < waited_until:
            time.sleep(0.1)
        os.kill(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, said.strip()) == (130, "interrupted; nothing of this run was kept")
    assert list(tmp_path.iterdir()) == []
