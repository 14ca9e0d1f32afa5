"""The rule of a muscle cell over whole arrays, as one would write it by hand in NumPy: the same numbers to the bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from insulin_abm.cells.receptors import (
    BINDING,
    DEGRADATION,
    ENDOCYTOSIS,
    FREE_ENDOCYTOSIS,
    INSULIN_DEGRADATION,
    RECYCLING,
    RELEASE,
    SYNTHESIS,
)
from insulin_abm.cells.uptake import UPTAKE
from insulin_abm.engine.rules import LEAST, LEAST_MANTISSA, LOGARITHM_OF_2

Array = np.ndarray


class Columns:
    """Columns by name, read at full width and rounded when they are written, as agents' attributes are."""

    def __init__(self, columns: Mapping[str, Array]) -> None:
        object.__setattr__(self, "_arrays", columns)

    def __getattr__(self, name: str) -> Array:
        return self._arrays[name].astype(np.float64, copy=False)  # type: ignore[no-any-return]

    def __setattr__(self, name: str, values: Array) -> None:
        self._arrays[name][:] = values


def mixed(z: Array) -> Array:
    """Mix 32 bits."""
    z = z ^ (z >> np.uint32(16))
    z = z * np.uint32(0x7FEB352D)
    z = z ^ (z >> np.uint32(15))
    z = z * np.uint32(0x846CA68B)
    return z ^ (z >> np.uint32(16))


def exponential(x: Array) -> Array:
    """Give e to the power x."""
    y = np.minimum(np.maximum(x, -600.0), 600.0) * 0.0009765625
    square = y * y
    e = (1.0 + y) + square * ((0.5 + y * (1 / 6)) + square * ((1 / 24 + y * (1 / 120)) + square * (1 / 720)))
    for _ in range(5):
        e = e * e * e * e
    return e


def logarithm(x: Array) -> Array:
    """Natural logarithm."""
    above_least = x.view(np.int64) - LEAST_MANTISSA
    n = above_least >> 52
    m = (above_least - (n << 52) + LEAST_MANTISSA).view(np.float64)
    s = (m - 1.0) / (m + 1.0)
    q = s * s
    square = q * q
    low = (1 / 3 + q * (1 / 5)) + square * (1 / 7 + q * (1 / 9))
    high = (1 / 11 + q * (1 / 13)) + square * (1 / 15 + q * (1 / 17))
    return n * LOGARITHM_OF_2 + 2.0 * (s + s * q * (low + square * square * high))


def hill(signal: Array, half: float, steepness: float) -> Array:
    """Share of a full effect."""
    from_half_up = logarithm(np.maximum(signal, LEAST)) - logarithm(np.array([half]))
    from_half = np.where(signal > 0.0, exponential(steepness * from_half_up), 0.0)
    return from_half / (1.0 + from_half)


def noise(chance: Array, what: np.uint32, reach: Array) -> Array:
    """Draw how far from their mean whole numbers are, for a purpose."""
    bits = mixed(chance ^ what)
    spread = (bits >> np.uint32(16)).astype(np.float32) * np.float32(1 / 32767.5) - np.float32(1.0)
    rest = ((bits & np.uint32(0xFFFF)).astype(np.float32) + np.float32(0.5)) * np.float32(1 / 65536)
    return (reach * spread + rest).astype(np.float64)


def whole_number(chance: Array, what: np.uint32, mean: Array) -> Array:
    """Draw whole numbers with a mean."""
    expected = np.maximum(mean, 0.0)
    about = expected.astype(np.float32)
    return np.floor(expected + noise(chance, what, np.minimum(np.sqrt(np.float32(3.0) * about), about)))


def whole_share(chance: Array, what: np.uint32, there: Array, share: Any) -> Array:
    """Draw how many of those there move."""
    stays = 1.0 - share
    about = there.astype(np.float32)
    width = np.sqrt(about) * np.sqrt(np.float32(3.0 * share * stays))
    return np.floor(
        there * share + noise(chance, what, np.minimum(width, about * np.float32(np.minimum(share, stays))))
    )


