"""Results of a run: the tables of a folder as pandas DataFrames, and their picture."""

from __future__ import annotations

import json
import os
import shutil
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from insulin_abm.results import names
from insulin_abm.results.errors import PlaceError
from insulin_abm.results.place import Place

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Results:
    """The results that a folder holds; tables are read when they are asked for.

    Parameters
    ----------
    folder : str or Path
        A folder that `insulin-abm run` wrote.
    temporary : bool
        Whether the folder, with the one around it, shall be removed when this object is gone.

    Attributes
    ----------
    of_dish : bool
        Whether they are of a dish, which has `wells`, `tests`, `cells`, `measures` and `columns`.

    Raises
    ------
    PlaceError
        The folder holds no results.

    Examples
    --------
    >>> results = Results("outputs/healthy_day")  # doctest: +SKIP
    >>> results.summary["homa_ir"]  # doctest: +SKIP
    """

    def __init__(self, folder: str | Path, *, temporary: bool = False) -> None:
        self.folder = Path(folder)
        self.of_dish = (self.folder / names.WELLS).is_file()
        if not self.of_dish and not (self.folder / names.TIMESERIES).is_file():
            what = "holds no results of a run" if self.folder.is_dir() else "is no folder of results"
            raise PlaceError(f"{self.folder}: {what} (there is no {names.TIMESERIES} or {names.WELLS} in it)")
        if temporary:
            weakref.finalize(self, shutil.rmtree, self.folder.parent, ignore_errors=True)

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return str(self.manifest["name"])

    @property
    def manifest(self) -> dict[str, Any]:
        """What was run, with what."""
        try:
            return dict(json.loads((self.folder / names.MANIFEST).read_text("utf-8")))
        except (OSError, ValueError) as error:
            raise PlaceError(f"{self.folder / names.MANIFEST}: cannot be read: {error}") from error

    @property
    def wells(self) -> pd.DataFrame:
        """A row per recording and well of a dish."""
        return self.read(names.WELLS)

    @property
    def tests(self) -> pd.DataFrame:
        """A row per test dose of a dish."""
        return self.read(names.TESTS)

    @property
    def timeseries(self) -> pd.DataFrame:
        """A row per recording: the body."""
        return self.read(names.TIMESERIES)

    @property
    def tissues(self) -> pd.DataFrame:
        """A row per recording and kind of cell."""
        return self.read(names.TISSUES)

    @property
    def cells(self) -> pd.DataFrame:
        """A row per cell and snapshot."""
        return self.read(names.CELLS)

    @property
    def measures(self) -> pd.DataFrame:
        """A row per measure."""
        return self.read(names.MEASURES)

    @property
    def visits(self) -> pd.DataFrame:
        """A row per visit to the clinic and minute: the copy of the body on which it was done."""
        return self.read(names.VISITS)

    @property
    def problems(self) -> pd.DataFrame:
        """What could not be done in visits, or went wrong there; usually nothing."""
        return self.read(names.PROBLEMS)

    @property
    def events(self) -> pd.DataFrame:
        """What happened."""
        return self.read(names.EVENTS)

    @property
    def ledger(self) -> pd.DataFrame:
        """The balance."""
        return self.read(names.LEDGER)

    @property
    def columns(self) -> pd.DataFrame:
        """Name, unit and meaning of every column."""
        return self.read(names.COLUMNS)

    @property
    def summary(self) -> pd.Series:
        """The measures of the whole run, by name."""
        return self.read(names.SUMMARY).iloc[0]

    def read(self, file: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Read one of the tables.

        Parameters
        ----------
        file : str
            Which.
        columns : list of str, optional
            The columns that are wanted (all, if left out).

        Raises
        ------
        PlaceError
            It is not there or not a table.
        """
        try:
            return pd.read_csv(self.folder / file, usecols=columns)
        except (OSError, ValueError) as error:  # pandas' errors of parsing are ValueErrors
            raise PlaceError(f"{self.folder / file}: cannot be read: {error}") from error

    def plot(self) -> Figure:
        """Draw the overview of the run, or the time course of the dish."""
        if self.of_dish:
            from insulin_abm.results.dish_picture import time_course

            return time_course(self)
        from insulin_abm.results.overview import overview

        return overview(self)

    def save(self, folder: str | Path, overwrite: bool = False) -> Results:
        """Copy the results to another folder.

        Raises
        ------
        PlaceError
            There is something already, or nothing can be written there.
        """
        with Place(Path(folder), names.DISH if self.of_dish else names.RUN, overwrite) as place:
            shutil.copytree(self.folder, place.part, dirs_exist_ok=True)
            place.finish()
        return Results(folder)

    def told_problems(self) -> list[str]:
        """Say what went wrong in visits, in a line each; a dish has none."""
        if self.of_dish:
            return []
        return [f"{row.visit} at minute {row.time_min:g}: {row.problem}" for row in self.problems.itertuples()]

    def _repr_html_(self) -> str:
        """Show the picture and the summary in a notebook."""
        from insulin_abm.results.notebook import shown_in_notebook

        return shown_in_notebook(self)

    def __repr__(self) -> str:
        return f"<Results of {self.name} in {os.fspath(self.folder)}>"
