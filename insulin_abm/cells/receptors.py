"""The insulin receptor's whole life: made, bound, taken in, returned, degraded; and made more rarely where it is used.

Kinetics after Marshall (1985, doi:10.1016/S0021-9258(18)89018-7) and Knutson et al. (1982); the turn-down of
production by a lasting signal after Puig and Tjian (2005, doi:10.1101/gad.1340505), its size an assumption. The signal
feeds back on itself (Brannmark et al. 2013, doi:10.1074/jbc.M112.432062), so that responsiveness is lost and returns
sooner than receptors are (Heaton and Gelehrter 1981).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from insulin_abm.cells.balance import occupied_endocytosis_rate, receptors_in_balance
from insulin_abm.engine.chance import purpose, whole_number, whole_share
from insulin_abm.engine.columns import column
from insulin_abm.engine.records import ParameterRecord
from insulin_abm.engine.rules import leaving_in_a_minute, present, rule
from insulin_abm.living import LivingAgent
from insulin_abm.person import Person
from insulin_abm.tissue.patch import Patch

BINDING, RELEASE = purpose("insulin binds"), purpose("insulin is let go")
ENDOCYTOSIS, FREE_ENDOCYTOSIS = purpose("bound receptor is taken in"), purpose("free receptor is taken in")
RECYCLING, DEGRADATION = purpose("receptor returns"), purpose("receptor is degraded")
SYNTHESIS, INSULIN_DEGRADATION = purpose("receptor is made"), purpose("insulin is degraded")


RECEPTORS = ("surface_receptors", "bound_receptors", "internal_receptors")
"""The columns that hold a cell's receptors."""


