"""Whole runs, each in a process of its own: the first one ever, days, a year, and large bodies."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.person import eating_body
from benchmarks.report import Report
from benchmarks.timing import Spread
from insulin_abm.engine.compiled import CACHE_VARIABLE
from insulin_abm.parameters import Faults
from insulin_abm.parameters.conversions import MINUTES_PER_DAY
from insulin_abm.scenario import Scenario

DAY = "healthy_day"
YEAR = "healthy_year"
TEN_YEARS = "surplus_10y_strong"
REPEATS = 3
MANY = 1_000_000
COMMAND = "from insulin_abm.cli import main; main()"
STEPS_OF_A_DAY = """
import json, sys, time
begin = time.perf_counter()
import insulin_abm.settling
from insulin_abm.scenario import Scenario
scenario = Scenario.load(sys.argv[1])
loaded = time.perf_counter()
body = scenario.body(seed=int(sys.argv[2]))
settled = time.perf_counter()
body.run_until(scenario.duration_min)
done = time.perf_counter()
print(json.dumps({"load": loaded - begin, "settle": settled - loaded, "live": done - settled, "all": done - begin}))
"""


def report_days(report: Report) -> None:
    """The first run ever, with compilation; then new people and known ones; then a year, where that scenario is."""
    report.head("A day of 1,000 cells, each in a new process (load, settle, live)")
    with tempfile.TemporaryDirectory() as cache:
        first = _steps_of_a_day(1, cache)
        seeds = range(2, 2 + REPEATS)
        new_people = [_steps_of_a_day(seed, cache) for seed in seeds]
        known_people = [_steps_of_a_day(seed, cache) for seed in seeds]
        report.add("first_run_s", "first run ever, compilation included", "s", first["all"])
        for name, meaning, runs in (
            ("new_person", "a new person, compiled", new_people),
            ("known_person", "a known person", known_people),
        ):
            for step, what in (("all", meaning), ("load", "  load"), ("settle", "  settle"), ("live", "  live")):
                report.add(f"{name}_{step}_s", what, "s", Spread(tuple(run[step] for run in runs)))
        if _is_there(YEAR):
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            seconds = _command(cache, YEAR, "--seed", "101")
            of_core = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
            report.add("year_s", "a year by the command line, 1 core, spin-up included", "s", seconds)
            report.add("year_core_s", "  of it on the core", "s", of_core)
        else:
            report.say("year_skipped", f"a year was skipped: there is no scenario {YEAR}")


def report_long_runs(report: Report) -> None:
    """Ten years on one core; a year of 10,000 cells and a day of a million, each on two cores."""
    report.head("Long runs: ten years on 1 core, the others on 2")
    with tempfile.TemporaryDirectory() as cache:
        _command(cache, DAY)  # compiles
        seconds = _command(cache, TEN_YEARS)
        report.add("ten_years_s", "ten years of 1,000 cells by the command line, 22 visits included", "s", seconds)
        _command(cache, DAY, "--threads", "2", "--cells", "10000")  # compiles
        if _is_there(YEAR):
            seconds = _command(cache, YEAR, "--seed", "102", "--threads", "2", "--cells", "10000")
            report.add(
                "year_of_10000_cells_s", "a year of 10,000 cells by the command line, spin-up included", "s", seconds
            )
        report.add("day_of_1000000_cells_s", "a day lived by 1,000,000 cells, not settled", "s", _day_lived(MANY))
        seconds = _command(cache, DAY, "--seed", "103", "--threads", "2", "--cells", str(MANY))
        report.add("day_of_1000000_cells_command_s", "  by the command line: settled, and written down", "s", seconds)


def _day_lived(cells: int) -> float:
    """Seconds in which so many cells live a day on two cores."""
    body = eating_body(cells, threads=2)
    body.run_for(1)  # compiled, or read from the cache
    begin = time.perf_counter()
    body.run_for(MINUTES_PER_DAY)
    return time.perf_counter() - begin


def _is_there(scenario: str) -> bool:
    try:
        Scenario.load(scenario)
    except Faults:
        return False
    return True


def _steps_of_a_day(seed: int, cache: str) -> dict[str, float]:
    """Seconds of each step of living the day."""
    done = subprocess.run(
        [sys.executable, "-c", STEPS_OF_A_DAY, DAY, str(seed)],
        env={**os.environ, CACHE_VARIABLE: cache},
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def _command(cache: str, scenario: str, *options: str) -> float:
    """Seconds that the command `run` takes, results and figures included."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", COMMAND, "run", scenario, "--out", str(Path(folder) / "run"), *options],
            env={**os.environ, CACHE_VARIABLE: cache},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return time.perf_counter() - begin
