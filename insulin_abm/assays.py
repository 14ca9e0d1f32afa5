"""What is measured of a dish: its cells as they are, their response to a test dose, and insulin binding in the cold."""

from __future__ import annotations

import numpy as np

from insulin_abm.cell_quantities import QUANTITIES
from insulin_abm.dish import Dish
from insulin_abm.parameters.quantities import power_of_time


def quantities(dish: Dish) -> dict[str, np.ndarray]:
    """Give every quantity that the cells of a dish have, by its name; float64 of shape (cells,).

    Cells of a class that a user made of theirs come after the others.
    """
    classes = [cls for cls in dish.populations if issubclass(cls, dish.cell_class)]
    found = {}
    for quantity in QUANTITIES:
        if all(name in dish.cell_class.columns for name in quantity.columns):
            each = [[dish.populations[cls].columns[name] for name in quantity.columns] for cls in classes]
            values = np.concatenate([np.sum(columns, axis=0, dtype=np.float64) for columns in each])
            if quantity.counted_in:
                values *= dish.parameters[f"tissue.{quantity.counted_in}"].value
            if dish.step_min != 1.0:
                values *= dish.step_min ** power_of_time(quantity.unit)
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
    """Wash what a copy of the dish has bound off, and let it bind insulin on ice, where receptors stay where they are.

    Parameters
    ----------
    dish, insulin, minutes
        As for `response`.

    Returns
    -------
    dict of str to float
        Means over cells of receptors; what else cells do on ice is not known.
    """
    copy = dish.in_the_cold()
    copy.events.replace_all(())
    copy.wash()
    copy.change_medium(insulin=insulin)
    copy.run_for(minutes)
    return {name: value for name, value in means(copy).items() if name.endswith("_receptors")}
