"""A scenario of a dish: which cells, in what medium, what is done to it and what is measured; it makes dishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from insulin_abm.medium import Medium
from insulin_abm.parameters import Faults, Line, Registry
from insulin_abm.person import Person
from insulin_abm.scenario.assays import BINDING, Test, read_tests
from insulin_abm.scenario.cell_lines import known_lines
from insulin_abm.scenario.events import Course
from insulin_abm.scenario.files import find_scenario, parse, read_text
from insulin_abm.scenario.includes import Includes, Layer
from insulin_abm.scenario.lines import places_of, reading_order
from insulin_abm.scenario.medium import Well, read_changes, read_medium, wells_of
from insulin_abm.scenario.overrides import apply_overrides
from insulin_abm.scenario.parts import read_minutes, read_parameters, read_person
from insulin_abm.scenario.published import Published, read_published
from insulin_abm.scenario.reader import Reader
from insulin_abm.scenario.scenario import DISH, LARGEST_SEED, placed_or_overridden
from insulin_abm.scenario.steps import read_step, refuse_within_steps

if TYPE_CHECKING:
    from insulin_abm.dish import Dish

KEYS = (
    "include",
    "title",
    "duration",
    "step",
    "seed",
    DISH,
    "person",
    "medium",
    "changes",
    "tests",
    "published",
    "parameters",
    "record",
)
"""The keys and tables that such a scenario may have at its top."""

_PEOPLE_TOO = ("cells", "habits", "meals", "start", "insulin", "pump", "drugs", "use")
"""What an included file of a person may say that means nothing to a dish."""


@dataclass(frozen=True)
class DishScenario:
    r"""A scenario of a dish in which every quantity has been read and checked.

    Attributes
    ----------
    title, seed, name, path, text, overrides, includes, use, step_min, duration_min, person
        As of a `Scenario`; `use` is empty, a dish runs no code of a user's.
    line : str
        The cell line, or the kind of cell of the body.
    kind : str
        The kind of cell whose rules they follow.
    cells : int
        Cells in a well.
    medium : Medium
        What they have lived in for long.
    wells : tuple of Well
        What each well goes through.
    tests : tuple of Test
        What is measured on copies, in order of time.
    published : tuple of Published
        Published points that the pictures show; no result depends on them.
    parameters : Registry
        Every number, those of the line and the scenario's changes made.
    record_every_min, record_cells_every_min : int
        Time between two rows, and between two snapshots of every cell.

    Examples
    --------
    >>> text = 'duration = "1 h"\n[dish]\nline = "fat"\n[[changes]]\nat = "0 min"\ninsulin = "17 nmol/L"'
    >>> scenario = DishScenario.from_text(text)
    >>> scenario.kind, len(scenario.wells)
    ('fat', 1)
    """

    title: str
    duration_min: int
    step_min: float
    seed: int
    line: str
    kind: str
    cells: int
    person: Person
    medium: Medium
    wells: tuple[Well, ...]
    tests: tuple[Test, ...]
    published: tuple[Published, ...]
    parameters: Registry
    record_every_min: int
    record_cells_every_min: int
    includes: tuple[Path, ...] = ()
    name: str = "dish"
    path: Path | None = None
    text: str = ""
    overrides: dict[str, object] = field(default_factory=dict)
    use: tuple[Path, ...] = ()

    @classmethod
    def load(cls, path: str | Path, overrides: Mapping[str, object] | None = None) -> DishScenario:
        """Read a scenario file; parameters, returns and errors are those of `Scenario.load`."""
        file = find_scenario(path)
        return replace(cls.from_text(read_text(file), file.parent, overrides, str(file)), path=file)

    @classmethod
    def from_text(
        cls,
        text: str,
        folder: str | Path = ".",
        overrides: Mapping[str, object] | None = None,
        source: str = "dish",
    ) -> DishScenario:
        """Read the text of a scenario; as `Scenario.from_text`.

        Raises
        ------
        Faults
            Something is wrong; all faults are in one message.
        """
        # what a scenario of a person calls cells are those of a well here
        changes = {f"{DISH}.{name}" if name == "cells" else name: value for name, value in (overrides or {}).items()}
        table, faults = apply_overrides(parse(text, source), changes, KEYS, Registry.load())
        layer = Includes(Path(source)).below(Layer(table, places_of(text)), Path(folder), faults)
        reader = Reader({k: v for k, v in layer.table.items() if k in table or k not in _PEOPLE_TOO}, "", faults)
        fields = _read(reader, Path(source).stem)
        if faults:
            where = [placed_or_overridden(fault, layer.places, changes) for fault in faults]
            raise Faults(sorted(where, key=reading_order), source)
        return cls(**fields, includes=layer.files, name=Path(source).stem, text=text, overrides=changes)

    def resolved(self) -> dict[str, Any]:
        """Give all that a run depends on as plain data, for the manifest and for hashes."""
        return {
            "title": self.title,
            "duration_min": self.duration_min,
            "step_min": self.step_min,
            "seed": self.seed,
            "line": self.line,
            "kind": self.kind,
            "cells": self.cells,
            "person": asdict(self.person),
            "medium": asdict(self.medium),
            "wells": [asdict(well) for well in self.wells],
            "tests": [asdict(test) for test in self.tests],
            "published": [_without_gaps(asdict(point)) for point in self.published],
            "parameters": {"fingerprint": self.parameters.fingerprint, "changed": self.parameters.overrides},
            "record_every_min": self.record_every_min,
            "record_cells_every_min": self.record_cells_every_min,
        }

    def dish(self, seed: int | None = None, threads: int = 1) -> Dish:
        """Make the dish at minute 0, its cells settled in their first medium and nothing before it.

        Parameters
        ----------
        seed : int, optional
            Another seed than the scenario's.
        threads : int
            Threads that the compiled minute may use.
        """
        from insulin_abm.dish import Dish

        dish = Dish(
            kind=self.kind,
            cells=self.cells,
            medium=self.medium,
            person=self.person,
            parameters=self.parameters,
            seed=self.seed if seed is None else seed,
            step_min=self.step_min,
            threads=threads,
        )
        dish.settle()
        return dish

    def enter(self, dish: Dish, well: Well) -> None:
        """Let a dish go through what a well goes through."""
        for minute, medium in well.steps:
            dish.schedule("change_medium", at=minute, **asdict(medium))


def _read(scenario: Reader, name: str) -> dict[str, Any]:
    """Read all tables; what is wrong is added to the reader's faults."""
    for key in KEYS:
        scenario.has(key)
    table = scenario.table(DISH)
    line = _read_line(table)
    parameters = read_parameters(scenario, line.registry(Registry.load()))
    cells = parameters["culture.cells"]
    number = table.whole("cells", round(cells.low), round(cells.high), round(cells.value))
    table.finish()
    if "duration" not in scenario.values:
        scenario.refuse("duration", "is missing", 'Write how long it runs, such as duration = "24 h"')
    duration = read_minutes(scenario, "duration", parameters, "scenario.duration")
    course = Course(start_min_of_day=0, duration_min=duration)
    medium = read_medium(scenario.table("medium"), parameters)
    changes = read_changes(scenario, course, parameters)
    tests = read_tests(scenario, duration, parameters)
    if not changes and not tests:
        hint = "Write [[changes]] (steps, pulses, wash-outs of the medium) or [[tests]]"
        scenario.refuse("changes", "nothing happens to the dish and nothing is measured of it", hint)
    if any(test.kind == BINDING for test in tests) and not _has_receptors(line.cells, parameters):
        hint = f"Raise {line.cells}.receptor_production_factor, or test the response instead"
        scenario.refuse("tests", f"{line.name} cells have no insulin receptors that could bind", hint)
    person = read_person(scenario.table("person"), parameters)
    if line.cells == "beta" and not person.beta_cell_mass:
        scenario.refuse("person", "has no beta cells that a dish could hold", "Choose another person, or other cells")
    record = scenario.table("record")
    fields: dict[str, Any] = {
        "title": scenario.text("title", name),
        "duration_min": duration,
        "step_min": read_step(scenario, parameters),
        "seed": scenario.whole("seed", 0, LARGEST_SEED, 1),
        "line": line.name,
        "kind": line.cells,
        "cells": number,
        "person": person,
        "medium": medium,
        "wells": wells_of(scenario, medium, changes, duration, parameters),
        "tests": tests,
        "published": read_published(scenario, line.name, parameters),
        "parameters": parameters,
        "record_every_min": read_minutes(record, "every", parameters, "culture.record_every"),
        "record_cells_every_min": read_minutes(record, "cells_every", parameters, "culture.record_cells_every"),
    }
    record.finish()
    scenario.finish("key or table")
    refuse_within_steps(scenario, fields["step_min"], _times(fields))
    return fields


