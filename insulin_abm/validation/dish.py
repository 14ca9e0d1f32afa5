"""How each published fact about cells in culture is measured; docs/validation.md says why so.

An assay of binding tells 10 % of the control apart, not less: so much must be lost to be detectable. What is "maximal",
"complete" or "nearly complete" has gone nine tenths of its way. Half-times and half doses are at half of the way.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from insulin_abm.cells.fat import FatCell
from insulin_abm.parameters import Registry, lines
from insulin_abm.parameters.conversions import PMOL_PER_NMOL
from insulin_abm.person import Person
from insulin_abm.results.kinetics import dose_of_effect, dose_of_share, time_of_change, time_of_share
from insulin_abm.validation.lab import Culture, Lab

DETECTABLE, HALF, COMPLETE = 0.1, 0.5, 0.9
MAXIMAL = "17.2 nmol/L"
"""100 ng/mL, the dose that is maximal in most of these papers."""
DOSES_NMOL_PER_L = (0, 0.1, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.5, 2, 2.5, 3, 4, 6, 10, 14, 18, 22, 40, 1000)
GLUCOSE_MMOL_PER_L = (1, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25)
HOUR_MIN, DAY_MIN = 60, 1440
EARLY_MIN = 10
"""In the first minutes of insulin nothing that was taken in has left the cell yet."""
GLUCOSE_RISES_MIN, SECOND_PHASE_MIN = 60, 90
"""When glucose rises in `dish_islet`, and from when on the second phase is read."""

SCENARIOS = ("dish_internalisation", "dish_downregulation", "dish_washout", "dish_dose_response", "dish_islet")
"""The shipped experiments that the measures change by name."""
Measure = Callable[[Lab], float]


# ---- experiments


def _minute_by_minute(lab: Lab, line: str, dose: str = MAXIMAL) -> Culture:
    """Four hours of insulin."""
    changes = {"dish.line": line, "changes[1].for": "4 h", "changes[1].insulin": dose}
    return lab.culture("dish_internalisation", changes)


def _two_days(lab: Lab, line: str, dose: str = MAXIMAL) -> Culture:
    """Two days in one dose."""
    changes = {"dish.line": line, "changes[1].insulin": dose, "duration": "48 h", "tests": [], "record.every": "5 min"}
    return lab.culture("dish_downregulation", changes)


def _doses(lab: Lab, line: str, duration: str) -> Culture:
    """One well for each dose of insulin."""
    doses = [f"{dose} nmol/L" for dose in DOSES_NMOL_PER_L]
    changes = {"dish.line": line, "changes[1].insulin": doses, "duration": duration, "tests": []}
    return lab.culture("dish_downregulation", {**changes, "record.every": duration})


def _islets(lab: Lab) -> Culture:
    """One well for each step of glucose."""
    return lab.culture("dish_islet", {"changes[1].glucose": [f"{dose} mmol/L" for dose in GLUCOSE_MMOL_PER_L]})


# ---- what is read off them: internalisation


def _inside(lab: Lab, line: str) -> tuple[np.ndarray, np.ndarray]:
    """Minutes and receptors inside until they are most, within the first hour."""
    hour = _minute_by_minute(lab, line).well().iloc[: HOUR_MIN + 1]
    inside = hour["internal_receptors_mean"].to_numpy()
    most = int(inside.argmax())
    return hour["time_min"].to_numpy()[: most + 1], inside[: most + 1]


def _time_inside(line: str, share: float) -> Measure:
    return lambda lab: time_of_share(*_inside(lab, line), share)


def _flux_inside(lab: Lab) -> float:
    """Receptors that accumulate inside in the fastest minute."""
    return float(np.diff(_inside(lab, "rat_fat")[1]).max())


def _moved_inside(lab: Lab) -> float:
    """Share of the surface receptors that is gone from the surface when most are inside."""
    surface = _minute_by_minute(lab, "rat_fat").well()["surface_receptors_mean"].to_numpy()
    return float(1.0 - surface[len(_inside(lab, "rat_fat")[0]) - 1] / surface[0])


def _share_of_total(quantity: str, minute: int) -> Measure:
    def measure(lab: Lab) -> float:
        row = _minute_by_minute(lab, "rat_fat").well().iloc[minute]
        return float(row[f"{quantity}_mean"] / row["total_receptors_mean"])

    return measure


def _left(quantity: str, minute: int) -> Measure:
    def measure(lab: Lab) -> float:
        values = _minute_by_minute(lab, "rat_fat").well()[f"{quantity}_mean"].to_numpy()
        return float(values[minute] / values[0])

    return measure


def _endocytic_rate(dose: str) -> Measure:
    """Insulin taken in over the first minutes for each occupied receptor and minute; here all of it is degraded."""

    def measure(lab: Lab) -> float:
        changes = {"dish.line": "rat_hepatocyte", "changes[1].insulin": dose, "liver.insulin_degraded_share": "1"}
        early = lab.culture("dish_internalisation", changes).well().iloc[: EARLY_MIN + 1]
        occupied = early["bound_receptors_mean"].to_numpy()
        return float(early["insulin_degraded_per_cell"].sum() / np.trapezoid(occupied))

    return measure


def _endocytic_half_time(dose: str) -> Measure:
    return lambda lab: math.log(2.0) / _endocytic_rate(dose)(lab)


def _return_half_time(lab: Lab) -> float:
    """After ten hours of insulin: how fast the surplus inside returns to the surface in medium without."""
    changes = {"dish.line": "3t3", "changes[1].for": "10 h", "changes[1].insulin": MAXIMAL, "duration": "14 h"}
    after = lab.culture("dish_internalisation", changes).well().iloc[10 * HOUR_MIN :]
    share = (after["internal_receptors_mean"] / after["total_receptors_mean"]).to_numpy()
    return time_of_share(after["time_min"].to_numpy(), share, HALF)


# ---- loss


def _total(culture: Culture) -> tuple[np.ndarray, np.ndarray]:
    well = culture.well()
    return well["time_min"].to_numpy(), well["total_receptors_mean"].to_numpy()


def _loss_time(line: str, share: float, dose: str = MAXIMAL, end_min: int = 2 * DAY_MIN) -> Measure:
    def measure(lab: Lab) -> float:
        times, total = _total(_two_days(lab, line, dose))
        return time_of_share(times[times <= end_min], total[times <= end_min], share)

    return measure


def _first_loss_time(lab: Lab) -> float:
    return time_of_change(*_total(_two_days(lab, "htc")), DETECTABLE)


def _left_after(line: str, minute: int, dose: str = MAXIMAL) -> Measure:
    def measure(lab: Lab) -> float:
        times, total = _total(_two_days(lab, line, dose))
        return float(np.interp(minute, times, total) / total[0])

    return measure


def _loss_by_dose(lab: Lab, line: str, duration: str) -> tuple[np.ndarray, np.ndarray]:
    """Doses and the share of receptors that is lost, against the well without insulin."""
    end = _doses(lab, line, duration).at_the_end()
    total = end["total_receptors_mean"].to_numpy()
    return end["insulin_pmol_per_l"].to_numpy(), 1.0 - total / total[0]


def _loss_dose(line: str, duration: str, share: float) -> Measure:
    return lambda lab: dose_of_share(*_loss_by_dose(lab, line, duration), share)


def _first_loss_dose(lab: Lab) -> float:
    return dose_of_effect(*_loss_by_dose(lab, "htc", "16 h"), DETECTABLE)


def _half_life(line: str, dose: str = "0 nmol/L", hours: int = 6) -> Measure:
    """How fast receptors are degraded, for each that there is, in the hour after so many hours in the dose."""

    def measure(lab: Lab) -> float:
        changes = {"dish.line": line, "changes[1].for": f"{hours + 1} h", "changes[1].insulin": dose}
        culture = lab.culture("dish_internalisation", {**changes, "duration": f"{hours + 1} h"})
        hour = culture.well().iloc[hours * HOUR_MIN :]
        there, degraded = (float(hour[name].mean()) for name in ("total_receptors_mean", "receptors_degraded_per_cell"))
        return math.log(2.0) * there / degraded if degraded else math.inf

    return measure


def _half_life_shortening(lab: Lab) -> float:
    return _half_life("im9")(lab) / _half_life("im9", "1 umol/L")(lab)


def _shift_time(lab: Lab) -> float:
    """When the share of receptors inside has made nine tenths of its rise."""
    hour = _minute_by_minute(lab, "u937").well().iloc[: HOUR_MIN + 1]
    share = (hour["internal_receptors_mean"] / hour["total_receptors_mean"]).to_numpy()
    most = int(share.argmax())
    return time_of_share(hour["time_min"].to_numpy()[: most + 1], share[: most + 1], COMPLETE)


# ---- recovery


def _receptors_back_time(lab: Lab) -> float:
    """How long after the wash-out nine tenths of the receptors that were lost are there again."""
    well = lab.culture("dish_washout", {}).well()
    times, total = well["time_min"].to_numpy(), well["total_receptors_mean"].to_numpy()
    after = times >= 16 * HOUR_MIN
    lacking = np.append(total[after], total[0])  # all would be back if it were as at the start
    return time_of_share(np.append(times[after], math.inf), lacking, COMPLETE)


def _response_back_time(lab: Lab) -> float:
    """How long after the wash-out a fresh maximal dose does nine tenths of what it did at the start."""
    tests = lab.culture("dish_washout", {}).tests
    times, effect = tests["time_min"].to_numpy(), tests["suppression"].to_numpy()
    after = times >= 16 * HOUR_MIN
    return _first(times[after], effect[after] >= COMPLETE * effect[0]) - 16 * HOUR_MIN


def _first(times: np.ndarray, reached: np.ndarray) -> float:
    return float(times[reached][0]) if reached.any() else math.nan


# ---- spare receptors, islets


def _half_dose(quantity: str) -> Measure:
    def measure(lab: Lab) -> float:
        end = lab.culture("dish_dose_response", {}).at_the_end()
        return dose_of_share(end["insulin_pmol_per_l"].to_numpy(), end[f"{quantity}_mean"].to_numpy(), HALF)

    return measure


def _spare_receptors(lab: Lab) -> float:
    return _half_dose("bound_receptors")(lab) / _half_dose("glucose_uptake")(lab)


def _second_phase(lab: Lab) -> tuple[np.ndarray, np.ndarray]:
    """Doses of glucose and the secretion of the second phase."""
    wells = _islets(lab).wells
    late = wells[(wells["time_min"] >= SECOND_PHASE_MIN) & (wells["time_min"] < SECOND_PHASE_MIN + HOUR_MIN / 2)]
    means = late.groupby("well", sort=False)[["glucose_mmol_per_l", "insulin_secretion_mean"]].mean()
    return means["glucose_mmol_per_l"].to_numpy(), means["insulin_secretion_mean"].to_numpy()


def _glucose_for(share: float) -> Measure:
    return lambda lab: dose_of_share(*_second_phase(lab), share)


def _fold_of_basal(lab: Lab) -> np.ndarray:
    """Secretion after a step from 1 to 15 mmol/L of glucose, minute by minute, relative to before."""
    well = _islets(lab).well(GLUCOSE_MMOL_PER_L.index(15))
    secretion = well["insulin_secretion_mean"].to_numpy()
    return secretion[GLUCOSE_RISES_MIN:] / secretion[1:GLUCOSE_RISES_MIN].mean()


def _first_phase(lab: Lab) -> float:
    return float(_fold_of_basal(lab)[: HOUR_MIN // 4].max())


def _second_phase_fold(lab: Lab) -> float:
    after = SECOND_PHASE_MIN - GLUCOSE_RISES_MIN
    return float(_fold_of_basal(lab)[after : after + HOUR_MIN // 2].mean())


# ---- what went in


def _number(line: str, name: str) -> Measure:
    """A number of a line ("" for the cells of the body)."""

    def measure(lab: Lab) -> float:
        registry = Registry.load()
        return (lines()[line].registry(registry) if line else registry)[name].value

    return measure


def _dissociation_constant(site: str) -> Measure:
    """Of the receptors of the liver, or of the other cells of the body, pmol/L."""

    def measure(lab: Lab) -> float:
        registry = Registry.load()
        release, binding = registry[f"{site}.dissociation_rate"], registry["receptor.association_rate"]
        return release.value / binding.value * PMOL_PER_NMOL

    return measure


def _receptors_of_fat_cell(lab: Lab) -> float:
    """Of a person's average fat cell, at the insulin that is usual for it."""
    return FatCell.record(Registry.load(), Person())["usual_receptors"]


