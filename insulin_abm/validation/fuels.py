"""What fatty acids do to glucose use, what glucose that stays raised does, and what happens without insulin."""

from __future__ import annotations

import math

import numpy as np

from insulin_abm.kinetics import time_of_share
from insulin_abm.protocols.visit import FATTY_ACID, GLUCOSE, PRODUCTION, Visit
from insulin_abm.validation.disposal import DISPOSAL, LIPOLYSIS, Measure, at_the_end
from insulin_abm.validation.meals import HOUR
from insulin_abm.validation.ward import Ward

EMULSIONS = (0, 15, 30, 60, 90, 120)
"""mL/h of emulsion before and in a clamp."""
INSULIN_BESIDE_LIPID = "25 mU/min/m2"
"""About 450 pmol/L in plasma."""
PALMITATE_SHARE = 0.25
"""Of the fatty acids that fat releases, those that are palmitate (MODEL: P5 beside basal release)."""
WITHDRAWN_MIN = 60


def _clamped_with_lipid(ward: Ward, emulsion: float, length: str = "120 min") -> Visit:
    asked = {"emulsion": f"{emulsion} mL/h", "length": length}
    clamp = {"insulin": INSULIN_BESIDE_LIPID}
    return ward.visit("healthy", "lipid_infusion", "euglycaemic_clamp", lipid_infusion=asked, euglycaemic_clamp=clamp)


def fall_of_disposal(fatty_acid_mmol_per_l: float) -> Measure:
    """How much glucose use in a clamp falls when fatty acids are raised to so much for hours."""

    def measure(ward: Ward) -> float:
        clamps = [_clamped_with_lipid(ward, emulsion) for emulsion in EMULSIONS]
        reached = [at_the_end(seen, FATTY_ACID) for seen in clamps]
        used = np.array([at_the_end(seen, DISPOSAL) for seen in clamps])
        return float(np.interp(fatty_acid_mmol_per_l, reached, 1.0 - used / used[0]))

    return measure


def share_at_lowest_dose(ward: Ward) -> float:
    """Of the effect of 1.688 mmol/L, the share that 0.695 mmol/L has."""
    return fall_of_disposal(0.695)(ward) / fall_of_disposal(1.688)(ward)


def fall_with_long_infusion(name: str) -> Measure:
    """How much a column in a clamp falls after five hours of lipid."""

    def measure(ward: Ward) -> float:
        without, with_it = _clamped_with_lipid(ward, 0, "180 min"), _clamped_with_lipid(ward, 90, "180 min")
        return 1.0 - at_the_end(with_it, name) / at_the_end(without, name)

    return measure


def signal_fold(emulsion: float) -> Measure:
    """The signal of muscle in a clamp relative to rest, with lipid or without."""

    def measure(ward: Ward) -> float:
        seen = _clamped_with_lipid(ward, emulsion, "180 min")
        return at_the_end(seen, "muscle_signal") / seen.resting("muscle_signal")

    return measure


def fatty_acid_half_life(ward: Ward) -> float:
    """How fast a rise of fatty acids goes when the infusion ends, min."""
    body = ward.visit("healthy", "lipid_infusion").body.fork()
    body.infuse_lipid(0.0)
    values = [body.blood.plasma_fatty_acid]
    for _ in range(HOUR):
        body.run_for(1)
        values.append(body.blood.plasma_fatty_acid)
    return time_of_share(range(HOUR + 1), values, 0.5)


def withdrawal(ward: Ward) -> Visit:
    """Give fourteen hours without insulin."""
    return ward.visit("t1d", "insulin_withdrawal")


def of_withdrawal(name: str, scale: float = 1.0, *, before: bool = False) -> Measure:
    """A column before or after it."""

    def measure(ward: Ward) -> float:
        seen = withdrawal(ward)
        return scale * (seen.resting(name) if before else seen.now(name))

    return measure


def production_in_withdrawal(*, before: bool = False) -> Measure:
    """Glucose production before or after it, mg/kg/min."""
    return lambda ward: withdrawal(ward).per_kg(of_withdrawal(PRODUCTION, before=before)(ward))


def highest_without_insulin(ward: Ward) -> float:
    """Glucose after fourteen hours without insulin, if it only ever rose (else not a number), mmol/L."""
    hours = withdrawal(ward).seen(GLUCOSE)[::HOUR]
    return float(hours[-1]) if (np.diff(hours) > 0.0).all() else math.nan


def palmitate(*, before: bool = False) -> Measure:
    """Palmitate that fat releases before or after it, mmol/min."""
    return of_withdrawal(LIPOLYSIS, PALMITATE_SHARE, before=before)


def rise_after_meal_without_insulin(name: str) -> Measure:
    """By how much a column rises in the five hours after a meal, relative to before, an hour after the last insulin."""

    def measure(ward: Ward) -> float:
        asked = {"length": f"{WITHDRAWN_MIN} min"}
        seen = ward.visit("t1d", "insulin_withdrawal", "mixed_meal", insulin_withdrawal=asked)
        begin = seen.times()[0] + WITHDRAWN_MIN
        after = seen.seen(name)[(seen.times() > begin) & (seen.times() <= begin + 5 * HOUR)]
        return float(after.max()) / seen.at(name, begin) - 1.0

    return measure


def production_per_lean_kg(*, before: bool) -> Measure:
    """Glucose production before, and after two days of, raised glucose: mg/min for each kg of fat-free mass."""

    def measure(ward: Ward) -> float:
        seen = ward.visit("healthy", "lasting_hyperglycaemia")
        person = seen.person
        made = seen.resting(PRODUCTION) if before else seen.now(PRODUCTION)
        return seen.per_kg(made) * person.weight_kg / person.fat_free_mass_kg

    return measure
