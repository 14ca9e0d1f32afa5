"""Measure everything, show it in one table and keep it.

    make bench            a few minutes
    make bench LONG=1     also the long runs: a year of 10,000 cells, a day of a million

Ratios are measured in turns within this one run; absolute times are of this machine and of whatever else it does.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.report import Report
from benchmarks.sizes import report_sizes

NUMBERS = Path("outputs/bench.json")


def main() -> None:
    """Measure part after part."""
    arguments = argparse.ArgumentParser(description="how fast the model is, and next to what")
    arguments.add_argument("--long", action="store_true", help="also runs that take many minutes")
    arguments.parse_args()
    report = Report()
    report_sizes(report)
    report.write(NUMBERS)


if __name__ == "__main__":
    main()
