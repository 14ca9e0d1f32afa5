"""Which numbers move a measure: designs and analyses of SALib, over the runs of a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from insulin_abm.parameters import Fault, Faults
from insulin_abm.parameters.faults import unknown
from insulin_abm.results import names
from insulin_abm.results.place import whole_file
from insulin_abm.results.tables import write_table
from insulin_abm.studies import pictures
from insulin_abm.studies.draws import Between, at
from insulin_abm.studies.study import Study
from insulin_abm.studies.summary import Shown, measured, read_runs, shown

MORRIS, SOBOL = "morris", "sobol"
METHODS = (MORRIS, SOBOL)
LEVELS = 4
MEANING = {MORRIS: "mean absolute effect (mu*)", SOBOL: "share of variance, with all interactions (total index)"}
COLUMNS = {
    MORRIS: ("measure", "number", "mu_star", "mu_star_confidence", "mu", "sigma"),
    SOBOL: ("measure", "number", "total", "total_confidence", "first_order", "first_order_confidence"),
}
"""Of `sensitivity.csv`: how much a number moves the measure and half the interval of it, then what else each tells."""


@dataclass(frozen=True)
class Design:
    """A sensitivity analysis that is planned.

    Attributes
    ----------
    study : Study
        Its runs, point by point.
    method : str
        One of `METHODS`.
    shares : ndarray
        Points in the unit cube, float64 of shape (points, numbers).
    problem : dict
        What SALib calls the problem.
    """

    study: Study
    method: str
    shares: np.ndarray
    problem: dict[str, Any]


class Sensitivity(NamedTuple):
    """What an analysis found.

    Attributes
    ----------
    table : tuple
        Headings and rows of `sensitivity.csv`, to read.
    picture : Path
        The tornado.
    """

    table: Shown
    picture: Path


def design(study: Study, method: str, size: int, seed: int = 1) -> Design:
    """Plan the runs of an analysis.

    Effects of single steps are those of Morris 1991 (doi:10.1080/00401706.1991.10484804), shares of variance those of
    Saltelli 2010 (doi:10.1016/j.cpc.2009.09.018).

    Parameters
    ----------
    study : Study
        Its `sample` says between what each number is varied.
    method : str
        One of `METHODS`.
    size : int
        Trajectories of Morris, or base points of Sobol (a power of two).
    seed : int
        Of all chance.

    Raises
    ------
    Faults
        The study varies nothing, or too much; the method is not known; the size does not fit it.
    """
    from SALib.sample import morris, sobol

    faults = []
    if method not in METHODS:
        faults.append(unknown("--method", "method", method, METHODS))
    if method == SOBOL and size & (size - 1):
        faults.append(Fault("--size", f"{size} is not a power of two", "Write 64, 128 or 256"))
    if study.sample is None:
        faults.append(Fault("sample", "is missing", "[sample.between] says between what each number is varied"))
    if study.grid or study.cohort or study.twins or len(study.seeds) > 1 or len(study.scenarios) > 1:
        faults.append(Fault("", "one scenario with one seed is varied", "Leave grid, cohort, twins and more seeds out"))
    if faults or study.sample is None:
        raise Faults(faults, study.title)
    between = study.sample.between
    problem = {"num_vars": len(between), "names": list(between), "bounds": [[0.0, 1.0]] * len(between)}
    if method == MORRIS:
        shares = morris.sample(problem, size, num_levels=LEVELS, seed=seed)
    else:
        shares = sobol.sample(problem, size, calc_second_order=False, seed=seed)
    return Design(replace(study, sample=None, points=_points(shares, between)), method, shares, problem)


def _points(shares: np.ndarray, between: Mapping[str, Between]) -> list[dict[str, object]]:
    return [dict(at(row, between)) for row in shares]


def analyse(planned: Design, folder: Path, measures: Sequence[str], seed: int = 1) -> Sensitivity:
    """Analyse the runs of a design: `sensitivity.csv` and a tornado, beside the tables of its study.

    Parameters
    ----------
    planned : Design
        All of its runs are finished.
    folder : Path
        Of its study.
    measures : sequence of str
        What is explained.
    seed : int
        Of the resampling that gives intervals of confidence (95 %).

    Raises
    ------
    Faults
        A measure is not there, or was not measured in all runs.
    """
    runs = read_runs(folder)
    known = measured(runs, folder)
    faults = [unknown("--measure", "measure", name, known) for name in measures if name not in known]
    faults += [
        Fault(f"--measure {name}", "was not measured in all runs", "Choose another, or narrower bounds")
        for name in measures
        if name in known and runs[name].isna().any()
    ]
    if faults:
        raise Faults(faults, str(folder))
    rows = [row for name in measures for row in _explain(planned, name, runs.sort_values("run")[name], seed)]
    columns = COLUMNS[planned.method]
    with whole_file(folder / names.SENSITIVITY) as part:
        write_table(part, columns, rows)
    _, _, size, confidence, *_ = columns
    bars = {
        name: [
            pictures.Bar(str(row["number"]), float(row[size]), float(row[confidence]))
            for row in rows
            if row["measure"] == name
        ]
        for name in measures
    }
    picture = pictures.save(pictures.tornado(bars, MEANING[planned.method]), folder, pictures.TORNADO)
    return Sensitivity(shown(columns, rows), picture)


def _explain(planned: Design, measure: str, values: pd.Series, seed: int) -> list[dict[str, Any]]:
    """Give how much each number moves a measure."""
    from SALib.analyze import morris, sobol

    found = values.to_numpy(float)
    if planned.method == MORRIS:
        one = morris.analyze(planned.problem, planned.shares, found, num_levels=LEVELS, seed=seed)
        found_of_numbers = ("mu_star", "mu_star_conf", "mu", "sigma")
    else:
        one = sobol.analyze(planned.problem, found, calc_second_order=False, seed=seed)
        found_of_numbers = ("ST", "ST_conf", "S1", "S1_conf")
    rows = zip(planned.problem["names"], *(map(float, one[what]) for what in found_of_numbers), strict=True)
    return [dict(zip(COLUMNS[planned.method], (measure, *row), strict=True)) for row in rows]
