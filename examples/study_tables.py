"""Run a small study and read its tables with pandas, polars and DuckDB.

    .venv/bin/python examples/study_tables.py [FOLDER]

Model output for research and teaching, not medical advice.
"""

import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl

from insulin_abm.studies import Study, run_study

STUDY = Study(
    "two weights, with and without the loss of receptors",
    ("healthy_day",),
    seeds=(1, 2),
    changes={"cells": 200},
    grid={"person.weight": ["60 kg", "90 kg"]},
    twins={"no receptor loss": {"mechanism.receptor_loss": 0}},
)


def main(folder: Path) -> None:
    """Run what is missing, and ask each library the same."""
    run_study(STUDY, folder, workers=2)

    runs = pd.read_csv(folder / "runs.csv")
    print(runs.groupby(["person.weight", "twin"])["mean_glucose_mmol_per_l"].mean())

    lazy = pl.scan_parquet(folder / "runs.parquet")
    print(lazy.group_by("person.weight", "twin").agg(pl.col("mean_glucose_mmol_per_l").mean()).collect())

    question = f"""
        SELECT twin, measure, avg(value) AS mean, any_value(unit) AS unit
        FROM '{folder}/measures.parquet' JOIN '{folder}/runs.parquet' USING (run)
        WHERE measure IN ('homa_ir', 'time_in_range') GROUP BY ALL ORDER BY ALL
    """
    print(duckdb.sql(question))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("outputs/two_weights"))
