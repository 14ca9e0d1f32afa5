"""Worlds that live in steps of one compiled minute, and whose particles are balanced in every step."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from insulin_abm.cells.receptors import ReceptorCell
from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.events import Event
from insulin_abm.engine.minute import Minute
from insulin_abm.engine.phases import Phase, Tell
from insulin_abm.engine.records import ParameterRecord
from insulin_abm.engine.world import World
from insulin_abm.living import LivingAgent
from insulin_abm.making import newborn
from insulin_abm.organs.blood import Blood
from insulin_abm.parameters import Registry, Steps
from insulin_abm.person import Person
from insulin_abm.tissue.anatomy import TissueAnatomy
from insulin_abm.tissue.patch import Patch

_log = logging.getLogger(__name__)


class LedgerError(RuntimeError):
    """Particles or receptors appeared or vanished."""


class SteppedWorld(World):
    """A world of cells in patches of tissue; one unit of Mesa's clock is a minute. `Body` and `Dish` are such.

    Parameters
    ----------
    person : Person
        Whose cells they are.
    parameters : Registry
        Every number.
    seed : int
        Where all chance comes from.
    step_min : float
        How long a step is, in minutes; events and the clock stay in whole minutes.
    threads : int
        How many threads share the cells; the result is the same for any number.
    """

    anatomy: Mapping[str, TissueAnatomy]
    """The tissues by name, in the order of their rows."""

    def __init__(self, *, person: Person, parameters: Registry, seed: int, step_min: float, threads: int) -> None:
        super().__init__(seed)
        self.person = person
        self.parameters = parameters
        self.step_min = step_min
        self.threads = threads
        self.records: dict[type[RowAgent], ParameterRecord] = {}
        self._steps = Steps(step_min)
        self._in_steps = parameters.in_steps_of(step_min)
        self._said_slow = False

    def phases(self, cells: Sequence[type[RowAgent]]) -> list[Phase]:
        """List the phases of the minute, in their order.

        Parameters
        ----------
        cells : sequence of type
            All classes of cells that live in patches.
        """
        raise NotImplementedError(f"{type(self).__name__} must say in `phases` what a minute consists of")

    def record_of(self, agent_class: type[LivingAgent]) -> ParameterRecord:
        """Give the numbers that the rules of a class read in this world."""
        return agent_class.record(self._in_steps, self.person)

    def begin(self, classes: Sequence[type[ReceptorCell]]) -> None:
        """Prepare the minute when all who live in it are there.

        Parameters
        ----------
        classes : sequence of type
            The kinds of cells; others may join later.
        """
        self._patches = self.populations[Patch].size
        for cls in classes:
            self._receive(cls)
        self._prepare_minute()

    def _prepare_minute(self) -> None:
        cells = tuple(cls for cls in self.populations if cls.lives_in is Patch)  # a user's subclasses included
        # before a chunk begins, because cells may have been changed since the last one
        self._tell_anew = Tell("patches are told anew", Patch, cells, lasting=True)
        self.minute = Minute(self.phases(cells), (Blood, "imbalance"), self.records, self.threads, Patch)
        self.minute.spare_memory(self)
        if self.minute.interpreted and not self._said_slow:
            self._said_slow = True
            names = ", ".join(phase.name for phase in self.minute.interpreted)
            _log.warning("plain Python takes part (%s): agent by agent, hundreds of times slower", names)

    def population(self, agent_class: type[RowAgent]) -> Any:
        """Give the population of exactly this class; a new class of cells joins the minute."""
        known = agent_class in self.populations
        population = super().population(agent_class)
        if not known and hasattr(self, "minute") and issubclass(agent_class, LivingAgent):
            self.records[agent_class] = self.record_of(agent_class)
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
            if self.populations[Blood].columns["imbalance"][0]:
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
            what = type(self).__name__.lower()
            raise ValueError(f"the patches of a {what} and their neighbours are fixed: none can be added or removed")

    def _imbalance(self, minute: int) -> str:
        """Say where the ledger does not close."""
        imbalance = self.populations[Blood].columns["imbalance"][0]
        rows = self.populations[Patch].columns["imbalance"].nonzero()[0]
        if len(rows):
            tissue = list(self.anatomy)[self.populations[Patch].agent(int(rows[0])).place.row]
            where = f"first in patch {rows[0]} ({tissue})"
        else:
            where = "on the way between patches"
        return (
            f"the ledger does not close: {imbalance} particles or receptors in minute {minute}, {where}; "
            "a rule that changes counts must tell its patch"
        )
