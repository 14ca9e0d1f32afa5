"""The ten-year risk of cardiovascular disease, and of its parts, by the PREVENT equations.

Associations in people of 30 to 79 who had no such disease: no mechanism, and no advice to anybody. All numbers are in
`parameters/data/prevent_*.csv`: the weights, how a factor is counted, and what the equations were made for (Khan 2024,
table S12A, doi:10.1161/CIRCULATIONAHA.123.067626; cholesterol 130 to 320 and HDL 20 to 100 mg/dL there).
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

OUTCOMES = ("cardiovascular", "coronary", "stroke")
"""All of it (with heart failure), coronary heart disease, stroke."""


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

    @property
    def non_hdl_mmol_per_l(self) -> float:
        """Cholesterol that is not in HDL."""
        return self.total_cholesterol_mmol_per_l - self.hdl_mmol_per_l


def valid_ranges() -> dict[str, tuple[float, float]]:
    """Give what the equations were made for: the lowest and the highest value of each factor."""
    return {row["factor"]: (float(row["low"]), float(row["high"])) for row in _table("ranges")}


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
    for name, (low, high) in valid_ranges().items():
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
    """The factors as the equations count them: as far as they lie within bounds, from a centre, in steps."""
    terms = {"constant": 1.0}
    for row in _table("terms"):
        value = float(getattr(factors, row["factor"]))
        within = min(max(value, float(row["from"] or value)), float(row["to"] or value))
        terms[row["term"]] = (within - float(row["centre"])) / float(row["step"])
    return terms


def _weights() -> dict[str, dict[str, float]]:
    """The weight of each term, or product of terms, for each outcome in women and in men."""
    return {
        row["term"]: {name: float(value) for name, value in row.items() if name != "term"} for row in _table("weights")
    }


@cache
def _table(name: str) -> tuple[dict[str, str], ...]:
    text = (files("insulin_abm.parameters") / "data" / f"prevent_{name}.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))
