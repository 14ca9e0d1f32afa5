"""What a study will take: how many runs, how long, how much disk; estimated before it begins."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from insulin_abm.parameters import Faults
from insulin_abm.parameters.conversions import MINUTES_PER_DAY, MINUTES_PER_HOUR
from insulin_abm.scenario import Scenario
from insulin_abm.studies.store import Store
from insulin_abm.studies.study import Study

SECONDS_A_STEP, SECONDS_A_CELL_STEP, SECONDS_A_RUN = 8e-5, 2.5e-8, 0.1
"""On one core of a usual machine (docs/performance.md); what finished runs took is believed more."""
USUAL_DAYS = 8
"""In which a person settles."""
VISIT_MIN = 240
"""What a visit takes."""
BYTES_A_MEASURE, BYTES_A_RECORDING, MEASURES_A_VISIT = 200, 700, 20
"""On disk, as journal, CSV and Parquet together."""
SECONDS_PER_MINUTE = 60.0


@dataclass(frozen=True)
class Expected:
    """What a study will take.

    Attributes
    ----------
    runs : int
        How many are to be done.
    seconds : float
        How long it takes, roughly.
    bytes : float
        What the disk must hold.
    """

    runs: int
    seconds: float
    bytes: float

    @property
    def time(self) -> str:
        """Its time, to read."""
        return duration(self.seconds)

    @property
    def disk(self) -> str:
        """Its disk, to read."""
        megabytes = self.bytes / 1e6
        return f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{max(megabytes, 0.1):.2g} MB"


def duration(seconds: float) -> str:
    """Write a duration roughly."""
    minutes = seconds / SECONDS_PER_MINUTE
    if minutes < 1.0:
        return f"{max(seconds, 1.0):.0f} s"
    return f"{minutes:.0f} min" if minutes < 2 * MINUTES_PER_HOUR else f"{minutes / MINUTES_PER_HOUR:.1f} h"


def expect(study: Study, store: Store, runs: int, workers: int) -> Expected:
    """Estimate what so many runs of a study take.

    Parameters
    ----------
    study : Study
        Of which they are.
    store : Store
        What finished runs took is there.
    runs : int
        How many are to be done.
    workers : int
        How many at a time.
    """
    known = list(store.seconds())
    guesses, bytes_each = zip(*(_guess(study, file) for file in study.scenarios), strict=True)
    each = statistics.median(known) if known else statistics.fmean(guesses)
    return Expected(runs, runs * each / max(1, min(workers, runs)), runs * statistics.fmean(bytes_each))


def _guess(study: Study, file: str) -> tuple[float, float]:
    """Guess seconds and bytes of a run of a scenario; one that cannot be read takes none."""
    run = next(study.runs())
    try:
        scenario = Scenario.load(file, overrides=run.overrides)
    except Faults:
        return 0.0, 0.0
    minutes = USUAL_DAYS * MINUTES_PER_DAY + scenario.duration_min / scenario.step_min
    minutes += VISIT_MIN * sum(len(visit.protocols) for visit in scenario.visits)
    seconds = minutes * (SECONDS_A_STEP + SECONDS_A_CELL_STEP * sum(scenario.cells.values())) + SECONDS_A_RUN
    recordings = scenario.duration_min / scenario.record_every_min if study.timeseries else 0.0
    measures = MEASURES_A_VISIT * (1 + sum(len(visit.protocols) for visit in scenario.visits))
    return seconds, BYTES_A_MEASURE * measures + BYTES_A_RECORDING * recordings
