"""How insulin leaves plasma, and how much of it reaches cells."""

from __future__ import annotations

import math

import numpy as np

from insulin_abm.protocols.clinic import visit
from insulin_abm.protocols.visit import INSULIN, PRODUCTION
from insulin_abm.validation.disposal import DOSES, Measure, at_insulin, at_the_end, clamp, curve
from insulin_abm.validation.ward import Ward

HOUR, DAY = 60, 1440
BOLUS = {"insulin": "0.02 U/kg", "length": "180 min"}
SLOW_FROM, SLOW_TO = 60, 120
"""Minutes after a bolus in which what is left of it decays slowly."""
FEWEST = 3
"""Fewer points than this tell no slope."""
TENFOLD = 10.0
SINUSOIDAL = "liver_insulin_pmol_per_l"
THREEFOLD = 3.0


def fasting_mean(name: str, who: str = "healthy") -> Measure:
    """Mean of a column over a fasting hour."""

    def measure(ward: Ward) -> float:
        seen = ward.visit(who, "insulin_infusion", insulin_infusion={"insulin": "0 mU/min/m2", "length": "60 min"})
        return seen.mean(name, seen.minute - HOUR, seen.minute)

    return measure


def _left_of_bolus(ward: Ward) -> tuple[np.ndarray, np.ndarray]:
    """Minutes after a bolus, and by how much plasma insulin is higher than without it, in one who makes none."""
    with_it = ward.visit("t1d", "insulin_tolerance_test", insulin_tolerance_test=BOLUS)
    nothing = {"insulin": "0 mU/min/m2", "length": f"{len(with_it.times()) - 1} min"}
    without = ward.visit("t1d", "insulin_infusion", insulin_infusion=nothing)
    more = with_it.seen(INSULIN) - without.seen(INSULIN)
    return with_it.times() - with_it.times()[0], more


def fast_half_life(ward: Ward) -> float:
    """When half of the highest rise of insulin after a bolus is gone, min."""
    minutes, more = _left_of_bolus(ward)
    top = int(more.argmax())
    fallen = np.flatnonzero(more[top:] < 0.5 * more[top])
    if not len(fallen):
        return math.nan
    below = top + int(fallen[0])
    part = (more[below - 1] - 0.5 * more[top]) / (more[below - 1] - more[below])
    return float(minutes[below - 1] + part - minutes[top])


def slow_half_life(ward: Ward) -> float:
    """Half-life of what is left of a bolus in the second hour, min."""
    minutes, more = _left_of_bolus(ward)
    late = (minutes >= SLOW_FROM) & (minutes <= SLOW_TO) & (more > 0.0)
    if late.sum() < FEWEST:
        return math.nan
    slope = np.polyfit(minutes[late], np.log(more[late]), 1)[0]
    return -math.log(2.0) / float(slope) if slope < 0.0 else math.nan


def fall_of_liver_clearance(ward: Ward) -> float:
    """How much less of the insulin that flows in the liver keeps after two hours of ten times as much."""
    person = ward.person("healthy").fork()
    usual = visit(person, "biopsy")
    plasma, portal = person.blood.plasma_insulin, person.blood.portal_insulin
    for _ in range(2 * HOUR):
        person.blood.plasma_insulin, person.blood.portal_insulin = TENFOLD * plasma, TENFOLD * portal
        person.run_for(1)
    tenfold = visit(person, "biopsy")
    return 1.0 - tenfold.resting("liver_insulin_extraction") / usual.resting("liver_insulin_extraction")


def around_cells(tissue: str, plasma_pmol_per_l: float) -> Measure:
    """Insulin around the cells of a tissue at a plasma insulin, in a clamp, pmol/L."""
    return lambda ward: at_insulin(*curve(ward, "healthy", f"{tissue}_insulin_pmol_per_l"), plasma_pmol_per_l)


def ratio_around_cells(tissue: str, plasma_pmol_per_l: float) -> Measure:
    """The same, relative to plasma."""
    return lambda ward: around_cells(tissue, plasma_pmol_per_l)(ward) / plasma_pmol_per_l


def _production_by_sinusoidal_insulin(ward: Ward) -> tuple[np.ndarray, np.ndarray, float]:
    """Sinusoidal insulin and production, from islets held back to clamps; and sinusoidal insulin at rest."""
    none = {"insulin": "0 mU/min/m2", "glucose": "0 mg/min/m2"}
    held = ward.visit("healthy", "insulin_suppression_test", insulin_suppression_test=none)
    first = held.times()[0]
    insulin = [held.mean(SINUSOIDAL, first + HOUR, first + 2 * HOUR)]
    made = [held.mean(PRODUCTION, first + HOUR, first + 2 * HOUR)]
    clamps = [clamp(ward, "healthy", dose) for dose in DOSES]
    rest = clamps[0].resting(SINUSOIDAL)
    for seen in clamps:
        insulin.append(at_the_end(seen, SINUSOIDAL))
        made.append(at_the_end(seen, PRODUCTION))
    insulin[1:1], made[1:1] = [rest], [clamps[0].resting(PRODUCTION)]
    return np.array(insulin), np.array(made), rest


def half_effective_sinusoidal_insulin(ward: Ward) -> float:
    """The sinusoidal insulin that halves the production of a liver with next to no insulin, relative to rest."""
    insulin, made, rest = _production_by_sinusoidal_insulin(ward)
    return float(np.interp(0.5, 1.0 - made / made[0], insulin)) / rest


def suppression_at_threefold(ward: Ward) -> float:
    """How far production is suppressed, against rest, by three times the sinusoidal insulin at rest."""
    insulin, made, rest = _production_by_sinusoidal_insulin(ward)
    return 1.0 - float(np.interp(THREEFOLD * rest, insulin, made)) / made[1]
