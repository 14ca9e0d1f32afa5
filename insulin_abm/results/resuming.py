"""A run that was cut off goes on from its last snapshot, or says why it does not."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from insulin_abm.body import Body
from insulin_abm.engine.snapshot import SnapshotError
from insulin_abm.parameters.conversions import MINUTES_PER_DAY
from insulin_abm.results import names
from insulin_abm.results.identity import identity
from insulin_abm.results.manifest import program_version
from insulin_abm.results.place import Place
from insulin_abm.results.recorder import RECORDED, Recorder
from insulin_abm.results.snapshot import Snapshot, Written, refusal
from insulin_abm.scenario import Scenario

_log = logging.getLogger(__name__)

_BLOCK = 1 << 20


def day_of(minute: int) -> str:
    """Write a minute as the day that messages name.

    Examples
    --------
    >>> day_of(45 * 1440), day_of(2000)
    ('45', '1.39')
    """
    return f"{round(minute / MINUTES_PER_DAY, 2):g}"


def left_behind(place: Place, scenario: Scenario) -> Snapshot | None:
    """Give the snapshot that a run left which was cut off, if this run can go on from it.

    Raises
    ------
    PlaceError
        It is damaged, or another version of the program wrote it; nothing was changed.
    """
    path = place.part / names.SNAPSHOT
    if not path.exists():
        return None
    snapshot, own = Snapshot.read(path), identity(scenario)
    other = [name for name in ("scenario", "seed") if snapshot.identity.get(name) != own[name]]
    if other:
        _log.warning(
            "%s: begins anew; the run that was cut off there had another %s", place.folder, " and ".join(other)
        )
        return None
    if snapshot.identity != own:
        raise refusal(path, f"another version of the program wrote it ({snapshot.version})")
    for file in RECORDED:
        if file not in snapshot.tables or not _goes_so_far(place.part / file, snapshot.tables[file]):
            raise refusal(path, f"{file} beside it was altered or cut short")
    return snapshot


def _goes_so_far(table: Path, written: Written) -> bool:
    """Whether a table begins with what a snapshot says of it."""
    digest, left = hashlib.sha256(), written.size
    try:
        with table.open("rb") as file:
            while left and (block := file.read(min(left, _BLOCK))):
                digest.update(block)
                left -= len(block)
    except OSError:
        return False
    return not left and digest.hexdigest() == written.sha256


def restored_body(place: Place, scenario: Scenario, threads: int, snapshot: Snapshot) -> Body:
    """Make the body that a snapshot holds.

    Raises
    ------
    PlaceError
        It holds none, or not this one; nothing was changed.
    """
    try:
        body = scenario.unsettled_body(threads=threads)
        body.restore(snapshot.body)
    except Exception as fault:  # whatever it is, what was lived must not be lost for it
        raise refusal(place.part / names.SNAPSHOT, str(fault)) from fault
    if body.time != snapshot.minute:
        raise refusal(place.part / names.SNAPSHOT, "its body is of another minute")
    return body


class Keeper:
    """Keeps the last snapshot of a run in the place that its results are written to.

    Parameters
    ----------
    place : Place
        Where.
    scenario : Scenario
        What is run.
    """

    def __init__(self, place: Place, scenario: Scenario) -> None:
        self.every_min = scenario.snapshot_every_min
        self._place = place
        self._identity = identity(scenario)
        self._said = False

    def keep(self, body: Body, recorder: Recorder) -> None:
        """Replace the last snapshot; a body that cannot be saved goes on without, which is said once."""
        try:
            data = body.save()
        except SnapshotError as reason:
            if not self._said:
                _log.warning("%s: runs without snapshots: %s", self._place.folder, reason)
            self._said = True
            return
        minute = int(body.time)
        tables = recorder.written()
        kept = Snapshot(minute, program_version(), self._identity, recorder.start, tables, data)
        kept.write(self._place.part / names.SNAPSHOT)
        self.goes_on_from(minute)

    def goes_on_from(self, minute: int) -> None:
        """Let the place know what is lost no more."""
        self._place.kept = f"the same command goes on from day {day_of(minute)}"
