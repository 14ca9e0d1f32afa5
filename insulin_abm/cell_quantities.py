"""What can be read of a cell in culture, by the names that tables, pictures and scenarios use."""

from __future__ import annotations

from dataclasses import dataclass


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
