"""Several runs side by side: tables of their measures and differences, pictures of their curves and cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from insulin_abm.results import names
from insulin_abm.results.compared import Run, read_runs
from insulin_abm.results.curves_picture import curves_picture
from insulin_abm.results.differences import differences, shown, write_differences
from insulin_abm.results.drawing import save_figure
from insulin_abm.results.place import Place, refuse_what_is_there
from insulin_abm.results.results import Results
from insulin_abm.results.tissue_picture import tissue_picture

PICTURE, TISSUES = f"{names.FIGURES}/curves.png", f"{names.FIGURES}/tissues.png"


def compare(
    results: Sequence[Results],
    folder: str | Path,
    overwrite: bool = False,
    forms: Sequence[names.FigureForm] = (names.FigureForm.PNG,),
) -> list[tuple[str, ...]]:
    """Write tables and pictures of several runs into a folder, which is there only when it is complete.

    Parameters
    ----------
    results : sequence of Results
        What is compared; the first one is what the others are compared with.
    folder : str or Path
        Where.
    overwrite : bool
        Whether a comparison that is there may be replaced.
    forms : sequence of FigureForm
        How each picture is kept.

    Returns
    -------
    list of tuple of str
        A table for people: headings first, then a row per measure, a column per run.

    Raises
    ------
    PlaceError
        There is something already, nothing can be written there, or results are not whole.
    """
    folder = Path(folder)
    refuse_what_is_there(folder, names.COMPARED, overwrite)
    runs = read_runs(results)
    rows = differences(runs)
    with Place(folder, names.COMPARED, overwrite) as place:
        summaries(runs).to_csv(place.part / names.COMPARISON, index=False, lineterminator="\n")
        write_differences(place.part / names.DIFFERENCES, runs, rows)
        save_figure(curves_picture(runs), place.part / PICTURE, forms)
        save_figure(tissue_picture(runs), place.part / TISSUES, forms)
        place.finish()
    return shown(runs, rows)


def summaries(runs: Sequence[Run]) -> pd.DataFrame:
    """Give the measures of all runs, a row per run."""
    table = pd.DataFrame([run.summary for run in runs]).reset_index(drop=True)
    table.insert(0, "run", [run.label for run in runs])
    return table
