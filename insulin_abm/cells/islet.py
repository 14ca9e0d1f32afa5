"""Islet cells: beta cells secrete insulin, alpha cells glucagon, each at a threshold of its own."""

from __future__ import annotations

from collections.abc import Mapping

from insulin_abm.cells.overload import GlucoseMemory, dulled_by_glucose, remember_glucose
from insulin_abm.cells.receptors import ReceptorCell, receptors_live_a_minute
from insulin_abm.cells.uptake import carry_in_glucose
from insulin_abm.engine.chance import purpose, uniform, whole_number
from insulin_abm.engine.columns import column
from insulin_abm.engine.records import ParameterRecord
from insulin_abm.engine.rules import above, exponential, present, rule, saturating
from insulin_abm.parameters.conversions import FMOL_PER_MMOL
from insulin_abm.person import Person

SECRETION, DEATH = purpose("insulin is secreted"), purpose("a beta cell dies")


class IsletCell(ReceptorCell):
    """A cell of an islet, which uses glucose whether there is insulin or not."""

    tissue_name = "islet"

    local_somatostatin = column(0.0, "1", "effect of infused somatostatin", sees="somatostatin")
    stands_for = column(1.0, "1", "real cells that it stands for, relative to the average cell of its sample")

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """Glucose use of one cell, in particles."""
        packets = FMOL_PER_MMOL / values["cells_per_kg"] / values["packet"]
        return {**super().derive(values, person), "use_packets": values["glucose_use_capacity"] * packets}


class BetaCell(GlucoseMemory, IsletCell):
    """A beta cell; it fires above its own glucose threshold.

    A ready pool gives the first phase, refill the second; glucose that stays high raises refill over an hour and
    capacity over days. A cell that works beyond the usual capacity grows; where glucose stays high it loses its
    identity over weeks, finds it again, or dies.
    """

    cell_name = "beta"
    parameter_sites = ("mechanism", "tissue", "receptor", "islet", "overload", "beta")

    local_incretin = column(0.0, "1", "effect of incretins", sees="incretin")
    firing_threshold = column(0.0, "mmol/L", "glucose at which it is half active")
    ready_insulin = column(1.0, "min", "insulin ready for release, in minutes of refill")
    potentiation = column(0.0, "1", "how far glucose that stayed high has raised refill")
    secretory_capacity = column(1.0, "1", "its capacity, adapted over days", slow="adaptation_time")
    identity = column(1.0, "1", "how far it still is a beta cell", slow="identity_time")
    mass = column(1.0, "1", "its mass relative to when the person was measured; 0: it died", wide=True)
    insulin_secreted = column(0.0, "molecules", "insulin secreted in the last step", adds_to="insulin_secreted")

    @classmethod
    def organ_cells(cls, values: Mapping[str, float], person: Person) -> float:
        """A healthy number of beta cells goes with lean size."""
        return values["cells_per_fat_free_mass"] * person.fat_free_mass_kg

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """How far capacity can rise above the usual one."""
        return {**super().derive(values, person), "overwork_at_ceiling": values["adaptation_ceiling"] - 1.0}

    @classmethod
    def living_share(cls, person: Person) -> float:
        """The person's beta-cell mass is the number of beta cells that are there."""
        return person.beta_cell_mass

    @classmethod
    def differs(cls, record: ParameterRecord) -> dict[str, tuple[str, float, float]]:
        """Every beta cell has a threshold of its own."""
        threshold = ("normal", record["threshold_spread"], record["threshold_mean"])
        return {**super().differs(record), "firing_threshold": threshold}

    @rule
    def live_a_minute(cell, p, chance):
        """Sense glucose, release ready insulin, refill it."""
        receptors_live_a_minute(cell, p, chance, p.production * cell.receptor_scale)
        carry_in_glucose(cell, p, chance, p.use_packets)

        excess = (cell.local_glucose - cell.firing_threshold) * p.per_threshold_width
        active = p.resting_activity + (1.0 - p.resting_activity) / (1.0 + exponential(-excess))
        stayed = (cell.local_glucose - p.potentiation_start) * p.per_potentiation_scale
        wanted = min(max(stayed, 0.0), p.potentiation_ceiling)
        cell.potentiation += p.potentiation_time_share * (wanted - cell.potentiation)
        refill = (1.0 + p.potentiation_gain * cell.potentiation) * (1.0 + cell.local_incretin)
        refilled = refill * (p.resting_refill + (1.0 - p.resting_refill) * active)
        release_rate = p.release_rate * active
        fills_up = refilled * p.per_pool_capacity
        ready = present(cell.ready_insulin, refilled) / present(1.0, release_rate + fills_up)
        released = release_rate * ready
        cell.ready_insulin += refilled - fills_up * ready - released
        able = cell.mass * cell.secretory_capacity * cell.identity
        able *= 1.0 - p.somatostatin_hold * cell.local_somatostatin
        able *= 1.0 - p.insulin_feedback_most * saturating(cell.signal, p.insulin_feedback_half_signal)
        secretion = p.secretion_factor * p.secretion_per_refill * able * released
        cell.insulin_secreted = whole_number(chance, SECRETION, cell.stands_for * secretion)

        remember_glucose(cell, p)
        needed = 1.0 + p.adaptation_gain * (cell.mean_glucose - p.adaptation_set_point)
        needed = min(max(needed, p.adaptation_floor), p.adaptation_ceiling)
        cell.secretory_capacity += p.adaptation_time_share * (needed - cell.secretory_capacity)
        cell.identity += p.identity_time_share * (1.0 - dulled_by_glucose(cell, p) - cell.identity)
        overworked = above(cell.secretory_capacity, 1.0) * p.per_overwork_at_ceiling
        cell.mass *= 1.0 + p.growth_share * overworked * (1.0 - cell.mass * p.per_largest_mass)
        strained = saturating(above(cell.mean_glucose, p.death_start), p.death_half)
        dying = p.death_share * strained + p.autoimmune_death_share
        cell.mass *= 1.0 if uniform(chance, DEATH) >= dying else 0.0


