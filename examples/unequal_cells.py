"""Do unequal cells answer insulin differently from equal cells of the same mean? Dose-response curves in a dish.

    .venv/bin/python examples/unequal_cells.py [--cells 10000] [--out outputs/unequal_cells]

Liver, fat and muscle cells stand two hours in a medium of constant insulin, once as the model draws them and once all
alike. Prints a table and writes it as unequal_cells.csv, with the picture unequal_cells.png. See docs/heterogeneity.md.
Model output, not medical advice.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from insulin_abm import Dish, FatCell, Medium, Scenario
from insulin_abm.results.drawing import BLUE, DARK_GREY, GREEN, GREY, VERMILION, dress, new_figure, save_figure

TISSUES = ("liver", "fat", "muscle")
USUAL_INSULIN = {"liver": 101.0, "fat": 36.0, "muscle": 28.0}  # pmol/L around cells, day means of a healthy person
COLOURS = {"liver": VERMILION, "fat": GREEN, "muscle": BLUE}
MEASURES = {
    "liver": "share of glucose output turned off",
    "fat": "share of lipolysis held back",
    "muscle": "surface GLUT4 (most of equal cells = 1)",
}
SPREADS = ("receptor.number_spread", "receptor.sensitivity_spread", "fat.lipid_spread", "liver.lipid_spread")
DISHES = {"equal": dict.fromkeys(SPREADS, 0), "unequal": {}}

DOSES = np.geomspace(1.0, 10_000.0, 33)  # pmol/L
GLUCOSE, FATTY_ACID = 5.0, 0.3  # mmol/L
MINUTES = 120  # long enough for binding and GLUT4, too short for the number of receptors to change
HALF, FEW, MANY = 0.5, 0.1, 0.9
DEAF_AT = 2.0  # times the dose with half effect on equal cells: who is not half awake by then counts as deaf


def cells_in_a_dish(tissue: str, number: int, spreads: dict[str, float], seed: int = 1) -> Dish:
    """Make a dish of cells of a healthy person, with the receptors that her insulin leaves them."""
    scenario = Scenario.load("healthy_day", overrides=spreads)
    return Dish(
        kind=tissue,
        cells=number,
        medium=Medium(insulin=USUAL_INSULIN[tissue], glucose=GLUCOSE, fatty_acid=FATTY_ACID),
        person=scenario.person,
        parameters=scenario.parameters,
        seed=seed,
    )


def effects(dish: Dish) -> np.ndarray:
    """What insulin does in every cell: to liver and fat in shares, to muscle in surface GLUT4."""
    cells = dish.agents_by_type[dish.cell_class]
    if dish.kind == "fat":
        fat = dish.records[FatCell]
        signal = cells.agg("signal", np.array) / fat["antilipolysis_half_occupancy"]
        held_back = signal ** fat["antilipolysis_steepness"]
        return held_back / (1.0 + held_back)
    return cells.agg("suppression" if dish.kind == "liver" else "surface_glut4", np.array)


def dose_response(number: int) -> dict[str, dict[str, np.ndarray]]:
    """Effects by tissue and dish ("equal", "unequal"), of shape (doses, cells); every dose meets fresh cells."""
    curves: dict[str, dict[str, np.ndarray]] = {tissue: {} for tissue in TISSUES}
    for tissue, dishes in curves.items():
        for name, spreads in DISHES.items():
            fresh = cells_in_a_dish(tissue, number, spreads)
            rows = []
            for dose in DOSES:
                dish = fresh.fork()
                dish.change_medium(insulin=float(dose))
                dish.run_for(MINUTES)
                rows.append(effects(dish))
            dishes[name] = np.array(rows)
    most = curves["muscle"]["equal"][-1].mean()
    curves["muscle"] = {dish: curve / most for dish, curve in curves["muscle"].items()}
    return curves


def dose_for(effect: float, curves: np.ndarray) -> np.ndarray:
    """The dose (pmol/L) at which each curve (a column) reaches an effect, infinite where none does."""
    row = np.clip(np.argmax(curves >= effect, axis=0), 1, None)
    every = np.arange(curves.shape[1])
    before, after = curves[row - 1, every], curves[row, every]
    part = np.clip((effect - before) / np.where(after > before, after - before, 1.0), 0.0, 1.0)
    dose = DOSES[row - 1] * (DOSES[row] / DOSES[row - 1]) ** part
    return np.where(curves.max(axis=0) >= effect, dose, np.inf)


def summary(curves: dict[str, dict[str, np.ndarray]]) -> pd.DataFrame:
    """One row for each tissue and dish; a whole dish is measured by its own most, a cell by the average cell's."""
    rows = []
    for tissue, dishes in curves.items():
        half_of_equal = dose_for(HALF, dishes["equal"].mean(axis=1, keepdims=True)).item()
        for dish, cells in dishes.items():
            mean = cells.mean(axis=1, keepdims=True)
            few, half, many = (dose_for(share * mean[-1].item(), mean).item() for share in (FEW, HALF, MANY))
            own = dose_for(HALF, cells)
            low, high = np.quantile(own, (FEW, MANY), method="nearest")
            rows.append(
                {
                    "tissue": tissue,
                    "cells": dish,
                    "half_effect_pmol_per_l": half,
                    "slope": np.log(MANY / FEW * (1.0 - FEW) / (1.0 - MANY)) / np.log(many / few),
                    "largest_effect": mean[-1].item(),
                    "deaf_share": np.mean(own > DEAF_AT * half_of_equal),
                    "never_share": np.mean(np.isinf(own)),
                    "cell_half_effect_p10_pmol_per_l": low,
                    "cell_half_effect_p90_pmol_per_l": high,
                }
            )
    return pd.DataFrame(rows)


