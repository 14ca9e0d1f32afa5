"""Many runs: how fast, how much faster on two workers, what each costs besides living it, and the parent's memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.report import Report
from insulin_abm.results.names import JOURNAL
from insulin_abm.studies import Study, run_study
from insulin_abm.studies.cohort import NORMAL, Cohort, Spread
from insulin_abm.studies.draws import Amount

FEW, MANY, SMALL = 120, 500, 10_000
CELLS = 400
TINY = """
duration = "5 min"
cells = 40
[record]
every = "5 min"
[[meals]]
at = "1 min"
foods = { white_rice = "1 g" }
"""
PARENT = """
import json, resource, sys
from insulin_abm.studies import Study, run_study
grams = [f"{1 + number / 1000} g" for number in range(int(sys.argv[3]))]
study = Study("small", (sys.argv[1],), grid={"meals[1].foods.white_rice": grams})
run_study(study, sys.argv[2], workers=2)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def people(number: int) -> Study:
    """So many people who differ in weight, each of whom lives a day."""
    weight = Spread(NORMAL, Amount(75.0, "kg"), Amount(12.0, "kg"), 55.0, 110.0)
    cohort = Cohort(number, 1, {"person.weight": weight}, ())
    return Study("people", ("healthy_day",), changes={"cells": CELLS}, cohort=cohort)


def report_studies(report: Report, long: bool) -> None:
    """A day of people on one worker and on two; with `long` of 500 people, and 10,000 small runs."""
    report.head(f"Studies: days of {CELLS} cells, spin-up included, each person another")
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        alone = _seconds(people(FEW), Path(folder) / "alone", 1)
        both = _seconds(replace(people(FEW), seeds=(2,)), Path(folder) / "both", 2)  # others, who did not settle before
        report.add("study_1_worker_s", f"{FEW} people, 1 worker", "s", alone)
        report.add("study_2_workers_s", f"{FEW} others, 2 workers", "s", both)
        report.add("study_speedup", "  2 workers over 1 (wanted: 1.8)", "", alone / both)
        if long:
            seconds = _seconds(replace(people(MANY), seeds=(3,)), Path(folder) / "many", 2)
            report.add("study_500_s", f"{MANY} people, 2 workers (wanted: 480)", "s", seconds)
            _report_small_runs(report, Path(folder))
        report.add("study_all_s", "all of this", "s", time.perf_counter() - began)


def _seconds(study: Study, folder: Path, workers: int) -> float:
    began = time.perf_counter()
    run_study(study, folder, workers=workers)
    return time.perf_counter() - began


def _report_small_runs(report: Report, folder: Path) -> None:
    """Runs of a moment of one person who has settled: what is left of the time is the engine's."""
    scenario = folder / "tiny.toml"
    scenario.write_text(TINY)
    for number in (SMALL // 10, SMALL):
        out = folder / f"small {number}"
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", PARENT, scenario, out, str(number)], check=True, capture_output=True, text=True
        )
        wall = time.perf_counter() - began
        lived = [json.loads(line)["seconds"] for line in (out / JOURNAL).read_text("utf-8").splitlines()]
        report.add(f"small_runs_{number}_s", f"{number:,} small runs, 2 workers", "s", wall)
        overhead = 1000.0 * (2.0 * wall - sum(lived)) / number
        report.add(f"small_runs_{number}_overhead_ms", "  a run costs besides living (wanted: 50)", "ms", overhead)
        report.add(f"small_runs_{number}_lived_ms", "  a run is lived in", "ms", 1000.0 * statistics.median(lived))
        memory = float(done.stdout)
        report.add(f"small_runs_{number}_memory_mb", "  most memory of the parent (wanted: 500)", "MB", memory)
