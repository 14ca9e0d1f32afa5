"""Muscle: the largest taker of glucose under insulin."""

from __future__ import annotations

from collections.abc import Mapping

from insulin_abm.cells.fuel import GlucoseFate, oxidise_or_store_glucose
from insulin_abm.cells.overload import (
    Glut4Pool,
    Overload,
    left_by_lipid,
    remember_fatty_acids,
    remember_glucose,
    renew_glut4,
)
from insulin_abm.cells.receptors import ReceptorCell, receptors_live_a_minute
from insulin_abm.cells.uptake import Glut4, carry_in_glucose, glut4_follows_signal
from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import above, rule, saturating
from insulin_abm.parameters.conversions import FMOL_PER_MMOL
from insulin_abm.person import Person


class MuscleCell(GlucoseFate, Glut4, Glut4Pool, Overload, ReceptorCell):
    """A myonuclear domain of a muscle fibre."""

    tissue_name = "muscle"
    cell_name = "muscle"
    parameter_sites = ("mechanism", "tissue", "receptor", "overload", "energy", "muscle")

    exercise = column(0.0, "kcal/min", "energy that exercise takes", sees="exercise")
    training = column(0.0, "kcal/min", "exercise averaged over weeks", wide=True, slow="training_time")
    ectopic_lipid = column(1.0, "1", "lipid in the cell relative to a healthy person's", slow="ectopic_lipid_time")

    @classmethod
    def organ_cells(cls, values: Mapping[str, float], person: Person) -> float:
        """Muscle is a share of what is not fat."""
        return values["share_of_fat_free_mass"] * person.fat_free_mass_kg * values["cells_per_kg"]

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """Capacities of one cell, in particles."""
        packets = FMOL_PER_MMOL / values["cells_per_kg"] / values["packet"]
        return {
            **super().derive(values, person),
            "basal_packets": values["basal_glucose_capacity"] * packets,
            "insulin_packets": values["insulin_glucose_capacity"] * packets,
            "oxidation_packets": values["glucose_oxidation_capacity"] * packets,
            "glycogen_per_packet": 1.0 / (packets * values["volume_per_mass"]),
        }

    @rule
    def live_a_minute(cell, p, chance):
        """Receptors signal as lipid lets them, GLUT4 follows, glucose comes in and is used; fatty acids leave lipid."""
        receptors_live_a_minute(cell, p, chance, p.production * cell.receptor_scale)
        remember_glucose(cell, p)
        remember_fatty_acids(cell, p)
        cell.signal *= left_by_lipid(cell, p)
        glut4_follows_signal(cell, p)
        capacity = p.uptake_factor * (p.basal_packets + p.insulin_packets * cell.glut4_pool * cell.surface_glut4)
        carry_in_glucose(cell, p, chance, capacity)
        oxidise_or_store_glucose(cell, p, chance)

        fatty_acid = cell.sustained_fatty_acid * p.per_usual_mean_fatty_acid
        lipid = 1.0 + p.ectopic_lipid_per_fatty_acid * above(fatty_acid, 1.0)
        cell.ectopic_lipid += p.ectopic_lipid_time_share * (lipid - cell.ectopic_lipid)
        cell.training += p.training_time_share * (cell.exercise - cell.training)
        renew_glut4(cell, p, 1.0 + p.training_most * saturating(cell.training, p.training_half))
