"""What is read off a person in a clinic, minute by minute: all that a run records, and what tracers and probes show."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from insulin_abm.body import Body
from insulin_abm.organs.blood import Blood
from insulin_abm.parameters.conversions import FMOL_PER_MMOL, ML_PER_L, PMOL_PER_NMOL
from insulin_abm.readings import READINGS, Reading, in_minutes
from insulin_abm.tissue.patch import Patch
from insulin_abm.tissue.tissue import Tissue


def _disposal(body: Body) -> float:
    used = ("glucose_used", "organ_glucose_used")
    return sum(float(in_minutes(body, Blood, column)[0]) for column in used)


def _around_cells(tissue: str) -> Callable[[Body], float]:
    """Free insulin around the cells of a tissue, mean over its patches, pmol/L."""

    def mean(body: Body) -> float:
        patches = body.populations[Patch]
        here = patches.place == body.tissue(tissue).row
        return PMOL_PER_NMOL * float(patches.columns["local_insulin"][here].mean(dtype=np.float64))

    return mean


def _extraction(body: Body) -> float:
    """Share of the insulin that flows into the liver and does not flow out again."""
    liver = body.tissue("liver")
    return 1.0 - liver.insulin_out / liver.insulin_in if liver.insulin_in else math.nan


def _liver_clearance(body: Body) -> float:
    """Plasma that flows through the liver, times what it keeps."""
    return ML_PER_L * float(in_minutes(body, Tissue, "insulin_flow")[body.tissue("liver").row]) * _extraction(body)


def _cleared_from_plasma(body: Body, pmol_per_min: float) -> float:
    plasma = body.blood.plasma_insulin
    return ML_PER_L * pmol_per_min / plasma if plasma else math.nan


def _kidney_clearance(body: Body) -> float:
    return _cleared_from_plasma(body, _of_blood("insulin_cleared")(body))


def _whole_clearance(body: Body) -> float:
    """Liver, kidneys, and what muscle, fat and islets keep of what plasma brings."""
    kept = in_minutes(body, Tissue, "insulin_from_blood")
    others = sum(float(kept[row]) for row, name in enumerate(body.anatomy) if name != "liver")
    return _liver_clearance(body) + _kidney_clearance(body) + _cleared_from_plasma(body, others)


def _lipid_clearance(body: Body) -> float:
    """Plasma that fat would clear of triglyceride if there were little of it."""
    cleared = _of_blood("triglyceride_cleared")(body)
    return ML_PER_L * cleared * body.records[Blood]["person_triglyceride_volume"]


def _of_muscle(column: str) -> Callable[[Body], float]:
    """Mean of a column over muscle cells."""
    return lambda body: float(in_minutes(body, body.cell_classes["muscle"], column).mean(dtype=np.float64))


def _in_muscle(column: str) -> Callable[[Body], float]:
    """Glucose of all muscle cells, mmol/min, from a column in packets."""

    def whole(body: Body) -> float:
        cls = body.cell_classes["muscle"]
        packets = float(in_minutes(body, cls, column).sum(dtype=np.float64)) / body.step_min
        return packets * body.parameters["tissue.packet"].value / FMOL_PER_MMOL * body.tissue("muscle").scale

    return whole


def _oxidation(body: Body) -> float:
    """Muscle, brain and red cells."""
    return _in_muscle("glucose_oxidised")(body) + _of_blood("organ_glucose_used")(body)


def _of_blood(column: str) -> Callable[[Body], float]:
    return lambda body: float(in_minutes(body, Blood, column)[0])


TRACED = (
    Reading("glucose_infusion_mmol_per_min", "mmol/min", "glucose infused", _of_blood("glucose_infused")),
    Reading("insulin_infusion_pmol_per_min", "pmol/min", "insulin infused", _of_blood("insulin_infused")),
    Reading("glucose_disposal_mmol_per_min", "mmol/min", "glucose that all cells, brain and red cells use", _disposal),
    Reading("ffa_release_mmol_per_min", "mmol/min", "fatty acids that fat releases", _of_blood("fatty_acid_released")),
    Reading("fat_lipid_clearance_ml_per_min", "mL/min", "plasma that fat can clear of triglyceride", _lipid_clearance),
    Reading("liver_insulin_pmol_per_l", "pmol/L", "free insulin around liver cells", _around_cells("liver")),
    Reading("muscle_insulin_pmol_per_l", "pmol/L", "free insulin around muscle cells", _around_cells("muscle")),
    Reading("fat_insulin_pmol_per_l", "pmol/L", "free insulin around fat cells", _around_cells("fat")),
    Reading("liver_insulin_extraction", "1", "share of insulin that the liver keeps of what flows in", _extraction),
    Reading("insulin_clearance_ml_per_min", "mL/min", "plasma that all organs clear of insulin", _whole_clearance),
    Reading("liver_insulin_clearance_ml_per_min", "mL/min", "of it by the liver", _liver_clearance),
    Reading("kidney_insulin_clearance_ml_per_min", "mL/min", "of it by the kidneys", _kidney_clearance),
    Reading("muscle_signal", "1", "insulin signal of an average muscle cell", _of_muscle("signal")),
    Reading("muscle_glycogen_mmol_per_l", "mmol/L", "glycogen in a litre of muscle", _of_muscle("glycogen")),
    Reading(
        "glucose_oxidation_mmol_per_min", "mmol/min", "glucose oxidised by muscle, brain and red cells", _oxidation
    ),
    Reading(
        "muscle_glycogen_synthesis_mmol_per_min",
        "mmol/min",
        "glucose that muscle stores as glycogen",
        _in_muscle("glucose_stored"),
    ),
)
"""What a clinic sees besides what a run records."""

WATCHED = (*READINGS, *TRACED)
"""The columns of `visits.csv` after the first, in their order; a change is a line in CHANGELOG.md."""


def watch(body: Body) -> dict[str, float]:
    """Read all of them."""
    return {reading.name: float(reading.read(body)) for reading in WATCHED}
