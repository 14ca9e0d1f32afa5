"""Calibration: it goes down the hill, says what the data do not, is cut off and goes on, and refuses nonsense."""

import csv
import json
import math
import subprocess
import sys

import numpy as np
import pytest
from typer.testing import CliRunner

from insulin_abm.cli import app
from insulin_abm.parameters import Faults, Registry
from insulin_abm.parameters.targets import targets
from insulin_abm.results.names import CALIBRATION, EVALUATIONS, FACTS, NUMBERS, REPORT
from insulin_abm.validation.calibrating import plan, share_inside
from insulin_abm.validation.calibration import FARTHEST, PRIOR_WIDTH, fit, residuals, usable_facts
from insulin_abm.validation.calibration import NUMBERS as USUAL

RUNNER = CliRunner()
TWO = ("liver.fatty_acid_gain", "gut.emptying_limit")
START = {name: Registry.load()[name].value for name in TWO}


class Straight:
    """In place of the model: every fact lies on a straight line in the logarithm of the first number."""

    def __init__(self):
        self.made = 0

    def of(self, points, done):
        self.made += len(points)
        first = Registry.load()[TWO[0]].value
        return [
            {
                fact.id: 0.5 * (fact.low + fact.high)
                + fact.spread * (math.log(float(point[TWO[0]].split()[0]) / first) - 0.3)
                for fact in usable_facts()
            }
            for point in points
        ]


def test_the_fit_finds_the_number_that_the_facts_ask_for_and_leaves_the_other_alone():
    """Many facts narrow the first number against its prior; the second is told to be as wide as its prior."""
    found = fit(Straight(), ["P1", "P2", "P3"], 20, lambda text: None, START)
    moved = math.log(found.numbers[TWO[0]] / found.start[TWO[0]])
    against_prior = len(found.used) / (len(found.used) + PRIOR_WIDTH**-2)
    assert moved == pytest.approx(0.3 * against_prior, abs=1e-3)
    assert found.numbers[TWO[1]] == pytest.approx(found.start[TWO[1]], rel=1e-4)
    exact = 1.0 / math.sqrt(1.0 + len(found.used) * PRIOR_WIDTH**2)  # of so many facts with a slope of one half width
    assert found.narrowed[TWO[0]] == pytest.approx(exact, rel=1e-3)
    assert found.narrowed[TWO[1]] == pytest.approx(1.0, abs=1e-3)
    assert [max(direction, key=lambda name: abs(direction[name])) for direction in found.flat] == [TWO[1]]


def test_facts_that_are_left_out_are_not_fitted_but_scored():
    found = fit(Straight(), ["P1"], 3, lambda text: None, START)
    assert {targets()[name].group for name in found.used} == {"P1"}
    assert set(found.after) == {fact.id for fact in usable_facts()}
    fitted, left = (share_inside([found], fitted=which) for which in (True, False))
    assert fitted[1] == len(found.used)
    assert fitted[1] + left[1] == len(found.after)


def test_a_residual_counts_in_half_widths_and_what_is_unknown_weighs():
    facts = [targets()["P1_01"], targets()["P1_02"]]
    found = residuals(facts, {"P1_01": 5.5, "P1_02": math.nan})
    np.testing.assert_allclose(found, [1.0, FARTHEST])
    far = residuals(facts, {"P1_01": 5000.0, "P1_02": -5000.0})
    np.testing.assert_allclose(far, [FARTHEST, -FARTHEST])  # what cannot be measured is no better than what is far off


def test_each_group_is_left_out_once():
    planned = plan(["P1", "P2", "P3", "L7", "D3"], [], 3, [])
    left = [{"P1", "P2", "P3", "L7", "D3"} - set(lot) for lot in planned.lots]
    assert sorted(group for groups in left for group in groups) == ["D3", "L7", "P1", "P2", "P3"]
    assert tuple(planned.start) == USUAL
    assert planned.start[TWO[0]] == Registry.load()[TWO[0]].value


