"""What can be read off a person at a moment: the numbers that the result files hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from insulin_abm.body import Body
from insulin_abm.organs.blood import Blood
from insulin_abm.organs.brain import Brain
from insulin_abm.organs.gut import Gut
from insulin_abm.organs.kidneys import Kidneys
from insulin_abm.organs.vessels import Vessels

LOW_PERCENTILE, HIGH_PERCENTILE = 10, 90


@dataclass(frozen=True)
class Reading:
    """One number read off a body.

    Attributes
    ----------
    name, unit, meaning : str
        Name of the column in `timeseries.csv`, its unit and one line of meaning.
    read : callable
        Takes the body, gives the number.
    """

    name: str
    unit: str
    meaning: str
    read: Callable[[Body], float]


def _of_blood(column: str) -> Callable[[Body], float]:
    return lambda body: float(body.populations[Blood].columns[column][0])


def _of_tissue(tissue: str, column: str) -> Callable[[Body], float]:
    return lambda body: float(getattr(body.tissue(tissue), column))


def _of_cells(kind: str, column: str) -> Callable[[Body], float]:
    def mean(body: Body) -> float:
        values = body.populations[body.cell_classes[kind]].columns[column]
        return float(values.mean(dtype=np.float64)) if len(values) else float("nan")

    return mean


def _endogenous_production(body: Body) -> float:
    return sum(float(body.tissue(name).glucose_output) for name in body.anatomy)


READINGS = (
    Reading("time_min", "min", "time since the start of the scenario", lambda body: float(body.time)),
    Reading("plasma_glucose_mmol_per_l", "mmol/L", "glucose in plasma", _of_blood("plasma_glucose")),
    Reading("plasma_insulin_pmol_per_l", "pmol/L", "insulin in plasma", _of_blood("plasma_insulin")),
    Reading("plasma_glucagon_pmol_per_l", "pmol/L", "glucagon in plasma", _of_blood("plasma_glucagon")),
    Reading("plasma_ffa_mmol_per_l", "mmol/L", "free fatty acids in plasma", _of_blood("plasma_fatty_acid")),
    Reading("plasma_triglyceride_mmol_per_l", "mmol/L", "triglyceride in plasma", _of_blood("plasma_triglyceride")),
    Reading(
        "glucose_appearance_mmol_per_min",
        "mmol/min",
        "glucose absorbed from food",
        lambda body: body.organ(Gut).absorbed,
    ),
    Reading(
        "endogenous_glucose_production_mmol_per_min", "mmol/min", "glucose made by the body", _endogenous_production
    ),
    Reading(
        "insulin_secretion_pmol_per_min", "pmol/min", "insulin secreted by beta cells", _of_blood("insulin_secreted")
    ),
    Reading(
        "muscle_glucose_uptake_mmol_per_min",
        "mmol/min",
        "glucose taken up by muscle",
        _of_tissue("muscle", "glucose_uptake"),
    ),
    Reading(
        "fat_glucose_uptake_mmol_per_min", "mmol/min", "glucose taken up by fat", _of_tissue("fat", "glucose_uptake")
    ),
    Reading(
        "liver_glucose_uptake_mmol_per_min",
        "mmol/min",
        "glucose taken up by the liver",
        _of_tissue("liver", "glucose_uptake"),
    ),
    Reading(
        "brain_glucose_uptake_mmol_per_min",
        "mmol/min",
        "glucose used by brain and red cells",
        lambda body: body.organ(Brain).glucose_used,
    ),
    Reading("urinary_glucose_mmol_per_min", "mmol/min", "glucose lost in urine", _of_blood("glucose_excreted")),
    Reading("liver_glycogen_mmol_per_l", "mmol/L", "glycogen in a litre of liver", _of_cells("liver", "glycogen")),
    Reading(
        "muscle_receptors_per_cell",
        "receptors",
        "free and bound insulin receptors on the surface of an average muscle cell",
        lambda body: _surface(body, "muscle"),
    ),
    Reading(
        "fat_receptors_per_cell",
        "receptors",
        "the same for an average fat cell",
        lambda body: _surface(body, "fat"),
    ),
    Reading(
        "liver_receptors_per_cell",
        "receptors",
        "the same for an average liver cell",
        lambda body: _surface(body, "liver"),
    ),
    Reading("body_weight_kg", "kg", "body weight", lambda body: body.person.weight_kg),
    Reading(
        "systolic_pressure_mmhg",
        "mmHg",
        "systolic blood pressure (association with age, build and insulin)",
        lambda body: body.organ(Vessels).systolic_pressure,
    ),
    Reading(
        "egfr_ml_per_min_per_1p73m2",
        "mL/min/(1.73m^2)",
        "estimated glomerular filtration",
        lambda body: body.organ(Kidneys).filtration_index,
    ),
)
"""The columns of `timeseries.csv`, in their order; a change is a line in CHANGELOG.md."""


def _surface(body: Body, kind: str) -> float:
    return _of_cells(kind, "surface_receptors")(body) + _of_cells(kind, "bound_receptors")(body)


def read_body(body: Body) -> dict[str, float]:
    """One row of `timeseries.csv`."""
    return {reading.name: float(reading.read(body)) for reading in READINGS}


TISSUE_COLUMNS = {
    "surface_receptors": ("receptors", "free and bound insulin receptors on the surface of a cell"),
    "internal_receptors": ("receptors", "insulin receptors inside a cell"),
    "signal": ("1", "insulin signal of a cell"),
    "local_insulin": ("nmol/L", "insulin around a cell"),
    "local_glucose": ("mmol/L", "glucose around a cell"),
    "glycogen": ("mmol/L", "glycogen in a litre of liver"),
    "ectopic_lipid": ("1", "lipid in a muscle or liver cell relative to that of a healthy person"),
    "lipid": ("1", "lipid in a fat cell relative to a usual one"),
    "glut4_pool": ("1", "GLUT4 of a muscle cell relative to usual"),
}


def read_tissues(body: Body) -> list[dict[str, float | str]]:
    """Rows of `tissues.csv`: per kind of cell the mean and two percentiles over its cells."""
    rows: list[dict[str, float | str]] = []
    for kind, cls in body.cell_classes.items():
        columns = body.populations[cls].columns
        row: dict[str, float | str] = {
            "time_min": float(body.time),
            "tissue": kind,
            "cells": float(body.populations[cls].size),
        }
        for name in TISSUE_COLUMNS:
            values = np.asarray(columns[name], np.float64) if name in columns else np.empty(0)
            if name == "surface_receptors":
                values = values + columns["bound_receptors"]
            row |= _spread(name, values)
        rows.append(row)
    return rows


def _spread(name: str, values: np.ndarray) -> dict[str, float | str]:
    if not len(values):
        return {f"{name}_{what}": float("nan") for what in ("mean", "p10", "p90")}
    low, high = np.percentile(values, [LOW_PERCENTILE, HIGH_PERCENTILE])
    return {f"{name}_mean": float(values.mean()), f"{name}_p10": float(low), f"{name}_p90": float(high)}
