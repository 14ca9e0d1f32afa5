"""What a comparison needs of each run: its label, its curves, its meals, and its cells at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from insulin_abm.parameters import Fault, Faults
from insulin_abm.results.errors import PlaceError
from insulin_abm.results.identity import file_sha256
from insulin_abm.results.measures import FOOD, TIME
from insulin_abm.results.names import MANIFEST
from insulin_abm.results.results import Results

COURSES = {
    "plasma_glucose_mmol_per_l": "mmol/L",
    "plasma_insulin_pmol_per_l": "pmol/L",
    "plasma_ffa_mmol_per_l": "mmol/L",
    "plasma_triglyceride_mmol_per_l": "mmol/L",
    "endogenous_glucose_production_mmol_per_min": "mmol/min",
    "liver_glycogen_mmol_per_l": "mmol/L",
    "muscle_receptors_per_cell": "receptors",
    "fat_receptors_per_cell": "receptors",
    "liver_receptors_per_cell": "receptors",
}
"""The columns of `timeseries.csv` that are compared, and their units."""
FEWEST = 2


@dataclass(frozen=True)
class Run:
    """A finished run among others.

    Attributes
    ----------
    label : str
        What tells it from the others.
    start_min_of_day : int
        What the clock said at minute 0.
    summary : Series
        Its measures, by name.
    series : DataFrame
        `time_min` and the columns `COURSES`.
    meals : DataFrame
        When something was eaten or drunk, and what: `time_min`, `details`.
    cells : DataFrame
        The cells at the last snapshot in the order of patches: `kind`, `patch`, `receptors` (on the surface), `signal`.
    patches : DataFrame
        The first and the last patch that cells of a kind live in, by kind: `min`, `max`.
    snapshot_min : float
        When that snapshot was.
    """

    label: str
    start_min_of_day: int
    summary: pd.Series
    series: pd.DataFrame
    meals: pd.DataFrame
    cells: pd.DataFrame
    patches: pd.DataFrame
    snapshot_min: float

    @property
    def end_min(self) -> float:
        """The last recorded minute."""
        return float(self.series[TIME].iloc[-1])

    def course(self, column: str, until_min: float) -> tuple[np.ndarray, np.ndarray]:
        """Give the times and values of a column from the start to a minute, which is interpolated."""
        time, values = self.series[TIME].to_numpy(float), self.series[column].to_numpy(float)
        times = np.append(time[time < until_min], until_min)
        return times, np.interp(times, time, values)


def refuse_folders(folders: Sequence[Path]) -> None:
    """Refuse to compare too few runs, or one with itself.

    Raises
    ------
    Faults
        It is so.
    """
    paths = [folder.resolve() for folder in folders]
    twice = [folder for folder, path in zip(folders, paths, strict=True) if paths.count(path) > 1]
    if twice:
        raise Faults([Fault("", f"{twice[0]} is named twice", "Name every run once")], "compare")
    if len(folders) < FEWEST:
        raise Faults([Fault("", "one run alone cannot be compared", "Name at least two folders of results")], "compare")


def read_runs(results: Sequence[Results]) -> list[Run]:
    """Read what a comparison needs of finished runs.

    Raises
    ------
    PlaceError
        A folder does not hold all of it, or is of a dish.
    """
    for one in results:
        if one.of_dish:
            raise PlaceError(f"{one.folder}: is of a dish; a dish holds its own comparison, well beside well")
    labels = labels_of([one.folder for one in results])
    return [_read(one, label) for one, label in zip(results, labels, strict=True)]


def labels_of(folders: Sequence[Path]) -> list[str]:
    """Give each folder the shortest end of its path that no other has."""
    paths = [folder.resolve().parts for folder in folders]
    labels = []
    for parts in paths:
        ends = (parts[-count:] for count in range(1, len(parts) + 1))
        shortest = next((end for end in ends if sum(other[-len(end) :] == end for other in paths) == 1), parts)
        labels.append(str(Path(*shortest)))
    return labels


def _refuse_changed(results: Results) -> None:
    """Refuse tables that are not as the run wrote them."""
    for file, written in results.manifest["outputs_sha256"].items():
        if file_sha256(results.folder / file) != written:
            problem = f"{results.folder / file}: is not as the run wrote it"
            raise PlaceError(f"{problem} (its hash is not the one in {MANIFEST}); run the scenario again")


def _read(results: Results, label: str) -> Run:
    try:
        _refuse_changed(results)
        cells, events = results.cells, results.events
        cells["receptors"] = cells["surface_receptors"] + cells["bound_receptors"]
        last_min = float(results.timeseries[TIME].iloc[-1])
        snapshot_min = float(cells[TIME].iloc[-1]) if len(cells) else last_min
        last = cells.loc[cells[TIME] == snapshot_min, ["kind", "patch", "receptors", "signal"]]
        return Run(
            label=label,
            start_min_of_day=int(results.manifest["scenario"]["start_min_of_day"]),
            summary=results.summary,
            series=results.timeseries[[TIME, *COURSES]].astype(float),
            meals=events.loc[events["event"].isin(FOOD), [TIME, "details"]],
            cells=last.sort_values("patch", kind="stable", ignore_index=True),
            patches=cells.groupby("kind")["patch"].agg(["min", "max"]),
            snapshot_min=snapshot_min,
        )
    except (KeyError, IndexError, TypeError, ValueError, OSError) as error:
        raise PlaceError(f"{results.folder}: these are not the whole results of a run: {error!r}") from error


def common_end(runs: Sequence[Run]) -> float:
    """Give the last minute that all runs have."""
    return min(run.end_min for run in runs)


def common_meals(runs: Sequence[Run]) -> list[float]:
    """Give when all runs eat the same in their common time (empty: they do not)."""
    end = common_end(runs)
    first, *others = ([tuple(meal) for meal in run.meals.to_numpy() if meal[0] < end] for run in runs)
    return [float(meal[0]) for meal in first] if all(other == first for other in others) else []


def chance_of(results: Sequence[Results]) -> str:
    """Say whether runs are twins, which share every draw of chance."""
    labels = labels_of([one.folder for one in results])
    seeds = [one.manifest["seed"] for one in results]
    if len(set(seeds)) > 1:
        return "different seeds: " + ", ".join(f"{label} {seed}" for label, seed in zip(labels, seeds, strict=True))
    first, *others = (dict(one.manifest["scenario"]["cells"]) for one in results)
    kinds = sorted({kind for other in others for kind in first | other if first.get(kind) != other.get(kind)})
    if kinds:
        return f"same seed, but not the same number of cells ({', '.join(kinds)})"
    return "same seed: they share every draw"
