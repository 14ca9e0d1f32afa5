"""The shipped experiments in culture, changed by name to what a measurement needs.

An assay of binding tells 10 % of the control apart, not less: so much must be lost to be detectable. What is "maximal",
"complete" or "nearly complete" has gone nine tenths of its way. Half-times and half doses are at half of the way.
"""

from __future__ import annotations

from collections.abc import Callable

from insulin_abm.validation.lab import Culture, Lab

DETECTABLE, HALF, COMPLETE = 0.1, 0.5, 0.9
MAXIMAL = "17.2 nmol/L"
"""100 ng/mL, the dose that is maximal in most of these papers."""
DOSES_NMOL_PER_L = (0, 0.1, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.5, 2, 2.5, 3, 4, 6, 10, 14, 18, 22, 40, 1000)
GLUCOSE_MMOL_PER_L = (1, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25)
HOUR_MIN, DAY_MIN = 60, 1440

SCENARIOS = ("dish_internalisation", "dish_downregulation", "dish_washout", "dish_dose_response", "dish_islet")
"""The shipped experiments that are changed."""
Measure = Callable[[Lab], float]
"""Gives a number that a laboratory measured."""


def minute_by_minute(lab: Lab, line: str, dose: str = MAXIMAL) -> Culture:
    """Four hours of insulin."""
    changes = {"dish.line": line, "changes[1].for": "4 h", "changes[1].insulin": dose}
    return lab.culture("dish_internalisation", changes)


def two_days(lab: Lab, line: str, dose: str = MAXIMAL) -> Culture:
    """Two days in one dose."""
    changes = {"dish.line": line, "changes[1].insulin": dose, "duration": "48 h", "tests": [], "record.every": "5 min"}
    return lab.culture("dish_downregulation", changes)


def doses(lab: Lab, line: str, duration: str) -> Culture:
    """One well for each dose of insulin."""
    doses = [f"{dose} nmol/L" for dose in DOSES_NMOL_PER_L]
    changes = {"dish.line": line, "changes[1].insulin": doses, "duration": duration, "tests": []}
    return lab.culture("dish_downregulation", {**changes, "record.every": duration})


def islets(lab: Lab) -> Culture:
    """One well for each step of glucose."""
    return lab.culture("dish_islet", {"changes[1].glucose": [f"{dose} mmol/L" for dose in GLUCOSE_MMOL_PER_L]})