def draw(curves: dict[str, dict[str, np.ndarray]], table: pd.DataFrame, path: Path) -> None:
    """Draw a panel for each tissue, and one of the cells that stay deaf."""
    figure = new_figure(12.0, 7.0)
    panels = figure.subplots(2, 2).ravel()
    found = table.set_index(["tissue", "cells"])
    for tissue, panel in zip(curves, panels, strict=False):
        draw_curves(panel, tissue, curves[tissue], found.loc[tissue])
    draw_deaf(panels[-1], curves, found)
    count = curves["liver"]["equal"].shape[1]
    figure.suptitle(f"{count:,} unequal cells of each tissue, and {count:,} equal ones, two hours in constant insulin")
    figure.supxlabel("model output, not medical advice", fontsize=7, color=DARK_GREY, x=0.995, ha="right")
    save_figure(figure, path)


def draw_curves(panel: Axes, tissue: str, dishes: dict[str, np.ndarray], found: pd.DataFrame) -> None:
    """Draw both curves of a tissue, the ribbon of its unequal cells, and the doses with half effect."""
    colour, (low, high) = COLOURS[tissue], np.quantile(dishes["unequal"], (FEW, MANY), axis=1)
    panel.fill_between(DOSES, low, high, color=colour, alpha=0.2, lw=0, label="10-90 % of the unequal cells")
    panel.semilogx(DOSES, dishes["unequal"].mean(axis=1), color=colour, lw=2.4, label="unequal cells, mean")
    panel.semilogx(DOSES, dishes["equal"].mean(axis=1), color="black", lw=1.4, ls="--", label="equal cells")
    for dish, size, filling in (("equal", 9, "white"), ("unequal", 7, colour)):
        half, most = found.loc[dish, ["half_effect_pmol_per_l", "largest_effect"]]
        panel.plot(half, HALF * most, "o", ms=size, mfc=filling, mec="black", zorder=3)
        text = f"{dish}: half effect at {half:,.0f} pmol/L, slope {found.slope[dish]:.2f}"
        low_right = {"x": 0.985, "ha": "right", "y": 0.12 if dish == "equal" else 0.05}
        high_left = {"x": 0.028, "ha": "left", "y": 0.62 if dish == "equal" else 0.55}
        where = high_left if tissue == "muscle" else low_right
        panel.text(s=text, **where, fontsize=8.5, transform=panel.transAxes)
    dress(panel, tissue.capitalize(), MEASURES[tissue])
    panel.set(xlim=(DOSES[0], DOSES[-1]), ylim=(0.0, 1.75 if tissue == "muscle" else 1.05))
    panel.set_xlabel("insulin in the medium (pmol/L)", fontsize=8.5)
    panel.xaxis.set_major_formatter("{x:,.0f}")
    panel.legend(loc="upper left", fontsize=8.5, frameon=False)


def draw_deaf(panel: Axes, curves: dict[str, dict[str, np.ndarray]], found: pd.DataFrame) -> None:
    """Draw the share of cells below half effect; doses are relative to that with half effect on equal cells."""
    relative = np.geomspace(0.2, 8.0, 400)
    for (tissue, dishes), style in zip(curves.items(), ("-", (0, (4, 2)), "-"), strict=True):
        own = np.sort(dose_for(HALF, dishes["unequal"])) / found.half_effect_pmol_per_l[tissue, "equal"]
        deaf, label = found.deaf_share[tissue, "unequal"], f"{tissue}, unequal"
        below = 1.0 - np.searchsorted(own, relative, side="right") / len(own)
        panel.semilogx(relative, 100.0 * below, color=COLOURS[tissue], lw=2.4, ls=style, label=f"{label}: {deaf:.0%}")
        panel.plot(DEAF_AT, 100.0 * deaf, "o", ms=7, mfc=COLOURS[tissue], mec="black", zorder=3)
    panel.step([0.2, 1.0, 8.0], [100.0, 100.0, 0.0], color="black", lw=1.4, ls="--", label="equal cells: 0%")
    panel.axvline(DEAF_AT, color=GREY, lw=0.8)
    dress(panel, "Deaf cells", "cells that do not reach half effect (%)")
    panel.set(xlim=(0.2, 8.0), ylim=(0.0, 105.0))
    panel.set_xlabel("insulin, in multiples of the dose with half effect on equal cells", fontsize=8.5)
    panel.set_xticks([0.25, 0.5, 1, 2, 4, 8], labels=["¼", "½", "1", "2", "4", "8"])
    panel.minorticks_off()
    legend = panel.legend(loc="upper right", fontsize=8.5, frameon=False, title="deaf at twice that dose")
    legend.get_title().set_fontsize(8.5)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--cells", type=int, default=10_000)
    arguments.add_argument("--out", type=Path, default=Path("outputs/unequal_cells"))
    given = arguments.parse_args()
    curves = dose_response(given.cells)
    table = summary(curves)
    given.out.mkdir(parents=True, exist_ok=True)
    table.to_csv(given.out / "unequal_cells.csv", index=False)
    draw(curves, table, given.out / "unequal_cells.png")
    print(table.round(3).to_string(index=False))


if __name__ == "__main__":
    main()
