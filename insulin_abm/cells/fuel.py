"""What becomes of the glucose that a muscle cell takes up: it is oxidised as far as that can be, the rest is stored.

Fatty acids hold the oxidation back (the glucose-fatty acid cycle, Randle 1963, doi:10.1016/S0140-6736(63)91500-9): by
lowering them insulin raises it. What is stored is glycogen, which the usual activity uses. Neither changes what the
cell takes up.
"""

from __future__ import annotations

from insulin_abm.engine.chance import purpose, whole_share
from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import rule, saturating

OXIDATION = purpose("glucose is oxidised")


class GlucoseFate:
    """What a cell has that oxidises glucose or stores it as glycogen."""

    glucose_oxidised = column(0, "packets", "glucose oxidised of that taken in the last step", whole=True)
    glucose_stored = column(0, "packets", "glucose stored as glycogen of that taken in the last step", whole=True)
    glycogen = column(0.0, "mmol/L", "glycogen in a litre of the tissue", slow="glycogen_time")


@rule
def oxidise_or_store_glucose(cell, p, chance):
    """Fatty acids and uptake itself leave less of the glucose to be oxidised; the rest is stored, activity uses it."""
    held_back = saturating(cell.local_fatty_acid, p.oxidation_half_fatty_acid)
    crowded_out = saturating(cell.glucose_taken, p.oxidation_packets)
    share = (1.0 - held_back) * (1.0 - crowded_out)
    cell.glucose_oxidised = whole_share(chance, OXIDATION, cell.glucose_taken, share)
    cell.glucose_stored = cell.glucose_taken - cell.glucose_oxidised
    cell.glycogen += p.glycogen_per_packet * cell.glucose_stored - p.glycogen_time_share * cell.glycogen
