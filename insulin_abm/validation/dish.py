"""How each published fact about cells in culture is measured; docs/receptors.md says why so."""

from __future__ import annotations

from insulin_abm.cells.fat import FatCell
from insulin_abm.parameters.conversions import PMOL_PER_NMOL
from insulin_abm.person import Person
from insulin_abm.validation import down_regulation, effects, internalisation
from insulin_abm.validation.experiments import COMPLETE, DAY_MIN, DETECTABLE, HALF, HOUR_MIN, Measure, minute_by_minute
from insulin_abm.validation.lab import Lab


def _number(line: str, name: str) -> Measure:
    """A number of a line, or of cells of the body."""
    return lambda lab: lab.parameters(line)[name].value


def _dissociation_constant(site: str) -> Measure:
    """Of the receptors of the liver, or of the other cells of the body, pmol/L."""

    def measure(lab: Lab) -> float:
        registry = lab.parameters("liver")
        release, binding = registry[f"{site}.dissociation_rate"], registry["receptor.association_rate"]
        return release.value / binding.value * PMOL_PER_NMOL

    return measure


def _receptors_of_fat_cell(lab: Lab) -> float:
    """Of a person's average fat cell, at the insulin that is usual for it."""
    return FatCell.record(lab.parameters("fat"), Person())["usual_receptors"]


def _surface_of_fat_cell(lab: Lab) -> float:
    return float(minute_by_minute(lab, "rat_fat").well()["surface_receptors_mean"].iloc[0])


MEASURES: dict[str, Measure] = {
    "R1_01": internalisation.flux_inside,
    "R1_02": _surface_of_fat_cell,
    "R1_03": _receptors_of_fat_cell,
    "R2_02": _number("im9", "muscle.receptor_count"),
    "R5_01": _number("fat", "receptor.association_rate"),
    "R5_02": _number("liver", "liver.dissociation_rate"),
    "R5_03": _dissociation_constant("liver"),
    "R6_01": _number("fat", "receptor.association_rate"),
    "R6_02": _number("fat", "receptor.dissociation_rate"),
    "R6_03": _dissociation_constant("receptor"),
    "R9_01": internalisation.share_of_total("surface_receptors", 0),
    "R9_02": internalisation.share_of_total("internal_receptors", 0),
    "R9_03": internalisation.time_inside("rat_fat", HALF),
    "R9_04": internalisation.time_inside("rat_fat", COMPLETE),
    "R9_05": internalisation.moved_inside,
    "R9_06": internalisation.left("total_receptors", 4 * HOUR_MIN),
    "R10_01": internalisation.endocytic_rate("51 pmol/L"),
    "R10_02": internalisation.endocytic_half_time("51 pmol/L"),
    "R10_03": internalisation.endocytic_rate("550 pmol/L"),
    "R10_04": internalisation.endocytic_half_time("550 pmol/L"),
    "R11_01": lambda lab: 1.0 - internalisation.left("surface_receptors", HOUR_MIN // 2)(lab),
    "R12_01": internalisation.time_inside("3t3", HALF),
    "R12_02": internalisation.return_half_time,
    "R12_03": down_regulation.loss_time("3t3", HALF),
    "R13_01": down_regulation.half_life("3t3"),
    "R13_02": down_regulation.half_life("im9"),
    "R13_03": down_regulation.half_life_shortening,
    "R14_01": down_regulation.first_loss_time,
    "R14_02": down_regulation.loss_time("htc", COMPLETE, end_min=DAY_MIN),
    "R14_03": down_regulation.left_after("htc", DAY_MIN),
    "R14_04": down_regulation.first_loss_dose,
    "R14_05": down_regulation.loss_dose("htc", "16 h", HALF),
    "R14_06": down_regulation.loss_dose("htc", "16 h", COMPLETE),
    "R15_01": down_regulation.response_back_time,
    "R15_02": down_regulation.receptors_back_time,
    "R16_01": down_regulation.left_after("im9", 14 * HOUR_MIN, "10 nmol/L"),
    "R16_02": down_regulation.loss_time("im9", HALF, "10 nmol/L"),
    "R17_01": internalisation.shift_time,
    "R17_02": down_regulation.loss_time("u937", COMPLETE),
    "R18_01": down_regulation.left_after("rat_fat_cultured", DAY_MIN),
    "R18_02": down_regulation.loss_dose("rat_fat_cultured", "24 h", HALF),
    "D9_01": effects.half_dose("glucose_uptake"),
    "D9_04": effects.half_dose("bound_receptors"),
    "D9_05": effects.spare_receptors,
    "B1_01": effects.glucose_for(DETECTABLE),
    "B1_02": effects.glucose_for(HALF),
    "B1_03": effects.glucose_for(COMPLETE),
    "B1_04": effects.first_phase,
    "B1_05": effects.second_phase_fold,
}
"""How each fact is measured, by its id; what is not here is not measured in a dish."""
