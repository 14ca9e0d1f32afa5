"""What a study shows: means and bands of its groups, how far they are apart, and twins in pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from insulin_abm.parameters import Faults
from insulin_abm.parameters.faults import unknown
from insulin_abm.results import names
from insulin_abm.results.errors import PlaceError
from insulin_abm.results.place import whole_file
from insulin_abm.results.tables import write_table
from insulin_abm.studies import pictures
from insulin_abm.studies.study import AS_IT_IS
from insulin_abm.studies.tables import MEASURED

LOW, HIGH, CONFIDENCE = 0.1, 0.9, 0.95
OF_GROUPS = ("measure", "group", "runs", "mean", "sd", "p10", "p90")
OF_EFFECTS = ("measure", "group", "against", "pairs", "difference", "low", "high", "effect_size")
FEWEST = 2

Shown = tuple[tuple[str, ...], list[tuple[str, ...]]]


class Summary(NamedTuple):
    """What was written about a study.

    Attributes
    ----------
    groups, effects : tuple
        Headings and rows of `groups.csv` and `effects.csv`, to read (no effects: there is one group).
    pictures : list of Path
        What was drawn.
    """

    groups: Shown
    effects: Shown | None
    pictures: list[Path]


def summarise(folder: Path, by: str = "group", measures: Sequence[str] = ()) -> Summary:
    """Summarise a study: `groups.csv`, `effects.csv` and pictures, beside its tables.

    An effect is the difference of a group's mean from the first one's, with its interval of confidence (Welch 1947,
    doi:10.1093/biomet/34.1-2.28), and over the standard deviation within groups (Cohen's d). Of twins it is the mean of
    the differences within pairs, with the interval of a paired test, and over the standard deviation of the
    differences.

    Parameters
    ----------
    folder : Path
        Of the study.
    by : str
        The column of `runs.csv` that makes groups.
    measures : sequence of str
        The columns that are summarised; all measures, if none is named.

    Raises
    ------
    PlaceError
        There is no study.
    Faults
        A column is not there.
    """
    runs = read_runs(folder)
    chosen = list(measures) or measured(runs, folder)
    faults = [unknown("--measure", "measure", name, measured(runs, folder)) for name in chosen if name not in runs]
    if by not in runs:
        faults.append(unknown("--by", "column", by, runs.columns))
    if faults:
        raise Faults(faults, str(folder))
    twins = runs["twin"].notna().any()
    groups = [row for name in chosen for row in _groups(runs, name, [by, "twin"] if twins else [by])]
    effects = [row for name in chosen for row in (_pairs(runs, name, by) if twins else _differences(runs, name, by))]
    for file, columns, rows in ((names.GROUPS, OF_GROUPS, groups), (names.EFFECTS, OF_EFFECTS, effects)):
        with whole_file(folder / file) as part:
            write_table(part, columns, rows)
    drawn = pictures.draw_all(folder, runs, by)
    return Summary(shown(OF_GROUPS, groups), shown(OF_EFFECTS, effects) if effects else None, drawn)


def read_runs(folder: Path) -> pd.DataFrame:
    """Read the finished runs of a study.

    Raises
    ------
    PlaceError
        There are none.
    """
    try:
        runs = pd.read_csv(folder / names.RUNS, dtype={"twin": object, "group": object})
    except (OSError, pd.errors.EmptyDataError) as error:
        raise PlaceError(f"{folder}: holds no {names.RUNS} of a study; 'insulin-abm batch STUDY' makes one") from error
    if runs.empty:
        raise PlaceError(f"{folder}: no run of the study is finished")
    return runs


def measured(runs: pd.DataFrame, folder: Path) -> list[str]:
    """Name the columns of `runs.csv` that were measured."""
    notes = pd.read_csv(folder / names.COLUMNS, keep_default_na=False)
    of_measures = notes[(notes["file"] == names.RUNS) & (notes["meaning"] == MEASURED)]["name"]
    return [name for name in of_measures if name in runs]


def _groups(runs: pd.DataFrame, name: str, by: list[str]) -> Iterable[dict[str, object]]:
    """Describe a measure in every group."""
    for key, values in runs.groupby(by, sort=False, dropna=False)[name]:
        known = values.dropna().to_numpy(float)
        if not len(known):
            continue
        spread = float(known.std(ddof=1)) if len(known) >= FEWEST else np.nan
        called = ", ".join(str(part) for part in key)
        low, high = (float(one) for one in np.quantile(known, (LOW, HIGH)))
        yield _row(OF_GROUPS, name, called, len(known), float(known.mean()), spread, low, high)


def _differences(runs: pd.DataFrame, name: str, by: str) -> Iterable[dict[str, object]]:
    """Set every group against the first one."""
    groups = [(str(key), values.dropna().to_numpy(float)) for key, values in runs.groupby(by, sort=False)[name]]
    groups = [(key, values) for key, values in groups if len(values) >= FEWEST]
    for key, values in groups[1:]:
        first, usual = groups[0]
        found = stats.ttest_ind(values, usual, equal_var=False).confidence_interval(CONFIDENCE)
        within = np.sqrt(0.5 * (values.var(ddof=1) + usual.var(ddof=1)))
        difference = float(values.mean() - usual.mean())
        effect = difference / within if within else np.nan
        yield _row(OF_EFFECTS, name, key, first, 0, difference, float(found.low), float(found.high), float(effect))


def _pairs(runs: pd.DataFrame, name: str, by: str) -> Iterable[dict[str, object]]:
    """Set every twin against the one as it is, pair by pair."""
    same = list(dict.fromkeys(["scenario", "group", "person", "seed", by]))
    side_by_side = runs.pivot_table(index=same, columns="twin", values=name, sort=False)
    if AS_IT_IS not in side_by_side:
        return
    for twin in (one for one in side_by_side.columns if one != AS_IT_IS):
        both = side_by_side[[AS_IT_IS, twin]].dropna()
        for key, pair in both.groupby(level=by, sort=False):
            change = (pair[twin] - pair[AS_IT_IS]).to_numpy(float)
            spread = float(change.std(ddof=1)) if len(change) >= FEWEST else 0.0
            low = high = effect = np.nan
            if spread:
                found = stats.ttest_1samp(change, 0.0).confidence_interval(CONFIDENCE)
                low, high, effect = float(found.low), float(found.high), float(change.mean() / spread)
            called = f"{key}, {twin}"
            yield _row(OF_EFFECTS, name, called, AS_IT_IS, len(change), float(change.mean()), low, high, effect)


def _row(columns: Sequence[str], *values: object) -> dict[str, object]:
    return dict(zip(columns, values, strict=True))


def shown(columns: tuple[str, ...], rows: list[dict[str, object]]) -> Shown:
    """Write rows to be read."""
    texts = [
        tuple(f"{value:.4g}" if isinstance(value, float) else str(value) for value in row.values()) for row in rows
    ]
    return columns, texts
