"""Visits in a run: what is written, when, and that they change nothing else."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from insulin_abm.cli import app
from insulin_abm.results import names, run
from insulin_abm.results.identity import file_sha256
from insulin_abm.scenario import Scenario

RUNNER = CliRunner()
DAY = """
duration = "12 h"
start = "07:00"
cells = 100
[[meals]]
at = "07:00"
foods = { white_rice = "150 g" }
[record]
snapshot_every = "2 h"
"""
VISITS = """
[[visits]]
at = "07:00"
protocols = ["ogtt"]
[[visits]]
at = "07:00"
protocols = ["biopsy"]
[[visits]]
at = "16:00"
protocols = ["euglycaemic_clamp"]
[[visits]]
at = "08:00"
protocols = ["ogtt"]
[[visits]]
at = "19:00"
protocols = ["insulin_suppression_test"]
"""
HUNGRY = """
duration = "2 h"
cells = 60
[[meals]]
at = "10 min"
glucose_drink = "50 g"
[[visits]]
at = "1 h"
protocols = "ogtt"
"""
UNTOUCHED = (names.TIMESERIES, names.TISSUES, names.CELLS, names.LEDGER, names.EVENTS)


@pytest.fixture(scope="module")
def visited(compiled, tmp_path_factory):
    scenario = Scenario.from_text(DAY + VISITS, source="visited.toml")
    return run(scenario, tmp_path_factory.mktemp("visits") / "visited")


def test_nothing_else_of_the_run_changes(visited, tmp_path):
    plain = run(Scenario.from_text(DAY, source="visited.toml"), tmp_path / "plain")
    for file in UNTOUCHED:
        assert file_sha256(visited.folder / file) == file_sha256(plain.folder / file), file


def test_findings_stand_in_measures_with_their_visit_and_time(visited):
    measures = visited.measures.set_index(["visit", "measure"])
    assert measures.loc[("ogtt", "glucose_30_min_mmol_per_l"), "time_min"] == 30
    assert measures.loc[("euglycaemic_clamp", "clamp_m_mg_per_kg_min"), "time_min"].min() > 9 * 60
    assert measures.loc[("biopsy", "liver_glycogen"), "unit"] == "mmol/L"
    assert {"run", "fasting"} <= set(visited.measures["visit"])


def test_a_visit_comes_before_what_is_eaten_in_its_minute(visited):
    """Breakfast is at 07:00; the test of 07:00 finds a fasting person, that of 08:00 says that it needs a fast."""
    assert visited.measures.query("visit == 'ogtt' and time_min == 0")["value"].notna().all()
    assert visited.problems["time_min"].tolist() == [60.0]
    assert "needs a fast" in visited.problems["problem"][0]


def test_what_was_seen_is_in_a_table_of_its_own(visited):
    ogtt = visited.visits.query("visit == 'ogtt'")
    assert ogtt["time_min"].tolist() == list(range(181))
    assert set(visited.visits["visit"]) == {"ogtt", "biopsy", "euglycaemic_clamp", "insulin_suppression_test"}
    assert visited.visits.query("visit == 'insulin_suppression_test'")["visit_min"].unique().tolist() == [720.0]


def test_the_summary_holds_what_a_protocol_gives(visited):
    measures = visited.measures.set_index("measure")["value"]
    for name in ("clamp_m_mg_per_kg_min", "sspg_mmol_per_l", "matsuda", "glucose_120_min_mmol_per_l"):
        assert visited.summary[name] == measures[name]


def test_all_columns_are_in_the_dictionary(visited):
    notes = visited.columns
    for file in (names.VISITS, names.PROBLEMS):
        assert notes.query("file == @file")["name"].tolist() == visited.read(file).columns.tolist()


def test_a_killed_run_with_visits_resumes_to_the_same_bytes(visited, tmp_path):
    """SIGKILL between two visits; the same command goes on, and every table is as if nothing had been."""
    file, folder = tmp_path / "visited.toml", tmp_path / "killed"
    file.write_text(DAY + VISITS)
    text = f"""
import os, signal
from insulin_abm.results import resuming, run
keep = resuming.Keeper.keep
def keep_and_die(self, body, recorder):
    keep(self, body, recorder)
    if body.time >= 600:
        os.kill(os.getpid(), signal.SIGKILL)
resuming.Keeper.keep = keep_and_die
run({str(file)!r}, {str(folder)!r})
"""
    killed = subprocess.run([sys.executable, "-c", text], capture_output=True, check=False)
    assert killed.returncode == -9, killed.stderr
    resumed = run(file, folder)
    for table in names.TABLES:
        assert file_sha256(resumed.folder / table) == file_sha256(visited.folder / table), table


def test_a_problem_is_told_and_ends_the_command_with_1(tmp_path):
    file = tmp_path / "hungry.toml"
    file.write_text(HUNGRY)
    result = RUNNER.invoke(app, ["run", str(file), "--out", str(tmp_path / "run")])
    assert result.exit_code == 1
    assert "ogtt at minute 60: ogtt needs a fast" in result.stderr
    assert (tmp_path / "run" / names.MANIFEST).exists()
    for _ in range(2):  # also where it was done before
        again = RUNNER.invoke(app, ["batch", str(file), "--out", str(tmp_path / "many"), "--workers", "1"])
        assert again.exit_code == 1
        assert "needs a fast" in again.stderr
    assert (tmp_path / "many" / "hungry" / names.MANIFEST).exists()


def test_what_was_found_before_a_refusal_is_kept(compiled, tmp_path):
    """A fast of a healthy person, and then insulin is to be withdrawn from one who makes it."""
    text = 'duration = "1 h"\ncells = 60\nvisits = [["fast", "insulin_withdrawal"]]'
    results = run(Scenario.from_text(text), tmp_path / "run")
    assert "beta_cell_mass = 0" in results.problems["problem"][0]
    assert "fasting_liver_glycogen_mmol_per_l" in set(results.measures["measure"])
    assert results.visits["time_min"].max() == 720
