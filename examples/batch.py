"""Run scenarios, then read their tables with pandas.

python examples/batch.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from insulin_abm import run

SCENARIOS = ("healthy_day", "type1_treated_day")


def main(folder: Path) -> pd.DataFrame:
    """Run each scenario with two seeds and give one row a run."""
    rows = []
    for scenario in SCENARIOS:
        for seed in (1, 2):
            place = folder / f"{scenario}_{seed}"
            run(scenario, seed=seed).save(place)
            timeseries = pd.read_csv(place / "timeseries.csv")
            glucose = timeseries["plasma_glucose_mmol_per_l"]
            rows.append({"scenario": scenario, "seed": seed, "mean_glucose": glucose.mean(), "highest": glucose.max()})
    return pd.DataFrame(rows)


if __name__ == "__main__":
    print(main(Path(sys.argv[1] if len(sys.argv) > 1 else "outputs/example")).round(2).to_string(index=False))
