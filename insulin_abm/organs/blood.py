"""Blood: the well-mixed middle of the body, where every organ and tissue gives and takes."""

from __future__ import annotations

from collections.abc import Mapping

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import present, rule, share_in_a_minute
from insulin_abm.living import LivingAgent
from insulin_abm.person import Person


class Blood(LivingAgent):
    """Plasma and what mixes with it within a minute; tissues and organs live in it.

    Concentrations are those at the end of the last minute. What tissues and organs gave and took is added up in the
    columns `*_gained` and `*_lost`, whole and exactly, before the blood lives its own minute.
    """

    is_single = True
    parameter_sites = ("blood",)

    plasma_glucose = column(0.0, "mmol/L", "glucose in plasma", wide=True)
    slow_glucose = column(0.0, "mmol/L", "glucose in the fluids that plasma reaches slowly", wide=True)
    plasma_insulin = column(0.0, "pmol/L", "insulin in plasma", wide=True)
    plasma_glucagon = column(0.0, "pmol/L", "glucagon in plasma", wide=True)
    glucagon_level = column(0.0, "1", "glucagon in plasma relative to that at rest", wide=True)
    plasma_fatty_acid = column(0.0, "mmol/L", "free fatty acids in plasma", wide=True)
    vldl_triglyceride = column(0.0, "mmol/L", "triglyceride from the liver in plasma", wide=True)
    chylomicron_triglyceride = column(0.0, "mmol/L", "triglyceride from food in plasma", wide=True)
    plasma_triglyceride = column(0.0, "mmol/L", "triglyceride in plasma", wide=True)
    plasma_ketone = column(0.0, "mmol/L", "3-hydroxybutyrate in plasma", wide=True)
    portal_insulin = column(0.0, "pmol/min", "insulin from the islets on its way to the liver", wide=True)
    portal_glucose = column(0.0, "mmol/min", "glucose from the gut on its way to the liver", wide=True)
    incretin = column(0.0, "1", "rise of insulin secretion by incretins", wide=True)
    somatostatin = column(0.0, "1", "how far infused somatostatin holds islets back: 1 is wholly", wide=True)

    glucose_appearance = column(0.0, "mmol/min", "glucose that the gut absorbed", wide=True)
    fat_appearance = column(0.0, "mmol/min", "triglyceride from food that reached plasma", wide=True)
    insulin_appearance = column(0.0, "pmol/min", "injected insulin that reached plasma", wide=True)
    glucose_infused = column(0.0, "mmol/min", "glucose infused into a vein", wide=True)
    insulin_infused = column(0.0, "pmol/min", "insulin infused into a vein", wide=True)
    fatty_acid_infused = column(0.0, "mmol/min", "fatty acids of an infused emulsion, split by heparin", wide=True)
    insulin_secreted = column(0.0, "pmol/min", "insulin that beta cells secreted", wide=True)
    glucagon_secreted = column(0.0, "pmol/min", "glucagon that alpha cells secreted", wide=True)
    glucose_to_tissues = column(0.0, "mmol/min", "glucose that tissues took from plasma less what they gave", wide=True)
    insulin_to_tissues = column(0.0, "pmol/min", "insulin that tissues took from plasma less what they gave", wide=True)
    insulin_degraded = column(0.0, "pmol/min", "insulin degraded in cells", wide=True)
    glucose_produced = column(0.0, "mmol/min", "glucose that cells released", wide=True)
    glucose_used = column(0.0, "mmol/min", "glucose that cells took up", wide=True)
    organ_glucose_used = column(0.0, "mmol/min", "glucose that brain and red cells used", wide=True)
    glucose_excreted = column(0.0, "mmol/min", "glucose lost in urine", wide=True)
    insulin_cleared = column(0.0, "pmol/min", "insulin that kidneys removed", wide=True)
    fatty_acid_released = column(0.0, "mmol/min", "fatty acids that fat cells released", wide=True)
    triglyceride_released = column(0.0, "mmol/min", "triglyceride that the liver released", wide=True)
    lipid_clearing = column(0.0, "1/min", "share of the lipid on offer that fat cells take", wide=True)
    lipid_offered = column(0.0, "mmol", "triglyceride that fat cells may take", wide=True)
    weight_gained = column(0.0, "kg", "weight gained since minute 0", wide=True)
    systolic_pressure = column(0.0, "mmHg", "systolic pressure", wide=True)
    exercise = column(0.0, "kcal/min", "energy that exercise takes", wide=True)
    energy_surplus = column(0.0, "1", "energy at hand above the usual, relative to it", wide=True)
    lipolysis_size = column(1.0, "1", "lipolysis of a kg of fat by fat mass, relative to usual", wide=True)
    ketone_released = column(0.0, "mmol/min", "3-hydroxybutyrate that the liver released", wide=True)
    triglyceride_cleared = column(0.0, "1/min", "share of triglyceride that fat clears when there is little", wide=True)
    receptors_made = column(0.0, "receptors/min", "insulin receptors that cells made", wide=True)
    receptors_degraded = column(0.0, "receptors/min", "insulin receptors that cells degraded", wide=True)
    imbalance = column(0, "particles", "particles and receptors that no event accounts for", whole=True, wide=True)

    glucose_entered = column(0.0, "mmol", "all glucose that ever entered the body's fluids", wide=True)
    glucose_left = column(0.0, "mmol", "all glucose that ever left the body's fluids", wide=True)
    insulin_entered = column(0.0, "pmol", "all insulin that ever entered the body's fluids", wide=True)
    insulin_left = column(0.0, "pmol", "all insulin that ever left the body's fluids", wide=True)
    receptors_entered = column(0.0, "receptors", "all insulin receptors that were ever made", wide=True)
    receptors_left = column(0.0, "receptors", "all insulin receptors that were ever degraded", wide=True)

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """Fluid spaces of this person, and how much glucose 1 mmol/L of difference moves in a step."""
        lean = person.fat_free_mass_kg
        sizes = (
            "glucose_volume",
            "slow_glucose_volume",
            "insulin_volume",
            "fatty_acid_volume",
            "triglyceride_volume",
            "glucagon_volume",
            "ketone_volume",
        )
        volumes = {f"person_{name}": values[name] * lean for name in sizes}
        apart = 1.0 / volumes["person_glucose_volume"] + 1.0 / volumes["person_slow_glucose_volume"]
        evened_out = share_in_a_minute(values["slow_glucose_exchange"] * lean * apart)
        return {
            **volumes,
            "slow_glucose_exchanged": evened_out / apart,
            "ketone_use": values["ketone_use_capacity"] / values["ketone_volume"],
        }

    @rule
    def live_a_minute(blood, p, chance):
        """Add up the minute."""
        # glucose: what the gut absorbs waits in the portal vein for the liver
        slow = p.slow_glucose_exchanged * (blood.plasma_glucose - blood.slow_glucose)
        gained = blood.portal_glucose + blood.glucose_infused
        lost = blood.glucose_to_tissues + blood.glucose_excreted + blood.organ_glucose_used + slow
        blood.plasma_glucose += (gained - lost) * p.per_person_glucose_volume
        blood.slow_glucose += slow * p.per_person_slow_glucose_volume
        blood.portal_glucose = blood.glucose_appearance
        blood.glucose_entered += blood.glucose_appearance + blood.glucose_infused + blood.glucose_produced
        blood.glucose_left += blood.glucose_used + blood.organ_glucose_used + blood.glucose_excreted
        # insulin: so does what the islets secrete
        gained = blood.portal_insulin + blood.insulin_appearance + blood.insulin_infused
        lost = blood.insulin_to_tissues + blood.insulin_cleared
        blood.plasma_insulin += (gained - lost) * p.per_person_insulin_volume
        blood.portal_insulin = blood.insulin_secreted
        blood.insulin_entered += blood.insulin_secreted + blood.insulin_appearance + blood.insulin_infused
        blood.insulin_left += blood.insulin_cleared + blood.insulin_degraded
        blood.receptors_entered += blood.receptors_made
        blood.receptors_left += blood.receptors_degraded
        # glucagon, fatty acids, triglyceride, ketones
        kept_up = blood.glucagon_secreted * p.per_person_glucagon_volume * p.glucagon_time
        blood.plasma_glucagon += p.glucagon_time_share * (kept_up - blood.plasma_glucagon)
        blood.glucagon_level = blood.plasma_glucagon * p.per_glucagon_at_rest
        came = blood.fatty_acid_released + blood.fatty_acid_infused
        kept_up = came * p.per_person_fatty_acid_volume * p.per_fatty_acid_clearance
        blood.plasma_fatty_acid += p.fatty_acid_clearance_share * (kept_up - blood.plasma_fatty_acid)
        cleared = blood.triglyceride_cleared / (1.0 + blood.plasma_triglyceride * p.per_triglyceride_half_clearance)
        came = blood.triglyceride_released * p.per_person_triglyceride_volume
        blood.vldl_triglyceride += came - share_in_a_minute(cleared) * present(blood.vldl_triglyceride, came)
        came = blood.fat_appearance * p.per_person_triglyceride_volume
        left = share_in_a_minute(p.chylomicron_preference * cleared)
        blood.chylomicron_triglyceride += came - left * present(blood.chylomicron_triglyceride, came)
        came = blood.ketone_released * p.per_person_ketone_volume
        used = p.ketone_loss + p.ketone_use / (blood.plasma_ketone + p.ketone_half_use)
        blood.plasma_ketone += came - share_in_a_minute(used) * present(blood.plasma_ketone, came)
        blood.plasma_triglyceride = blood.vldl_triglyceride + blood.chylomicron_triglyceride
