"""How long the scoreboard takes: all of it, and the part that runs with every change."""

from __future__ import annotations

import os
import time

from benchmarks.report import Report
from insulin_abm.validation.scoreboard import SEEDS, measure


def report_scoreboard(report: Report) -> None:
    """All facts with five seeds in two processes; with one seed, as the tests do."""
    report.head(f"The scoreboard, {os.cpu_count()} cores: wanted in 900 s, and with one seed in 180 s")
    for name, meaning, seeds in (("scoreboard_s", "five seeds", SEEDS), ("scoreboard_ci_s", "one seed", SEEDS[:1])):
        began = time.perf_counter()
        measure(seeds=seeds, workers=2)
        report.add(name, meaning, "s", time.perf_counter() - began)
