"""Names of the files of results."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

TIMESERIES, TISSUES, CELLS = "timeseries.csv", "tissues.csv", "cells.csv"
MEASURES, EVENTS, LEDGER = "measures.csv", "events.csv", "ledger.csv"
SUMMARY, COLUMNS, MANIFEST = "summary.csv", "columns.csv", "manifest.json"
VISITS, PROBLEMS = "visits.csv", "problems.csv"
FIGURES, OVERVIEW, OWN_POINTS = "figures", "overview.png", "own_points.png"
MOVIE = "movie.mp4"

SNAPSHOT = "snapshot"
"""What a run that is not finished goes on from; no result."""

TABLES = (TIMESERIES, TISSUES, CELLS, VISITS, MEASURES, PROBLEMS, EVENTS, LEDGER, SUMMARY, COLUMNS)

WELLS, TESTS = "wells.csv", "tests.csv"
TIME_COURSE, DOSE_RESPONSE, SCATCHARD = "time_course.png", "dose_response.png", "scatchard.png"

SCOREBOARD, SCOREBOARD_TEXT = "scoreboard.csv", "scoreboard.md"
SCOREBOARD_PICTURE, RIBBONS_PICTURE = "scoreboard.png", "ribbons.png"
NUMBERS, FACTS, REPORT, EVALUATIONS = "numbers.csv", "facts.csv", "calibration.md", "evaluations.jsonl"
DIFFERENCES, COMPARISON = "differences.csv", "comparison.csv"

RUNS, FAILED, STUDY_MANIFEST, JOURNAL, SERIES = "runs.csv", "failed.csv", "study.json", "finished.jsonl", "series"
GROUPS, EFFECTS, SENSITIVITY = "groups.csv", "effects.csv", "sensitivity.csv"
PARQUET = {file: file.replace(".csv", ".parquet") for file in (RUNS, MEASURES, TIMESERIES)}
"""The same tables as Parquet."""

NOTE = "Model output for research and teaching, not medical advice."


class FigureForm(StrEnum):
    """How a picture is kept: as dots, or as lines for print."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"


class Content(NamedTuple):
    """What a folder holds.

    Attributes
    ----------
    called : str
        What messages call it.
    tables : tuple of str
        The tables that it holds.
    proof : str
        The file that is there if it is complete.
    """

    called: str
    tables: tuple[str, ...]
    proof: str

    @property
    def files(self) -> tuple[str, ...]:
        """All that it may hold."""
        return (*self.tables, self.proof, FIGURES)


RUN = Content("the results of a run", TABLES, MANIFEST)
DISH = Content("the results of a dish", (WELLS, TESTS, CELLS, MEASURES, COLUMNS), MANIFEST)
COMPARED = Content("a comparison", (COMPARISON, DIFFERENCES), COMPARISON)
VALIDATION = Content("a scoreboard", (SCOREBOARD, SCOREBOARD_TEXT), MANIFEST)
CALIBRATION = Content("a calibration", (NUMBERS, FACTS, REPORT), EVALUATIONS)
STUDY = Content(
    "a study",
    (RUNS, MEASURES, TIMESERIES, *PARQUET.values(), FAILED, COLUMNS, GROUPS, EFFECTS, SENSITIVITY, JOURNAL, SERIES),
    STUDY_MANIFEST,
)
