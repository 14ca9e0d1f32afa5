"""What is measured of a dish: its cells as they are, their response to a test dose, and insulin binding in the cold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from insulin_abm.dish import Dish
from insulin_abm.parameters.quantities import power_of_time


@dataclass(frozen=True)
class Quantity:
    """One number of every cell.

    Attributes
    ----------
    name, unit, meaning : str
        Its name in tables, its unit, one line of meaning.
    columns : tuple of str
        The columns of a cell that add up to it; kinds of cells that lack them have no such quantity.
    counted_in : str
        Parameter of the tissue that says how much one particle is ("" if it isn't counted in particles).
    """

    name: str
    unit: str
    meaning: str
    columns: tuple[str, ...]
    counted_in: str = ""


QUANTITIES = (
    Quantity(
        "total_receptors",
        "receptors",
        "insulin receptors of a cell",
        ("surface_receptors", "bound_receptors", "internal_receptors"),
    ),
    Quantity(
        "surface_receptors",
        "receptors",
        "free and bound insulin receptors on its surface",
        ("surface_receptors", "bound_receptors"),
    ),
    Quantity("bound_receptors", "receptors", "receptors that hold insulin", ("bound_receptors",)),
    Quantity("internal_receptors", "receptors", "insulin receptors inside", ("internal_receptors",)),
    Quantity("signal", "1", "insulin signal of a cell", ("signal",)),
    Quantity("surface_glut4", "1", "share of GLUT4 on the surface", ("surface_glut4",)),
    Quantity("glucose_uptake", "fmol/min", "glucose that a cell takes up", ("glucose_taken",), "packet"),
    Quantity("fatty_acid_release", "fmol/min", "fatty acids that a fat cell releases", ("fatty_acid_released",)),
    Quantity("glucose_release", "fmol/min", "glucose that a liver cell releases", ("glucose_released",), "packet"),
    Quantity("suppression", "1", "share of glucose output that insulin turned off", ("suppression",)),
    Quantity("insulin_secretion", "molecules/min", "insulin that a beta cell secretes", ("insulin_secreted",)),
    Quantity("glucagon_secretion", "fmol/min", "glucagon that an alpha cell secretes", ("glucagon_secreted",)),
)
"""What is read of the cells of a dish, in the order of the tables; a change is a line in CHANGELOG.md."""


def quantities(dish: Dish) -> dict[str, np.ndarray]:
    """Give every quantity that the cells of a dish have, by its name; float64 of shape (cells,)."""
    columns = dish.population_of_cells.columns
    found = {}
    for quantity in QUANTITIES:
        if all(name in columns for name in quantity.columns):
            values = np.sum([columns[name] for name in quantity.columns], axis=0, dtype=np.float64)
            unit = quantity.unit
            if quantity.counted_in:
                values *= dish.parameters[f"tissue.{quantity.counted_in}"].value
            if dish.step_min != 1.0:
                values *= dish.step_min ** power_of_time(unit)
            found[quantity.name] = values
    return found


def means(dish: Dish) -> dict[str, float]:
    """Give the mean over cells of every quantity."""
    return {name: float(values.mean()) for name, values in quantities(dish).items()}


def response(dish: Dish, insulin: float, minutes: int) -> dict[str, float]:
    """Let a copy of the dish answer to a test dose; the dish itself goes on as it was.

    Parameters
    ----------
    dish : Dish
        The dish.
    insulin : float
        Test dose, pmol/L.
    minutes : int
        How long it acts before the cells are read.

    Returns
    -------
    dict of str to float
        As `means`.
    """
    copy = dish.fork()
    copy.events.replace_all(())
    copy.change_medium(insulin=insulin)
    copy.run_for(minutes)
    return means(copy)


def binding(dish: Dish, insulin: float, minutes: int) -> dict[str, float]:
    """Let a copy of the dish bind insulin on ice, where no receptor moves; what it had bound is washed off by then.

    Parameters and returns as for `response`.
    """
    copy = dish.in_the_cold()
    copy.events.replace_all(())
    copy.change_medium(insulin=insulin)
    copy.run_for(minutes)
    return means(copy)
