"""What facts come out with some numbers: measured in processes of their own, and never twice."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from insulin_abm.results.cluster import done as done_in_processes
from insulin_abm.results.identity import file_sha256, program_hash
from insulin_abm.scenario import shipped_scenarios
from insulin_abm.scenario.files import shipped_parts
from insulin_abm.validation.measuring import measure_people

Numbers = Mapping[str, str]
"""Numbers by their names, each written with its unit."""


class Evaluations:
    """Measures facts, and keeps what was measured in a file: what was cut off goes on.

    Parameters
    ----------
    file : Path
        Where; a line of JSON for each evaluation.
    facts : sequence of str
        Ids of the facts.
    seed : int
        Of all chance.
    workers : int
        How many processes measure at a time.

    Attributes
    ----------
    made : int
        How many evaluations were made, those that were read from the file left out.
    """

    def __init__(self, file: Path, facts: Sequence[str], seed: int, workers: int) -> None:
        self.made = 0
        self._file = file
        self._facts = tuple(facts)
        self._seed = seed
        self._workers = workers
        self._known: dict[str, dict[str, float]] = {}
        if file.exists():
            for line in file.read_text("utf-8").splitlines():
                self._remember(line)

    def _remember(self, line: str) -> None:
        """Take in a line; one that a kill cut short is measured again."""
        try:
            kept = json.loads(line)
            self._known[kept["key"]] = {name: float(value) for name, value in kept["values"].items()}
        except (ValueError, KeyError, TypeError):
            return

    def of(self, points: Sequence[Numbers], done: Callable[[int], None]) -> list[dict[str, float]]:
        """Give the value of every fact at every point; not a number where it could not be measured."""
        missing = {self._key(point): point for point in points if self._key(point) not in self._known}
        work = {key: (measure_people, (self._seed, dict(point), self._facts)) for key, point in missing.items()}
        for key, found in done_in_processes(work, self._workers):
            self._keep(key, found)
            done(self.made)
        return [self._known[self._key(point)] for point in points]

    def _keep(self, key: str, values: dict[str, float]) -> None:
        self.made += 1
        self._known[key] = values
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            # on a line of its own, also after one that a kill cut short
            file.write("\n" + json.dumps({"key": key, "values": values}))
            file.flush()
            os.fsync(file.fileno())

    def _key(self, point: Numbers) -> str:
        return json.dumps([sorted(point.items()), self._seed, self._facts, _data()])


@cache
def _data() -> str:
    """Hash of the program, its numbers and its scenarios: with others everything is measured anew."""
    files = [
        program_hash(),
        *(file_sha256(path) for path in (*shipped_parts().values(), *shipped_scenarios().values())),
    ]
    return hashlib.sha256("".join(files).encode()).hexdigest()
