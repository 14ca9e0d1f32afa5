"""Patches: a few cells around one capillary, and the whole particles of glucose and insulin between them.

Insulin comes through the capillary, is bound by receptors, let go or returned, and goes back; all of this turns over in
less than a minute, so a patch uses the closed form of the minute for the mean concentration, and then moves whole
particles so that nothing is ever lost (docs/physiology.md).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from insulin_abm.engine.chance import purpose, whole_number, whole_share
from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import exponential, rule, share_in_a_minute
from insulin_abm.living import LivingAgent
from insulin_abm.parameters.conversions import MOLECULES_PER_NMOL_PER_L_PL, SECONDS_PER_MINUTE
from insulin_abm.person import Person
from insulin_abm.tissue.tissue import Tissue

MOST_TO_ONE_NEIGHBOUR = 1 / 4
"""Of what is in a patch, at most a quarter can hop to each of the four neighbours."""

PLENTY = 1e15
"""More particles than any cell takes in a minute."""

INSULIN_ENTRY, INSULIN_EXIT = purpose("insulin enters"), purpose("insulin leaves")
GLUCOSE_ENTRY, GLUCOSE_EXIT = purpose("glucose enters"), purpose("glucose leaves")
INSULIN_EAST, INSULIN_WEST = purpose("insulin hops east"), purpose("insulin hops west")
INSULIN_NORTH, INSULIN_SOUTH = purpose("insulin hops north"), purpose("insulin hops south")
GLUCOSE_EAST, GLUCOSE_WEST = purpose("glucose hops east"), purpose("glucose hops west")
GLUCOSE_NORTH, GLUCOSE_SOUTH = purpose("glucose hops north"), purpose("glucose hops south")


class Patch(LivingAgent):
    """What mixes within a minute: the fluid around one capillary and the cells in it."""

    lives_in = Tissue
    parameter_sites = ("tissue",)
    abreast = 64  # how their cells lie in memory, see engine/standing.py; no biology

    east = column(0, "row", "row of the neighbour to the east (its own at an edge)", whole=True)
    west = column(0, "row", "row of the neighbour to the west", whole=True)
    north = column(0, "row", "row of the neighbour to the north", whole=True)
    south = column(0, "row", "row of the neighbour to the south", whole=True)
    # what the tissue says and its capillary brings
    volume = column(1.0, "pL", "interstitial fluid", wide=True, sees="patch_volume")
    arriving_glucose = column(0.0, "mmol/L", "glucose in the capillary", sees="arriving_glucose")
    arriving_insulin = column(0.0, "nmol/L", "insulin in the capillary", sees="arriving_insulin")
    glucose_exchange_rate = column(0.0, "1/min", "share of glucose renewed", sees="glucose_exchange_rate")
    insulin_exchange_rate = column(0.0, "1/min", "share of insulin renewed", sees="insulin_exchange_rate")
    fatty_acid = column(0.0, "mmol/L", "fatty acids around the cells", sees="fatty_acid")
    glucagon = column(0.0, "1", "relative glucagon around the cells", sees="glucagon")
    incretin = column(0.0, "1", "effect of incretins", sees="incretin")
    somatostatin = column(0.0, "1", "effect of infused somatostatin", sees="somatostatin")
    lipid_offered = column(0.0, "mmol", "triglyceride that fat may take", wide=True, sees="lipid_offered")
    energy_surplus = column(0.0, "1", "surplus of energy at hand", sees="energy_surplus")
    exercise = column(0.0, "kcal/min", "energy that exercise takes", sees="exercise")
    lipolysis_size = column(0.0, "1", "lipolysis of a kg of fat", sees="lipolysis_size")
    # particles
    glucose = column(0, "packets", "glucose between the cells", whole=True, adds_to="glucose_settled glucose_there")
    insulin = column(
        0, "molecules", "free insulin between the cells", whole=True, adds_to="insulin_settled insulin_there"
    )
    local_glucose = column(0.0, "mmol/L", "glucose, mean over the minute")
    local_insulin = column(0.0, "nmol/L", "free insulin, mean over the minute")
    glucose_at_hand = column(0.0, "packets", "glucose that each cell may take at most", passing=True)
    insulin_at_hand = column(0.0, "molecules", "insulin that each cell may bind at most", passing=True)
    glucose_leaving = column(0.0, "packets", "glucose expected to leave", wide=True, passing=True)
    insulin_leaving = column(0.0, "molecules", "insulin expected to leave", wide=True, passing=True)
    glucose_uptake_rate = column(0.0, "1/min", "share of glucose that cells took in the last minute")
    glucose_entered = column(0, "packets", "glucose from the capillary", whole=True, passing=True, adds_to="glucose_in")
    glucose_left = column(0, "packets", "glucose into the capillary", whole=True, passing=True, adds_to="glucose_out")
    insulin_entered = column(
        0, "molecules", "insulin from the capillary", whole=True, passing=True, adds_to="insulin_in"
    )
    insulin_left = column(0, "molecules", "insulin into the capillary", whole=True, passing=True, adds_to="insulin_out")
    # what the cells tell
    cells = column(0, "cells", "cells in the patch", whole=True, counts=True)
    binding_capacity = column(0.0, "molecules/min/(nmol/L)", "insulin that free receptors can bind", wide=True)
    insulin_bound = column(0, "molecules", "insulin bound", whole=True, passing=True)
    insulin_set_free = column(0, "molecules", "insulin let go or returned intact", whole=True)
    insulin_on_receptors = column(0, "molecules", "insulin held by surface receptors", whole=True)
    insulin_degraded = column(0, "molecules", "insulin degraded", whole=True, passing=True, adds_to="insulin_degraded")
    glucose_taken = column(0, "packets", "glucose taken", whole=True, passing=True, adds_to="glucose_taken")
    glucose_released = column(0, "packets", "glucose released", whole=True, adds_to="glucose_released")
    insulin_secreted = column(0.0, "molecules", "insulin secreted", wide=True, passing=True, adds_to="insulin_secreted")
    glucagon_secreted = column(
        0.0, "fmol/min", "glucagon secreted", wide=True, passing=True, adds_to="glucagon_secreted"
    )
    fatty_acid_released = column(
        0.0, "fmol/min", "fatty acids released", wide=True, passing=True, adds_to="fatty_acid_released"
    )
    triglyceride_released = column(
        0.0, "fmol/min", "triglyceride released", wide=True, passing=True, adds_to="triglyceride_released"
    )
    lipid_clearing = column(0.0, "1/min", "clearing of lipid", wide=True, passing=True, adds_to="lipid_clearing")
    ketone_released = column(
        0.0, "fmol/min", "3-hydroxybutyrate released", wide=True, passing=True, adds_to="ketone_released"
    )
    triglyceride_cleared = column(
        0.0, "1/min", "clearance of triglyceride", wide=True, passing=True, adds_to="triglyceride_cleared"
    )
    neighbour_secretion = column(0.0, "molecules/min", "insulin secreted, for each cell of the patch")
    receptors = column(0, "receptors", "insulin receptors of all cells", whole=True)
    receptors_made = column(0, "receptors", "receptors made", whole=True, passing=True, adds_to="receptors_made")
    receptors_degraded = column(
        0, "receptors", "receptors degraded", whole=True, passing=True, adds_to="receptors_degraded"
    )
    # the balance
    insulin_before = column(0, "molecules", "insulin, free and bound, a minute ago", whole=True, passing=True)
    glucose_before = column(0, "packets", "glucose a minute ago", whole=True, passing=True)
    receptors_before = column(0, "receptors", "receptors a minute ago", whole=True, passing=True)
    imbalance = column(0, "particles", "what no event accounts for", whole=True, adds_to="imbalance")
    # particles on the move
    glucose_to_east = column(0, "packets", "glucose that hops east", whole=True)
    glucose_to_west = column(0, "packets", "glucose that hops west", whole=True)
    glucose_to_north = column(0, "packets", "glucose that hops north", whole=True)
    glucose_to_south = column(0, "packets", "glucose that hops south", whole=True)
    insulin_to_east = column(0, "molecules", "insulin that hops east", whole=True)
    insulin_to_west = column(0, "molecules", "insulin that hops west", whole=True)
    insulin_to_north = column(0, "molecules", "insulin that hops north", whole=True)
    insulin_to_south = column(0, "molecules", "insulin that hops south", whole=True)

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """Particles in a picolitre, and the share of those still there that hops to each neighbour in turn."""
        shares = {}
        for kind in ("insulin", "glucose"):
            hop = values[f"{kind}_diffusion"] * SECONDS_PER_MINUTE / values["patch_spacing"] ** 2
            if hop > MOST_TO_ONE_NEIGHBOUR * max(1.0, values["step_min"]):
                raise ValueError(
                    f"{kind} would cross more than one patch a minute: "
                    f"raise tissue.patch_spacing or lower tissue.{kind}_diffusion"
                )
            if hop > MOST_TO_ONE_NEIGHBOUR:  # in a long step some come back
                hop = MOST_TO_ONE_NEIGHBOUR * share_in_a_minute(hop / MOST_TO_ONE_NEIGHBOUR)
            for turn, way in enumerate(("east", "west", "north", "south")):
                shares[f"{kind}_hop_{way}"] = hop / (1.0 - turn * hop)
        return {
            "molecules_per_concentration": MOLECULES_PER_NMOL_PER_L_PL,
            "packets_per_concentration": 1.0 / values["packet"],
            **shares,
        }

    @rule
    def exchange(patch, p, chance):
        """Meet the capillary: the mean of the minute for the cells, and whole particles that enter."""
        count_what_is_there(patch)
        cells = max(patch.cells, 1)

        per_volume = 1.0 / patch.volume
        arriving = patch.insulin_exchange_rate * patch.arriving_insulin * p.molecules_per_concentration * patch.volume
        binding = patch.binding_capacity * per_volume * p.per_molecules_per_concentration
        removal = patch.insulin_exchange_rate + binding
        insulin = mean_of_minute(patch.insulin, arriving + patch.insulin_set_free, removal)
        patch.local_insulin = insulin * per_volume * p.per_molecules_per_concentration
        patch.insulin_leaving = patch.insulin_exchange_rate * insulin
        patch.insulin_entered = whole_number(chance, INSULIN_ENTRY, arriving)
        patch.insulin_at_hand = np.floor((patch.insulin + patch.insulin_entered) / cells)

        arriving = patch.glucose_exchange_rate * patch.arriving_glucose * p.packets_per_concentration * patch.volume
        removal = patch.glucose_exchange_rate + patch.glucose_uptake_rate
        glucose = mean_of_minute(patch.glucose, arriving + patch.glucose_released, removal)
        patch.local_glucose = glucose * per_volume * p.per_packets_per_concentration
        patch.glucose_leaving = patch.glucose_exchange_rate * glucose
        patch.glucose_entered = whole_number(chance, GLUCOSE_ENTRY, arriving)
        patch.glucose_at_hand = np.floor((patch.glucose + patch.glucose_entered) / cells)

    @rule
    def settle(patch, p, chance):
        """Account for what the cells bound, took and released; particles leave, and hop to the neighbours."""
        insulin = patch.insulin + patch.insulin_entered + patch.insulin_set_free - patch.insulin_bound
        patch.insulin_left = min(whole_number(chance, INSULIN_EXIT, patch.insulin_leaving), max(insulin, 0))
        patch.insulin = insulin - patch.insulin_left
        glucose = patch.glucose + patch.glucose_entered + patch.glucose_released - patch.glucose_taken
        patch.glucose_left = min(whole_number(chance, GLUCOSE_EXIT, patch.glucose_leaving), max(glucose, 0))
        patch.glucose = glucose - patch.glucose_left

        patch.imbalance = unexplained(patch)
        mean_glucose = p.packets_per_concentration * patch.volume * patch.local_glucose
        patch.glucose_uptake_rate = patch.glucose_taken / max(mean_glucose, 1.0)
        patch.neighbour_secretion = patch.insulin_secreted / max(patch.cells, 1)

        staying = max(patch.insulin, 0)
        patch.insulin_to_east = whole_share(chance, INSULIN_EAST, staying, p.insulin_hop_east)
        staying -= patch.insulin_to_east
        patch.insulin_to_west = whole_share(chance, INSULIN_WEST, staying, p.insulin_hop_west)
        staying -= patch.insulin_to_west
        patch.insulin_to_north = whole_share(chance, INSULIN_NORTH, staying, p.insulin_hop_north)
        staying -= patch.insulin_to_north
        patch.insulin_to_south = whole_share(chance, INSULIN_SOUTH, staying, p.insulin_hop_south)
        staying = max(patch.glucose, 0)
        patch.glucose_to_east = whole_share(chance, GLUCOSE_EAST, staying, p.glucose_hop_east)
        staying -= patch.glucose_to_east
        patch.glucose_to_west = whole_share(chance, GLUCOSE_WEST, staying, p.glucose_hop_west)
        staying -= patch.glucose_to_west
        patch.glucose_to_north = whole_share(chance, GLUCOSE_NORTH, staying, p.glucose_hop_north)
        staying -= patch.glucose_to_north
        patch.glucose_to_south = whole_share(chance, GLUCOSE_SOUTH, staying, p.glucose_hop_south)

    @rule
    def bathe(patch, p, chance):
        """In a dish there is so much medium that cells don't change it: it is all they see, and they may take any."""
        count_what_is_there(patch)
        patch.local_insulin = patch.arriving_insulin
        patch.local_glucose = patch.arriving_glucose
        patch.insulin_at_hand = PLENTY
        patch.glucose_at_hand = PLENTY

    @rule
    def answer_medium(patch, p, chance):
        """In a dish what cells bind and take comes from the medium, and what they let go goes into it."""
        patch.insulin_entered = patch.insulin_bound
        patch.insulin_left = patch.insulin_set_free
        patch.glucose_entered = patch.glucose_taken
        patch.glucose_left = patch.glucose_released
        patch.imbalance = unexplained(patch)
        patch.neighbour_secretion = patch.insulin_secreted / max(patch.cells, 1)