def _surface_of_fat_cell(lab: Lab) -> float:
    return float(_minute_by_minute(lab, "rat_fat").well()["surface_receptors_mean"].iloc[0])


MEASURES: dict[str, Measure] = {
    "R1_01": _flux_inside,
    "R1_02": _surface_of_fat_cell,
    "R1_03": _receptors_of_fat_cell,
    "R2_02": _number("im9", "muscle.receptor_count"),
    "R5_01": _number("", "receptor.association_rate"),
    "R5_02": _number("", "liver.dissociation_rate"),
    "R5_03": _dissociation_constant("liver"),
    "R6_01": _number("", "receptor.association_rate"),
    "R6_02": _number("", "receptor.dissociation_rate"),
    "R6_03": _dissociation_constant("receptor"),
    "R9_01": _share_of_total("surface_receptors", 0),
    "R9_02": _share_of_total("internal_receptors", 0),
    "R9_03": _time_inside("rat_fat", HALF),
    "R9_04": _time_inside("rat_fat", COMPLETE),
    "R9_05": _moved_inside,
    "R9_06": _left("total_receptors", 4 * HOUR_MIN),
    "R10_01": _endocytic_rate("51 pmol/L"),
    "R10_02": _endocytic_half_time("51 pmol/L"),
    "R10_03": _endocytic_rate("550 pmol/L"),
    "R10_04": _endocytic_half_time("550 pmol/L"),
    "R11_01": lambda lab: 1.0 - _left("surface_receptors", HOUR_MIN // 2)(lab),
    "R12_01": _time_inside("3t3", HALF),
    "R12_02": _return_half_time,
    "R12_03": _loss_time("3t3", HALF),
    "R13_01": _half_life("3t3"),
    "R13_02": _half_life("im9"),
    "R13_03": _half_life_shortening,
    "R14_01": _first_loss_time,
    "R14_02": _loss_time("htc", COMPLETE, end_min=DAY_MIN),
    "R14_03": _left_after("htc", DAY_MIN),
    "R14_04": _first_loss_dose,
    "R14_05": _loss_dose("htc", "16 h", HALF),
    "R14_06": _loss_dose("htc", "16 h", COMPLETE),
    "R15_01": _response_back_time,
    "R15_02": _receptors_back_time,
    "R16_01": _left_after("im9", 14 * HOUR_MIN, "10 nmol/L"),
    "R16_02": _loss_time("im9", HALF, "10 nmol/L"),
    "R17_01": _shift_time,
    "R17_02": _loss_time("u937", COMPLETE),
    "R18_01": _left_after("rat_fat_cultured", DAY_MIN),
    "R18_02": _loss_dose("rat_fat_cultured", "24 h", HALF),
    "D9_01": _half_dose("glucose_uptake"),
    "D9_04": _half_dose("bound_receptors"),
    "D9_05": _spare_receptors,
    "B1_01": _glucose_for(DETECTABLE),
    "B1_02": _glucose_for(HALF),
    "B1_03": _glucose_for(COMPLETE),
    "B1_04": _first_phase,
    "B1_05": _second_phase_fold,
}
"""How each fact is measured, by its id; what is not here is not measured in a dish."""
