"""Muscle: the largest taker of glucose under insulin."""

from __future__ import annotations

from collections.abc import Mapping

from insulin_abm.cells.receptors import ReceptorCell, receptors_live_a_minute
from insulin_abm.engine.chance import purpose, whole_number
from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import hill, rule
from insulin_abm.person import Person

UPTAKE = purpose("glucose is carried in")
FMOL_PER_MMOL = 1e12


class MuscleCell(ReceptorCell):
    """A myonuclear domain of a muscle fibre."""

    tissue_name = "muscle"
    cell_name = "muscle"
    parameter_sites = ("tissue", "receptor", "muscle")

    surface_glut4 = column(0.0, "1", "share of GLUT4 on the surface")

    @classmethod
    def organ_cells(cls, values: Mapping[str, float], person: Person) -> float:
        """Muscle is a share of what is not fat."""
        return values["share_of_fat_free_mass"] * person.fat_free_mass_kg * values["cells_per_kg"]

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """Transport capacities of one cell, in particles."""
        packets = FMOL_PER_MMOL / values["cells_per_kg"] / values["packet"]
        return {
            **super().derive(values, person),
            "basal_packets": values["basal_glucose_capacity"] * packets,
            "insulin_packets": values["insulin_glucose_capacity"] * packets,
        }

    @rule
    def live_a_minute(cell, p, chance):
        """Receptors signal, GLUT4 follows, glucose is carried in."""
        receptors_live_a_minute(cell, p, chance)
        called = hill(cell.signal, p.uptake_half_occupancy, p.uptake_steepness)
        cell.surface_glut4 += (called - cell.surface_glut4) / p.glut4_time
        capacity = p.uptake_factor * (p.basal_packets + p.insulin_packets * cell.surface_glut4)
        wanted = capacity * cell.local_glucose / (p.uptake_half_glucose + cell.local_glucose)
        cell.glucose_taken = min(whole_number(chance, UPTAKE, wanted), cell.glucose_at_hand)
