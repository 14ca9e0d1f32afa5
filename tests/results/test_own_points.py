"""A user's own points over the run of a person: drawn, and the errors told."""

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from insulin_abm.cli import app
from insulin_abm.results import names
from insulin_abm.results.own_points import read_points
from insulin_abm.results.own_points_picture import differences

RUNNER = CliRunner()
GLUCOSE = "plasma_glucose_mmol_per_l"


@pytest.fixture
def mine(short, tmp_path):
    """A copy of a run, and a table of points: glucose as it was, half a mmol/L higher, with a spread of one."""
    folder = short.save(tmp_path / "run").folder
    series = short.timeseries
    points = pd.DataFrame({"quantity": GLUCOSE, "time_min": series["time_min"], "value": series[GLUCOSE] + 0.5})
    points["low"], points["high"] = points["value"] - 1.0, points["value"] + 1.0
    path = tmp_path / "mine.csv"
    points.to_csv(path, index=False)
    return folder, path


def test_errors_are_simulated_less_measured(short, mine):
    (found,) = differences(read_points(mine[1], [GLUCOSE]), short.timeseries)
    assert (found.points, found.within) == (6, "6 of 6")
    assert found.mean == pytest.approx(-0.5)
    assert found.root_mean_square == pytest.approx(0.5)
    assert found.relative == pytest.approx(0.5 / (short.timeseries[GLUCOSE].mean() + 0.5))


def test_between_recordings_the_run_is_a_straight_line(short, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(f"quantity,time_min,value\n{GLUCOSE},30,0\n")
    (found,) = differences(read_points(path, [GLUCOSE]), short.timeseries)
    assert found.mean == pytest.approx(np.mean(short.timeseries[GLUCOSE][1:3]))
    assert (found.within, np.isnan(found.relative)) == ("", True)


def test_plot_draws_them_and_lists_the_errors(mine):
    folder, path = mine
    result = RUNNER.invoke(app, ["plot", str(folder), "--with", str(path)])
    assert result.exit_code == 0, result.output
    assert (folder / names.FIGURES / names.OWN_POINTS).stat().st_size > 10_000
    assert GLUCOSE in result.output
    assert "-0.5" in result.output


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("quantity,time_min,value\nglucose,0,5\n", "there is no quantity 'glucose'"),
        (f"quantity,time_min,value\n{GLUCOSE},600,5\n", "the run goes from 0 to 90 min"),
        (f"quantity,dose_pmol_per_l,value\n{GLUCOSE},60,5\n", "is at a time (time_min), not at a dose"),
        ("quantity,time_min,value\nsignal,1,1\n", "there is no quantity 'signal'"),
    ],
)
def test_points_without_a_place_are_refused(mine, text, problem):
    folder, path = mine
    path.write_text(text)
    result = RUNNER.invoke(app, ["plot", str(folder), "--with", str(path)])
    assert (result.exit_code, problem in result.output) == (2, True), result.output
