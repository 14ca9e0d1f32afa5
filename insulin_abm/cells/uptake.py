"""How a cell takes glucose from its patch, in whole particles."""

from __future__ import annotations

from insulin_abm.engine.chance import purpose, whole_number
from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import hill, rule

UPTAKE = purpose("glucose is carried in")


class Glut4:
    """What a cell has whose glucose transport insulin raises."""

    surface_glut4 = column(0.0, "1", "share of GLUT4 on the surface")


@rule
def glut4_follows_signal(cell, p):
    """GLUT4 comes to the surface as the signal calls it, within minutes."""
    called = hill(cell.signal, p.uptake_half_occupancy, p.uptake_steepness)
    cell.surface_glut4 += p.glut4_time_share * (called - cell.surface_glut4)


@rule
def carry_in_glucose(cell, p, chance, capacity):
    """Carry glucose in through transporters with a capacity in packets a minute, no more than there is."""
    wanted = capacity * cell.local_glucose / (p.uptake_half_glucose + cell.local_glucose)
    cell.glucose_taken = min(whole_number(chance, UPTAKE, wanted), cell.glucose_at_hand)
