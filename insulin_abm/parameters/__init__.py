"""Every number of the model, with unit, range, source and certainty; the foods; what is wrong with an input."""

from insulin_abm.parameters.faults import Fault, Faults
from insulin_abm.parameters.foods import Food, find_food, foods
from insulin_abm.parameters.lines import Line, lines
from insulin_abm.parameters.quantities import QuantityError, quantity
from insulin_abm.parameters.references import Reference, references
from insulin_abm.parameters.registry import Parameter, Registry
from insulin_abm.parameters.steps import Steps

__all__ = [
    "Fault",
    "Faults",
    "Food",
    "Line",
    "Parameter",
    "QuantityError",
    "Reference",
    "Registry",
    "Steps",
    "find_food",
    "foods",
    "lines",
    "quantity",
    "references",
]
