"""Fat: it takes up glucose and lipid under insulin, and breaks down triglyceride without it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from insulin_abm.cells.overload import Glut4Pool, remember_glucose, renew_glut4
from insulin_abm.cells.receptors import ReceptorCell, receptors_live_a_minute
from insulin_abm.cells.uptake import Glut4, carry_in_glucose, glut4_follows_signal
from insulin_abm.engine.columns import column
from insulin_abm.engine.records import ParameterRecord
from insulin_abm.engine.rules import above, hill, power, rule, saturating
from insulin_abm.parameters.conversions import FMOL_PER_MMOL, MG_PER_KG
from insulin_abm.person import Person


class FatCell(Glut4, Glut4Pool, ReceptorCell):
    """A fat cell of adipose tissue."""

    tissue_name = "fat"
    cell_name = "fat"
    parameter_sites = ("mechanism", "tissue", "receptor", "overload", "gut", "energy", "fat")

    local_glucagon = column(0.0, "1", "relative glucagon around the cell", sees="glucagon")
    lipid_offered = column(0.0, "mmol", "triglyceride on offer in the body", wide=True, sees="lipid_offered")
    lipolysis_size = column(0.0, "1", "lipolysis of a kg of fat, relative to usual", sees="lipolysis_size")
    lipid = column(1.0, "1", "lipid that it holds relative to a usual fat cell", wide=True)
    lipid_affinity = column(
        0.0, "1", "how eagerly it takes lipid: so that the usual day keeps its size; 0: it keeps what it has", wide=True
    )
    lipid_taken = column(0.0, "1", "all lipid that it ever took, relative to what a usual fat cell holds", wide=True)
    lipid_clearing = column(
        0.0, "1/min", "its part in taking the lipid on offer", wide=True, passing=True, adds_to="lipid_clearing"
    )
    fatty_acid_released = column(0.0, "fmol/min", "fatty acids set free", wide=True, adds_to="fatty_acid_released")
    triglyceride_cleared = column(
        0.0, "1/min", "its part in clearing triglyceride", adds_to="triglyceride_cleared", passing=True
    )

    @classmethod
    def organ_cells(cls, values: Mapping[str, float], person: Person) -> float:
        """Adipose tissue is mostly lipid; who has more fat has more fat cells, and larger ones."""
        usual_mass = values["usual_fat_mass_index"] * person.height_m**2 / values["share_of_lipid"]
        return (
            usual_mass
            * values["cells_per_kg"]
            * power(_relative_fat(values, person), 1.0 - values["cell_size_exponent"])
        )

    @classmethod
    def organ_mass(cls, values: Mapping[str, float], person: Person) -> float:
        """Adipose tissue weighs what its lipid does and the little besides, however large its cells."""
        return person.fat_mass_kg / values["share_of_lipid"]

    @classmethod
    def differs(cls, record: ParameterRecord) -> dict[str, tuple[str, float, float]]:
        """Fat cells also differ in how much lipid they hold."""
        return {**super().differs(record), "lipid": ("lognormal", record["lipid_spread"], record["person_lipid"])}

    @classmethod
    def relative_production(cls, columns: Mapping[str, np.ndarray], record: ParameterRecord) -> np.ndarray:
        """Larger fat cells make fewer receptors."""
        # as `receptors_of_size` says for one cell
        overfilled = np.maximum(columns["lipid"].astype(np.float64) - 1.0, 0.0)
        by_size = 1.0 / (1.0 + record["fewer_receptors"] * overfilled)
        return super().relative_production(columns, record) * by_size

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """Capacities of one cell of this person's fat."""
        cells = cls.organ_cells(values, person)
        relative = _relative_fat(values, person)
        lipid = power(relative, values["cell_size_exponent"])
        lipolysis = values["lipolysis_capacity"] * person.fat_free_mass_kg
        lipolysis *= power(relative, values["lipolysis_mass_exponent"])
        fmol = FMOL_PER_MMOL / cells
        usual_lipid = values["share_of_lipid"] / values["cells_per_kg"] * MG_PER_KG / values["molar_mass_triglyceride"]
        packets = fmol / values["packet"] * power(relative, values["uptake_mass_exponent"])
        return {
            **super().derive(values, person),
            "basal_packets": values["basal_glucose_capacity"] * packets,
            "insulin_packets": values["insulin_glucose_capacity"] * packets,
            "person_lipid": lipid,
            "fewer_receptors": values["fat_cell_overfilling"] * values["fewer_receptors_with_size"],
            "full_lipolysis": lipolysis * fmol / lipid,
            "cell_triglyceride_clearance": values["triglyceride_clearance"] / cells,
            "lipid_per_mmol": 1.0 / usual_lipid,
            "lipid_per_fmol": 1.0 / FMOL_PER_MMOL / usual_lipid,
        }

    @rule
    def live_a_minute(cell, p, chance):
        """Receptors signal; glucose and lipid are taken in; triglyceride is broken down as insulin and room allow."""
        production = p.production * cell.receptor_scale * receptors_of_size(cell.lipid, p.fewer_receptors)
        receptors_live_a_minute(cell, p, chance, production)
        glut4_follows_signal(cell, p)
        # where GLUT4 is scarce transport is less also without insulin (Kashiwagi 1983)
        capacity = p.uptake_factor * cell.glut4_pool * (p.basal_packets + p.insulin_packets * cell.surface_glut4)
        carry_in_glucose(cell, p, chance, capacity)
        remember_glucose(cell, p)
        renew_glut4(cell, p, 1.0)

        held_back = hill(cell.signal, p.antilipolysis_half_occupancy, p.antilipolysis_steepness)
        raised = saturating(above(cell.local_glucagon, p.lipolysis_glucagon_start), p.lipolysis_glucagon_half)
        driven = 1.0 + p.lipolysis_glucagon_most * raised
        lipolysis = driven * (1.0 - (1.0 - p.lipolysis_remaining_share) * held_back)
        spilled = p.fat_cell_overfilling * p.spill_gain * above(cell.lipid, p.lipid_capacity_factor * p.lipid_capacity)
        called = p.lipolysis_factor * p.full_lipolysis * cell.lipolysis_size
        cell.fatty_acid_released = called * (cell.lipid * lipolysis + spilled)

        without_insulin = p.triglyceride_clearance_without_insulin
        clearing = without_insulin + (1.0 - without_insulin) * cell.surface_glut4
        overfilled = above(cell.lipid, p.lipid_capacity_factor * p.lipid_capacity)
        room = 1.0 / (1.0 + p.fat_cell_overfilling * overfilled)
        cell.triglyceride_cleared = p.cell_triglyceride_clearance * clearing * room
        cell.lipid_clearing = cell.lipid_affinity * cell.triglyceride_cleared
        taken = p.lipid_per_mmol * cell.lipid_offered * cell.lipid_clearing
        cell.lipid_taken += taken
        given = p.lipid_per_fmol * cell.fatty_acid_released * p.per_fatty_acids_in_lipid
        cell.lipid += taken - given if cell.lipid_affinity > 0.0 else 0.0


def _relative_fat(values: Mapping[str, float], person: Person) -> float:
    """Fat mass for the person's height relative to the usual one (fat mass index)."""
    return person.fat_mass_kg / person.height_m**2 / values["usual_fat_mass_index"]


@rule
def receptors_of_size(lipid, fewer):
    """Share of the usual number of receptors that a fat cell with so much lipid makes (Beck-Nielsen 1976)."""
    return 1.0 / (1.0 + fewer * above(lipid, 1.0))
