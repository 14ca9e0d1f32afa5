"""What can be read off a person at a moment: the numbers that the result files hold."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from insulin_abm.body import Body
from insulin_abm.engine.agents import RowAgent
from insulin_abm.organs.blood import Blood
from insulin_abm.organs.brain import Brain
from insulin_abm.organs.gut import Gut
from insulin_abm.organs.kidneys import Kidneys
from insulin_abm.organs.vessels import Vessels
from insulin_abm.parameters.conversions import PERCENT
from insulin_abm.parameters.quantities import power_of_time
from insulin_abm.stepped import SteppedWorld
from insulin_abm.tissue.tissue import Tissue

LOW_PERCENTILE, HIGH_PERCENTILE = 10, 90
HALF = 0.5


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


def in_minutes(world: SteppedWorld, cls: type[RowAgent], name: str) -> np.ndarray:
    """Give a column as people read it: agents count time in steps, people in minutes, as its unit says."""
    values = world.populations[cls].columns[name]
    if world.step_min == 1.0:
        return values
    return values * world.step_min ** power_of_time(cls.columns[name].unit)


def _of_organ(organ: type[RowAgent], column: str) -> Callable[[Body], float]:
    return lambda body: float(in_minutes(body, organ, column)[0])


def _of_blood(column: str) -> Callable[[Body], float]:
    return _of_organ(Blood, column)


def _of_tissue(tissue: str, column: str) -> Callable[[Body], float]:
    return lambda body: float(in_minutes(body, Tissue, column)[body.tissue(tissue).row])


def _of_cells(kind: str, column: str) -> Callable[[Body], float]:
    def mean(body: Body) -> float:
        values = in_minutes(body, body.cell_classes[kind], column)
        return float(values.mean(dtype=np.float64)) if len(values) else float("nan")

    return mean


def _endogenous_production(body: Body) -> float:
    return sum(float(output) for output in in_minutes(body, Tissue, "glucose_output"))


READINGS = (
    Reading("time_min", "min", "time since the start of the scenario", lambda body: float(body.time)),
    Reading("plasma_glucose_mmol_per_l", "mmol/L", "glucose in plasma", _of_blood("plasma_glucose")),
    Reading("plasma_insulin_pmol_per_l", "pmol/L", "insulin in plasma", _of_blood("plasma_insulin")),
    Reading("plasma_glucagon_pmol_per_l", "pmol/L", "glucagon in plasma", _of_blood("plasma_glucagon")),
    Reading("plasma_ffa_mmol_per_l", "mmol/L", "free fatty acids in plasma", _of_blood("plasma_fatty_acid")),
    Reading("plasma_3_hydroxybutyrate_mmol_per_l", "mmol/L", "ketones in plasma", _of_blood("plasma_ketone")),
    Reading("plasma_triglyceride_mmol_per_l", "mmol/L", "triglyceride in plasma", _of_blood("plasma_triglyceride")),
    Reading(
        "glucose_appearance_mmol_per_min",
        "mmol/min",
        "glucose absorbed from food",
        _of_organ(Gut, "absorbed"),
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
        _of_organ(Brain, "glucose_used"),
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
    Reading("body_weight_kg", "kg", "body weight", lambda body: body.measured().weight_kg),
    Reading(
        "systolic_pressure_mmhg",
        "mmHg",
        "systolic blood pressure (association with age, build and insulin)",
        _of_organ(Vessels, "systolic_pressure"),
    ),
    Reading(
        "egfr_ml_per_min_per_1p73m2",
        "mL/min/(1.73m^2)",
        "estimated glomerular filtration",
        _of_organ(Kidneys, "filtration_index"),
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
    "glycogen": ("mmol/L", "glycogen in a litre of muscle or liver"),
    "ectopic_lipid": ("1", "lipid in a muscle or liver cell relative to that of a healthy person"),
    "lipid": ("1", "lipid in a fat cell relative to a usual one"),
    "glut4_pool": ("1", "GLUT4 of a muscle cell relative to usual"),
}


def read_tissues(body: Body) -> list[dict[str, float | str]]:
    """Rows of `tissues.csv`: per kind of cell the mean and two percentiles over its cells."""
    rows: list[dict[str, float | str]] = []
    for kind, cls in body.cell_classes.items():
        columns = {name: in_minutes(body, cls, name) for name in TISSUE_COLUMNS if name in cls.columns}
        here = tuple(columns)
        values = np.array(list(columns.values()), np.float64)
        values[here.index("surface_receptors")] += body.populations[cls].columns["bound_receptors"]
        cells = values.shape[1]
        row: dict[str, float | str] = {"time_min": float(body.time), "tissue": kind, "cells": float(cells)}
        rows.append(row | _NO_CELLS | (dict(zip(_spread_names(here), _spread(values), strict=True)) if cells else {}))
    return rows


_SPREAD = ("mean", "p10", "p90")
_NO_CELLS = {f"{name}_{what}": math.nan for name in TISSUE_COLUMNS for what in _SPREAD}


@cache
def _spread_names(columns: tuple[str, ...]) -> list[str]:
    return [f"{name}_{what}" for name in columns for what in _SPREAD]


def _spread(values: np.ndarray) -> list[float]:
    """Mean and percentiles of every row, row after row: what `numpy.percentile` gives, in a tenth of its time."""
    means = values.mean(axis=1)
    values.sort(axis=1)
    values[np.isnan(means)] = math.nan  # else the sort would hide one that is not known
    spread = np.array([means, *(_percentile(values, percent) for percent in (LOW_PERCENTILE, HIGH_PERCENTILE))])
    return spread.T.ravel().tolist()


def _percentile(ordered: np.ndarray, percent: float) -> np.ndarray:
    """Percentile of every ordered row, between its two neighbours."""
    last = ordered.shape[1] - 1
    place = last * (percent / PERCENT)
    before = math.floor(place)
    share = place - before
    low, high = ordered[:, before], ordered[:, min(before + 1, last)]
    return low + (high - low) * share if share < HALF else high - (high - low) * (1.0 - share)