class ReceptorCell(LivingAgent):
    """A cell with insulin receptors that lives in a patch of tissue; muscle, fat, liver and islet cells are such."""

    lives_in = Patch
    tissue_name: ClassVar[str] = ""
    """Site of the parameters of the tissue it lives in."""
    cell_name: ClassVar[str] = ""
    """What a scenario calls this kind of cell."""

    # what it sees
    local_insulin = column(0.0, "nmol/L", "insulin around the cell, mean of the minute", sees="local_insulin")
    local_glucose = column(0.0, "mmol/L", "glucose around the cell, mean of the minute", sees="local_glucose")
    insulin_at_hand = column(0.0, "molecules", "insulin that it may bind at most", sees="insulin_at_hand")
    glucose_at_hand = column(0.0, "packets", "glucose that it may take at most", sees="glucose_at_hand")
    # what it has
    receptor_scale = column(1.0, "1", "its number of receptors relative to the average cell")
    insulin_sensitivity = column(1.0, "1", "its signal per bound receptor relative to the average cell")
    surface_receptors = column(0, "receptors", "free insulin receptors on the surface", adds_to="receptors", whole=True)
    bound_receptors = column(
        0, "receptors", "receptors holding insulin", adds_to="insulin_on_receptors receptors", whole=True
    )
    internal_receptors = column(0, "receptors", "insulin receptors inside the cell", adds_to="receptors", whole=True)
    sustained_occupancy = column(0.0, "1", "occupancy averaged over a day", slow="turn_down_time")
    signal = column(0.0, "1", "occupied share of the lean receptor number, after the receptor")
    recent_signal = column(0.0, "1", "signal averaged over `desensitisation_time`, which feeds back on the signal")
    # what it tells the patch
    binding_capacity = column(
        0.0,
        "molecules/min/(nmol/L)",
        "insulin that its free receptors can bind",
        adds_to="binding_capacity",
        passing=True,
    )
    insulin_bound = column(0, "molecules", "insulin bound", adds_to="insulin_bound", whole=True, passing=True)
    insulin_set_free = column(
        0, "molecules", "insulin let go or returned intact", adds_to="insulin_set_free", whole=True, passing=True
    )
    insulin_degraded = column(0, "molecules", "insulin degraded", adds_to="insulin_degraded", whole=True, passing=True)
    receptors_made = column(0, "receptors", "receptors made", adds_to="receptors_made", whole=True, passing=True)
    receptors_degraded = column(
        0, "receptors", "receptors degraded", adds_to="receptors_degraded", whole=True, passing=True
    )
    glucose_taken = column(0, "packets", "glucose taken in the last step", adds_to="glucose_taken", whole=True)

    @property
    def total_receptors(self) -> float:
        """All its insulin receptors: free and bound on the surface, and inside."""
        return float(self.surface_receptors + self.bound_receptors + self.internal_receptors)

    @classmethod
    def all_receptors(cls, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """All insulin receptors of each cell, float64 of shape (cells,)."""
        return np.sum([columns[name] for name in RECEPTORS], axis=0, dtype=np.float64)

    @classmethod
    def organ_cells(cls, values: Mapping[str, float], person: Person) -> float:
        """How many such cells a healthy person of this size has."""
        return values["organ_mass"] * values["cells_per_kg"]

    @classmethod
    def organ_mass(cls, values: Mapping[str, float], person: Person) -> float:
        """What these cells weigh in a healthy person of this size, kg."""
        return cls.organ_cells(values, person) / values["cells_per_kg"]

    @classmethod
    def living_share(cls, person: Person) -> float:
        """Share of these cells that the person still has."""
        return 1.0

    @classmethod
    def differs(cls, record: ParameterRecord) -> dict[str, tuple[str, float, float]]:
        """In what the cells differ: for a column the distribution ("normal" or "lognormal"), its spread and mean."""
        return {
            "receptor_scale": ("lognormal", record["number_spread"], 1.0),
            "insulin_sensitivity": ("lognormal", record["sensitivity_spread"], 1.0),
        }

    @classmethod
    def relative_production(cls, columns: Mapping[str, np.ndarray], record: ParameterRecord) -> np.ndarray:
        """How many receptors each cell makes relative to the average one, float64 of shape (cells,)."""
        return np.asarray(columns["receptor_scale"], np.float64)

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """Shares per minute from rates, chosen so that the resting distribution is that of the rates themselves.

        Of what leaves at rate k in all, the share k / (1 + k / 2) of those present on average leaves in a minute.
        """
        free_taken_in, recycled, degraded = (
            values[name] for name in ("free_endocytosis_rate", "recycling_rate", "degradation_rate")
        )
        occupied_taken_in = occupied_endocytosis_rate(values)
        leaving = values["dissociation_rate"] + occupied_taken_in
        occupied = max(1.0 + 0.5 * leaving, leaving)
        inside = 1.0 + 0.5 * (recycled + degraded)
        internal = free_taken_in / (recycled + degraded)
        made = values["receptor_count"] * degraded * internal / (1.0 + internal)
        usual = receptors_in_balance(values, made, values["usual_occupancy"])
        return {
            "released_share": values["dissociation_rate"] / occupied,
            "occupied_taken_in_share": occupied_taken_in / occupied,
            "recycled_share": recycled / inside,
            "degraded_share": values["receptor_loss"] * degraded / inside,
            "lean_production": made,
            "production": values["receptor_loss"] * made,
            "usual_receptors": values["receptor_production_factor"] * float(usual.total),
            "usual_internal_receptors": values["receptor_production_factor"] * float(usual.internal),
        }


@rule
def receptors_live_a_minute(cell, p, chance, production):
    """Receptors bind insulin, let go, are taken in, return, are degraded and are made.

    `production` is what the cell would make in a minute if it never saw insulin.
    """
    binding = p.association_rate * cell.local_insulin
    left, arriving_counts = leaving_in_a_minute(binding + p.free_endocytosis_rate)
    # as many will bind as at rest, but not more than there are
    returning = p.released_share * cell.bound_receptors + p.recycled_share * cell.internal_receptors
    binding_soon = min(binding * cell.surface_receptors, cell.surface_receptors + returning)
    occupied = present(cell.bound_receptors, binding_soon)
    released = min(whole_share(chance, RELEASE, occupied, p.released_share), cell.bound_receptors)
    held = cell.bound_receptors - released
    taken_in = min(whole_share(chance, ENDOCYTOSIS, occupied, p.occupied_taken_in_share), held)
    insulin_degraded = whole_share(chance, INSULIN_DEGRADATION, taken_in, p.insulin_degraded_share)

    inside = present(cell.internal_receptors, taken_in + p.free_endocytosis_rate * cell.surface_receptors)
    recycled = min(whole_share(chance, RECYCLING, inside, p.recycled_share), cell.internal_receptors)
    left_inside = cell.internal_receptors - recycled
    degraded = min(whole_share(chance, DEGRADATION, inside, p.degraded_share), left_inside)
    lasting = p.usual_occupancy + p.production_turn_down * (cell.sustained_occupancy - p.usual_occupancy)
    turned_down = p.turn_down_share * lasting / (lasting + p.turn_down_half_occupancy)
    made = whole_number(chance, SYNTHESIS, p.receptor_production_factor * production * (1.0 - turned_down))

    arriving = released + recycled + made
    free = cell.surface_receptors + arriving_counts * arriving
    insulin_free = released + taken_in - insulin_degraded
    bound = min(whole_share(chance, BINDING, free, binding * left), cell.surface_receptors + arriving)
    bound = min(bound, cell.insulin_at_hand + insulin_free)
    unbound = cell.surface_receptors + arriving - bound
    free_taken_in = min(whole_share(chance, FREE_ENDOCYTOSIS, free, p.free_endocytosis_rate * left), unbound)

    cell.surface_receptors += arriving - bound - free_taken_in
    cell.bound_receptors += bound - released - taken_in
    cell.internal_receptors += taken_in + free_taken_in - recycled - degraded
    cell.receptors_made = made
    cell.receptors_degraded = degraded
    cell.binding_capacity = p.association_rate * cell.surface_receptors
    cell.insulin_bound = bound
    cell.insulin_set_free = insulin_free
    cell.insulin_degraded = insulin_degraded

    occupancy = cell.bound_receptors * p.per_receptor_count
    cell.sustained_occupancy += p.turn_down_time_share * (occupancy - cell.sustained_occupancy)
    cell.recent_signal += p.desensitisation_time_share * (cell.signal - cell.recent_signal)
    fed_back = cell.recent_signal * p.per_desensitising_signal
    cell.signal = p.sensitivity_factor * occupancy * cell.insulin_sensitivity / (1.0 + fed_back * fed_back)
