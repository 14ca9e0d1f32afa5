"""A person: the Mesa model in which cells, tissues and organs live together."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from insulin_abm.cells.receptors import ReceptorCell
from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.events import event
from insulin_abm.engine.minute import Minute
from insulin_abm.engine.phases import Act, Adjust, Hop, Phase, See, Tell
from insulin_abm.engine.world import World
from insulin_abm.living import LivingAgent
from insulin_abm.making import ORGANS, agent_classes, differ, fill, make_organs, make_tissues, newborn
from insulin_abm.organs.blood import Blood
from insulin_abm.organs.depot import InsulinDepot
from insulin_abm.organs.gut import Gut
from insulin_abm.parameters import Registry, find_food
from insulin_abm.parameters.conversions import MG_PER_G, MINUTES_PER_DAY, MINUTES_PER_HOUR
from insulin_abm.person import Habits, Person
from insulin_abm.tissue.patch import Patch
from insulin_abm.tissue.tissue import Tissue

INSULINS = ("rapid", "long")
"""Kinds of insulin that can be injected."""

_log = logging.getLogger(__name__)


class LedgerError(RuntimeError):
    """Particles or receptors appeared or vanished."""


class Body(World):
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
        threads: int = 1,
    ) -> None:
        super().__init__(seed)
        self.person = person
        self.cells = dict(cells)
        self.habits = habits
        self.parameters = parameters
        self.start_min_of_day = start_min_of_day
        self.use = tuple(use)
        self.threads = threads
        self.settling: dict[str, Any] = {}
        self._said_slow = False
        self.cell_classes, self.drug_classes = agent_classes(self.use)
        make_organs(self, self.drug_classes)
        self.anatomy = make_tissues(self, person, parameters, self.cell_classes, self.cells)
        self.records = {cls: cls.record(parameters, person) for cls in self.populations}
        differ(self, self.cell_classes, self.records)
        fill(self, self.cell_classes, self.records, parameters.site("start"))
        for cls in self.cell_classes.values():
            self._receive(cls)
        self._prepare_minute()

    # ---- the minute

    def _prepare_minute(self) -> None:
        """List the phases of the minute, in their order."""
        cells = self._cell_classes_alive()
        organs: tuple[type[RowAgent], ...] = (*ORGANS, *self.drug_classes)
        self._tell_patches = Tell("patches are told", Patch, cells)
        phases: list[Phase] = [*self._adjustments(), See("tissues see blood", Tissue)]
        phases += [Act("blood flows in", Tissue, "receive_blood"), See("patches see tissue", Patch)]
        phases += [Act("particles enter", Patch, "exchange")]
        for cls in cells:
            phases += [See(f"{cls.__name__} sees patch", cls), Act(f"{cls.__name__} lives", cls)]
        phases += [self._tell_patches, Act("patches settle", Patch, "settle")]
        phases += [Hop("particles hop", Patch, ("glucose", "insulin"))]
        phases += [Tell("tissues are told", Tissue, (Patch,)), Act("blood flows out", Tissue, "answer_blood")]
        for organ in organs:
            phases += [See(f"{organ.__name__} sees blood", organ), Act(f"{organ.__name__} lives", organ)]
        phases += [Tell("blood is told", Blood, (Tissue, *organs)), Act("blood lives", Blood)]
        self.minute = Minute(phases, (Blood, "imbalance"), self.records, self.threads)
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
        for drug in self.drug_classes:
            for target, column in drug.acts_on.items():
                site, _, name = target.partition(".")
                for cls in self.records:
                    if site in cls.parameter_sites and name in self.records[cls].names:
                        factors.setdefault(cls, []).append((name, drug, column))
        return [Adjust(f"drugs act on {cls.__name__}", cls, tuple(factor)) for cls, factor in factors.items()]

    def population(self, agent_class: type[RowAgent]) -> Any:
        """Give the population of exactly this class; a new class of cells joins the minute."""
        known = agent_class in self.populations
        population = super().population(agent_class)
        if not known and hasattr(self, "minute") and issubclass(agent_class, LivingAgent):
            self.records[agent_class] = agent_class.record(self.parameters, self.person)
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

    def live(self, old: int, new: int) -> None:
        """Live the minutes (old, new]: in one compiled loop, or minute by minute where plain Python takes part."""
        self.minute.live_phase(self, self._tell_patches, old)
        step = 1 if len(self.plain_agents) else new - old
        for first in range(old, new, step):
            lived = self.minute.live(self, first, first + step)
            if self.blood.imbalance:
                raise LedgerError(self._imbalance(lived))
            if len(self.plain_agents):
                self.live_plain_agents()
                self.minute.live_phase(self, self._tell_patches, first + step)

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

    @property
    def blood(self) -> Blood:
        """The person's blood."""
        return self.populations[Blood].agent(0)  # type: ignore[no-any-return]

    def organ[O](self, cls: type[O]) -> O:
        """The one agent of a class of which the person has just one."""
        return self.populations[cls].agent(0)  # type: ignore[index, no-any-return]

    def tissue(self, name: str) -> Tissue:
        """The tissue of that name."""
        return self.populations[Tissue].agent(list(self.anatomy).index(name))  # type: ignore[no-any-return]

    @property
    def clock_minute(self) -> int:
        """Minutes after midnight."""
        return int(self.start_min_of_day + self.time) % MINUTES_PER_DAY

    # ---- what is done to the person

    @event
    def eat(self, foods: dict[str, float]) -> None:
        """Eat foods, named as `insulin-abm foods` lists them, in grams."""
        for name, grams in foods.items():
            food = find_food(name)
            _amount(grams, f"grams of {name}")
            mmol = self._mmol_glucose(food.carbohydrate_g(grams) * food.glucose)
            self.organ(Gut).swallow(
                solid=not food.liquid, fast=mmol * food.fast, medium=mmol * food.medium, slow=mmol * food.slow
            )

    @event
    def drink_glucose(self, grams: float) -> None:
        """Drink glucose in water."""
        _amount(grams, "grams of glucose")
        self.organ(Gut).swallow(solid=False, fast=self._mmol_glucose(grams), medium=0.0, slow=0.0)

    @event
    def inject_insulin(self, units: float, kind: str) -> None:
        """Inject rapid or long-acting insulin under the skin."""
        _amount(units, "units of insulin")
        if kind not in INSULINS:
            raise ValueError(f"no insulin of kind {kind!r}: choose {' or '.join(INSULINS)}")
        depot = self.records[InsulinDepot]
        self.organ(InsulinDepot).inject(
            units * depot["unit_amount"], long_acting=kind == "long", minutes=depot["long_duration"]
        )

    @event
    def infuse_insulin(self, units_per_hour: float) -> None:
        """Let a pump deliver insulin under the skin from now on."""
        _amount(units_per_hour, "units of insulin an hour")
        depot = self.records[InsulinDepot]
        self.organ(InsulinDepot).pump_rate = units_per_hour * depot["unit_amount"] / MINUTES_PER_HOUR

    @event
    def infuse_insulin_iv(self, pmol_per_min: float) -> None:
        """Infuse insulin into a vein from now on."""
        _amount(pmol_per_min, "pmol of insulin a minute")
        self.blood.insulin_infused = pmol_per_min

    @event
    def infuse_glucose(self, mg_per_kg_min: float) -> None:
        """Infuse glucose into a vein from now on."""
        _amount(mg_per_kg_min, "mg of glucose for each kg and minute")
        self.blood.glucose_infused = self._mmol_glucose(mg_per_kg_min * self.person.weight_kg / MG_PER_G)

    @event
    def take_drug(self, drug: str, milligrams: float) -> None:
        """Take a dose of a drug that the body knows."""
        _amount(milligrams, f"mg of {drug}")
        known = {cls.__name__: cls for cls in self.drug_classes}
        if drug not in known:
            raise ValueError(f"no drug {drug!r} in this body; it has {', '.join(known) or 'none'}")
        self.organ(known[drug]).take(milligrams)

    def _mmol_glucose(self, grams: float) -> float:
        return grams * MG_PER_G / self.records[Gut]["molar_mass_glucose"]

    # ---- copies

    def state(self) -> dict[str, Any]:
        """What a snapshot holds beside the agents: how the person settled."""
        return {"settling": self.settling}

    def take_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        self.settling = state["settling"]

    def empty_copy(self) -> Self:
        """A body of the same making, before it settled."""
        return type(self)(
            person=self.person,
            cells=self.cells,
            habits=self.habits,
            parameters=self.parameters,
            seed=self.seed,
            start_min_of_day=self.start_min_of_day,
            use=self.use,
            threads=self.threads,
        )


def _amount(value: float, of_what: str) -> None:
    """Refuse what can't be an amount."""
    if not (isinstance(value, int | float) and math.isfinite(value) and value >= 0.0):
        raise ValueError(f"{value!r} {of_what}: an amount is a number and not below 0")
