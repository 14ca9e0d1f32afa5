"""The same person with and without one thing, over weeks or years: twins, who share every draw.

    .venv/bin/python examples/twins.py [--table examples/twins.csv] [--only surplus_10y_strong] [--out outputs/twins]

A row of the table is a shipped course, a name, and what is changed (`name=value`, with `;` between). Each is run into a
folder of its own; a run that is there already is not run again. Writes `twins.csv`: what the visits found, beside what
they found in the first twin of the course. Model output, not medical advice.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd

from insulin_abm import run

TABLE = Path(__file__).parent / "twins.csv"
SHOWN = (
    "weight_kg",
    "fasting_glucose_mmol_per_l",
    "fasting_insulin_pmol_per_l",
    "clamp_m_mg_per_kg_fat_free_mass_min",
    "half_maximal_insulin_of_disposal_pmol_per_l",
    "muscle_surface_receptors",
    "liver_fat_percent",
    "beta_cell_mass",
)


def changes_of(text: str) -> dict[str, object]:
    """Read `name=value; name=value`."""
    pairs = (pair.split("=", 1) for pair in text.split(";") if pair.strip())
    return {name.strip(): value.strip() for name, value in pairs}


def found(course: str, twin: str, changes: str, folder: Path) -> pd.DataFrame:
    """Run a twin, if it was not run before, and give what its visits found."""
    own = folder / f"{course} - {twin}"
    if not (own / "measures.csv").exists():
        run(course, own, overrides=changes_of(changes))
    measures = pd.read_csv(own / "measures.csv")
    measures = measures[measures["measure"].isin(SHOWN)]
    return measures.assign(course=course, twin=twin, day=measures["time_min"] // 1440)


def beside_the_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Put the value of the first twin of the same course, day and measure beside each."""
    key = ["course", "day", "measure"]
    rows = rows.drop_duplicates([*key, "twin"], keep="last")
    first = rows.groupby("course")["twin"].transform("first")
    as_it_is = rows[rows["twin"] == first].set_index(key)["value"].rename("first_twin")
    return rows.join(as_it_is, on=key).assign(difference=lambda both: both["value"] - both["first_twin"])


def main() -> None:
    """Run all twins of the table, two at a time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", type=Path, default=TABLE)
    parser.add_argument("--only", help="one course of the table")
    parser.add_argument("--out", type=Path, default=Path("outputs/twins"))
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    table = pd.read_csv(asked.table, keep_default_na=False)
    table = table[table["course"] == asked.only] if asked.only else table
    with ProcessPoolExecutor(asked.workers) as pool:
        rows = [pool.submit(found, *row, asked.out) for row in table.itertuples(index=False, name=None)]
    result = beside_the_first(pd.concat([row.result() for row in rows]))
    columns = ["course", "twin", "day", "measure", "value", "first_twin", "difference"]
    result.to_csv(asked.out / "twins.csv", columns=columns, index=False)
    last = result[result["day"] == result.groupby("course")["day"].transform("max")]
    print(
        last.pivot_table(index=["course", "twin"], columns="measure", values="value", sort=False).round(2).to_string()
    )


if __name__ == "__main__":
    main()
