"""A ward: people who come with the program, each settled once, and what is done to copies of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from insulin_abm.body import Body
from insulin_abm.parameters import Registry
from insulin_abm.parameters.conversions import MINUTES_PER_DAY
from insulin_abm.protocols.clinic import perform, visit
from insulin_abm.protocols.visit import Visit
from insulin_abm.protocols.watched import watch
from insulin_abm.scenario import Scenario
from insulin_abm.scenario.files import shipped_folder

PEOPLE = ("healthy", "obese", "morbidly_obese", "igt", "t2d", "t2d_lean", "t1d")
FASTING = 'duration = "24 h"\nstart = "07:00"\ninclude = "people/{who}.toml"'
"""In the morning, twelve hours after dinner."""
DAY = 'duration = "24 h"\nstart = "00:00"\ninclude = ["people/{who}.toml", "meals/three_meals.toml"]'
"""From midnight on, with three meals."""
BETA_CELLS = "\n[person]\nbeta_cell_mass = {beta_cells}"
"""More text of a scenario."""
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
        self._courses: dict[str, dict[int, dict[str, float]]] = {}

    def parameters(self) -> Registry:
        """Give the numbers of all people."""
        return Scenario.from_text(FASTING.format(who="healthy"), shipped_folder(), overrides=self._changes).parameters

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

    def visit(self, who: str, *protocols: str, beta_cells: float | None = None, **asked: Mapping[str, object]) -> Visit:
        """Do protocols to a copy of a person in the morning, each of them once; with so many beta cells, if it says."""
        key = json.dumps([who, protocols, beta_cells, asked], sort_keys=True)
        if key not in self._visits:
            person = self.person(who) if beta_cells is None else self._kept(FASTING + BETA_CELLS, who, beta_cells)
            self._visits[key] = visit(person, *protocols, **asked)
        return self._visits[key]

    def course(self, name: str) -> dict[int, dict[str, float]]:
        """Give what the visits of a shipped course found, by their minute and what it is called."""
        if name not in self._courses:
            scenario = Scenario.load(name, overrides=self._changes)
            body = scenario.body(seed=self.seed, threads=self._threads)
            found: dict[int, dict[str, float]] = {}
            for one in scenario.visits:
                if one.time_min > body.time:  # a step before what is eaten or injected in that minute
                    body.run_until(one.time_min - body.step_min)
                seen = perform(body, one.protocols, one.arguments)
                found.setdefault(one.time_min, {}).update({one.measure: one.value for one in seen.findings})
            self._courses[name] = found
        return self._courses[name]

    def _kept(self, text: str, who: str, beta_cells: float | None = None) -> Body:
        key = text.format(who=who, beta_cells=beta_cells)
        if key not in self._people:
            scenario = Scenario.from_text(key, shipped_folder(), overrides=self._changes)
            self._people[key] = scenario.body(seed=self.seed, threads=self._threads)
        return self._people[key]
