"""What a run gives that is kept in memory alone: its measures, what went wrong, and its time series if it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from insulin_abm.readings import READINGS
from insulin_abm.results.measures import NEEDED, Measured, known_measures, measure
from insulin_abm.results.recorder import attend, live
from insulin_abm.results.tables import written

if TYPE_CHECKING:
    from insulin_abm.body import Body
    from insulin_abm.scenario import Scenario, ScenarioVisit


@dataclass
class Notes:
    """Remembers what is seen of a person.

    Attributes
    ----------
    body : Body
        The person.
    whole : bool
        Whether all that `timeseries.csv` holds is remembered, or only what measures are computed from.
    rows : list of dict
        What was read, a row for every recording.
    found : list of Measured
        What was measured in visits.
    problems : list of str
        What went wrong in them.
    """

    body: Body
    whole: bool
    rows: list[dict[str, float]] = field(default_factory=list)
    found: list[Measured] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def record(self) -> None:
        """Read the body, with as many digits as tables have."""
        readings = (reading for reading in READINGS if self.whole or reading.name in NEEDED)
        self.rows.append({reading.name: float(written(float(reading.read(self.body)))) for reading in readings})

    def record_cells(self) -> None:
        """Cells are not remembered."""

    def visit(self, visits: Sequence[ScenarioVisit]) -> None:
        """Let copies of the person go to the clinic, and remember what was found."""
        for planned in visits:
            seen, problems = attend(self.body, planned)
            self.problems += problems
            for one in seen.findings if seen is not None else ():
                value = float(written(one.value) or "nan")
                self.found.append(Measured(one.time_min, planned.name, one.measure, value, one.unit))


def take_notes(
    scenario: Scenario, *, whole: bool = False, progress: Callable[[int, int], None]
) -> tuple[list[Measured], list[str], pd.DataFrame]:
    """Live a scenario and give its measures, what went wrong in visits, and its time series.

    The numbers are those that `run` writes into `measures.csv` and `timeseries.csv`; what is of the run as a whole
    comes first, so that the first value of a measure is the one in `summary.csv`.

    Parameters
    ----------
    scenario : Scenario
        What happens.
    whole : bool
        Whether the time series shall have all its columns, or only those that measures are computed from.
    progress : callable
        Is told the minute that was reached and the last one.

    Raises
    ------
    LedgerError
        The numbers are impossible together.
    """
    body = scenario.body()
    notes = Notes(body, whole)
    for minute in live(body, scenario, notes):
        progress(minute, scenario.duration_min)
    series = pd.DataFrame(notes.rows)
    of_run = (
        Measured(one.time_min, one.visit, one.measure, float(written(float(one.value)) or "nan"), one.unit)
        for one in measure(scenario, series)
    )
    return [*known_measures(of_run), *notes.found], notes.problems, series