def test_a_calibration_can_begin_where_another_one_began(tmp_path):
    (tmp_path / "numbers.csv").write_text(f"lot,name,start\n1,{TWO[0]},0.7\n")
    planned = plan(["P1"], [], 0, TWO, tmp_path / "numbers.csv")
    assert planned.start == {TWO[0]: 0.7, TWO[1]: START[TWO[1]]}
    with pytest.raises(Faults, match=r"no numbers\.csv"):
        plan(["P1"], [], 0, TWO, tmp_path)


def test_all_numbers_that_are_fitted_are_there_and_sourced_as_such():
    """None of them was read in a paper: what is measured is not fitted."""
    registry = Registry.load()
    for name in USUAL:
        assert registry[name].certainty in ("fitted", "assumption", "recalled-medium", "computed"), name
        assert registry[name].low < registry[name].value < registry[name].high, name


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["P99"], [], 0, []), "unknown group 'P99'"),
        ((["P1"], ["P1"], 0, []), "no group is left"),
        ((["P1"], [], 0, ["liver.fatty_acid_gian"]), "unknown parameter 'liver.fatty_acid_gian'. Did you mean"),
        ((["P1", "P2"], [], 3, []), "3 lots of 2 groups"),
        ((["P1"], [], 0, ["clinic.insulin_modification"]), "0 cannot be fitted"),
    ],
)
def test_what_cannot_be_planned_is_refused(arguments, message):
    with pytest.raises(Faults, match=message.replace("(", r"\(")):
        plan(*arguments)


@pytest.mark.parametrize(
    ("options", "problem"),
    [(["P99"], "unknown group"), (["--folds", "1"], "lots"), (["--number", "x.y"], "unknown parameter")],
)
def test_the_command_refuses_with_2_and_writes_nothing(tmp_path, options, problem):
    result = RUNNER.invoke(app, ["calibrate", *options, "--out", str(tmp_path / "c")])
    assert (result.exit_code, problem in result.output) == (2, True), result.output
    assert not (tmp_path / "c").exists()


def test_a_folder_with_something_else_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    result = RUNNER.invoke(app, ["calibrate", "P1", "--out", str(tmp_path)])
    assert (result.exit_code, "holds mine.txt" in result.output) == (2, True)


def test_killed_it_goes_on_and_ends_with_the_same_numbers(compiled, tmp_path):
    """SIGKILL after the first evaluation: the same call makes the rest, and finds what an undisturbed one does."""
    options = ["P1", "--number", TWO[0], "--rounds", "1", "--workers", "1"]
    kill = f"""
import os, signal
from insulin_abm.validation import evaluations
from insulin_abm.cli import app
keep = evaluations.Evaluations._keep
def keep_and_die(self, key, values):
    keep(self, key, values)
    os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    evaluations.Evaluations._keep = keep_and_die
    app(["calibrate", *{options!r}, "--out", {str(tmp_path / "killed")!r}])
"""
    script = tmp_path / "kill.py"
    script.write_text(kill)
    died = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert died.returncode == -9, died.stderr
    kept = (tmp_path / "killed" / EVALUATIONS).read_text().strip().splitlines()
    assert len(kept) == 1
    with (tmp_path / "killed" / EVALUATIONS).open("a") as file:
        file.write("\n" + kept[0][:40])  # a line that a kill cut short
    for folder in ("killed", "whole"):
        result = RUNNER.invoke(app, ["calibrate", *options, "--out", str(tmp_path / folder)])
        assert result.exit_code == 0, result.output
        assert {path.name for path in (tmp_path / folder).iterdir()} == {NUMBERS, FACTS, REPORT, EVALUATIONS}
    for file in CALIBRATION.tables:
        assert (tmp_path / "killed" / file).read_bytes() == (tmp_path / "whole" / file).read_bytes(), file
    rows = list(csv.DictReader((tmp_path / "whole" / FACTS).read_text().splitlines()))
    assert {row["fitted"] for row in rows if row["group"] == "P1"} == {"yes"}
    assert {row["fitted"] for row in rows if row["group"] != "P1"} == {"no"}
    assert json.loads(kept[0])["values"].keys() == {row["id"] for row in rows}
