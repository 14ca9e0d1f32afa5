"""Names of the files of results."""

from __future__ import annotations

TIMESERIES, TISSUES, CELLS = "timeseries.csv", "tissues.csv", "cells.csv"
MEASURES, EVENTS, LEDGER = "measures.csv", "events.csv", "ledger.csv"
SUMMARY, COLUMNS, MANIFEST = "summary.csv", "columns.csv", "manifest.json"
FIGURES, OVERVIEW = "figures", "overview.png"

TABLES = (TIMESERIES, TISSUES, CELLS, MEASURES, EVENTS, LEDGER, SUMMARY, COLUMNS)
RESULTS = (*TABLES, MANIFEST, FIGURES)
"""All that a folder of results holds."""

NOTE = "Model output for research and teaching, not medical advice."
