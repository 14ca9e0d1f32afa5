"""Summaries and sensitivities say what the runs say."""

import numpy as np
import pandas as pd
import pytest

from insulin_abm.parameters import Faults
from insulin_abm.results import names
from insulin_abm.results.errors import PlaceError
from insulin_abm.results.tables import write_table
from insulin_abm.studies import Study, run_study
from insulin_abm.studies.draws import Amount, Between
from insulin_abm.studies.sensitivity import MORRIS, SOBOL, analyse, design
from insulin_abm.studies.study import Sample
from insulin_abm.studies.summary import summarise
from insulin_abm.studies.tables import MEASURED

WEIGHT = {"person.weight": Between(Amount(60.0, "kg"), Amount(100.0, "kg"))}


def made_up(folder, rows):
    """Write the tables of a study that nobody lived."""
    folder.mkdir()
    write_table(folder / names.RUNS, list(rows[0]), rows)
    about = {"file": names.RUNS, "name": "homa_ir", "unit": "1", "meaning": MEASURED}
    write_table(folder / names.COLUMNS, list(about), [about])
    return folder


def row(number, group, twin, seed, value):
    return {"run": number, "group": group, "person": 0, "twin": twin, "scenario": "s", "seed": seed, "homa_ir": value}


def test_groups_are_described_and_set_against_the_first(tmp_path):
    values = {"lean": [1.0, 2.0, 3.0], "obese": [4.0, 5.0, 6.0]}
    rows = [row(0, group, "", seed, value) for group, some in values.items() for seed, value in enumerate(some)]
    folder = made_up(tmp_path / "out", rows)
    summarise(folder)
    groups = pd.read_csv(folder / names.GROUPS).set_index("group")
    assert groups.loc["lean", ["runs", "mean", "sd"]].tolist() == [3, 2.0, 1.0]
    (effect,) = pd.read_csv(folder / names.EFFECTS).to_dict("records")
    assert (effect["against"], effect["difference"], effect["effect_size"]) == ("lean", 3.0, 3.0)
    # Welch: 3 +- t(0.975, 4) * sqrt(1/3 + 1/3)
    assert effect["low"] == pytest.approx(3.0 - 2.776445 * np.sqrt(2 / 3), abs=1e-5)


def test_twins_are_compared_in_pairs(tmp_path):
    rows = []
    for seed, value in enumerate((1.0, 5.0, 9.0)):
        rows += [row(0, "g", "as it is", seed, value), row(0, "g", "drug", seed, value + 0.5 + 0.1 * (seed - 1))]
    folder = made_up(tmp_path / "out", rows)
    summarise(folder)
    (effect,) = pd.read_csv(folder / names.EFFECTS).to_dict("records")
    assert effect["pairs"] == 3
    assert effect["difference"] == pytest.approx(0.5)
    assert effect["effect_size"] == pytest.approx(5.0)
    assert 0.0 < effect["low"] < 0.5 < effect["high"]


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(PlaceError, match="batch STUDY"):
        summarise(tmp_path)
    folder = made_up(tmp_path / "out", [row(1, "g", "", 1, 2.0)])
    with pytest.raises(Faults, match="unknown column 'wieght'"):
        summarise(folder, "wieght")
    with pytest.raises(Faults, match="unknown measure 'homa'"):
        summarise(folder, measures=["homa"])


@pytest.mark.parametrize(("method", "size", "runs"), [(MORRIS, 3, 9), (SOBOL, 64, 256)])
def test_a_measure_that_follows_one_number_is_moved_by_it_alone(tmp_path, method, size, runs):
    """The measure is made up: the weight itself; height does nothing."""
    between = {**WEIGHT, "person.height": Between(Amount(160.0, "cm"), Amount(180.0, "cm"))}
    study = Study("s", ("healthy_day",), sample=Sample("random", 1, 1, between))
    planned = design(study, method, size)
    points = [run.varied for run in planned.study.runs()]
    assert len(points) == len(planned.study) == runs
    rows = [row(place, "g", "", 1, Amount.of(point["person.weight"]).number) for place, point in enumerate(points, 1)]
    folder = made_up(tmp_path / "out", rows)
    found = analyse(planned, folder, ["homa_ir"])
    assert found.picture.exists()
    table = pd.read_csv(folder / names.SENSITIVITY).set_index("number")
    size_of = "mu_star" if method == MORRIS else "total"
    assert abs(table.loc["person.height", size_of]) < 1e-9
    assert table.loc["person.weight", size_of] == pytest.approx(40.0 if method == MORRIS else 1.0, rel=0.1)


def test_what_cannot_be_analysed_is_refused():
    study = Study("s", ("healthy_day",), sample=Sample("random", 1, 1, WEIGHT))
    with pytest.raises(Faults, match="power of two"):
        design(study, SOBOL, 12)
    with pytest.raises(Faults, match="unknown method"):
        design(study, "guess", 8)
    with pytest.raises(Faults, match=r"\[sample.between\]"):
        design(Study("s", ("healthy_day",)), MORRIS, 8)


def test_pictures_are_drawn_from_the_tables(compiled, study, tmp_path):
    ended = run_study(study, tmp_path / "out", workers=2)
    assert ended.finished == 12
    drawn = summarise(tmp_path / "out").pictures
    assert [picture.name for picture in drawn] == ["ribbons.png"]
    assert all(picture.stat().st_size > 10_000 for picture in drawn)
