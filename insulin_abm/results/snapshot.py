"""A snapshot of a run on its way: the body, and how far the tables go that belong to it.

The file is a line with its checksum, a line of JSON, and the bytes that `World.save` gave. It is data: reading it can
execute nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from insulin_abm.ledger import Totals
from insulin_abm.results.errors import PlaceError

FORMAT = 1
"""Version of this format; a snapshot of another version is refused."""

_FIRST_LINE = re.compile(rb"insulin_abm run, format (\d{1,9}), sha256 ([0-9a-f]{64})\n")


class Written(NamedTuple):
    """How far a table goes: its length in bytes, and their hash."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Snapshot:
    """A moment of a run from which it can go on.

    Attributes
    ----------
    minute : int
        When.
    version : str
        Of the program that wrote it.
    identity : mapping of str to str
        Whose it is, as `insulin_abm.results.identity` says.
    start : Totals
        What the body held at minute 0.
    tables : mapping of str to Written
        How far each table goes, by its file.
    body : bytes
        The body.
    """

    minute: int
    version: str
    identity: Mapping[str, str]
    start: Totals
    tables: Mapping[str, Written]
    body: bytes

    def write(self, path: Path) -> None:
        """Write beside the place and move in: a run that is killed meanwhile leaves the former snapshot."""
        text = {
            "minute": self.minute,
            "version": self.version,
            "identity": dict(self.identity),
            "start": asdict(self.start),
            "tables": {file: [written.size, written.sha256] for file, written in self.tables.items()},
        }
        line = json.dumps(text, sort_keys=True).encode() + b"\n"
        digest = hashlib.sha256(line)
        digest.update(self.body)
        beside = path.with_name(f"{path.name}.new")
        try:
            with beside.open("wb") as file:
                file.write(f"insulin_abm run, format {FORMAT}, sha256 {digest.hexdigest()}\n".encode())
                file.write(line)
                file.write(self.body)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            _keep_names(path.parent)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise

    @classmethod
    def read(cls, path: Path) -> Snapshot:
        """Read a snapshot.

        Raises
        ------
        PlaceError
            It is cut short, altered, of another version, or none at all.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            raise refusal(path, f"cannot be read: {error.strerror or error}") from error
        first = _FIRST_LINE.match(data)
        if first is None:
            raise refusal(path, "is no snapshot of a run, or only a part of one")
        if int(first[1]) != FORMAT:
            raise refusal(path, f"has format {int(first[1])}, and only format {FORMAT} can be read")
        rest = memoryview(data)[first.end() :]
        if hashlib.sha256(rest).hexdigest().encode() != first[2]:
            raise refusal(path, "was altered or cut short: its checksum is wrong")
        line, _, body = bytes(rest).partition(b"\n")
        try:
            return _from_text(json.loads(line), body)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as fault:
            raise refusal(path, "is no snapshot of a run") from fault


def _from_text(text: dict[str, Any], body: bytes) -> Snapshot:
    return Snapshot(
        minute=int(text["minute"]),
        version=str(text["version"]),
        identity=dict(text["identity"]),
        start=Totals(**{name: float(value) for name, value in text["start"].items()}),
        tables={file: Written(int(size), str(sha256)) for file, (size, sha256) in text["tables"].items()},
        body=body,
    )


def refusal(path: Path, why: str) -> PlaceError:
    """Say why a run cannot go on from what is kept, and what can be done."""
    return PlaceError(f"{path}: {why}; use --fresh to begin the run anew")


def _keep_names(folder: Path) -> None:
    """Let the names of the files in a folder outlast a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
