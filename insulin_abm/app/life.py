"""A person who is lived on the page: what happens to them, what was seen, and the tables that `run` would write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from insulin_abm.app.series import Series
from insulin_abm.body import Body
from insulin_abm.parameters import Steps
from insulin_abm.protocols.visit import Visit
from insulin_abm.readings import READINGS, read_body
from insulin_abm.results import names
from insulin_abm.results.recorder import attend, live
from insulin_abm.results.tables import TableWriter, headings
from insulin_abm.scenario import Scenario, ScenarioVisit

MOST_VISITS = 20
"""So many visits are remembered; a visit of a scenario of ten years is one of hundreds."""


class Life:
    """A person with a scenario, lived piece by piece.

    Parameters
    ----------
    scenario : Scenario
        Who, and what happens.
    name : str
        What the page calls the person.

    Attributes
    ----------
    scenario : Scenario
        The same, with all that was done to the person on the page; `insulin-abm run` of it gives the same tables.
    body : Body
        The person, a `mesa.Model`.
    series : Series
        Every recording.
    visits : list of tuple
        Visits to the clinic: the visit as planned, what was seen (None: nothing), what went wrong.
    changed_by_hand : bool
        Whether somebody changed a cell; then no run of the scenario gives the same tables.
    """

    def __init__(self, scenario: Scenario, name: str) -> None:
        self.scenario = scenario
        self.name = name
        self.body: Body = scenario.body()
        self.series = Series([reading.name for reading in READINGS])
        self.visits: list[tuple[ScenarioVisit, Visit | None, list[str]]] = []
        self.changed_by_hand = False
        self._folder = TemporaryDirectory(prefix="insulin_abm_")
        self._table = TableWriter(Path(self._folder.name) / names.TIMESERIES, headings(names.TIMESERIES))
        self._recorded = -1
        self.live_until(0)

    @property
    def time(self) -> int:
        """Minutes since the start of the scenario."""
        return int(self.body.time)

    def live_until(self, minute: int) -> None:
        """Live until the end of a minute, recording what the scenario says."""
        for recorded in live(self.body, self.scenario, self, self._recorded, until=minute):
            self._recorded = recorded
        self.series.append(self.body.time, read_body(self.body))

    def whole_steps(self, minute: int) -> int:
        """Give the next minute, or the same, at which a step of the body ends."""
        whole = Steps(self.scenario.step_min).whole_minutes
        return -(-minute // whole) * whole

    # ---- what is recorded: the page shows cells as they are, and keeps the table of the body

    def record(self) -> None:
        """Take in the body as it is."""
        row = read_body(self.body)
        self._table.append(row)
        self.series.append(self.body.time, row)

    def record_cells(self) -> None:
        """Take in every cell: nothing is kept of them."""

    def visit(self, visits: Sequence[ScenarioVisit]) -> None:
        """Let copies of the person go to the clinic."""
        for planned in visits:
            self.visits.append((planned, *attend(self.body, planned)))
        del self.visits[:-MOST_VISITS]

    def timeseries(self) -> bytes:
        """Give `timeseries.csv` as it is by now."""
        self._table.written()
        return (Path(self._folder.name) / names.TIMESERIES).read_bytes()

    def close(self) -> None:
        """Forget the table."""
        self._table.close()
        self._folder.cleanup()

    # ---- what is done to the person

    @property
    def soon(self) -> int:
        """The next minute at which nothing else happens: what is done now is done then."""
        minute = self.whole_steps(self.time + 1)
        while any(_falls_on(event.time_min, event.every_min, minute) for event in self.scenario.events):
            minute = self.whole_steps(minute + 1)
        return minute

    def do(self, key: str, entry: Mapping[str, Any]) -> None:
        """Let something happen to the person as if the scenario had said so.

        Parameters
        ----------
        key : str
            The list of the scenario that it belongs to, such as ``meals``.
        entry : mapping
            What the list gets, such as ``{"at": "65 min", "foods": {"white_rice": "150 g"}}``.

        Raises
        ------
        Faults
            It is nothing that a scenario may say; nothing was done.
        """
        changed = self.scenario.changed(self.with_entry(key, entry))
        new = list(changed.events)
        for event in self.scenario.events:
            new.remove(event)
        self.scenario = changed
        unknown = [drug for drug in changed.drugs() if drug not in self.body.drug_classes]
        if unknown:
            self.body = self.body.with_drugs(unknown)
        for event in new:
            self.body.schedule(event.kind, at=event.time_min, every=event.every_min, **event.arguments)

    def with_entry(self, key: str, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Give the table of the scenario with one more entry in a list of it."""
        table = self.scenario.table
        return {**table, key: [*_listed(table.get(key, [])), dict(entry)]}


def _listed(written: object) -> list[Any]:
    """A scenario may write a list of one table as the table."""
    return list(written) if isinstance(written, list) else [written]


def _falls_on(first: int, every: int | None, minute: int) -> bool:
    return minute == first if every is None or minute < first else (minute - first) % every == 0
