"""What too much fuel does to a cell: fatty acids and lipid in the wrong place weaken its signal after the receptor.

Fatty acids act within hours (Belfort 2005, doi:10.2337/diabetes.54.6.1640); lipid that fills cells other than fat cells
follows them over weeks (Bergman 2012); their sizes were fitted here. Lasting glucose acts through `mean_glucose`, on
what each kind of cell does with it. Much more energy than usual spoils GLUT4 within days (Boden 2015,
doi:10.1126/scitranslmed.aac4765).
"""

from __future__ import annotations

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import above, rule, saturating


class GlucoseMemory:
    """What a cell has that lasting glucose dulls."""

    mean_glucose = column(0.0, "mmol/L", "glucose around it averaged over a day", slow="glucose_memory")


class EnergySense:
    """What a cell has that follows the energy of the body."""

    energy_surplus = column(
        0.0, "1", "the body's energy at hand above the usual, relative to it", sees="energy_surplus"
    )


class Glut4Pool(EnergySense, GlucoseMemory):
    """What a cell has whose GLUT4 lasting glucose and a surplus of energy lessen."""

    glut4_pool = column(
        1.0, "1", "GLUT4 that the cell has, on the surface or not, relative to usual", slow="glut4_pool_time"
    )


class Overload(EnergySense, GlucoseMemory):
    """What a cell has that too much fuel makes resistant after the receptor."""

    local_fatty_acid = column(0.0, "mmol/L", "fatty acids around the cell", sees="fatty_acid")
    recent_fatty_acid = column(0.0, "mmol/L", "unburnt fatty acids, averaged over hours", slow="fatty_acid_block_time")
    sustained_fatty_acid = column(0.0, "mmol/L", "unburnt fatty acids, averaged over a day", slow="fatty_acid_memory")


@rule
def remember_glucose(cell, p):
    """Follow the glucose that has been around the cell over a day."""
    cell.mean_glucose += p.glucose_memory_share * (cell.local_glucose - cell.mean_glucose)


@rule
def lack_of_energy(cell, p):
    """Share of the body's usual energy at hand that lacks, beyond what a night takes."""
    return above(-cell.energy_surplus, p.lack_start)


@rule
def remember_fatty_acids(cell, p):
    """Follow the fatty acids that have been around the cell over hours and over a day; who lacks energy burns them."""
    unburnt = cell.local_fatty_acid * max(0.0, 1.0 - p.lack_burning * lack_of_energy(cell, p))
    cell.recent_fatty_acid += p.fatty_acid_block_time_share * (unburnt - cell.recent_fatty_acid)
    cell.sustained_fatty_acid += p.fatty_acid_memory_share * (unburnt - cell.sustained_fatty_acid)


@rule
def left_by_lipid(cell, p):
    """Share of the signal that the fatty acids of the last hours and the lipid in the cell leave."""
    raised = above(cell.recent_fatty_acid, p.usual_fatty_acid)
    half = raised + p.fatty_acid_block_half
    blocked = p.fatty_acid_block * p.fatty_acid_block_most * raised
    filled = p.ectopic_lipid_block * p.ectopic_lipid_gain * above(cell.ectopic_lipid, 1.0)
    return half / ((half + blocked) * (1.0 + filled))


@rule
def dulled_by_glucose(cell, p):
    """Share of its effect that a cell lost because glucose stayed high; it saturates."""
    lasting = above(cell.mean_glucose, p.glucose_toxicity_start)
    return p.glucose_toxicity * p.glucose_toxicity_most * saturating(lasting, p.glucose_toxicity_half)


@rule
def renew_glut4(cell, p, made):
    """GLUT4 follows what is made of it, relative to usual, and what lasting glucose and a surplus of energy leave."""
    spoilt = p.surplus_damage * saturating(above(cell.energy_surplus, p.surplus_start), p.surplus_half)
    left = (1.0 - dulled_by_glucose(cell, p)) * (1.0 - spoilt)
    cell.glut4_pool += p.glut4_pool_time_share * (made * left - cell.glut4_pool)
