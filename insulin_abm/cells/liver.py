"""Liver: it makes and stores glucose; insulin turns the one off and the other on. Ketones come where insulin lacks."""

from __future__ import annotations

from collections.abc import Mapping

from insulin_abm.cells.overload import (
    Overload,
    dulled_by_glucose,
    lack_of_energy,
    left_by_lipid,
    remember_fatty_acids,
    remember_glucose,
)
from insulin_abm.cells.receptors import ReceptorCell, receptors_live_a_minute
from insulin_abm.engine.chance import purpose, whole_number
from insulin_abm.engine.columns import column
from insulin_abm.engine.records import ParameterRecord
from insulin_abm.engine.rules import hill, power_of_ratio, rule, saturating
from insulin_abm.parameters.conversions import FMOL_PER_MMOL
from insulin_abm.person import Person

OUTPUT, STORAGE = purpose("glucose is released"), purpose("glucose is stored")


class LiverCell(Overload, ReceptorCell):
    """A hepatocyte; its sinusoid is an open capillary."""

    tissue_name = "liver"
    cell_name = "liver"
    parameter_sites = ("mechanism", "tissue", "hormones", "receptor", "overload", "energy", "liver")

    local_glucagon = column(0.0, "1", "relative glucagon around the cell", sees="glucagon")
    ectopic_lipid = column(1.0, "1", "fat in the cell relative to a healthy person's", wide=True)
    lipid_affinity = column(
        0.0, "1", "how eagerly it keeps fat: so that the usual day keeps it; 0: it neither takes nor gives", wide=True
    )
    lipid_taken = column(0.0, "1", "all fat that it ever kept, relative to what a healthy cell holds", wide=True)
    glycogen = column(0.0, "mmol/L", "glycogen in a litre of liver", wide=True, store=True)
    suppression = column(0.0, "1", "share of glucose output that insulin turned off")
    gluconeogenesis = column(0.0, "packets", "glucose made anew in the last step")
    glucose_released = column(0, "packets", "glucose released in the last step", adds_to="glucose_released", whole=True)
    triglyceride_released = column(
        0.0, "fmol/min", "triglyceride released", adds_to="triglyceride_released", passing=True
    )
    ketone_released = column(0.0, "fmol/min", "3-hydroxybutyrate released", adds_to="ketone_released", passing=True)

    @classmethod
    def organ_cells(cls, values: Mapping[str, float], person: Person) -> float:
        """The liver goes with lean size."""
        return values["mass_per_fat_free_mass"] * person.fat_free_mass_kg * values["cells_per_kg"]

    @classmethod
    def differs(cls, record: ParameterRecord) -> dict[str, tuple[str, float, float]]:
        """Liver cells also differ in how much fat they hold; the average cell holds what the person's liver does."""
        fat = ("lognormal", record["lipid_spread"], record["person_lipid"])
        return {**super().differs(record), "ectopic_lipid": fat}

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """Capacities of one cell, in particles, and how fat the person's liver is."""
        fmol = FMOL_PER_MMOL / values["cells_per_kg"]
        packets = fmol / values["packet"]
        half = values["glycogen_half"]
        return {
            **super().derive(values, person),
            "person_lipid": person.liver_fat_fraction / values["usual_liver_fat"],
            "gluconeogenesis_packets": values["gluconeogenesis"] * packets,
            "glycogenolysis_packets": values["glycogenolysis"]
            * packets
            * (values["glycogen_usual"] + half)
            / values["glycogen_usual"],
            "synthesis_packets": values["glycogen_synthesis_capacity"] * packets,
            "glycogen_per_packet": 1.0 / (packets * values["volume_per_mass"]),
            "glucose_help_exponent": values["suppression_glucose_exponent"] / values["suppression_steepness"],
            "triglyceride_fmol": values["triglyceride_output"] * fmol,
            "usual_bound_receptors": values["usual_occupancy"] * values["receptor_count"],
            "ketone_fmol": values["ketogenesis"] * fmol / values["usual_fatty_acid"],
        }

    @rule
    def live_a_minute(cell, p, chance):
        """Receptors signal; output of glucose and ketones falls as insulin rises, and glycogen is stored."""
        receptors_live_a_minute(cell, p, chance, p.production * cell.receptor_scale)
        remember_glucose(cell, p)
        remember_fatty_acids(cell, p)
        cell.signal *= (1.0 - dulled_by_glucose(cell, p)) * left_by_lipid(cell, p)
        helped = cell.signal * power_of_ratio(cell.local_glucose, p.usual_glucose, p.glucose_help_exponent)
        cell.suppression = hill(helped, p.suppression_half_occupancy, p.suppression_steepness)
        output = 2.0 * p.output_at_rest * (1.0 - cell.suppression)
        glucagon = 1.0 + p.glucagon_gain * (cell.local_glucagon - p.usual_glucagon)

        fuelled = (1.0 + p.fatty_acid_gain) * saturating(cell.local_fatty_acid, p.fatty_acid_gain * p.usual_fatty_acid)
        # protein is spared where energy lacks, but not without insulin
        lack = lack_of_energy(cell, p)
        thrift = p.lack_thrift * lack * saturating(cell.signal, p.thrift_half_signal)
        spared = max(0.0, 1.0 - thrift)
        made_anew = p.gluconeogenesis_factor * p.gluconeogenesis_packets * fuelled * spared * max(0.0, glucagon)
        room = max(0.0, 1.0 - cell.glycogen * p.per_glycogen_ceiling)
        exported = made_anew * (min(output, 1.0) + p.gluconeogenesis_excess_share * max(0.0, output - 1.0))
        kept = p.gluconeogenesis_kept_share * made_anew * max(0.0, 1.0 - output) * room
        breakdown = p.glycogenolysis_factor * p.glycogenolysis_packets * max(0.0, glucagon)
        broken_down = breakdown * output * cell.glycogen / (cell.glycogen + p.glycogen_half)
        released = whole_number(chance, OUTPUT, exported + broken_down)

        pull = hill(cell.local_glucose, p.glycogen_synthesis_half_glucose, p.glycogen_synthesis_steepness)
        wanted = p.synthesis_packets * cell.suppression * cell.suppression * pull * room
        stored = min(whole_number(chance, STORAGE, wanted), cell.glucose_at_hand)

        cell.gluconeogenesis = exported + kept
        cell.glucose_released = released
        cell.glucose_taken = stored
        cell.glycogen = max(0.0, cell.glycogen + p.glycogen_per_packet * (stored + kept + exported - released))

        usual, exponent = p.usual_mean_fatty_acid, p.triglyceride_fatty_acid_exponent
        load = power_of_ratio(cell.sustained_fatty_acid, usual, exponent)
        from_fat = 1.0 + p.triglyceride_liver_fat_gain * (cell.ectopic_lipid - 1.0)
        held_back = p.triglyceride_suppression_most * cell.suppression
        cell.triglyceride_released = p.triglyceride_fmol * load * max(0.0, from_fat) * (1.0 - held_back)
        # malonyl-CoA, of which insulin has more made, holds fatty acids back from being burnt (McGarry and Foster 1980)
        burnt = (1.0 - cell.suppression) * (1.0 - cell.suppression)
        induced = 1.0 + p.lack_ketogenesis * lack
        cell.ketone_released = p.ketone_fmol * cell.local_fatty_acid * burnt * induced

        # insulin has fat made by what is bound, also where its signal to glucose is blocked (Brown and Goldstein 2008)
        esterified = cell.recent_fatty_acid * p.per_usual_fatty_acid * (1.0 - burnt)
        made_from_sugar = cell.bound_receptors * p.per_usual_bound_receptors
        kept = p.share_from_fatty_acids * esterified + (1.0 - p.share_from_fatty_acids) * made_from_sugar
        renewed = p.liver_lipid_time_share if cell.lipid_affinity > 0.0 else 0.0
        taken = renewed * cell.lipid_affinity * kept if cell.lipid_affinity > 0.0 else 0.0
        cell.lipid_taken += taken
        cell.ectopic_lipid += taken - renewed * (1.0 + p.burning * burnt) * cell.ectopic_lipid