def _times(fields: Mapping[str, Any]) -> dict[str, int]:
    """Give every time at which something happens or is seen, by what it is."""
    every, cells_every = fields["record_every_min"], fields["record_cells_every_min"]
    settling = round(fields["parameters"]["culture.settling"].value)
    times = {f"the end, minute {fields['duration_min']},": fields["duration_min"]}
    times |= {f"the beginning, {settling} min before minute 0,": settling}
    times |= {f"recording every {every} min": every, f"cells every {cells_every} min": cells_every}
    times |= {f"a change of the medium at minute {t}": t for well in fields["wells"] for t, _ in well.steps}
    for test in fields["tests"]:
        times |= {f"a test at minute {test.time_min}": test.time_min, f"a test of {test.for_min} min": test.for_min}
    return times


def _read_line(table: Reader) -> Line:
    """Read which cells."""
    known = known_lines()
    if "line" not in table.values:
        table.refuse("line", "is missing", f'Write which cells, such as line = "fat"; there are {", ".join(known)}')
    return known[table.text("line", "fat", known)]


def _without_gaps(point: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known: JSON has no number for it."""
    return {name: value for name, value in point.items() if value == value}


def _has_receptors(kind: str, parameters: Registry) -> bool:
    site = kind if f"{kind}.receptor_production_factor" in parameters else "receptor"
    return parameters[f"{site}.receptor_production_factor"].value > 0.0
