"""Tissues: muscle, fat, liver and islets, each a sample of patches whose fluxes are scaled to the organ."""

from __future__ import annotations

from collections.abc import Mapping

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import rule
from insulin_abm.living import LivingAgent
from insulin_abm.organs.blood import Blood
from insulin_abm.parameters.conversions import FMOL_PER_MMOL, FMOL_PER_PMOL, MOLECULES_PER_PMOL, PMOL_PER_NMOL
from insulin_abm.person import Person


class Tissue(LivingAgent):
    """One tissue of the person; its patches are a sample, and each stands for `scale` like it."""

    lives_in = Blood
    parameter_sites = ("tissue",)

    # anatomy, set when the body is made
    mass = column(0.0, "kg", "mass of the tissue", wide=True)
    patch_volume = column(1.0, "pL", "interstitial fluid of a patch", wide=True)
    scale = column(0.0, "1", "real patches for which one patch of the sample stands", wide=True)
    insulin_exchange_rate = column(0.0, "1/min", "share of interstitial insulin that capillaries renew", wide=True)
    glucose_exchange_rate = column(0.0, "1/min", "share of interstitial glucose that capillaries renew", wide=True)
    insulin_flow = column(1.0, "L/min", "plasma that brings portal insulin", wide=True)
    glucose_flow = column(1.0, "L/min", "blood that brings portal glucose", wide=True)
    portal_share = column(0.0, "1", "share of the portal vein that flows through this tissue", wide=True)
    # what the blood brings
    plasma_glucose = column(0.0, "mmol/L", "glucose in plasma", wide=True, sees="plasma_glucose")
    plasma_insulin = column(0.0, "pmol/L", "insulin in plasma", wide=True, sees="plasma_insulin")
    portal_glucose = column(0.0, "mmol/min", "glucose in the portal vein", wide=True, sees="portal_glucose")
    portal_insulin = column(0.0, "pmol/min", "insulin in the portal vein", wide=True, sees="portal_insulin")
    fatty_acid = column(0.0, "mmol/L", "fatty acids in plasma", wide=True, sees="plasma_fatty_acid")
    glucagon = column(0.0, "1", "relative glucagon in plasma", wide=True, sees="glucagon_level")
    incretin = column(0.0, "1", "effect of incretins", wide=True, sees="incretin")
    somatostatin = column(0.0, "1", "effect of infused somatostatin", wide=True, sees="somatostatin")
    lipid_offered = column(0.0, "mmol", "triglyceride that fat may take", wide=True, sees="lipid_offered")
    energy_surplus = column(0.0, "1", "surplus of energy at hand", wide=True, sees="energy_surplus")
    exercise = column(0.0, "kcal/min", "energy that exercise takes", wide=True, sees="exercise")
    lipolysis_size = column(0.0, "1", "lipolysis of a kg of fat", wide=True, sees="lipolysis_size")
    arriving_glucose = column(0.0, "mmol/L", "glucose that flows in", wide=True)
    arriving_insulin = column(0.0, "nmol/L", "insulin that flows in", wide=True)
    # what the patches gave and took, in particles and amounts of the sample
    glucose_in = column(0, "packets", "glucose that entered from blood", whole=True, wide=True)
    glucose_out = column(0, "packets", "glucose that left into blood", whole=True, wide=True)
    glucose_taken = column(0, "packets", "glucose that cells took", whole=True, wide=True)
    glucose_released = column(0, "packets", "glucose that cells released", whole=True, wide=True)
    insulin_in = column(0, "molecules", "insulin that entered from blood", whole=True, wide=True)
    insulin_out = column(0, "molecules", "insulin that left into blood", whole=True, wide=True)
    glucose_there = column(0, "packets", "glucose in all patches", whole=True, wide=True)
    insulin_there = column(0, "molecules", "free insulin in all patches", whole=True, wide=True)
    glucose_settled = column(0, "packets", "glucose in all patches before particles hop", whole=True, wide=True)
    insulin_settled = column(0, "molecules", "free insulin in all patches before particles hop", whole=True, wide=True)
    insulin_degraded = column(0, "molecules", "insulin degraded in cells", whole=True, wide=True)
    insulin_secreted = column(0.0, "molecules", "insulin that cells secreted into capillaries", wide=True)
    glucagon_secreted = column(0.0, "fmol/min", "glucagon that cells secreted into capillaries", wide=True)
    fatty_acid_released = column(0.0, "fmol/min", "fatty acids that cells released", wide=True)
    triglyceride_released = column(0.0, "fmol/min", "triglyceride that cells released", wide=True)
    lipid_clearing = column(0.0, "1/min", "clearing of lipid by cells of the sample", wide=True)
    ketone_released = column(0.0, "fmol/min", "3-hydroxybutyrate that cells released", wide=True)
    triglyceride_cleared = column(0.0, "1/min", "clearance of triglyceride by cells of the sample", wide=True)
    receptors_made = column(0, "receptors", "insulin receptors made", whole=True, wide=True)
    receptors_degraded = column(0, "receptors", "insulin receptors degraded", whole=True, wide=True)
    # the same for the whole organ, told to the blood
    glucose_from_blood = column(0.0, "mmol/min", "net glucose from blood", wide=True, adds_to="glucose_to_tissues")
    insulin_from_blood = column(0.0, "pmol/min", "net insulin from blood", wide=True, adds_to="insulin_to_tissues")
    glucose_uptake = column(0.0, "mmol/min", "glucose that cells took up", wide=True, adds_to="glucose_used")
    glucose_output = column(0.0, "mmol/min", "glucose that cells released", wide=True, adds_to="glucose_produced")
    insulin_breakdown = column(0.0, "pmol/min", "insulin degraded", wide=True, adds_to="insulin_degraded")
    insulin_output = column(0.0, "pmol/min", "insulin secreted", wide=True, adds_to="insulin_secreted")
    glucagon_output = column(0.0, "pmol/min", "glucagon secreted", wide=True, adds_to="glucagon_secreted")
    fatty_acid_output = column(0.0, "mmol/min", "fatty acids released", wide=True, adds_to="fatty_acid_released")
    triglyceride_output = column(0.0, "mmol/min", "triglyceride released", wide=True, adds_to="triglyceride_released")
    lipid_uptake_rate = column(0.0, "1/min", "clearing of lipid", wide=True, adds_to="lipid_clearing")
    ketone_output = column(0.0, "mmol/min", "3-hydroxybutyrate released", wide=True, adds_to="ketone_released")
    triglyceride_clearance = column(0.0, "1/min", "triglyceride cleared", wide=True, adds_to="triglyceride_cleared")
    receptors_gained = column(0.0, "receptors/min", "receptors made", wide=True, adds_to="receptors_made")
    receptors_lost = column(0.0, "receptors/min", "receptors degraded", wide=True, adds_to="receptors_degraded")
    imbalance = column(
        0, "particles", "particles that no event accounts for", whole=True, wide=True, adds_to="imbalance"
    )

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """Conversions from particles to amounts."""
        return {
            "mmol_per_packet": values["packet"] / FMOL_PER_MMOL,
            "pmol_per_molecule": 1.0 / MOLECULES_PER_PMOL,
            "mmol_per_fmol": 1.0 / FMOL_PER_MMOL,
        }

    @rule
    def receive_blood(tissue, p, chance):
        """Blood arrives, in the liver with what the portal vein carries."""
        tissue.arriving_glucose = (
            tissue.plasma_glucose + tissue.portal_share * tissue.portal_glucose / tissue.glucose_flow
        )
        portal_insulin = tissue.portal_share * tissue.portal_insulin / tissue.insulin_flow
        tissue.arriving_insulin = max(tissue.plasma_insulin + portal_insulin, 0.0) / PMOL_PER_NMOL

    @rule
    def answer_blood(tissue, p, chance):
        """Scale what the sample gave and took to the organ; hops must have lost nothing."""
        hopped_glucose = abs(tissue.glucose_there - tissue.glucose_settled)
        tissue.imbalance += hopped_glucose + abs(tissue.insulin_there - tissue.insulin_settled)
        glucose = p.mmol_per_packet * tissue.scale
        insulin = p.pmol_per_molecule * tissue.scale
        tissue.glucose_from_blood = glucose * (tissue.glucose_in - tissue.glucose_out)
        tissue.glucose_uptake = glucose * tissue.glucose_taken
        tissue.glucose_output = glucose * tissue.glucose_released
        tissue.insulin_from_blood = insulin * (tissue.insulin_in - tissue.insulin_out)
        tissue.insulin_breakdown = insulin * tissue.insulin_degraded
        tissue.insulin_output = insulin * tissue.insulin_secreted
        tissue.receptors_gained = tissue.receptors_made * tissue.scale
        tissue.receptors_lost = tissue.receptors_degraded * tissue.scale
        tissue.glucagon_output = tissue.glucagon_secreted * tissue.scale / FMOL_PER_PMOL
        tissue.fatty_acid_output = tissue.fatty_acid_released * tissue.scale * p.mmol_per_fmol
        tissue.triglyceride_output = tissue.triglyceride_released * tissue.scale * p.mmol_per_fmol
        tissue.ketone_output = tissue.ketone_released * tissue.scale * p.mmol_per_fmol
        tissue.lipid_uptake_rate = tissue.lipid_clearing * tissue.scale
        tissue.triglyceride_clearance = tissue.triglyceride_cleared * tissue.scale
