"""Clamps: glucose is held by an infusion, and what must be infused tells how much the body takes up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from insulin_abm.kinetics import dose_of_share
from insulin_abm.parameters.conversions import PERCENT
from insulin_abm.parameters.quantities import quantity
from insulin_abm.protocols.glucose_clamp import GlucoseClamp
from insulin_abm.protocols.indices import glucose_used_per_insulin
from insulin_abm.protocols.visit import FATTY_ACID, GLUCOSE, INSULIN, PRODUCTION, SECRETION, Visit, VisitError

HALF = 0.5
INFUSION, IN_URINE = "glucose_infusion_mmol_per_min", "urinary_glucose_mmol_per_min"
DISPOSAL = "glucose_disposal_mmol_per_min"
LIPID_CLEARANCE, GLYCOGEN_MADE = "fat_lipid_clearance_ml_per_min", "muscle_glycogen_synthesis_mmol_per_min"
STEPS_OF_A_CURVE = 3
"""From so many steps on a half-maximal insulin is given."""


@dataclass(frozen=True)
class Steady:
    """Means over some minutes: insulin in pmol/L, fluxes in mg/kg/min."""

    insulin: float
    disposal: float
    production: float
    infused: float


def euglycaemic_clamp(visit: Visit, *, insulin: Sequence[float], glucose: float | None, length: float) -> None:
    """Infuse insulin, hold glucose, and measure what must be infused for it (DeFronzo 1979).

    The time of a step begins when glucose has come to its target, at once in people without diabetes. M is the mean
    infusion in the last minutes of a step, less the rise of glucose in its space and what is lost in urine; it is given
    for each kg of body weight, each kg of fat-free mass and each m^2 of body surface.

    Parameters
    ----------
    visit : Visit
        Who.
    insulin : sequence of float
        Infusion of each step, mU/min for each m^2.
    glucose : float or None
        Target, mmol/L; by default what it was at rest, or the usual target where that was higher.
    length : float
        Of each step, min.

    Raises
    ------
    VisitError
        The target is below the glucose at rest of a person without diabetes, or a step is shorter than it is measured.
    """
    _check_window(visit, length)
    rests, usual = visit.now(GLUCOSE), visit.clinic["clamp_glucose"]
    target = min(visit.resting(GLUCOSE), usual) if glucose is None else glucose
    too_low = glucose is not None and glucose < rests - visit.clinic["clamp_tolerance"]
    if too_low and rests < visit.measures["diabetes_fasting_glucose"]:
        raise VisitError(
            f"a clamp lowers the glucose of people with diabetes only: the target of {target:.3g} mmol/L is below the "
            f"{rests:.3g} mmol/L at rest; write a target that is not below it, or leave it out"
        )
    clamp = GlucoseClamp(visit, target)
    steps = [_steady(visit, visit.resting_minute, visit.resting_minute)]
    for infusion in insulin:
        begin = _begin_step(visit, clamp, infusion)
        clamp.hold(begin + length - visit.minute)
        steps.append(_steady(visit, visit.minute - visit.clinic["clamp_window"], visit.minute))
        _report(visit, clamp, "clamp", begin, steps)
    rising = all(lower.insulin < higher.insulin for lower, higher in pairwise(steps))
    if len(insulin) >= STEPS_OF_A_CURVE and rising:
        _report_half_maximal(visit, steps)
    visit.infuse_glucose(0.0)
    visit.infuse_insulin(0.0)


def hyperglycaemic_clamp(visit: Visit, *, rise: float, glucose: float | None, length: float) -> None:
    """Raise glucose at once, hold it, and measure what beta cells secrete and what is taken up (DeFronzo 1979).

    Parameters
    ----------
    visit : Visit
        Who.
    rise : float
        By how much glucose is raised above that at rest, mmol/L.
    glucose : float or None
        The target itself, mmol/L, instead of the rise.
    length : float
        min.

    Raises
    ------
    VisitError
        The target is not above the glucose at rest, or the clamp is shorter than it is measured.
    """
    _check_window(visit, length)
    rests = visit.now(GLUCOSE)
    target = rests + rise if glucose is None else glucose
    if target <= rests + visit.clinic["clamp_tolerance"]:
        raise VisitError(
            f"a hyperglycaemic clamp raises glucose: the target of {target:.3g} mmol/L is not above the {rests:.3g} "
            "mmol/L at rest; write a higher target, or leave it out"
        )
    begin, insulin_before, secretion_before = visit.minute, visit.now(INSULIN), visit.now(SECRETION)
    steps = [_steady(visit, visit.resting_minute, visit.resting_minute)]
    clamp = GlucoseClamp(visit, target)
    clamp.raise_at_once()
    clamp.hold(begin + length - visit.minute)
    first_end = begin + visit.clinic["first_phase_end"]
    first = visit.mean(INSULIN, begin, first_end) - insulin_before
    second = visit.mean(INSULIN, visit.minute - visit.clinic["second_phase_window"], visit.minute) - insulin_before
    secreted = (visit.mean(SECRETION, begin, first_end) - secretion_before) / visit.surface_m2
    visit.find("first_phase_insulin_pmol_per_l", first, "pmol/L", first_end)
    visit.find("first_phase_secretion_pmol_per_min_per_m2", secreted, "pmol/min/m^2", first_end)
    visit.find("second_phase_insulin_pmol_per_l", second, "pmol/L")
    steps.append(_steady(visit, visit.minute - visit.clinic["clamp_window"], visit.minute))
    _report(visit, clamp, "hyperglycaemic_clamp", begin, steps)
    visit.infuse_glucose(0.0)


def _check_window(visit: Visit, length: float) -> None:
    window = visit.clinic["clamp_window"]
    if length <= window:
        raise VisitError(f"a clamp of {length:g} min is not longer than the {window:g} min in which it is measured")


def _begin_step(visit: Visit, clamp: GlucoseClamp, infusion: float) -> int:
    """Infuse insulin, faster at first so that it soon stays, until glucose is at its target; give when it was."""
    began = visit.minute
    minutes, faster = round(visit.clinic["clamp_prime_time"]), visit.clinic["clamp_prime"]
    for minute in range(minutes):
        visit.infuse_insulin(infusion * faster ** (1.0 - minute / minutes))
        clamp.hold(1)
    visit.infuse_insulin(infusion)
    while clamp.reached is None and visit.minute - began < visit.clinic["clamp_patience"]:
        clamp.hold(1)
    return began if clamp.reached is None else max(began, clamp.reached)


def _steady(visit: Visit, first: float, last: float) -> Steady:
    """Means from a minute to another; the values of the minute itself if they are the same."""
    disposal, production, infused, lost = (
        visit.per_kg(visit.mean(name, first, last)) for name in (DISPOSAL, PRODUCTION, INFUSION, IN_URINE)
    )
    rise = visit.at(GLUCOSE, last) - visit.at(GLUCOSE, first)
    stored = rise * visit.clinic["clamp_space"] * quantity("1 mmol", "mg", "glucose") / max(last - first, 1.0)
    return Steady(visit.mean(INSULIN, first, last), disposal, production, infused - stored - lost)


def _worst_deviation(visit: Visit, clamp: GlucoseClamp, begin: int) -> float:
    """How far glucose was from the target once it must be held, mmol/L: at the latest in the minutes of measurement."""
    if clamp.reached is None:
        return abs(visit.now(GLUCOSE) - clamp.target)
    held_from = min(begin + visit.clinic["clamp_settling"], visit.minute - visit.clinic["clamp_window"])
    return float(np.abs(visit.seen(GLUCOSE)[visit.times() >= held_from] - clamp.target).max())


def _report(visit: Visit, clamp: GlucoseClamp, called: str, begin: int, steps: Sequence[Steady]) -> None:
    """Note what a step found, and whether glucose was held."""
    basal, here, person = steps[0], steps[-1], visit.person
    first = visit.minute - visit.clinic["clamp_window"]
    glucose = visit.seen(GLUCOSE)[visit.times() > first]
    worst = _worst_deviation(visit, clamp, begin)
    lipid_cleared = visit.mean(LIPID_CLEARANCE, first, visit.minute)
    suppression = 1.0 - here.production / basal.production if basal.production else np.nan
    for measure, value, unit in (
        ("m_mg_per_kg_min", here.infused, "mg/kg/min"),
        ("m_mg_per_kg_fat_free_mass_min", here.infused * person.weight_kg / person.fat_free_mass_kg, "mg/kg/min"),
        ("m_mg_per_m2_min", here.infused * person.weight_kg / visit.surface_m2, "mg/m^2/min"),
        ("m_over_i", glucose_used_per_insulin(here.infused, here.insulin, visit.measures), "mg/kg/min/(mU/L)"),
        ("insulin_pmol_per_l", here.insulin, "pmol/L"),
        ("glucose_mmol_per_l", float(glucose.mean()), "mmol/L"),
        ("glucose_cv_percent", PERCENT * float(glucose.std() / glucose.mean()), "%"),
        ("worst_deviation_mmol_per_l", worst, "mmol/L"),
        ("glucose_disposal_mg_per_kg_min", here.disposal, "mg/kg/min"),
        ("glucose_production_mg_per_kg_min", here.production, "mg/kg/min"),
        ("production_suppression", suppression, "1"),
        ("ffa_mmol_per_l", visit.mean(FATTY_ACID, first, visit.minute), "mmol/L"),
        ("lipid_clearance_ml_per_min_kg_fat", lipid_cleared / person.fat_mass_kg, "mL/min/kg"),
        ("muscle_glycogen_synthesis_mmol_per_min", visit.mean(GLYCOGEN_MADE, first, visit.minute), "mmol/min"),
    ):
        visit.find(f"{called}_{measure}", value, unit)
    tolerance = visit.clinic["clamp_tolerance"]
    if clamp.reached is None:
        visit.problems.append(
            f"glucose never came to the target of {clamp.target:.3g} mmol/L: it is {visit.now(GLUCOSE):.3g} mmol/L"
        )
    elif worst > tolerance:
        visit.problems.append(
            f"the clamp did not hold: glucose was up to {worst:.2g} mmol/L off {clamp.target:.3g} mmol/L "
            f"(allowed: {tolerance:g})"
        )


def _report_half_maximal(visit: Visit, steps: Sequence[Steady]) -> None:
    """Note the insulin at which half of the way from rest to the last step is gone."""
    insulin = [step.insulin for step in steps]
    disposal = dose_of_share(insulin, [step.disposal for step in steps], HALF)
    suppression = dose_of_share(insulin, [-step.production for step in steps], HALF)
    visit.find("half_maximal_insulin_of_disposal_pmol_per_l", disposal, "pmol/L")
    visit.find("half_maximal_insulin_of_liver_output_pmol_per_l", suppression, "pmol/L")
