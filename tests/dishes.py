"""Dishes to test."""

from insulin_abm.dish import Dish
from insulin_abm.medium import Medium
from insulin_abm.parameters import Registry, lines
from insulin_abm.person import Person

KINDS = ("muscle", "fat", "liver", "beta", "alpha")
NO_INSULIN = Medium(insulin=0.0, glucose=5.0, fatty_acid=0.3)
MAXIMAL = 17_200.0
"""pmol/L: 100 ng/mL."""
HOUR, DAY = 60, 1440


def dish(line="fat", cells=60, medium=NO_INSULIN, changes=None, settle=True, **making):
    """A dish of a line, or of a kind of cell of the body, in medium without insulin, settled."""
    registry = Registry.load()
    kind = line
    if line in lines():
        registry, kind = lines()[line].registry(registry), lines()[line].cells
    registry = registry.changed(changes or {})
    made = Dish(kind=kind, cells=cells, medium=medium, person=Person(), parameters=registry, **{"seed": 1, **making})
    if settle:
        made.settle()
    return made


def of_cells(a_dish, name):
    """A column of its cells."""
    return a_dish.population_of_cells.columns[name]


def total(a_dish):
    """Receptors of all its cells."""
    return float(a_dish.cell_class.all_receptors(a_dish.population_of_cells.columns).sum())
