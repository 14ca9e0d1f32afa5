"""Times of a day, in one table: the first run ever, compilation included, and later ones.

    make bench

It also writes outputs/bench.json. Times are of this machine; ratios count more.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

REPEATS = 5
DAY = """
import json, sys, time
begin = time.perf_counter()
import insulin_abm.settling
from insulin_abm.scenario import Scenario
scenario = Scenario.load("healthy_day")
loaded = time.perf_counter()
body = scenario.body(seed=int(sys.argv[1]))
settled = time.perf_counter()
body.run_until(scenario.duration_min)
done = time.perf_counter()
print(json.dumps({"load_s": loaded - begin, "settle_s": settled - loaded, "day_s": done - settled,
                  "settling_days": body.settling["days"], "all_s": done - begin}))
"""


def a_day(seed: int, cache: str) -> dict[str, float]:
    """Live the healthy day in a new process."""
    environment = {**os.environ, "INSULIN_ABM_CACHE": cache}
    done = subprocess.run(
        [sys.executable, "-c", DAY, str(seed)], env=environment, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def main() -> None:
    """Measure, print, and keep."""
    with tempfile.TemporaryDirectory() as cache:
        first = a_day(1, cache)
        new_people = [a_day(seed, cache) for seed in range(2, 2 + REPEATS)]
        known_people = [a_day(seed, cache) for seed in range(2, 2 + REPEATS)]
    rows = {"first run ever, with compilation": [first]}
    rows |= {"a new person, compiled": new_people, "a known person": known_people}
    print(f"{'a day of 1,000 cells':36} {'load':>7} {'settle':>7} {'live':>7} {'all':>7}  spread of all (s)")
    for name, runs in rows.items():
        medians = [statistics.median(run[key] for run in runs) for key in ("load_s", "settle_s", "day_s", "all_s")]
        every = [run["all_s"] for run in runs]
        print(
            f"{name:36} " + " ".join(f"{value:7.2f}" for value in medians) + f"  {min(every):.2f} to {max(every):.2f}"
        )
    Path("outputs").mkdir(exist_ok=True)
    Path("outputs/bench.json").write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
