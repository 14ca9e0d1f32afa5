"""A ward: people who come with the program, each settled once, and what is done to copies of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from insulin_abm.body import Body
from insulin_abm.parameters import Registry
from insulin_abm.parameters.conversions import MINUTES_PER_DAY
from insulin_abm.protocols.clinic import visit
from insulin_abm.protocols.visit import Visit
from insulin_abm.protocols.watched import watch
from insulin_abm.scenario import Scenario
from insulin_abm.scenario.files import shipped_folder

PEOPLE = ("healthy", "obese", "morbidly_obese", "igt", "t2d", "t2d_lean", "t1d")
FASTING = 'duration = "24 h"\nstart = "07:00"\ninclude = "people/{who}.toml"'
"""In the morning, twelve hours after dinner."""
DAY = 'duration = "24 h"\nstart = "00:00"\ninclude = ["people/{who}.toml", "meals/three_meals.toml"]'
"""From midnight on, with three meals."""
EVERY_MIN = 5


@dataclass(frozen=True)
class Day:
    """What was seen on a usual day, every five minutes from midnight on, by the names of `WATCHED`."""

    seen: dict[str, np.ndarray]

    def part(self, name: str, first: int, last: int = MINUTES_PER_DAY) -> np.ndarray:
        """Give a column between two minutes."""
        minutes = self.seen["time_min"]
        return self.seen[name][(minutes >= first) & (minutes <= last)]


class Ward:
    """Keeps people, and remembers what was done.

    Parameters
    ----------
    seed : int
        Of all chance.
    threads : int
        How many threads share the cells.
    changes : mapping of str to object
        What is different in all people from how they are shipped, by name.
    """

    def __init__(self, seed: int, threads: int = 1, changes: Mapping[str, object] | None = None) -> None:
        self.seed = seed
        self._threads = threads
        self._changes = dict(changes or {})
        self._people: dict[str, Body] = {}
        self._visits: dict[str, Visit] = {}
        self._days: dict[str, Day] = {}

    def parameters(self) -> Registry:
        """Give the numbers of all people."""
        return self._scenario(FASTING, "healthy").parameters

    def person(self, who: str) -> Body:
        """Give a person in the morning; whoever is treated is treated until then."""
        return self._kept(FASTING, who)

    def day(self, who: str) -> Day:
        """Give a usual day of a person, from midnight on."""
        if who not in self._days:
            body = self._kept(DAY, who).fork()
            rows = []
            for minute in range(0, MINUTES_PER_DAY + 1, EVERY_MIN):
                body.run_until(minute)
                rows.append(watch(body))
            self._days[who] = Day({name: np.array([row[name] for row in rows]) for name in rows[0]})
        return self._days[who]

    def visit(self, who: str, *protocols: str, **asked: Mapping[str, object]) -> Visit:
        """Do protocols to a copy of a person in the morning, each of them once."""
        key = json.dumps([who, protocols, asked], sort_keys=True)
        if key not in self._visits:
            self._visits[key] = visit(self.person(who), *protocols, **asked)
        return self._visits[key]

    def _kept(self, text: str, who: str) -> Body:
        key = text.format(who=who)
        if key not in self._people:
            self._people[key] = self._scenario(text, who).body(seed=self.seed, threads=self._threads)
        return self._people[key]

    def _scenario(self, text: str, who: str) -> Scenario:
        return Scenario.from_text(text.format(who=who), shipped_folder(), overrides=self._changes)