@rule
def count_what_is_there(patch):
    """Remember what the patch holds before its cells live, so that the balance can be drawn."""
    patch.insulin_before = patch.insulin + patch.insulin_on_receptors
    patch.glucose_before = patch.glucose
    patch.receptors_before = patch.receptors


@rule
def unexplained(patch):
    """How many particles and receptors are there, or are gone, that no event accounts for."""
    insulin_gained = patch.insulin_entered - patch.insulin_left - patch.insulin_degraded
    glucose_gained = patch.glucose_entered - patch.glucose_left + patch.glucose_released - patch.glucose_taken
    receptors_gained = patch.receptors_made - patch.receptors_degraded
    return (
        abs(patch.insulin + patch.insulin_on_receptors - patch.insulin_before - insulin_gained)
        + abs(patch.glucose - patch.glucose_before - glucose_gained)
        + abs(patch.receptors - patch.receptors_before - receptors_gained)
        + max(-patch.insulin, 0)
        + max(-patch.glucose, 0)
    )


@rule
def mean_of_minute(before, gain, removal):
    """Mean over a minute of what gains `gain` a minute and loses the share `removal` a minute, from `before` on."""
    per_removal = 1.0 / removal
    level = gain * per_removal
    return level + (before - level) * (1.0 - exponential(-removal)) * per_removal
