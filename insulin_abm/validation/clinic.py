"""How each published fact about people is measured; docs/experiments.md says why so."""

from __future__ import annotations

from insulin_abm.organs.blood import Blood
from insulin_abm.protocols.visit import FATTY_ACID, GLUCOSE, INSULIN, KETONE, PRODUCTION
from insulin_abm.validation import (
    clearance,
    courses,
    days,
    disposal,
    fat_cells,
    first_phase,
    fuels,
    kidneys,
    meals,
    muscle,
)
from insulin_abm.validation.disposal import Measure
from insulin_abm.validation.ward import Ward

TRIGLYCERIDE = "plasma_triglyceride_mmol_per_l"


def _drinks(group: str, who: str, minutes: tuple[int, ...]) -> dict[str, Measure]:
    """Glucose at all times, then insulin at all times, as the table numbers them."""
    columns = [(name, minute) for name in (GLUCOSE, INSULIN) for minute in minutes]
    return {
        f"{group}_{number:02d}": meals.drink(who, name, minute)
        for number, (name, minute) in enumerate(columns, start=1)
    }


def _meal_of_model() -> dict[str, Measure]:
    columns = [(name, minute) for name in (GLUCOSE, INSULIN) for minute in (0, 30, 60, 90, 120, 180, 240)]
    return {
        f"P6_{number:02d}": meals.of_meal(meals.at(name, minute), asked=meals.MEAL_OF_78_G)
        for number, (name, minute) in enumerate(columns, start=1)
    }


def _index(who: str, name: str) -> Measure:
    return lambda ward: ward.visit(who, "ogtt", ogtt={"length": "240 min"})[name]


def _number(name: str) -> Measure:
    return lambda ward: ward.parameters()[name].value


def _volume(name: str) -> Measure:
    """A volume of this person, mL for each kg."""

    def measure(ward: Ward) -> float:
        person = ward.person("healthy")
        return 1000.0 * person.records[Blood][f"person_{name}"] / person.person.weight_kg

    return measure


def _beta_cells(who: str, than: str | None = None) -> Measure:
    """How many more or fewer beta cells a person has than another."""

    def measure(ward: Ward) -> float:
        other = 1.0 if than is None else ward.person(than).person.beta_cell_mass
        return abs(ward.person(who).person.beta_cell_mass / other - 1.0)

    return measure


