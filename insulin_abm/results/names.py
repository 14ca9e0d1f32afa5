"""Names of the files of results."""

from __future__ import annotations

from typing import NamedTuple

TIMESERIES, TISSUES, CELLS = "timeseries.csv", "tissues.csv", "cells.csv"
MEASURES, EVENTS, LEDGER = "measures.csv", "events.csv", "ledger.csv"
SUMMARY, COLUMNS, MANIFEST = "summary.csv", "columns.csv", "manifest.json"
FIGURES, OVERVIEW = "figures", "overview.png"

SNAPSHOT = "snapshot"
"""What a run that is not finished goes on from; no result."""

TABLES = (TIMESERIES, TISSUES, CELLS, MEASURES, EVENTS, LEDGER, SUMMARY, COLUMNS)

DIFFERENCES, COMPARISON = "differences.csv", "comparison.csv"

NOTE = "Model output for research and teaching, not medical advice."


class Content(NamedTuple):
    """What a folder holds.

    Attributes
    ----------
    called : str
        What messages call it.
    files : tuple of str
        All that it may hold.
    proof : str
        The file that is there if it is complete.
    """

    called: str
    files: tuple[str, ...]
    proof: str


RUN = Content("the results of a run", (*TABLES, MANIFEST, FIGURES), MANIFEST)
COMPARED = Content("a comparison", (COMPARISON, DIFFERENCES, FIGURES), COMPARISON)
