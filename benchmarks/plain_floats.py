"""The same biology as a user of Mesa would write it first: floats, `random.gauss`, `math.exp`, a `step` for each cell.

It is not the same model to the bit: noise has other draws, and particles are not whole. It is there to be timed.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import mesa

from insulin_abm.body import Body
from insulin_abm.cells.fat import FatCell
from insulin_abm.cells.islet import AlphaCell, BetaCell
from insulin_abm.cells.liver import LiverCell
from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.minute import parameters_of
from insulin_abm.organs.blood import Blood
from insulin_abm.organs.brain import Brain
from insulin_abm.tissue.patch import Patch
from insulin_abm.tissue.tissue import Tissue


def hill(signal: float, half: float, steepness: float) -> float:
    """Share of a full effect."""
    raised = signal**steepness
    return raised / (raised + half**steepness)


class FloatPatch(mesa.Agent):
    """A place in a tissue: what the capillary brings, what the cells took, what diffuses to the neighbours."""

    def __init__(self, model: FloatBody, tissue: Any, volume: float, packets: float, molecules: float) -> None:
        super().__init__(model)
        self.tissue, self.volume = tissue, volume
        self.packets, self.molecules = packets * volume, molecules * volume
        self.cells: list[FloatCell] = []
        self.neighbours: list[FloatPatch] = []
        self.glucose = model.plasma_glucose
        self.insulin = model.plasma_insulin / 1000.0
        self.glucose_to_blood = self.insulin_to_blood = 0.0

    def step(self) -> None:
        """Exchange with the blood, let the cells live, share with the neighbours."""
        model: Any = self.model
        tissue = self.tissue
        arriving_glucose = model.plasma_glucose + tissue.portal_share * model.portal_glucose / tissue.glucose_flow
        portal_insulin = tissue.portal_share * model.portal_insulin / tissue.insulin_flow
        arriving_insulin = (model.plasma_insulin + portal_insulin) / 1000.0
        exchanged = 1.0 - math.exp(-tissue.glucose_exchange_rate)
        gained = exchanged * (arriving_glucose - self.glucose)
        self.glucose += gained
        self.glucose_to_blood = -gained * self.packets
        exchanged = 1.0 - math.exp(-tissue.insulin_exchange_rate)
        gained = exchanged * (arriving_insulin - self.insulin)
        self.insulin += gained
        self.insulin_to_blood = -gained * self.molecules
        for cell in self.cells:
            cell.step()
        for neighbour in self.neighbours:
            if neighbour is not self:
                for kind, share in (("glucose", model.glucose_hop), ("insulin", model.insulin_hop)):
                    moving = share * (getattr(self, kind) - getattr(neighbour, kind))
                    setattr(self, kind, getattr(self, kind) - moving)
                    setattr(neighbour, kind, getattr(neighbour, kind) + moving)


class FloatCell(mesa.Agent):
    """A cell with insulin receptors."""

    made_like: ClassVar[type[RowAgent]]

    def __init__(self, model: FloatBody, patch: FloatPatch, parameters: Any, state: dict[str, float]) -> None:
        super().__init__(model)
        self.patch, self.p = patch, parameters
        self.signal = 0.0
        self.recent_signal = 0.0
        for name, value in state.items():
            setattr(self, name, value)
        patch.cells.append(self)

    def noisy(self, mean: float) -> float:
        """A number around its mean."""
        return max(0.0, self.random.gauss(mean, math.sqrt(mean))) if mean > 0.0 else 0.0

    def receptors_step(self) -> None:
        """Bind, let go, take in, return, degrade, make."""
        p, patch = self.p, self.patch
        binding = self.surface_receptors * (1.0 - math.exp(-p.association_rate * max(patch.insulin, 0.0)))
        bound = min(self.noisy(binding), self.surface_receptors, max(patch.insulin, 0.0) * patch.molecules)
        released = min(self.noisy(p.released_share * (self.bound_receptors + 0.5 * bound)), self.bound_receptors)
        taken_in = self.noisy(p.occupied_taken_in_share * (self.bound_receptors + 0.5 * bound))
        taken_in = min(taken_in, self.bound_receptors - released)
        free_taken_in = min(
            self.noisy(p.free_endocytosis_rate * self.surface_receptors), self.surface_receptors - bound
        )
        recycled = min(self.noisy(p.recycled_share * self.internal_receptors), self.internal_receptors)
        degraded = min(self.noisy(p.degraded_share * self.internal_receptors), self.internal_receptors - recycled)
        lasting = self.sustained_occupancy
        turned_down = p.turn_down_share * lasting / (lasting + p.turn_down_half_occupancy)
        made = self.noisy(p.production * self.receptor_scale * (1.0 - turned_down))
        self.surface_receptors += made + recycled + released - bound - free_taken_in
        self.bound_receptors += bound - released - taken_in
        self.internal_receptors += taken_in + free_taken_in - recycled - degraded
        degraded_insulin = self.noisy(p.insulin_degraded_share * taken_in)
        patch.insulin += (released + taken_in - degraded_insulin - bound) / patch.molecules
        occupancy = self.bound_receptors / p.receptor_count
        self.sustained_occupancy += (occupancy - self.sustained_occupancy) / p.turn_down_time
        self.recent_signal += (self.signal - self.recent_signal) / p.desensitisation_time
        self.signal = occupancy * self.insulin_sensitivity / (1.0 + (self.recent_signal / p.desensitising_signal) ** 2)

    def take_glucose(self, wanted: float) -> None:
        """Take glucose out of the patch, no more than its part of what is there."""
        patch = self.patch
        taken = min(self.noisy(wanted), max(patch.glucose, 0.0) * patch.packets / len(patch.cells))
        patch.glucose -= taken / patch.packets

    def overload_step(self) -> None:
        """Follow fuel over hours and days; it weakens the signal."""
        p, fatty_acid = self.p, self.model.plasma_fatty_acid  # type: ignore[attr-defined]
        self.mean_glucose += (self.patch.glucose - self.mean_glucose) / p.glucose_memory
        self.recent_fatty_acid += (fatty_acid - self.recent_fatty_acid) / p.fatty_acid_block_time
        self.sustained_fatty_acid += (fatty_acid - self.sustained_fatty_acid) / p.fatty_acid_memory
        raised = max(0.0, self.recent_fatty_acid - p.usual_fatty_acid)
        blocked = p.fatty_acid_block_most * raised / (raised + p.fatty_acid_block_half)
        self.signal /= (1.0 + blocked) * (1.0 + p.ectopic_lipid_gain * max(0.0, self.ectopic_lipid - 1.0))

    def dulled(self) -> float:
        """Share of its effect that lasting glucose took."""
        lasting = max(0.0, self.mean_glucose - self.p.glucose_toxicity_start)
        return self.p.glucose_toxicity_most * lasting / (lasting + self.p.glucose_toxicity_half)


class FloatMuscleCell(FloatCell):
    """Muscle."""

    made_like = MuscleCell

    def step(self) -> None:
        """Carry in glucose as insulin calls."""
        p = self.p
        self.receptors_step()
        self.overload_step()
        called = hill(self.signal, p.uptake_half_occupancy, p.uptake_steepness)
        self.surface_glut4 += (called - self.surface_glut4) / p.glut4_time
        capacity = p.basal_packets + p.insulin_packets * self.glut4_pool * self.surface_glut4
        self.take_glucose(capacity * self.patch.glucose / (p.uptake_half_glucose + self.patch.glucose))
        raised = max(0.0, self.sustained_fatty_acid / p.usual_mean_fatty_acid - 1.0)
        lipid = 1.0 + p.ectopic_lipid_per_fatty_acid * raised
        self.ectopic_lipid += (lipid - self.ectopic_lipid) / p.ectopic_lipid_time
        self.glut4_pool += (1.0 - self.dulled() - self.glut4_pool) / p.glut4_pool_time


class FloatFatCell(FloatCell):
    """Fat."""

    made_like = FatCell

    def step(self) -> None:
        """Carry in glucose; hold back fatty acids as insulin calls."""
        p = self.p
        self.receptors_step()
        called = hill(self.signal, p.uptake_half_occupancy, p.uptake_steepness)
        self.surface_glut4 += (called - self.surface_glut4) / p.glut4_time
        capacity = p.basal_packets + p.insulin_packets * self.surface_glut4
        self.take_glucose(capacity * self.patch.glucose / (p.uptake_half_glucose + self.patch.glucose))
        held_back = hill(self.signal, p.antilipolysis_half_occupancy, p.antilipolysis_steepness)
        lipolysis = 1.0 - (1.0 - p.lipolysis_remaining_share) * held_back
        self.fatty_acid_released = p.full_lipolysis * self.lipid * lipolysis


class FloatLiverCell(FloatCell):
    """Liver."""

    made_like = LiverCell

    def step(self) -> None:
        """Release or store glucose."""
        p, patch, model = self.p, self.patch, self.model
        self.receptors_step()
        self.overload_step()
        helped = self.signal * (1.0 - self.dulled()) * max(patch.glucose, 0.0) / p.usual_glucose
        self.suppression = hill(helped, p.suppression_half_occupancy, p.suppression_steepness)
        glucagon = max(0.0, 1.0 + p.glucagon_gain * (model.glucagon_level - p.usual_glucagon))  # type: ignore[attr-defined]
        output = 2.0 * p.output_at_rest * (1.0 - self.suppression)
        made_anew = p.gluconeogenesis_packets * glucagon * output
        stored_share = self.glycogen / (self.glycogen + p.glycogen_half)
        released = self.noisy(made_anew + p.glycogenolysis_packets * glucagon * output * stored_share)
        room = max(0.0, 1.0 - self.glycogen / p.glycogen_ceiling)
        pull = hill(max(patch.glucose, 0.0), p.glycogen_synthesis_half_glucose, p.glycogen_synthesis_steepness)
        stored = self.noisy(p.synthesis_packets * self.suppression**2 * pull * room)
        self.glycogen += p.glycogen_per_packet * (stored + made_anew - released)
        patch.glucose += (released - stored) / patch.packets


class FloatBetaCell(FloatCell):
    """Beta."""

    made_like = BetaCell

    def step(self) -> None:
        """Secrete insulin as glucose calls."""
        p, glucose = self.p, self.patch.glucose
        self.receptors_step()
        self.take_glucose(p.use_packets)
        active = 1.0 / (1.0 + math.exp(-(glucose - self.firing_threshold) / p.threshold_width))
        wanted = min(max((glucose - p.potentiation_start) / p.potentiation_scale, 0.0), p.potentiation_ceiling)
        self.potentiation += (wanted - self.potentiation) / p.potentiation_time
        refill = (1.0 + p.potentiation_gain * self.potentiation) * (p.resting_refill + (1 - p.resting_refill) * active)
        released = p.release_rate * active * self.ready_insulin
        self.ready_insulin += refill * max(0.0, 1.0 - self.ready_insulin / p.pool_capacity) - released
        self.insulin_secreted = self.noisy(
            self.stands_for * p.secretion_per_refill * self.secretory_capacity * released
        )


class FloatAlphaCell(FloatCell):
    """Alpha."""

    made_like = AlphaCell

    def step(self) -> None:
        """Secrete glucagon when glucose is low."""
        p = self.p
        self.receptors_step()
        self.take_glucose(p.use_packets)
        low = p.low_glucose_gain * max(0.0, self.low_glucose_threshold - self.patch.glucose)
        self.glucagon_secreted = self.stands_for * p.resting_secretion * (1.0 + low)


class FloatBody(mesa.Model):
    """Blood, patches and cells; it begins like a given body."""

    def __init__(self, body: Body) -> None:
        super().__init__(rng=body.seed)
        self.p = parameters_of(Blood, body.records[Blood])
        self.brain = parameters_of(Brain, body.records[Brain])
        blood = body.blood
        self.plasma_glucose, self.plasma_insulin = blood.plasma_glucose, blood.plasma_insulin
        self.plasma_fatty_acid, self.plasma_glucagon = blood.plasma_fatty_acid, blood.plasma_glucagon
        self.glucagon_level = blood.glucagon_level
        self.portal_insulin = self.portal_glucose = 0.0
        tissue = parameters_of(Tissue, body.records[Tissue])
        self.mmol, self.pmol = tissue.mmol_per_packet, tissue.pmol_per_molecule
        of_patch = parameters_of(Patch, body.records[Patch])
        self.glucose_hop, self.insulin_hop = of_patch.glucose_hop_east, of_patch.insulin_hop_east
        packets, molecules = of_patch.packets_per_concentration, of_patch.molecules_per_concentration
        rows = list(body.populations[Patch])
        self.patches = [FloatPatch(self, row.place, row.volume, packets, molecules) for row in rows]
        for patch, row in zip(self.patches, rows, strict=True):
            patch.tissue = _Tissue(row.place)
            patch.neighbours = [self.patches[row.east], self.patches[row.south]]
        for made in (FloatMuscleCell, FloatFatCell, FloatLiverCell, FloatBetaCell, FloatAlphaCell):
            parameters = parameters_of(made.made_like, body.records[made.made_like])
            population = body.populations[made.made_like]
            kept = [name for name in made.made_like.columns if name not in population.spared]
            for cell in population:
                state = {name: getattr(cell, name) for name in kept}
                made(self, self.patches[cell.place.row], parameters, state)

    def step(self) -> None:
        """Live a minute."""
        self.agents_by_type[FloatPatch].do("step")
        glucose = insulin = secreted = glucagon = fatty_acid = 0.0
        for patch in self.patches:
            scale = patch.tissue.scale
            glucose += scale * patch.glucose_to_blood * self.mmol
            insulin += scale * patch.insulin_to_blood * self.pmol
            for cell in patch.cells:
                secreted += scale * getattr(cell, "insulin_secreted", 0.0) * self.pmol
                glucagon += scale * getattr(cell, "glucagon_secreted", 0.0) / 1e3
                fatty_acid += scale * getattr(cell, "fatty_acid_released", 0.0) / 1e12
        p = self.p
        used = self.brain.glucose_use * self.plasma_glucose / (self.plasma_glucose + self.brain.half_glucose)
        self.plasma_glucose += (glucose - used) / p.person_glucose_volume
        self.plasma_insulin = max(0.0, self.plasma_insulin + (insulin + self.portal_insulin) / p.person_insulin_volume)
        self.portal_insulin = secreted
        self.plasma_glucagon += glucagon / p.person_glucagon_volume - self.plasma_glucagon / p.glucagon_time
        self.glucagon_level = self.plasma_glucagon / p.glucagon_at_rest
        cleared = p.fatty_acid_clearance * self.plasma_fatty_acid
        self.plasma_fatty_acid += fatty_acid / p.person_fatty_acid_volume - cleared


class _Tissue:
    """What a patch knows of its tissue."""

    def __init__(self, tissue: Tissue) -> None:
        for name in tissue.columns:
            setattr(self, name, getattr(tissue, name))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)
