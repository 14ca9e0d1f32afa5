"""A person: the Mesa model in which cells, tissues and organs live together."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np

from insulin_abm.cells.receptors import ReceptorCell
from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.events import Event
from insulin_abm.engine.fingerprint import referred_names
from insulin_abm.engine.minute import Minute
from insulin_abm.engine.phases import Act, Adjust, Hop, Phase, See, Tell
from insulin_abm.engine.rules import is_rule
from insulin_abm.engine.snapshot import SnapshotError
from insulin_abm.living import LivingAgent
from insulin_abm.making import ORGANS, agent_classes, differ, fill, make_organs, make_tissues, newborn
from insulin_abm.organs.blood import Blood
from insulin_abm.parameters import Registry, Steps
from insulin_abm.parameters.conversions import MINUTES_PER_DAY
from insulin_abm.person import Habits, Person
from insulin_abm.tissue.patch import Patch
from insulin_abm.tissue.tissue import Tissue
from insulin_abm.treated import Treated

_log = logging.getLogger(__name__)


class LedgerError(RuntimeError):
    """Particles or receptors appeared or vanished."""


class Body(Treated):
    """A person, simulated from the cells up; one unit of Mesa's clock is a minute.

    Parameters
    ----------
    person : Person
        What can be measured of the person.
    cells : mapping of str to int
        How many agents of each kind stand for a whole organ.
    habits : Habits
        The usual day, which decides the state in which the person begins.
    parameters : Registry
        Every number.
    seed : int
        Where all chance comes from.
    start_min_of_day : int
        Clock time of minute 0.
    use : sequence of type
        Classes of the user's own: cells and drugs.
    step_min : float
        How long a step is, in minutes; events and the clock stay in whole minutes.
    threads : int
        How many threads share the cells; the result is the same for any number.

    Notes
    -----
    A new body is a rough guess of a person who has not eaten; `settle` brings it to the state that the habits keep,
    and `Scenario.body` gives one that has settled.
    """

    def __init__(
        self,
        *,
        person: Person,
        cells: Mapping[str, int],
        habits: Habits,
        parameters: Registry,
        seed: int,
        start_min_of_day: int,
        use: Sequence[type] = (),
        step_min: float = 1.0,
        threads: int = 1,
    ) -> None:
        super().__init__(seed)
        self.person = person
        self.cells = dict(cells)
        self.habits = habits
        self.parameters = parameters
        self.start_min_of_day = start_min_of_day
        self.use = tuple(use)
        self.step_min = step_min
        self._steps = Steps(step_min)
        self._in_steps = parameters.in_steps_of(step_min)
        self.threads = threads
        self.settling: dict[str, Any] = {}
        self._said_slow = False
        self.cell_classes, self.drug_classes = agent_classes(self.use)
        make_organs(self, self.drug_classes)
        self.anatomy = make_tissues(self, person, self._in_steps, self.cell_classes, self.cells)
        self.records = {cls: cls.record(self._in_steps, person) for cls in self.populations}
        differ(self, self.cell_classes, self.records)
        fill(self, self.cell_classes, self.records, parameters.site("start"))
        self._patches = self.populations[Patch].size
        for cls in self.cell_classes.values():
            self._receive(cls)
        self._prepare_minute()

    # ---- the minute

    def _prepare_minute(self) -> None:
        """List the phases of the minute, in their order."""
        cells = self._cell_classes_alive()
        organs: tuple[type[RowAgent], ...] = (*ORGANS, *self.drug_classes)
        tell_patches = Tell("patches are told", Patch, cells)
        self._tell_anew = replace(tell_patches, name="patches are told anew", lasting=True)
        tell_tissues = Tell("tissues are told", Tissue, (Patch,))
        there = ("glucose_there", "insulin_there")
        settled = tuple(target for target in tell_tissues.told() if target not in there)
        phases: list[Phase] = [*self._adjustments(), See("tissues see blood", Tissue)]
        phases += [Act("blood flows in", Tissue, "receive_blood"), See("patches see tissue", Patch)]
        phases += [Act("particles enter", Patch, "exchange")]
        for cls in cells:
            phases += [See(f"{cls.__name__} sees patch", cls), Act(f"{cls.__name__} lives", cls)]
        phases += [tell_patches, Act("patches settle", Patch, "settle"), replace(tell_tissues, targets=settled)]
        phases += [Hop("particles hop", Patch, ("glucose", "insulin"))]
        phases += [replace(tell_tissues, name="tissues are told what is there", targets=there)]
        phases += [Act("blood flows out", Tissue, "answer_blood")]
        for organ in organs:
            phases += [See(f"{organ.__name__} sees blood", organ), Act(f"{organ.__name__} lives", organ)]
        phases += [Tell("blood is told", Blood, (Tissue, *organs)), Act("blood lives", Blood)]
        self.minute = Minute(phases, (Blood, "imbalance"), self.records, self.threads, Patch)
        self.minute.spare_memory(self)
        if self.minute.interpreted and not self._said_slow:
            self._said_slow = True
            names = ", ".join(phase.name for phase in self.minute.interpreted)
            _log.warning("plain Python takes part (%s): the body lives agent by agent, hundreds of times slower", names)

    def _cell_classes_alive(self) -> tuple[type[RowAgent], ...]:
        """All classes of cells that live in patches, subclasses made by a user while it runs included."""
        return tuple(cls for cls in self.populations if cls.lives_in is Patch)

    def _adjustments(self) -> list[Phase]:
        """What drugs multiply, site by site."""
        factors: dict[type[RowAgent], list[tuple[str, type[RowAgent], str]]] = {}
        read = {cls: self._numbers_in_rules(cls) for cls in self.records if issubclass(cls, LivingAgent)}
        for drug in self.drug_classes:
            for target, column in drug.acts_on.items():
                site, _, name = target.partition(".")
                sites = [cls for cls in read if site in cls.parameter_sites and name in read[cls]]
                if not sites:
                    known = {f"{own}.{one}" for cls in read for own in cls.parameter_sites for one in read[cls]}
                    near = difflib.get_close_matches(target, sorted(known), 1)
                    hint = f"did you mean '{near[0]}'?" if near else "choose one that ends in _factor"
                    raise ValueError(f"{drug.__name__} acts on '{target}', which no rule reads as it is: {hint}")
                for cls in sites:
                    factors.setdefault(cls, []).append((name, drug, column))
        return [Adjust(f"drugs act on {cls.__name__}", cls, tuple(factor)) for cls, factor in factors.items()]

    def _numbers_in_rules(self, cls: type[LivingAgent]) -> set[str]:
        """Names of the parameters that the rules of a class read (one that a column has as well does not count)."""
        rules = (getattr(cls, name) for name in dir(cls) if is_rule(getattr(cls, name)))
        return {name for rule in rules for name in referred_names(rule)} & (
            set(self.records[cls].names) - set(cls.columns)
        )

    def population(self, agent_class: type[RowAgent]) -> Any:
        """Give the population of exactly this class; a new class of cells joins the minute."""
        known = agent_class in self.populations
        population = super().population(agent_class)
        if not known and hasattr(self, "minute") and issubclass(agent_class, LivingAgent):
            self.records[agent_class] = agent_class.record(self._in_steps, self.person)
            self._prepare_minute()
            if issubclass(agent_class, ReceptorCell):
                self._receive(agent_class)
        return population

    def _receive(self, cls: type[ReceptorCell]) -> None:
        """Prepare for new cells of a class: they live in their own tissue, and begin as an average cell."""
        population = self.populations[cls]
        tissue = list(self.anatomy).index(cls.tissue_name)
        population.habitat = np.flatnonzero(self.populations[Patch].place == tissue)
        population.newborn = newborn(cls, self.records[cls], self.parameters.site("start"))
        if "stands_for" in cls.columns and population.size:
            population.newborn["stands_for"] = float(population.columns["stands_for"][0])

    def live(self, old: int, new: int) -> None:
        """Live the minutes (old, new]: in one compiled loop, or minute by minute where plain Python takes part."""
        self._check_neighbours()
        if len(self.plain_agents) and self.step_min > 1.0:
            raise ValueError(f"ordinary Mesa agents live in minutes, not in steps of {self.step_min:g} min")
        begin, end = self._steps.until(old), self._steps.until(new)
        self.minute.live_phase(self, self._tell_anew, begin)
        steps = self._steps.in_a_minute if len(self.plain_agents) else end - begin
        for first in range(begin, end, steps):
            lived = self.minute.live(self, first, first + steps)
            if self.blood.imbalance:
                raise LedgerError(self._imbalance(self._steps.minute_of(lived)))
            if len(self.plain_agents):
                self.live_plain_agents()
                self.minute.live_phase(self, self._tell_anew, first + steps)

    def run_until(self, end_time: float) -> None:
        """Live until the end of a minute, the events of that minute included."""
        if not self._steps.fits(end_time):
            raise ValueError(f"the end, minute {end_time:g}, {self._steps.between}")
        super().run_until(end_time)

    def schedule(self, kind: str, /, *, at: float, every: float | None = None, **arguments: Any) -> Event:
        """Enter an event into the table, see `World.schedule`; it happens between two steps."""
        if not (self._steps.fits(at) and self._steps.fits(every or 0)):
            often = f" and every {every:g} min" if every else ""
            raise ValueError(f"{kind!r} at minute {at:g}{often} {self._steps.between}")
        return super().schedule(kind, at=at, every=every, **arguments)

    def _check_neighbours(self) -> None:
        """Refuse rows of neighbours that are none: compiled code would follow them."""
        patches = self.populations[Patch]
        rows = [patches.columns[way] for way in ("east", "west", "north", "south")]
        if patches.size != self._patches or any(way.min() < 0 or way.max() >= patches.size for way in rows):
            raise ValueError("the patches of a body and their neighbours are fixed: none can be added or removed")

    def _imbalance(self, minute: int) -> str:
        """Say where the ledger does not close."""
        rows = self.populations[Patch].columns["imbalance"].nonzero()[0]
        if len(rows):
            tissue = list(self.anatomy)[self.populations[Patch].agent(int(rows[0])).place.row]
            where = f"first in patch {rows[0]} ({tissue})"
        else:
            where = "on the way between patches"
        return (
            f"the ledger does not close: {self.blood.imbalance} particles or receptors in minute {minute}, {where}; "
            "a rule that changes counts must tell its patch"
        )

    # ---- the parts

    def tissue(self, name: str) -> Tissue:
        """The tissue of that name."""
        return self.populations[Tissue].agent(list(self.anatomy).index(name))  # type: ignore[no-any-return]

    @property
    def clock_minute(self) -> int:
        """Minutes after midnight."""
        return int(self.start_min_of_day + self.time) % MINUTES_PER_DAY

    # ---- copies

    def state(self) -> dict[str, Any]:
        """What a snapshot holds beside the agents: whose it is, and how the person settled."""
        return {"settling": self.settling, "made_of": self._made_of()}

    def refuse_state(self, state: dict[str, Any]) -> None:
        """Refuse another person's."""
        if state["made_of"] != self._made_of():
            raise SnapshotError("the snapshot is of another person or parameters: make that body, then restore")

    def take_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        self.settling = state["settling"]

    def _made_of(self) -> str:
        made_of = f"{self.person} {sorted(self.cells.items())} {self.parameters.fingerprint} {self.start_min_of_day}"
        return f"{made_of} {self.step_min:g}"

    def making(self) -> dict[str, Any]:
        """What a body of the same making is made of."""
        return {
            "person": self.person,
            "cells": self.cells,
            "habits": self.habits,
            "parameters": self.parameters,
            "seed": self.seed,
            "start_min_of_day": self.start_min_of_day,
            "use": self.use,
            "step_min": self.step_min,
            "threads": self.threads,
        }

    def with_cells(self, cells: Mapping[str, int]) -> Self:
        """The same person made of another number of cells, before it settled."""
        return type(self)(**{**self.making(), "cells": cells})
