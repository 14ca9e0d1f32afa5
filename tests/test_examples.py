"""The examples do what they say, and users' own code is compiled like the rest."""

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from insulin_abm.parameters import Faults
from insulin_abm.scenario import Scenario

EXAMPLES = Path(__file__).parent.parent / "examples"


def body_of(name, **overrides):
    return Scenario.load(EXAMPLES / f"{name}.toml", allow_code=True, overrides=overrides).body()


def test_code_of_a_scenario_runs_only_when_it_was_allowed():
    with pytest.raises(Faults, match="--allow-code"):
        Scenario.load(EXAMPLES / "with_my_drug.toml")


def test_the_drug_lowers_production_at_its_site_and_goes_away():
    body = body_of("with_my_drug")
    assert not body.minute.interpreted
    without = body.fork()
    (event,) = [event for event in without.events if event.kind == "take_drug"]
    without.events.cancel(event)
    for twin in (body, without):
        twin.run_until(7 * 60)
    drug = body.organ(body.drug_classes[0])
    assert 0.0 < drug.remaining < 0.8
    assert body.tissue("liver").glucose_output < 0.9 * without.tissue("liver").glucose_output
    assert body.blood.plasma_glucose < without.blood.plasma_glucose
    body.run_until(24 * 60)
    assert drug.remaining > 0.8  # 1000 mg with an elimination of 0.0025 per minute leave 90 mg


def test_a_twin_without_the_drug_differs_by_nothing_before_the_first_dose():
    body = body_of("with_my_drug")
    without = body.fork()
    without.events.replace_all([event for event in without.events if event.kind != "take_drug"])
    for twin in (body, without):
        twin.run_until(6 * 60)
    for cls in body.cell_classes.values():
        for name, values in body.populations[cls].columns.items():
            assert (values == without.populations[cls].columns[name]).all()


def test_the_new_cell_lives_in_its_own_tissue_and_burns_glucose_under_insulin():
    body = body_of("with_my_cell")
    assert not body.minute.interpreted
    assert "brown_fat" in body.anatomy
    brown_fat = body.populations[body.cell_classes["brown_fat"]]
    body.run_until(7 * 60)
    fasting = brown_fat.columns["burnt"].mean()
    body.run_until(8 * 60 + 30)
    assert brown_fat.columns["burnt"].mean() > 1.5 * fasting > 0.0
    assert body.blood.imbalance == 0


def test_the_batch_example_reads_what_was_run(tmp_path):
    done = subprocess.run(
        [sys.executable, EXAMPLES / "batch.py", tmp_path / "results"], check=True, capture_output=True, text=True
    )
    assert "type1_treated_day" in done.stdout


def test_the_example_of_study_tables_asks_three_libraries(tmp_path):
    folder = tmp_path / "two weights"
    done = subprocess.run(
        [sys.executable, EXAMPLES / "study_tables.py", folder], check=True, capture_output=True, text=True
    )
    runs = pd.read_csv(folder / "runs.csv")
    assert len(runs) == 8
    by_pandas, others = done.stdout.split("shape: (4, 3)")
    by_polars, by_duckdb = others.split("varchar", maxsplit=1)
    for (weight, twin), mean in runs.groupby(["person.weight", "twin"])["mean_glucose_mmol_per_l"].mean().items():
        (polars_says,) = re.findall(rf"{weight:.1f} +┆ {twin} +┆ ([0-9.]+)", by_polars)
        assert float(polars_says) == pytest.approx(mean, abs=1e-6)
        assert f"{mean:.6f}" in by_pandas
    for twin, mean in runs.groupby("twin")["homa_ir"].mean().items():
        (duckdb_says,) = re.findall(rf"{twin} +│ homa_ir +│ +([0-9.]+)", by_duckdb)
        assert float(duckdb_says) == pytest.approx(mean, abs=1e-6)
