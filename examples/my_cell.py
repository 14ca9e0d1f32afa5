"""A new cell type in one file: brown fat, which burns glucose under insulin.

    insulin-abm run examples/with_my_cell.toml --allow-code

A cell class has columns, a rule, and the parameters of the cell and of its tissue. It lives in patches of its own
tissue, meets the same particles of glucose and insulin, and has receptors with the same life as every other cell.
"""

from insulin_abm.cells.receptors import ReceptorCell, receptors_live_a_minute
from insulin_abm.engine.chance import purpose, whole_number
from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import hill, rule

BURNING = purpose("glucose is burnt")


class BrownFatCell(ReceptorCell):
    """A brown fat cell."""

    tissue_name = "brown_fat"
    cell_name = "brown_fat"
    parameter_sites = ("mechanism", "tissue", "receptor", "brown_fat")
    own_parameters = "\n".join(
        f'[{name}]\nvalue = {value}\nunit = "{unit}"\nrange = [{low}, {high}]\nmeaning = "{meaning}"\n'
        'source = "an example, no measurement"\ncertainty = "assumption"\n'
        for name, value, unit, low, high, meaning in (
            ("organ_mass", 0.1, "kg", 0, 2, "brown fat of a person"),
            ("cells_per_kg", 1e10, "1/kg", 1e9, 1e12, "brown fat cells in a kilogram"),
            ("cells_in_patch", 8, "1", 1, 200, "cells that share what mixes within a minute"),
            ("interstitial_volume", 0.1, "L/kg", 0.05, 0.3, "fluid between the cells"),
            ("insulin_permeability", 0.02, "L/kg/min", 0.001, 1, "capillary exchange of insulin"),
            ("glucose_permeability", 0.2, "L/kg/min", 0.001, 5, "capillary exchange of glucose"),
            ("receptor_count", 5e4, "receptors", 1e3, 1e6, "receptors of a cell that sees no insulin"),
            ("insulin_degraded_share", 0.25, "1", 0, 1, "share of internalised insulin that is degraded"),
            ("turn_down_half_occupancy", 0.05, "1", 0.001, 1, "occupancy with half of the turn-down"),
            ("burning", 200.0, "1/min", 0, 1e6, "packets of glucose a cell burns in a minute at full signal"),
            ("burning_half_occupancy", 0.02, "1", 0.001, 1, "occupancy with half of that"),
        )
    )

    burnt = column(0.0, "packets", "glucose burnt in the last minute")

    @rule
    def live_a_minute(cell, p, chance):
        """Receptors signal, glucose is burnt."""
        receptors_live_a_minute(cell, p, chance, p.production * cell.receptor_scale)
        wanted = p.burning * hill(cell.signal, p.burning_half_occupancy, 1.0)
        cell.burnt = min(whole_number(chance, BURNING, wanted), cell.glucose_at_hand)
        cell.glucose_taken = cell.burnt
