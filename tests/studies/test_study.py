"""A study file becomes one table of runs, or one message with all that is wrong."""

import pytest

from insulin_abm.parameters import Faults
from insulin_abm.studies.reading import changed, is_study, load_study
from insulin_abm.studies.study import AS_IT_IS, own_seed

from .conftest import TINY

WHOLE = """
title = "everything"
scenarios = ["t*.toml", "healthy_day"]
seeds = [3, 7]
timeseries = true
[set]
"person.sex" = "male"
[set.muscle]
receptor_count = "1.1e4 receptors"
[grid]
"person.weight" = ["60 kg", "80 kg", "100 kg"]
[sample]
method = "latin_hypercube"
size = 5
[sample.between]
"person.beta_cell_mass" = [0.5, 1.0]
[twins."no receptor loss"]
"mechanism.receptor_loss" = 0
"""


def write(folder, text, scenario=TINY):
    (folder / "tiny.toml").write_text(scenario)
    file = folder / "study.toml"
    file.write_text(text)
    return file


def test_all_parts_become_one_table(tmp_path):
    file = write(tmp_path, WHOLE.replace('["t*.toml", "healthy_day"]', '["tiny.toml", "healthy_day"]'))
    study = load_study(file)
    runs = list(study.runs())
    assert len(study) == len(runs) == 2 * 3 * 5 * 2 * 2
    assert [run.number for run in runs] == list(range(1, len(runs) + 1))
    first, second = runs[:2]
    assert (first.twin, second.twin) == (AS_IT_IS, "no receptor loss")
    assert first.varied == second.varied
    assert first.seed == second.seed == 3
    assert first.group == "tiny, person.weight = 60 kg"
    assert first.overrides["person.sex"] == "male"
    assert first.overrides["muscle.receptor_count"] == "1.1e4 receptors"
    assert "mechanism.receptor_loss" not in first.overrides
    assert second.overrides["mechanism.receptor_loss"] == 0
    assert len({run.called for run in runs}) == len(runs)
    assert changed(study, {"cells": 50}, (1,), False).seeds == (1,)


def test_people_of_a_cohort_have_seeds_of_their_own_and_twins_share_them(tmp_path):
    text = """
    scenarios = ["tiny.toml"]
    seeds = 2
    [cohort]
    size = 3
    [cohort.values."person.age"]
    mean = "50 yr"
    sd = "9 yr"
    low = "30 yr"
    high = "70 yr"
    [twins.frozen]
    "mechanism.receptor_loss" = 0
    """
    runs = list(load_study(write(tmp_path, text)).runs())
    seeds = {(run.person, run.seed) for run in runs}
    assert len(runs) == 12
    assert len(seeds) == len({seed for _, seed in seeds}) == 6
    assert own_seed(1, 2) == own_seed(1, 2) != own_seed(2, 1)
    for one, twin in zip(runs[::2], runs[1::2], strict=True):
        assert (one.seed, one.person, one.varied) == (twin.seed, twin.person, twin.varied)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("scenarios = []", "is not a list of scenarios"),
        ('scenarios = ["nowhere.toml"]', "there is no 'nowhere.toml'"),
        ('scenarios = ["tiny.toml"]\nseeds = 0', "out of range"),
        ('scenarios = ["tiny.toml"]\nseeds = [1, 1]', "names a seed twice"),
        ('scenarios = ["tiny.toml"]\n[grid]\n"person.wieght" = ["60 kg"]', "person.wieght"),
        ('scenarios = ["tiny.toml"]\n[grid]\n"person.weight" = "60 kg"', "is not a list of values"),
        ('scenarios = ["tiny.toml"]\n[grid]\n"person.weight" = ["60 miles"]', "person.weight"),
        (
            'scenarios = ["tiny.toml"]\n[sample]\nsize = 12\n[sample.between]\n"person.age" = ["20 yr", "30 yr"]',
            "power",
        ),
        ('scenarios = ["tiny.toml"]\n[sample]\nmethod = "magic"', "unknown method 'magic'"),
        (
            'scenarios = ["tiny.toml"]\n[set]\n"person.age" = "30 yr"\n[grid]\n"person.age" = ["20 yr"]',
            "in [set] as well",
        ),
        ('scenarios = ["tiny.toml"]\n[cohort]\nsize = 0', "out of range"),
        ('scenarios = ["tiny.toml"]\n[cohort.values."person.age"]\nmean = "50 yr"', "sd"),
        ('scenarios = ["tiny.toml"]\n[cohort.values."person.sex"]\nchoose = ["female"]\nshares = [0.5]', "add up to 1"),
        ('scenarios = ["tiny.toml"]\n[twins."as it is"]\n"cells" = 3', "nothing is changed"),
        ('scenarios = ["tiny.toml"]\n[twins.x]\n"mechanism.recptor_loss" = 3', "receptor_loss"),
        ('scenarios = ["tiny.toml"]\n[twons]', "unknown key or table 'twons'"),
        ('scenarios = ["dish_washout"]', "of a dish"),
        ('scenarios = ["tiny.toml"]\ntimeseries = 1', "neither true nor false"),
    ],
)
def test_what_is_wrong_is_said_before_anything_runs(tmp_path, text, says):
    file = write(tmp_path, text)
    with pytest.raises(Faults) as refusal:
        load_study(file)
    assert says in str(refusal.value)
    assert "study.toml" in str(refusal.value)


def test_a_scenario_is_no_study_and_what_is_not_there_is_neither(tmp_path):
    file = write(tmp_path, 'scenarios = ["tiny.toml"]')
    assert is_study(str(file))
    assert not is_study(str(tmp_path / "tiny.toml"))
    assert not is_study("healthy_day")
