"""A scenario: who, for how long, what happens, what is recorded; it makes a body."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli_w

from insulin_abm.drugs import SHIPPED
from insulin_abm.parameters import Fault, Faults, Registry
from insulin_abm.person import Habits, Person
from insulin_abm.renewal import MONTH_MIN
from insulin_abm.scenario.cells import read_cells
from insulin_abm.scenario.courses import read_courses
from insulin_abm.scenario.events import Course, ScenarioEvent, read_events, read_habits
from insulin_abm.scenario.files import find_scenario, parse, read_text
from insulin_abm.scenario.includes import Includes, Layer
from insulin_abm.scenario.lines import Place, placed, places_of, reading_order
from insulin_abm.scenario.overrides import apply_overrides, top_key
from insulin_abm.scenario.parts import gather, read_minutes, read_parameters, read_person, usual_day
from insulin_abm.scenario.reader import Reader
from insulin_abm.scenario.steps import read_step, refuse_what_lies_within_steps
from insulin_abm.scenario.times import clock_minute
from insulin_abm.scenario.user_code import drugs_of, kinds_of, read_use, user_classes, with_user_parameters
from insulin_abm.scenario.visits import ScenarioVisit, read_visits

if TYPE_CHECKING:
    from insulin_abm.body import Body

KEYS = (
    "include",
    "title",
    "start",
    "duration",
    "step",
    "seed",
    "use",
    "person",
    "cells",
    "meals",
    "insulin",
    "pump",
    "drugs",
    "usual_meals",
    "infusions",
    "exercise",
    "visits",
    "habits",
    "parameters",
    "record",
)
"""The keys and tables that a scenario may have at its top."""

DISH = "dish"
"""The table that makes a scenario one of a dish."""

_READ_FIRST = ("include", "use")
"""What the other keys depend on."""

LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True)
class Scenario:
    """A scenario in which every quantity has been read and checked.

    Attributes
    ----------
    title : str
        One line.
    start_min_of_day : int
        Clock time of minute 0, in minutes after midnight.
    duration_min : int
        Length in minutes.
    seed : int
        Of all chance.
    person : Person
        Who.
    cells : dict
        Number of agents by kind of cell.
    habits : Habits
        The usual day from which the person's starting state follows; it ends at minute 0.
    events : tuple of ScenarioEvent
        All that happens from minute 0 on, in order of time.
    visits : tuple of ScenarioVisit
        When a copy of the person goes to the clinic, and what is done there.
    parameters : Registry
        Every number of the model, the scenario's changes made.
    record_every_min, record_cells_every_min : int
        Time between two rows of the recording, and between two snapshots of every cell.
    step_min : float
        How long a step is, in minutes.
    snapshot_every_min : int
        Time between two moments from which a run that is cut off can go on; no result depends on it.
    use : tuple of Path
        Users' Python files with cells and drugs.
    includes : tuple of Path
        The files that the scenario includes, also those that its files include, each once.
    name : str
        The file's name without its ending.
    path : Path or None
        The file.
    text : str
        Its text.
    overrides : dict
        What was changed by name (``--set``).
    table : dict
        All that was read, as one table: what the scenario includes and the changes by name are laid in.

    Examples
    --------
    >>> scenario = Scenario.from_text('duration = "3 h"')
    >>> scenario.duration_min, scenario.person.weight_kg
    (180, 70.0)
    """

    title: str
    start_min_of_day: int
    duration_min: int
    seed: int
    person: Person
    cells: dict[str, int]
    habits: Habits
    events: tuple[ScenarioEvent, ...]
    parameters: Registry
    record_every_min: int
    record_cells_every_min: int
    snapshot_every_min: int
    step_min: float = 1.0
    visits: tuple[ScenarioVisit, ...] = ()
    use: tuple[Path, ...] = ()
    includes: tuple[Path, ...] = ()
    name: str = "scenario"
    path: Path | None = None
    text: str = ""
    overrides: dict[str, object] = field(default_factory=dict)
    table: dict[str, Any] = field(default_factory=dict, compare=False)

    @classmethod
    def load(
        cls, path: str | Path, allow_code: bool = False, overrides: Mapping[str, object] | None = None
    ) -> Scenario:
        """Read a scenario file.

        Parameters
        ----------
        path : str or Path
            The file, or the name of a scenario that comes with the program.
        allow_code : bool
            Whether a scenario with ``use`` may run its code.
        overrides : mapping, optional
            Changes by name, such as ``{"person.weight": "90 kg", "muscle.receptor_count": "1.2e4"}``.

        Raises
        ------
        Faults
            Something is wrong; all faults are in one message.
        """
        file = find_scenario(path)
        scenario = cls.from_text(read_text(file), file.parent, allow_code, overrides, str(file))
        return replace(scenario, path=file)

    @classmethod
    def from_text(
        cls,
        text: str,
        folder: str | Path = ".",
        allow_code: bool = False,
        overrides: Mapping[str, object] | None = None,
        source: str = "scenario",
    ) -> Scenario:
        """Read the text of a scenario.

        Parameters
        ----------
        text : str
            TOML.
        folder : str or Path
            Where the files of ``use`` and ``include`` are.
        allow_code, overrides
            As in `load`.
        source : str
            What the messages call it; the file's name becomes the scenario's.

        Raises
        ------
        Faults
            Something is wrong; all faults are in one message.
        """
        table = parse(text, source)
        if DISH in table:
            hint = "insulin-abm run and batch run it; in Python, DishScenario.load reads it"
            raise Faults([Fault(DISH, "this scenario is of a dish, not of a person", hint)], source)
        changes = dict(overrides or {})
        first = {name: value for name, value in changes.items() if top_key(name) in _READ_FIRST}
        later = {name: value for name, value in changes.items() if name not in first}
        table, faults = apply_overrides(table, first, KEYS, Registry.load())
        layer = Includes(Path(source)).below(Layer(table, places_of(text)), Path(folder), faults)
        fields = _read(layer.table, Path(folder), allow_code, later, faults, Path(source).stem)
        if faults or fields is None:
            where = [placed_or_overridden(fault, layer.places, changes) for fault in faults]
            raise Faults(sorted(where, key=reading_order), source)
        return cls(**fields, includes=layer.files, name=Path(source).stem, text=text, overrides=changes)

    def written(self) -> str:
        """Write the scenario as the text of one file, which includes no other."""
        return tomli_w.dumps({"title": self.title, **self.table})

    def changed(self, table: Mapping[str, Any]) -> Scenario:
        """Read the scenario again with another `table`.

        Raises
        ------
        Faults
            Something in the table is wrong; all faults are in one message.
        """
        folder = self.path.parent if self.path is not None else Path()
        changed = replace(self, table=dict(table))
        read = Scenario.from_text(changed.written(), folder, allow_code=bool(self.use), source=f"{self.name}.toml")
        return replace(read, path=self.path)

    def resolved(self) -> dict[str, Any]:
        """Give all that a run depends on as plain data, for the manifest and for hashes.

        Two scenarios with equal resolved data make equal runs, however they are written and how often they are kept.
        """
        return {
            "title": self.title,
            "start_min_of_day": self.start_min_of_day,
            "duration_min": self.duration_min,
            "step_min": self.step_min,
            "seed": self.seed,
            "person": asdict(self.person),
            "cells": dict(self.cells),
            "habits": [asdict(event) for event in self.habits.events],
            "events": [asdict(event) for event in self.events],
            "visits": [asdict(visit) for visit in self.visits],
            "parameters": {"fingerprint": self.parameters.fingerprint, "changed": self.parameters.overrides},
            "record_every_min": self.record_every_min,
            "record_cells_every_min": self.record_cells_every_min,
            "use": [{"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()} for path in self.use],
        }

    def body(self, seed: int | None = None, threads: int = 1) -> Body:
        """Make the person: a `mesa.Model` at minute 0 with the scenario's events before it.

        Parameters
        ----------
        seed : int, optional
            Another seed than the scenario's.
        threads : int
            Threads that the compiled minute may use.
        """
        from insulin_abm.settling import settle

        body = self.unsettled_body(seed, threads)
        settle(body)
        for event in self.events:
            body.schedule(event.kind, at=event.time_min, every=event.every_min, **event.arguments)
        if self.duration_min > MONTH_MIN:
            body.schedule("renew_fat_cells", at=MONTH_MIN, every=MONTH_MIN)
        return body

    def drugs(self) -> tuple[type, ...]:
        """The drugs of the program that are taken in this scenario."""
        own = {cls.__name__ for cls in user_classes(self.use)}
        taken = {event.arguments["drug"] for event in self.events if event.kind == "take_drug"} - own
        return tuple(SHIPPED[name] for name in sorted(taken))

    def unsettled_body(self, seed: int | None = None, threads: int = 1) -> Body:
        """Make the person before the usual days, with no event before it: a snapshot can be restored into it."""
        from insulin_abm.body import Body

        return Body(
            person=self.person,
            cells=self.cells,
            habits=self.habits,
            parameters=self.parameters,
            seed=self.seed if seed is None else seed,
            start_min_of_day=self.start_min_of_day,
            use=(*self.drugs(), *user_classes(self.use)),
            step_min=self.step_min,
            threads=threads,
        )


def placed_or_overridden(fault: Fault, places: Mapping[str, Place], overrides: Mapping[str, object]) -> Fault:
    """Give a fault its line (and file), or the override that it comes from."""
    if fault.line is not None or fault.place.startswith("--set"):
        return fault
    for name in overrides:
        if fault.place in (name, f"parameters.{name}") or fault.place.startswith((f"{name}.", f"{name}[")):
            return replace(fault, place=f"--set {name}")
    return placed(fault, places)


def _read(
    table: dict[str, Any],
    folder: Path,
    allow_code: bool,
    overrides: dict[str, object],
    faults: list[Fault],
    name: str,
) -> dict[str, Any] | None:
    """Read all tables; what is wrong is added to `faults`."""
    shipped = Registry.load()
    # users' parameters are needed to know which names may be changed, so `use` is looked at first
    use = read_use(Reader(table, "", faults), folder, allow_code)
    no_classes: tuple[type, ...] = ()
    classes = gather(faults, partial(user_classes, use), no_classes)
    known = gather(faults, partial(with_user_parameters, shipped, use, classes), shipped)
    table, unknown_names = apply_overrides(table, overrides, KEYS, known)
    faults += unknown_names
    scenario = Reader(table, "", faults)
    for key in KEYS:
        scenario.has(key)
    parameters = read_parameters(scenario, known)
    course = Course(
        start_min_of_day=scenario.read("start", clock_minute, 0),
        duration_min=read_minutes(scenario, "duration", parameters, "scenario.duration"),
    )
    if "duration" not in table:
        hint = 'Write how long it runs, such as duration = "24 h"; a file of a person or of meals is named by include'
        scenario.refuse("duration", "is missing", hint)
    person = read_person(scenario.table("person"), parameters)
    habits = read_habits(scenario.table("habits"), usual_day(), person, parameters)
    record = scenario.table("record")
    step_min = read_step(scenario, parameters)
    fields = {
        "title": scenario.text("title", name),
        "start_min_of_day": course.start_min_of_day,
        "duration_min": course.duration_min,
        "step_min": step_min,
        "seed": scenario.whole("seed", 0, LARGEST_SEED, 1),
        "person": person,
        "cells": read_cells(scenario, parameters, kinds_of(classes)),
        "habits": habits,
        "events": tuple(
            sorted(
                [
                    *read_events(scenario, course, habits, parameters, drugs_of(classes)),
                    *read_courses(scenario, course, habits, parameters),
                ],
                key=lambda event: event.time_min,
            )
        ),
        "visits": read_visits(scenario, course, parameters),
        "parameters": parameters,
        "record_every_min": read_minutes(record, "every", parameters, "scenario.record_every"),
        "record_cells_every_min": read_minutes(record, "cells_every", parameters, "scenario.record_cells_every"),
        "snapshot_every_min": read_minutes(record, "snapshot_every", parameters, "scenario.snapshot_every"),
        "use": use,
        "table": table,
    }
    record.finish()
    scenario.finish("key or table")
    refuse_what_lies_within_steps(scenario, fields)
    return None if faults else fields