class AlphaCell(IsletCell):
    """An alpha cell; it releases glucagon when glucose is low and when the beta cells beside it are silent."""

    cell_name = "alpha"
    parameter_sites = ("mechanism", "tissue", "receptor", "islet", "alpha")

    neighbour_secretion = column(0.0, "molecules/min", "insulin from the cells beside it", sees="neighbour_secretion")
    low_glucose_threshold = column(0.0, "mmol/L", "glucose below which it releases more")
    glucagon_secreted = column(0.0, "fmol/min", "glucagon released", adds_to="glucagon_secreted")

    @classmethod
    def organ_cells(cls, values: Mapping[str, float], person: Person) -> float:
        """So does a healthy number of alpha cells."""
        return values["cells_per_fat_free_mass"] * person.fat_free_mass_kg

    @classmethod
    def differs(cls, record: ParameterRecord) -> dict[str, tuple[str, float, float]]:
        """Every alpha cell has a threshold of its own."""
        threshold = ("normal", record["low_glucose_spread"], record["low_glucose_threshold_mean"])
        return {**super().differs(record), "low_glucose_threshold": threshold}

    @rule
    def live_a_minute(cell, p, chance):
        """Release glucagon."""
        receptors_live_a_minute(cell, p, chance, p.production * cell.receptor_scale)
        carry_in_glucose(cell, p, chance, p.use_packets)

        low = p.low_glucose_gain * max(0.0, cell.low_glucose_threshold - cell.local_glucose)
        silent = p.insulin_lack_gain / (1.0 + cell.neighbour_secretion * p.per_paracrine_half_secretion)
        high = min(max(cell.local_glucose - p.high_glucose_start, 0.0) * p.per_high_glucose_range, 1.0)
        released = p.secretion_factor * p.resting_secretion * (1.0 + low + silent - p.high_glucose_share * high)
        cell.glucagon_secreted = cell.stands_for * released * (1.0 - p.somatostatin_hold * cell.local_somatostatin)
