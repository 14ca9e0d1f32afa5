"""A study: which scenarios, changed how, with which seeds; one table of runs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from insulin_abm.studies.cohort import Cohort
from insulin_abm.studies.draws import Between, points

AS_IT_IS = "as it is"
"""The first of all twins."""


@dataclass(frozen=True)
class Run:
    """A row of the table: one run.

    Attributes
    ----------
    number : int
        Its place in the table, from 1 on.
    scenario : str
        The scenario's file, or the name of a shipped one.
    seed : int
        Of all chance.
    group : str
        Runs that differ only in chance and in who was drawn are of one group.
    person : int
        Number of the person who was drawn, or of the point that was sampled (0: none was).
    twin : str
        Which of the twins, who share every draw ("": there are none).
    varied : mapping of str to object
        What is different from other runs, by name.
    overrides : mapping of str to object
        All that is different from the scenario's file, by name.
    """

    number: int
    scenario: str
    seed: int
    group: str
    person: int
    twin: str
    varied: Mapping[str, object]
    overrides: Mapping[str, object]

    @property
    def name(self) -> str:
        """The scenario's name."""
        return Path(self.scenario).stem

    @property
    def called(self) -> str:
        """What messages call it."""
        twin = f", {self.twin}" if self.twin else ""
        person = f", person {self.person}" if self.person else ""
        return f"run {self.number} ({self.group}{person}{twin}, seed {self.seed})"


@dataclass(frozen=True)
class Sample:
    """Points between bounds.

    Attributes
    ----------
    method : str
        How they are drawn.
    size, seed : int
        How many, and where their chance comes from.
    between : mapping of str to Between
        The bounds, by name.
    """

    method: str
    size: int
    seed: int
    between: Mapping[str, Between]

    def points(self) -> list[dict[str, object]]:
        """Draw them."""
        return [dict(point) for point in points(self.method, self.size, self.seed, self.between)]


@dataclass(frozen=True)
class Study:
    """Many runs.

    Every scenario is run for every combination of `grid`, every point of `sample`, every person of `cohort`, every
    seed, and as every twin.

    Attributes
    ----------
    title : str
        One line.
    scenarios : tuple of str
        Files, or names of shipped ones.
    seeds : tuple of int
        With each of them. People of a cohort have a seed of their own that follows from it.
    changes : mapping of str to object
        What holds in all runs, by name.
    grid : mapping of str to sequence
        All values that each name takes.
    sample : Sample or None
        Points between bounds.
    cohort : Cohort or None
        People to be drawn.
    twins : mapping of str to mapping
        For the name of each twin what is different in it; there is one more, as it is.
    points : sequence of mapping
        Points that were chosen elsewhere, such as those of a sensitivity analysis.
    timeseries : bool
        Whether the time series of all runs are kept.

    Examples
    --------
    >>> study = Study("two weights", ("healthy_day",), (1, 2), grid={"person.weight": ["60 kg", "80 kg"]})
    >>> len(study), [run.group for run in study.runs()][0]
    (4, 'healthy_day, person.weight = 60 kg')
    """

    title: str
    scenarios: tuple[str, ...]
    seeds: tuple[int, ...] = (1,)
    changes: Mapping[str, object] = field(default_factory=dict)
    grid: Mapping[str, Sequence[object]] = field(default_factory=dict)
    sample: Sample | None = None
    cohort: Cohort | None = None
    twins: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    points: Sequence[Mapping[str, object]] = ()
    timeseries: bool = False

    def __len__(self) -> int:
        """Count the runs."""
        drawn = [self.sample.size if self.sample else 1, self.cohort.size if self.cohort else 1, len(self.points) or 1]
        grid = [len(values) for values in self.grid.values()]
        return math.prod([len(self.scenarios), *grid, *drawn, len(self.seeds), len(self.twins) + 1])

    def runs(self) -> Iterator[Run]:
        """Give all runs, one after the other, in their order."""
        number = 0
        people = list(self._people())
        for scenario, chosen, (person, drawn), seed in product(self.scenarios, self._grid(), people, self.seeds):
            varied = {**chosen, **drawn}
            for twin, different in self._twins():
                number += 1
                yield Run(
                    number=number,
                    scenario=scenario,
                    seed=own_seed(seed, person) if self.cohort else seed,
                    group=", ".join([Path(scenario).stem, *(f"{name} = {value}" for name, value in chosen.items())]),
                    person=person,
                    twin=twin,
                    varied=varied,
                    overrides={**self.changes, **varied, **different},
                )

    @property
    def varied_names(self) -> list[str]:
        """In what runs differ, by name."""
        of_points = [name for point in self.points[:1] for name in point]
        sampled = list(self.sample.between) if self.sample else []
        drawn = list(self.cohort.values) if self.cohort else []
        return list(dict.fromkeys([*self.grid, *of_points, *sampled, *drawn]))

    def _grid(self) -> list[dict[str, object]]:
        return [dict(zip(self.grid, values, strict=True)) for values in product(*self.grid.values())]

    def _people(self) -> Iterator[tuple[int, dict[str, object]]]:
        """Give whoever is drawn, and every point, with its number."""
        sampled = self.sample.points() if self.sample else [{}]
        drawn = self.cohort.people() if self.cohort else [{}]
        chosen = [dict(point) for point in self.points] or [{}]
        everybody = [{**one, **point, **person} for one, point, person in product(chosen, sampled, drawn)]
        first = 1 if self.sample or self.cohort or self.points else 0
        yield from enumerate(everybody, start=first)

    def _twins(self) -> list[tuple[str, Mapping[str, object]]]:
        return [(AS_IT_IS, {}), *self.twins.items()] if self.twins else [("", {})]

    def plain(self) -> dict[str, Any]:
        """Give it as plain data, for the manifest."""
        between = (
            {}
            if self.sample is None
            else {
                name: [one.low.written(one.low.number), one.high.written(one.high.number)]
                for name, one in self.sample.between.items()
            }
        )
        sample = (
            None
            if self.sample is None
            else {"method": self.sample.method, "size": self.sample.size, "seed": self.sample.seed, "between": between}
        )
        return json.loads(
            json.dumps(
                {
                    "title": self.title,
                    "scenarios": [Path(file).stem for file in self.scenarios],
                    "seeds": self.seeds,
                    "set": dict(self.changes),
                    "grid": {name: list(values) for name, values in self.grid.items()},
                    "sample": sample,
                    "people": self.cohort.size if self.cohort else 0,
                    "twins": [twin for twin, _ in self._twins() if twin],
                    "runs": len(self),
                },
                default=str,
            )
        )


def own_seed(seed: int, person: int) -> int:
    """Give a person of a cohort a seed of their own that follows from the study's."""
    return int(np.random.SeedSequence((seed, person)).generate_state(1)[0])
