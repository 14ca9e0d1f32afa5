"""The ten-year risk of cardiovascular disease, and of its parts, by the PREVENT equations.

Associations in people of 30 to 79 who had no such disease: no mechanism, and no advice to anybody.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

OUTCOMES = ("cardiovascular", "coronary", "stroke")
"""All of it (with heart failure), coronary heart disease, stroke."""
VALID = {
    "age_years": (30.0, 79.0),
    "total_cholesterol_mmol_per_l": (3.36, 8.28),
    "hdl_mmol_per_l": (0.52, 2.59),
    "systolic_mmhg": (90.0, 200.0),
    "egfr_ml_per_min_per_1p73m2": (15.0, 150.0),
}
"""What the equations were made for: cholesterol 130 to 320 and HDL 20 to 100 mg/dL."""


class NotApplicableError(ValueError):
    """Somebody for whom the equations were not made; the message says why."""


@dataclass(frozen=True)
class RiskFactors:
    """What the equations ask for.

    Attributes
    ----------
    sex : str
        "female" or "male".
    age_years : float
        Age.
    total_cholesterol_mmol_per_l, hdl_mmol_per_l : float
        Cholesterol of plasma, and of its HDL.
    systolic_mmhg : float
        Systolic pressure.
    egfr_ml_per_min_per_1p73m2 : float
        Estimated glomerular filtration.
    diabetes, smoking, pressure_treated, statin : bool
        Diabetes; smoking now; drugs against high pressure, and for lower cholesterol.
    """

    sex: str
    age_years: float
    total_cholesterol_mmol_per_l: float
    hdl_mmol_per_l: float
    systolic_mmhg: float
    egfr_ml_per_min_per_1p73m2: float
    diabetes: bool = False
    smoking: bool = False
    pressure_treated: bool = False
    statin: bool = False


def ten_year_risk(factors: RiskFactors, outcome: str = "cardiovascular") -> float:
    """Give the risk of an event within ten years (Khan 2024, table S12A, doi:10.1161/CIRCULATIONAHA.123.067626).

    Parameters
    ----------
    factors : RiskFactors
        Of the person.
    outcome : str
        One of `OUTCOMES`.

    Returns
    -------
    float
        A probability.

    Raises
    ------
    NotApplicableError
        A factor is outside of what the equations were made for.

    Examples
    --------
    >>> woman = RiskFactors("female", 50.0, 5.17, 1.16, 160.0, 90.0, diabetes=True, pressure_treated=True)
    >>> round(ten_year_risk(woman), 3)
    0.147
    """
    for name, (low, high) in VALID.items():
        value = getattr(factors, name)
        if not low <= value <= high:
            raise NotApplicableError(f"{name} is {value:.4g}; the equations are made for {low:g} to {high:g}")
    terms = _terms(factors)
    women_or_men = "women" if factors.sex == "female" else "men"
    score = sum(
        weights[f"{outcome}_{women_or_men}"] * math.prod(terms[part] for part in term.split("*"))
        for term, weights in _weights().items()
    )
    return 1.0 / (1.0 + math.exp(-score))


def _terms(factors: RiskFactors) -> dict[str, float]:
    """The factors as the equations count them."""
    pressure, filtration = factors.systolic_mmhg, factors.egfr_ml_per_min_per_1p73m2
    return {
        "constant": 1.0,
        "age": (factors.age_years - 55.0) / 10.0,
        "non_hdl": factors.total_cholesterol_mmol_per_l - factors.hdl_mmol_per_l - 3.5,
        "hdl": (factors.hdl_mmol_per_l - 1.3) / 0.3,
        "pressure_below_110": (min(pressure, 110.0) - 110.0) / 20.0,
        "pressure_above_110": (max(pressure, 110.0) - 130.0) / 20.0,
        "filtration_below_60": (min(filtration, 60.0) - 60.0) / -15.0,
        "filtration_above_60": (max(filtration, 60.0) - 90.0) / -15.0,
        "diabetes": float(factors.diabetes),
        "smoking": float(factors.smoking),
        "pressure_treated": float(factors.pressure_treated),
        "statin": float(factors.statin),
    }


@cache
def _weights() -> dict[str, dict[str, float]]:
    text = (files("insulin_abm.parameters") / "data" / "prevent.csv").read_text("utf-8")
    return {
        row.pop("term"): {name: float(value) for name, value in row.items()}
        for row in csv.DictReader(text.splitlines())
    }
