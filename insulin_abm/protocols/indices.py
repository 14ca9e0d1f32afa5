"""Indices of insulin resistance and of insulin secretion, as clinics compute them.

Glucose and free fatty acids are in mmol/L, insulin is in pmol/L, times are in minutes; a formula that is published in
mg/dL or uU/mL converts. What is out of the valid range of a formula is NaN. `numbers` are the parameters of the site
``measures``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from insulin_abm.parameters import quantity
from insulin_abm.protocols.areas import UNKNOWN, Samples, is_curve, mean_over_time, rate_of_fall


def milliunits_per_l(insulin_pmol_per_l: float) -> float:
    """Convert insulin to mU/L, which is uU/mL: 1 mU/L is 6.00 pmol/L (Knopp 2019, doi:10.1177/1932296818805074)."""
    return insulin_pmol_per_l * quantity("1 pmol/L", "mU/L")


def mg_per_dl(glucose_mmol_per_l: float) -> float:
    """Convert glucose to mg/dL: 1 mmol/L is 18.016 mg/dL."""
    return glucose_mmol_per_l * quantity("1 mmol/L", "mg/dL", "glucose")


def homa_ir(glucose: float, insulin: float, numbers: Mapping[str, float]) -> float:
    """HOMA-IR, homeostasis model assessment of insulin resistance; 1 in a healthy young adult.

    Formula: fasting glucose [mmol/L] * fasting insulin [uU/mL] / 22.5 (Matthews 1985, doi:10.1007/BF00280883). Valid
    for glucose above zero and insulin that an assay can tell from none: not for people without insulin of their own.

    Parameters
    ----------
    glucose, insulin : float
        Fasting values in mmol/L and pmol/L.
    numbers : mapping of str to float
        The parameters of site ``measures``.
    """
    if not _are_known(glucose, insulin, numbers):
        return UNKNOWN
    return glucose * milliunits_per_l(insulin) / numbers["homa_ir_divisor"]


def homa_b(glucose: float, insulin: float, numbers: Mapping[str, float]) -> float:
    """HOMA-B, homeostasis model assessment of beta-cell function, %; 100 in a healthy young adult.

    Formula: 20 * fasting insulin [uU/mL] / (fasting glucose [mmol/L] - 3.5) (Matthews 1985, doi:10.1007/BF00280883).
    Valid for glucose above 3.5 mmol/L, just above which it is very large, and insulin that an assay can tell from none.

    Parameters
    ----------
    glucose, insulin : float
        Fasting values in mmol/L and pmol/L.
    numbers : mapping of str to float
        The parameters of site ``measures``.
    """
    least = numbers["homa_b_least_glucose"]
    if not _are_known(glucose, insulin, numbers) or not glucose > least:
        return UNKNOWN
    return numbers["homa_b_scale"] * milliunits_per_l(insulin) / (glucose - least)


def quicki(glucose: float, insulin: float, numbers: Mapping[str, float]) -> float:
    """QUICKI, quantitative insulin sensitivity check index.

    Formula: 1 / (log10 fasting insulin [uU/mL] + log10 fasting glucose [mg/dL]) (Katz 2000,
    doi:10.1210/jcem.85.7.6661). Valid where the product of the two is above 1, and for insulin that an assay
    can tell from none.

    Parameters
    ----------
    glucose, insulin : float
        Fasting values in mmol/L and pmol/L.
    numbers : mapping of str to float
        The parameters of site ``measures``.
    """
    product = milliunits_per_l(insulin) * mg_per_dl(glucose)
    return 1.0 / math.log10(product) if _are_known(glucose, insulin, numbers) and product > 1.0 else UNKNOWN


def adipo_ir(fatty_acids: float, insulin: float, numbers: Mapping[str, float]) -> float:
    """Adipo-IR, insulin resistance of fat tissue, mmol/L * uU/mL.

    Formula: fasting free fatty acids [mmol/L] * fasting insulin [uU/mL] (Gastaldelli 2017, doi:10.2337/db16-1167, who
    gives insulin in pmol/L: 6 times as much). Valid for insulin that an assay can tell from none.

    Parameters
    ----------
    fatty_acids, insulin : float
        Fasting values in mmol/L and pmol/L.
    numbers : mapping of str to float
        The parameters of site ``measures``.
    """
    return fatty_acids * milliunits_per_l(insulin) if _are_known(fatty_acids, insulin, numbers) else UNKNOWN


def matsuda(glucose: Sequence[float], insulin: Sequence[float], numbers: Mapping[str, float]) -> float:
    """Matsuda's index of whole-body insulin sensitivity.

    Formula: 10000 / sqrt(G0 * I0 * mean G * mean I) in mg/dL and uU/mL (Matsuda 1999, doi:10.2337/diacare.22.9.1462).
    Valid for an oral test with samples at equal distances, glucose above zero, and fasting insulin that an assay can
    tell from none.

    Parameters
    ----------
    glucose, insulin : sequence of float
        Samples of a tolerance test in mmol/L and pmol/L, the fasting one first.
    numbers : mapping of str to float
        The parameters of site ``measures``.
    """
    if not _are_known(glucose[0], insulin[0], numbers):
        return UNKNOWN
    sugars = mg_per_dl(glucose[0]) * mg_per_dl(float(np.mean(glucose)))
    hormones = milliunits_per_l(insulin[0]) * milliunits_per_l(float(np.mean(insulin)))
    product = sugars * hormones
    return numbers["matsuda_scale"] / math.sqrt(product) if product > 0.0 else UNKNOWN


def insulinogenic_index(glucose: tuple[float, float], insulin: tuple[float, float]) -> float:
    """Insulinogenic index: how much insulin rises in half an hour for a rise of glucose, pmol/mmol.

    Formula: (I30 - I0) [pmol/L] / (G30 - G0) [mmol/L] (Seltzer 1967, doi:10.1172/JCI105534; in uU/mL per mg/dL it is
    108 times less). Valid where glucose rose; below zero where insulin fell.

    Parameters
    ----------
    glucose, insulin : tuple of float
        Fasting, and 30 min after the drink, in mmol/L and pmol/L.
    """
    rise = glucose[1] - glucose[0]
    return (insulin[1] - insulin[0]) / rise if rise > 0.0 else UNKNOWN


def disposition_index(insulinogenic: float, sensitivity: float) -> float:
    """Oral disposition index: how much insulin is secreted for how much resistance, pmol/mmol.

    Formula: insulinogenic index [pmol/mmol] * Matsuda's index. That such a product of one test is a measure of beta
    cells: Utzschneider 2009, doi:10.2337/dc08-1478, who takes 1 / fasting insulin in place of Matsuda's index. Valid
    where both are, and where insulin did not fall.
    """
    return insulinogenic * sensitivity if insulinogenic >= 0.0 else UNKNOWN


def glucose_used_per_insulin(glucose_used: float, insulin: float, numbers: Mapping[str, float]) -> float:
    """M/I of a clamp: glucose used for the insulin that was reached, mg/(kg min) per uU/mL.

    Formula: M [mg/(kg min)] / mean insulin [uU/mL], both at the end of the clamp (DeFronzo 1979,
    doi:10.1152/ajpendo.1979.237.3.E214; often printed times 100). Valid in a steady state in which the liver makes no
    glucose, for insulin that an assay can tell from none.

    Parameters
    ----------
    glucose_used, insulin : float
        In mg/(kg min) and pmol/L.
    numbers : mapping of str to float
        The parameters of site ``measures``.
    """
    return glucose_used / milliunits_per_l(insulin) if insulin >= numbers["least_insulin"] else UNKNOWN


def glucose_disappearance(times: Samples, glucose: Samples, numbers: Mapping[str, float]) -> float:
    """KG, the rate at which glucose falls after it was injected, %/min.

    Formula: -100 * slope of ln glucose from 10 to 40 min after the injection (Lundbaek 1962,
    doi:10.1136/bmj.1.5291.1507, after Conard). Valid for glucose above zero and three and more samples in that
    time; below zero where glucose rises.
    """
    return rate_of_fall(times, glucose, numbers["disappearance_begins"], numbers["disappearance_ends"])


def insulin_tolerance(times: Samples, glucose: Samples, numbers: Mapping[str, float]) -> float:
    """KITT, the rate at which glucose falls after insulin was injected, %/min.

    Formula: -100 * slope of ln glucose from 3 to 15 min after the injection (Bonora 1989, doi:10.1210/jcem-68-2-374).
    Valid for glucose above zero and three and more samples in that time; below zero where glucose rises.
    """
    return rate_of_fall(times, glucose, numbers["insulin_test_begins"], numbers["insulin_test_ends"])


def acute_insulin_response(times: Samples, insulin: Samples, basal: float, numbers: Mapping[str, float]) -> float:
    """Acute insulin response to injected glucose: mean rise of insulin over its basal value, pmol/L.

    Formula: mean over time of (insulin - basal) from 0 to 10 min after the injection. It is a tenth of the area that
    Boston 2003, doi:10.1089/152091503322641060, gives. Valid for samples at increasing times, the first at 0 min or
    before and the last at 10 min or later.

    Parameters
    ----------
    times, insulin : sequence of float
        Minutes since the injection, and insulin in pmol/L.
    basal : float
        Insulin before the injection in pmol/L.
    numbers : mapping of str to float
        The parameters of site ``measures``.
    """
    minutes, end = np.asarray(times, float), numbers["acute_response_length"]
    if not is_curve(minutes) or minutes[0] > 0.0 or minutes[-1] < end:
        return UNKNOWN
    within = np.concatenate([[0.0], minutes[(minutes > 0.0) & (minutes < end)], [end]])
    return mean_over_time(within, np.interp(within, minutes, np.asarray(insulin, float))) - basal


def _are_known(level: float, insulin: float, numbers: Mapping[str, float]) -> bool:
    """Whether a concentration is above zero and insulin is what an assay can tell from none (NaN is not)."""
    return level > 0.0 and insulin >= numbers["least_insulin"]
