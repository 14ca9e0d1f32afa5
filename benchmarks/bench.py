"""Measure everything, show it in one table and keep it.

    make bench            a few minutes
    make bench LONG=1     also the long runs: a year of 10,000 cells, a day of a million

Ratios are measured in turns within this one run; absolute times are of this machine and of whatever else it does.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.days import report_days, report_long_runs
from benchmarks.dish import report_dish
from benchmarks.machine import report_machine
from benchmarks.models import report_models
from benchmarks.muscle import report_muscle
from benchmarks.page import report_page
from benchmarks.phases import report_phases
from benchmarks.report import Report
from benchmarks.roofline import report_roofline
from benchmarks.scoreboard import report_scoreboard
from benchmarks.sizes import RATED_SIZE, report_sizes
from benchmarks.studies import report_studies

NUMBERS = Path("outputs/bench.json")


def main() -> None:
    """Measure part after part."""
    arguments = argparse.ArgumentParser(description="how fast the model is, and next to what")
    arguments.add_argument("--long", action="store_true", help="also runs that take many minutes")
    long = arguments.parse_args().long
    report = Report()
    report_machine(report)
    body = report_sizes(report)[RATED_SIZE]
    report_roofline(report)
    report_phases(report)
    report_models(report, body)
    report_muscle(report)
    report_dish(report)
    report_days(report)
    report_scoreboard(report)
    report_page(report, long)
    report_studies(report, long)
    if long:
        report_long_runs(report)
    report.write(NUMBERS)
    print(f"\n{NUMBERS}: all numbers")


if __name__ == "__main__":
    main()