def live_a_minute(columns: Mapping[str, Array], ids: Array, of_minute: np.uint32, p: Any) -> None:
    """Let all muscle cells live a minute."""
    cell = Columns(columns)
    low_bits, high_bits = (ids & 0xFFFFFFFF).astype(np.uint32), (ids >> 31).astype(np.uint32)
    chance = mixed(mixed(of_minute + low_bits) ^ high_bits)
    _receptors(cell, chance, p)

    cell.mean_glucose = cell.mean_glucose + p.glucose_memory_share * (cell.local_glucose - cell.mean_glucose)
    fatty_acid = cell.local_fatty_acid
    recent, sustained = cell.recent_fatty_acid, cell.sustained_fatty_acid
    cell.recent_fatty_acid = recent + p.fatty_acid_block_time_share * (fatty_acid - recent)
    cell.sustained_fatty_acid = sustained + p.fatty_acid_memory_share * (fatty_acid - sustained)
    raised = np.maximum(0.0, cell.recent_fatty_acid - p.usual_fatty_acid)
    half = raised + p.fatty_acid_block_half
    blocked = p.fatty_acid_block * p.fatty_acid_block_most * raised
    filled = p.ectopic_lipid_block * p.ectopic_lipid_gain * np.maximum(0.0, cell.ectopic_lipid - 1.0)
    cell.signal = cell.signal * (half / ((half + blocked) * (1.0 + filled)))

    called = hill(cell.signal, p.uptake_half_occupancy, p.uptake_steepness)
    cell.surface_glut4 = cell.surface_glut4 + p.glut4_time_share * (called - cell.surface_glut4)
    capacity = p.uptake_factor * (p.basal_packets + p.insulin_packets * cell.glut4_pool * cell.surface_glut4)
    wanted = capacity * cell.local_glucose / (p.uptake_half_glucose + cell.local_glucose)
    cell.glucose_taken = np.minimum(whole_number(chance, UPTAKE, wanted), cell.glucose_at_hand)

    fatty_acid = cell.sustained_fatty_acid * p.per_usual_mean_fatty_acid
    lipid = 1.0 + p.ectopic_lipid_per_fatty_acid * np.maximum(0.0, fatty_acid - 1.0)
    cell.ectopic_lipid = cell.ectopic_lipid + p.ectopic_lipid_time_share * (lipid - cell.ectopic_lipid)
    lasting = np.maximum(0.0, cell.mean_glucose - p.glucose_toxicity_start)
    dulled = p.glucose_toxicity * p.glucose_toxicity_most * (lasting / (lasting + p.glucose_toxicity_half))
    cell.glut4_pool = cell.glut4_pool + p.glut4_pool_time_share * (1.0 - dulled - cell.glut4_pool)


def _receptors(cell: Columns, chance: Array, p: Any) -> None:
    surface, bound_before, internal = cell.surface_receptors, cell.bound_receptors, cell.internal_receptors
    binding = p.association_rate * cell.local_insulin
    leaving = binding + p.free_endocytosis_rate
    square = 2.0 + 2.0 * leaving + leaving * leaving
    per_both = 1.0 / ((2.0 + leaving) * square)
    left = (2.0 + leaving) * (2.0 + leaving) * per_both
    arriving_counts = (1.0 + leaving) * square * per_both
    binding_share, free_taken_in_share = binding * left, p.free_endocytosis_rate * left
    returning = p.released_share * bound_before + p.recycled_share * internal
    binding_soon = np.minimum(binding * surface, surface + returning)
    occupied = bound_before + 0.5 * binding_soon
    released = np.minimum(whole_share(chance, RELEASE, occupied, p.released_share), bound_before)
    held = bound_before - released
    taken_in = np.minimum(whole_share(chance, ENDOCYTOSIS, occupied, p.occupied_taken_in_share), held)
    insulin_degraded = whole_share(chance, INSULIN_DEGRADATION, taken_in, p.insulin_degraded_share)

    inside = internal + 0.5 * (taken_in + p.free_endocytosis_rate * surface)
    recycled = np.minimum(whole_share(chance, RECYCLING, inside, p.recycled_share), internal)
    degraded = np.minimum(whole_share(chance, DEGRADATION, inside, p.degraded_share), internal - recycled)
    lasting = p.usual_occupancy + p.production_turn_down * (cell.sustained_occupancy - p.usual_occupancy)
    turned_down = p.turn_down_share * lasting / (lasting + p.turn_down_half_occupancy)
    production = p.receptor_production_factor * (p.production * cell.receptor_scale)
    made = whole_number(chance, SYNTHESIS, production * (1.0 - turned_down))

    arriving = released + recycled + made
    free = surface + arriving_counts * arriving
    insulin_free = released + taken_in - insulin_degraded
    bound = np.minimum(whole_share(chance, BINDING, free, binding_share), surface + arriving)
    bound = np.minimum(bound, cell.insulin_at_hand + insulin_free)
    unbound = surface + arriving - bound
    free_taken_in = np.minimum(whole_share(chance, FREE_ENDOCYTOSIS, free, free_taken_in_share), unbound)

    cell.surface_receptors = surface + (arriving - bound - free_taken_in)
    cell.bound_receptors = bound_before + (bound - released - taken_in)
    cell.internal_receptors = internal + (taken_in + free_taken_in - recycled - degraded)
    cell.receptors_made = made
    cell.receptors_degraded = degraded
    cell.binding_capacity = p.association_rate * cell.surface_receptors
    cell.insulin_bound = bound
    cell.insulin_set_free = insulin_free
    cell.insulin_degraded = insulin_degraded
    occupancy = cell.bound_receptors * p.per_receptor_count
    sustained = cell.sustained_occupancy
    cell.sustained_occupancy = sustained + p.turn_down_time_share * (occupancy - sustained)
    recent = cell.recent_signal
    cell.recent_signal = recent + p.desensitisation_time_share * (cell.signal - recent)
    fed_back = cell.recent_signal * p.per_desensitising_signal
    cell.signal = p.sensitivity_factor * occupancy * cell.insulin_sensitivity / (1.0 + fed_back * fed_back)