MEASURES: dict[str, Measure] = {
    "R2_01": _number("liver.receptor_count"),
    "R2_04": _number("muscle.receptor_count"),
    "R3_03": disposal.fall(disposal.muscle_receptors, "t2d"),
    "R4_03": disposal.fall(disposal.muscle_receptors, "obese"),
    "R8_01": disposal.occupancy("liver", lambda ward: disposal.production_left(ward, "healthy"), 0.9),
    "R8_02": disposal.occupancy("muscle", lambda ward: disposal.disposal_curve(ward, "healthy"), 0.9),
    "D1_01": disposal.half_maximal_disposal("healthy"),
    "D1_02": disposal.most_disposal,
    "D1_03": disposal.insulin_for_most_of_disposal,
    "D1_04": muscle.half_maximal_oxidation,
    "D1_05": muscle.most_oxidation,
    "D1_06": muscle.half_maximal_storage,
    "D1_07": muscle.most_storage,
    "D1_08": disposal.disposal_with_raised_glucose,
    "D2_01": disposal.half_maximal_disposal("healthy"),
    "D2_02": disposal.most_disposal,
    "D2_03": disposal.half_suppression,
    "D2_04": disposal.suppression_at("healthy", 360.0),
    "D3_01": disposal.m_at("healthy", 600.0),
    "D3_02": disposal.m_at("t2d_lean", 600.0),
    "D3_03": disposal.fall(lambda who: disposal.m_at(who, 600.0), "t2d_lean"),
    "D3_04": disposal.fall(disposal.muscle_uptake_per_kg, "t2d_lean"),
    "D3_05": disposal.suppression_at("healthy", 600.0),
    "D3_06": disposal.suppression_at("t2d_lean", 600.0),
    "D5_01": fat_cells.fall_of_transport(-1),
    "D5_02": fat_cells.fall_of_transport(-1),
    "D5_03": fat_cells.fall_of_transport(0),
    "D5_04": fat_cells.fall_of_sensitivity,
    "D8_01": disposal.half_antilipolysis("healthy"),
    "D8_02": disposal.antilipolysis_ratio,
    "D10_01": disposal.muscle_share,
    "D11_01": clearance.half_effective_sinusoidal_insulin,
    "D11_02": clearance.suppression_at_threefold,
    "D12_01": disposal.m_of_usual_clamp("healthy"),
    "D12_02": disposal.m_of_usual_clamp("t2d"),
    **_drinks("P1", "healthy", (0, 30, 60, 90, 120)),
    **_drinks("P2", "igt", (0, 30, 60, 90, 120)),
    **_drinks("P3", "t2d", (0, 30, 60, 90, 120)),
    "P4_01": fuels.highest_without_insulin,
    "P4_02": fuels.rise_after_meal_without_insulin(GLUCOSE),
    "P4_03": fuels.rise_after_meal_without_insulin(FATTY_ACID),
    "P5_01": fuels.of_withdrawal(GLUCOSE, before=True),
    "P5_02": fuels.of_withdrawal(GLUCOSE),
    "P5_03": fuels.production_in_withdrawal(before=True),
    "P5_04": fuels.production_in_withdrawal(),
    "P5_05": fuels.of_withdrawal(KETONE, before=True),
    "P5_06": fuels.of_withdrawal(KETONE),
    "P5_07": fuels.palmitate(before=True),
    "P5_08": fuels.palmitate(),
    **_meal_of_model(),
    **_drinks("P7", "healthy", (0, 30, 60, 90, 120, 180, 240)),
    "P8_01": meals.first_pass_extraction,
    "P8_02": meals.of_meal(meals.mean_suppression(360)),
    "P10_01": lambda ward: ward.visit("healthy", "biopsy").per_kg(ward.visit("healthy", "biopsy").resting(PRODUCTION)),
    "P10_02": meals.of_meal(meals.suppression_at(30)),
    "P10_03": meals.of_meal(meals.production_at(60)),
    "P10_04": meals.of_meal(meals.production_at(255)),
    "P11_01": fuels.production_per_lean_kg(before=True),
    "P11_02": fuels.production_per_lean_kg(before=False),
    "P13_02": disposal.m_of_usual_clamp("morbidly_obese", per_lean_kg=True),
    "P13_03": disposal.insulin_clearance("morbidly_obese"),
    "P13_05": disposal.m_of_usual_clamp("healthy", per_lean_kg=True),
    "P13_06": disposal.insulin_clearance("healthy"),
    "P14_01": clearance.fasting_mean("insulin_clearance_ml_per_min"),
    "P14_02": clearance.fasting_mean("liver_insulin_clearance_ml_per_min"),
    "P14_03": clearance.fasting_mean("kidney_insulin_clearance_ml_per_min"),
    "P14_04": clearance.fast_half_life,
    "P14_05": clearance.slow_half_life,
    "P15_01": clearance.fasting_mean("liver_insulin_extraction"),
    "P15_02": clearance.fall_of_liver_clearance,
    "P16_01": clearance.around_cells("muscle", 930.0),
    "P16_02": clearance.around_cells("muscle", 2274.0),
    "P16_03": clearance.ratio_around_cells("muscle", 930.0),
    "P16_04": clearance.around_cells("fat", 1176.0),
    "P16_05": clearance.ratio_around_cells("fat", 1176.0),
    "P18_01": lambda ward: _volume("glucose_volume")(ward) + _volume("slow_glucose_volume")(ward),
    "P18_02": _volume("glucose_volume"),
    "P19_03": meals.share_taken_by_liver,
    "L1_01": meals.of_meal(lambda seen: seen.resting(meals.GLYCOGEN)),
    "L1_02": meals.of_meal(meals.peak(meals.GLYCOGEN)),
    "L1_03": meals.of_meal(meals.glycogen_rate),
    "L1_04": meals.of_meal(meals.peak_time(meals.GLYCOGEN)),
    "L1_05": meals.of_meal(meals.glycogen_fall),
    "L1_06": meals.glycogen_gain,
    "L1_07": meals.share_stored,
    "L2_01": days.before_dinner("t2d"),
    "L2_02": days.rate_after_dinner("t2d"),
    "L2_03": days.peak_after_dinner("t2d"),
    "L2_04": days.before_dinner("healthy"),
    "L2_05": days.rate_after_dinner("healthy"),
    "L2_06": days.peak_after_dinner("healthy"),
    "L2_07": days.excess_production_after_dinner,
    "L3_01": days.before_breakfast("t2d", days.MUSCLE_GLYCOGEN),
    "L3_02": days.most_of_day("t2d", days.MUSCLE_GLYCOGEN),
    "L3_03": days.before_breakfast("healthy", days.MUSCLE_GLYCOGEN),
    "L3_04": days.most_of_day("healthy", days.MUSCLE_GLYCOGEN),
    "L3_05": days.before_breakfast("t2d", meals.GLYCOGEN),
    "L3_06": days.most_of_day("t2d", meals.GLYCOGEN),
    "L3_07": days.before_breakfast("healthy", meals.GLYCOGEN),
    "L3_08": days.most_of_day("healthy", meals.GLYCOGEN),
    "L3_09": days.relative_rise("healthy", days.MUSCLE_GLYCOGEN),
    "L5_01": muscle.glycogen_synthesis("healthy"),
    "L5_02": muscle.glycogen_synthesis("t2d_lean"),
    "L6_01": disposal.fatty_acid_at_rest("healthy"),
    "L6_02": disposal.fatty_acid_at_rest("t2d"),
    "L6_03": fuels.fatty_acid_half_life,
    "L7_01": fuels.fall_of_disposal(0.695),
    "L7_02": fuels.fall_of_disposal(1.251),
    "L7_03": fuels.fall_of_disposal(1.688),
    "L7_04": fuels.share_at_lowest_dose,
    "L8_01": fuels.fall_with_long_infusion(disposal.DISPOSAL),
    "L8_02": fuels.fall_with_long_infusion(muscle.OXIDATION),
    "L8_03": fuels.fall_with_long_infusion(muscle.STORED),
    "L8_04": fuels.signal_fold(0),
    "L8_05": fuels.signal_fold(90),
    "L11_01": clearance.fasting_mean(TRIGLYCERIDE),
    "L11_02": clearance.fasting_mean(TRIGLYCERIDE, "obese"),
    "L11_03": clearance.fasting_mean(TRIGLYCERIDE, "t2d"),
    "L13_01": meals.of_meal(meals.rise(TRIGLYCERIDE), asked=meals.FAT_MEAL),
    "L13_02": meals.of_meal(meals.peak_time(TRIGLYCERIDE), asked=meals.FAT_MEAL),
    "B2_01": first_phase.loss_begins(first_phase.first_phase),
    "B2_02": first_phase.lost_at_diabetes,
    "B2_03": first_phase.loss_begins(first_phase.late_phase),
    "B3_01": _beta_cells("obese"),
    "B3_02": _beta_cells("igt", "obese"),
    "B3_03": _beta_cells("t2d", "obese"),
    "B3_04": _beta_cells("t2d_lean"),
    "B4_01": courses.at_most_insulin(lambda test: test["fasting_glucose_mmol_per_l"]),
    "B4_02": courses.at_most_insulin(lambda test: test["glucose_120_min_mmol_per_l"]),
    "K1_01": kidneys.reabsorption_limit("healthy"),
    "K1_02": kidneys.reabsorption_limit("t2d"),
    "K5_01": kidneys.hyperfiltration("t2d"),
    "K2_01": kidneys.filtered_glucose,
    "K3_01": kidneys.spill_threshold("healthy"),
    "K3_02": kidneys.spill_threshold("t2d"),
    "I1_01": _index("healthy", "homa_ir"),
    "I1_03": _index("healthy", "quicki"),
    "I1_04": _index("t2d", "quicki"),
}
"""How each fact is measured, by its id; what is not here is not measured in people yet."""
