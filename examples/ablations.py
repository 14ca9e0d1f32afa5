"""Which mechanism does what? Healthy, obese and type 2 people with one mechanism at a time turned off.

    .venv/bin/python examples/ablations.py [--seeds 1 2 3] [--out outputs/ablations.csv]

Everybody settles anew without the mechanism and then lives the day of `healthy_day`; all share their draws. Prints a
table and writes it. Model output, not medical advice.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

import pandas as pd

from insulin_abm import Scenario
from insulin_abm.readings import read_body

PEOPLE: dict[str, tuple[str, dict[str, object]]] = {
    "healthy": ("healthy_day", {}),
    "eats 1.6 times as much": ("healthy_day", {"person.activity": 1.6}),
    "obese": ("insulin_resistant_day", {}),
    "type 2": ("type2_day", {}),
}
MECHANISMS = {
    "all on": (),
    "no receptor loss": ("receptor_loss",),
    "no turn-down of production": ("production_turn_down",),
    "no overfilling of fat cells": ("fat_cell_overfilling",),
    "no ectopic lipid": ("ectopic_lipid_block",),
    "no block by fatty acids": ("fatty_acid_block",),
    "no glucose toxicity": ("glucose_toxicity",),
    "receptor loss alone": ("fat_cell_overfilling", "ectopic_lipid_block", "fatty_acid_block", "glucose_toxicity"),
    "none": (
        "receptor_loss",
        "fat_cell_overfilling",
        "ectopic_lipid_block",
        "fatty_acid_block",
        "glucose_toxicity",
    ),
}
FASTING, TWO_HOURS_AFTER_DINNER, STEP, DAY = range(390, 421, 5), 1260, 5, 1440


def lived(person: str, without: str, seed: int) -> dict[str, object]:
    """Live a day and measure it."""
    scenario, changes = PEOPLE[person]
    off = {f"mechanism.{name}": 0 for name in MECHANISMS[without]}
    body = Scenario.load(scenario, overrides={**changes, **off}).body(seed=seed)
    rows = [read_body(body)]
    while body.time < DAY:
        body.run_for(STEP)
        rows.append(read_body(body))
    day = pd.DataFrame(rows).set_index("time_min")
    fasting = day.loc[list(FASTING)].mean()
    return {
        "person": person,
        "mechanisms": without,
        "seed": seed,
        "fasting_glucose_mmol_per_l": fasting["plasma_glucose_mmol_per_l"],
        "fasting_insulin_pmol_per_l": fasting["plasma_insulin_pmol_per_l"],
        "mean_insulin_pmol_per_l": day["plasma_insulin_pmol_per_l"].mean(),
        "glucose_2_h_after_dinner_mmol_per_l": day["plasma_glucose_mmol_per_l"][TWO_HOURS_AFTER_DINNER],
        "fasting_ffa_mmol_per_l": fasting["plasma_ffa_mmol_per_l"],
        "muscle_receptors_per_cell": fasting["muscle_receptors_per_cell"],
        "settled": body.settling["settled"],
    }


def main() -> None:
    """Run all people with all mechanisms, two at a time."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seeds", type=int, nargs="+", default=[1])
    arguments.add_argument("--out", type=Path, default=Path("outputs/ablations.csv"))
    given = arguments.parse_args()
    with ProcessPoolExecutor(2) as pool:
        table = pd.DataFrame(pool.map(lived, *zip(*product(PEOPLE, MECHANISMS, given.seeds), strict=True)))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(given.out, index=False)
    mean = table.drop(columns="seed").groupby(["person", "mechanisms"], sort=False).mean()
    print(mean.round(2).to_string())


if __name__ == "__main__":
    main()
