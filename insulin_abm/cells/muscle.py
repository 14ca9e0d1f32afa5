"""Muscle: the largest taker of glucose under insulin."""

from __future__ import annotations

from collections.abc import Mapping

from insulin_abm.cells.receptors import ReceptorCell, receptors_live_a_minute
from insulin_abm.cells.uptake import Glut4, carry_in_glucose, glut4_follows_signal
from insulin_abm.engine.rules import rule
from insulin_abm.parameters.conversions import FMOL_PER_MMOL
from insulin_abm.person import Person


class MuscleCell(Glut4, ReceptorCell):
    """A myonuclear domain of a muscle fibre."""

    tissue_name = "muscle"
    cell_name = "muscle"
    parameter_sites = ("tissue", "receptor", "muscle")

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
        glut4_follows_signal(cell, p)
        capacity = p.uptake_factor * (p.basal_packets + p.insulin_packets * cell.surface_glut4)
        carry_in_glucose(cell, p, chance, capacity)
