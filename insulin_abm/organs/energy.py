"""Energy: what is absorbed and spent; what is over fills fat cells, what lacks they give."""

from __future__ import annotations

from collections.abc import Mapping

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import hill, power, rule
from insulin_abm.living import LivingAgent
from insulin_abm.organs.blood import Blood
from insulin_abm.parameters.conversions import MG_PER_KG
from insulin_abm.person import Person


class EnergyBalance(LivingAgent):
    """The energy of the body between food, use and fat cells.

    Energy at hand is glycogen and fuel on its way. What the person usually eats is what they usually spend: that is
    what a usual weight means. Who weighs more spends more (Hall 2011, doi:10.1016/S0140-6736(11)60812-X).
    """

    is_single = True
    lives_in = Blood
    parameter_sites = ("gut", "fat", "energy")

    glucose_appearance = column(0.0, "mmol/min", "glucose that the gut absorbed", wide=True, sees="glucose_appearance")
    fat_appearance = column(0.0, "mmol/min", "triglyceride from food", wide=True, sees="fat_appearance")
    glucose_infused = column(0.0, "mmol/min", "glucose infused", wide=True, sees="glucose_infused")
    fatty_acid_infused = column(0.0, "mmol/min", "fatty acids infused", wide=True, sees="fatty_acid_infused")
    glucose_excreted = column(0.0, "mmol/min", "glucose lost in urine", wide=True, sees="glucose_excreted")
    fatty_acid_released = column(0.0, "mmol/min", "fatty acids from fat", wide=True, sees="fatty_acid_released")
    lipid_clearing = column(0.0, "1/min", "how fast fat cells take lipid", wide=True, sees="lipid_clearing")
    plasma_ketone = column(0.0, "mmol/L", "3-hydroxybutyrate in plasma", wide=True, sees="plasma_ketone")

    other_energy = column(0.0, "kcal", "energy of protein, fructose and galactose on its way", wide=True)
    usual_expenditure = column(0.0, "kcal/min", "what the person spends at the usual weight", wide=True)
    exercise = column(0.0, "kcal/min", "what exercise takes on top", wide=True, adds_to="exercise")
    energy_over = column(0.0, "kcal", "energy at hand above the usual", wide=True)
    fat_gained = column(0.0, "mmol", "triglyceride that fat cells gained since the usual day", wide=True)
    energy_eaten = column(0.0, "kcal", "all energy ever absorbed or infused", wide=True)
    energy_spent = column(0.0, "kcal", "all energy ever spent, or lost in urine", wide=True)
    weight_gained = column(0.0, "kg", "weight gained since minute 0", wide=True, adds_to="weight_gained")
    lipid_offered = column(0.0, "mmol", "triglyceride that fat cells may take", wide=True, adds_to="lipid_offered")
    former_offer = column(0.0, "mmol", "what was on offer a step before, of which cells took last", wide=True)
    energy_surplus = column(
        0.0, "1", "energy at hand above the usual, relative to it", wide=True, adds_to="energy_surplus"
    )
    lipolysis_size = column(1.0, "1", "lipolysis that fat mass and ketones leave", wide=True, adds_to="lipolysis_size")

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """Stores of this person's size."""
        return {
            "usual_at_hand": values["usual_energy_at_hand"] * person.fat_free_mass_kg,
            "per_usual_fat": values["molar_mass_triglyceride"] / MG_PER_KG / person.fat_mass_kg,
            "lipid_kg": values["molar_mass_triglyceride"] / MG_PER_KG,
            "kg_per_mmol": values["molar_mass_triglyceride"] / MG_PER_KG / values["share_of_lipid"],
        }

    @rule
    def live_a_minute(energy, p, chance):
        """Add up what came and went; offer fat cells what they gave, and what is over or lacks."""
        gained = energy.former_offer * energy.lipid_clearing - energy.fatty_acid_released * p.per_fatty_acids_in_lipid
        energy.former_offer = energy.lipid_offered
        energy.fat_gained += gained
        arrived = p.other_absorption_share * energy.other_energy
        energy.other_energy -= arrived
        eaten = p.glucose_energy * (energy.glucose_appearance + energy.glucose_infused) + arrived
        eaten += p.fat_energy * (energy.fat_appearance + energy.fatty_acid_infused * p.per_fatty_acids_in_lipid)
        energy.weight_gained = energy.fat_gained * p.kg_per_mmol
        spent = max(energy.usual_expenditure + p.expenditure_per_weight * energy.weight_gained, 0.0) + energy.exercise
        spent += p.glucose_energy * energy.glucose_excreted
        energy.energy_eaten += eaten
        energy.energy_spent += spent
        energy.energy_over += eaten - spent - p.fat_energy * gained

        over = p.energy_memory_share * energy.energy_over * p.per_fat_energy
        stored = max(energy.fatty_acid_released * p.per_fatty_acids_in_lipid + over, 0.0)
        energy.lipid_offered = stored / energy.lipid_clearing if energy.lipid_clearing > 0.0 else 0.0
        energy.energy_surplus = energy.energy_over * p.per_usual_at_hand
        fatter = max(1.0 + energy.fat_gained * p.per_usual_fat, p.least_fat)
        # ketones hold lipolysis back (Taggart 2005, doi:10.1074/jbc.C500213200): so neither runs away in a long fast
        held_back = p.ketone_hold * hill(energy.plasma_ketone, p.ketone_hold_half, p.ketone_hold_steepness)
        energy.lipolysis_size = power(fatter, p.lipolysis_mass_exponent - 1.0) * (1.0 - held_back)
