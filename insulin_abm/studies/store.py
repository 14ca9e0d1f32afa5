"""The folder of a study: every run is kept there as soon as it is finished, and nothing that is kept is lost."""

from __future__ import annotations

import fcntl
import hashlib
import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from insulin_abm.results.errors import PlaceError, RunError
from insulin_abm.results.identity import identity, program_hash
from insulin_abm.results.names import JOURNAL, SERIES, STUDY
from insulin_abm.results.place import DISK_IS_FULL, whole_file
from insulin_abm.scenario import Scenario
from insulin_abm.scenario.overrides import top_key
from insulin_abm.studies.piece import Lived
from insulin_abm.studies.study import Run

OTHER_FILES = ("include", "use")
"""What names further files that a run depends on."""
LOCK = ".lock"


class Kept(NamedTuple):
    """A finished run, as it was kept.

    Attributes
    ----------
    seconds : float
        How long it took.
    measures : list
        Minute, visit, measure, value (nothing: not a number) and unit of each.
    problems : list of str
        What went wrong in its visits.
    """

    seconds: float
    measures: list[list[Any]]
    problems: list[str]


class Store:
    """Keeps finished runs: a line of `finished.jsonl` for each, and its time series beside.

    A line is written whole and brought to the disk before the run counts as finished; what a kill cut short at the end
    of the file is cut off by the next batch. Only the places of the lines are kept in memory.

    Parameters
    ----------
    folder : Path
        Where.
    fresh : bool
        Whether what is there of a study shall be forgotten.

    Raises
    ------
    PlaceError
        Something else is there, another batch writes there, or nothing can be written.
    """

    def __init__(self, folder: Path, fresh: bool = False) -> None:
        self.folder = folder
        self._lock = -1
        self._places: dict[str, tuple[int, int]] = {}
        self._fresh = fresh

    def __enter__(self) -> Self:
        try:
            self._refuse_foreign()
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / SERIES).mkdir(exist_ok=True)
            self._lock = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._open_journal()
        except BlockingIOError as error:
            self._let_go()
            raise PlaceError(
                f"{self.folder}: another batch writes there; wait for it, or choose another --out"
            ) from error
        except OSError as error:
            self._let_go()
            raise self.explained(error) from error
        except BaseException:
            self._let_go()
            raise
        return self

    def _refuse_foreign(self) -> None:
        if not self.folder.exists():
            return
        if not self.folder.is_dir():
            raise PlaceError(f"{self.folder}: is there already and is no folder; choose another --out")
        foreign = sorted(
            entry.name
            for entry in self.folder.iterdir()
            if entry.name not in STUDY.files and not entry.name.startswith(".")
        )
        if foreign:
            raise PlaceError(f"{self.folder}: holds {foreign[0]}, which is not of {STUDY.called}; choose another --out")

    def _open_journal(self) -> None:
        """Find all whole lines; cut off what is left of one that was cut short."""
        path = self.folder / JOURNAL
        self._file = path.open("w+b" if self._fresh or not path.exists() else "r+b")
        end = 0
        for line in self._file:
            try:
                key = json.loads(line)["key"] if line.endswith(b"\n") else None
            except (ValueError, KeyError, TypeError):
                key = None
            if key is None:
                break
            self._places[key] = (end, len(line))
            end += len(line)
        self._file.truncate(end)
        self._end = end

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()
        self._let_go()

    def _let_go(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __len__(self) -> int:
        return len(self._places)

    def has(self, key: str, with_series: bool) -> bool:
        """Whether a run is finished, with its time series if that is wanted."""
        return key in self._places and (not with_series or self.series_of(key).exists())

    def series_of(self, key: str) -> Path:
        """Give where the time series of a run is."""
        return self.folder / SERIES / f"{key}.parquet"

    def keep(self, key: str, lived: Lived) -> None:
        """Bring a finished run to the disk.

        Raises
        ------
        RunError
            The disk is full; what was kept before is there.
        PlaceError
            Nothing can be written there any more.
        """
        measures = [[minute, visit, name, _known(value), unit] for minute, visit, name, value, unit in lived.measures]
        entry = {"key": key, "seconds": round(lived.seconds, 3), "measures": measures, "problems": lived.problems}
        line = (json.dumps(entry) + "\n").encode()
        try:
            if lived.series:
                with whole_file(self.series_of(key)) as part:  # on the disk before the run counts as finished
                    part.write_bytes(lived.series)
            self._file.seek(self._end)
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self.explained(error) from error
        self._places[key] = (self._end, len(line))
        self._end += len(line)

    def read(self, key: str) -> Kept:
        """Read a finished run."""
        start, length = self._places[key]
        self._file.seek(start)
        entry = json.loads(self._file.read(length))
        return Kept(entry["seconds"], entry["measures"], entry["problems"])

    def seconds(self) -> Iterator[float]:
        """Give how long each run took that is there."""
        return (self.read(key).seconds for key in self._places)

    def explained(self, error: OSError) -> PlaceError | RunError:
        """Say in a line what an error of the disk means."""
        if error.errno in DISK_IS_FULL:
            return RunError(
                f"{self.folder}: the disk is full; {len(self)} finished runs are kept. Make room, and the same command "
                "goes on"
            )
        return PlaceError(f"{self.folder}: cannot write there: {error.strerror or error}; choose another --out")


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


class Keys:
    """Tells runs apart by all that their results depend on: scenario, changes, seed and program.

    A scenario is read once, however many runs change it.

    Parameters
    ----------
    allow_code : bool
        Whether scenarios with ``use`` may run their code.
    """

    def __init__(self, allow_code: bool = False) -> None:
        self._allow_code = allow_code
        self._files: dict[str, str] = {}

    def of(self, run: Run) -> str:
        """Give the key of a run."""
        files = {name: value for name, value in run.overrides.items() if top_key(name) in OTHER_FILES}
        read = json.dumps([run.scenario, files], default=str)
        if read not in self._files:
            self._files[read] = identity(Scenario.load(run.scenario, self._allow_code, files))["scenario"]
        what = [self._files[read], program_hash(), run.seed, sorted(run.overrides.items())]
        return hashlib.sha256(json.dumps(what, default=str).encode()).hexdigest()[:32]
