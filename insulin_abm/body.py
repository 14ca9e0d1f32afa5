"""A person: the Mesa model in which cells, tissues and organs live together."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.fingerprint import referred_names
from insulin_abm.engine.phases import Act, Adjust, Hop, Phase, See, Tell
from insulin_abm.engine.rules import is_rule
from insulin_abm.engine.snapshot import SnapshotError
from insulin_abm.living import LivingAgent
from insulin_abm.making import ORGANS, agent_classes, differ, fill, make_organs, make_tissues
from insulin_abm.organs.blood import Blood
from insulin_abm.organs.drug import Drug
from insulin_abm.organs.energy import EnergyBalance
from insulin_abm.organs.vessels import Vessels
from insulin_abm.parameters import Registry
from insulin_abm.parameters.conversions import MINUTES_PER_DAY
from insulin_abm.parameters.quantities import power_of_time
from insulin_abm.person import Habits, Person
from insulin_abm.renewal import Renewed
from insulin_abm.stepped import SteppedWorld
from insulin_abm.tissue.patch import Patch
from insulin_abm.tissue.tissue import Tissue
from insulin_abm.treated import Treated


class Body(Treated, Renewed, SteppedWorld):
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
        super().__init__(person=person, parameters=parameters, seed=seed, step_min=step_min, threads=threads)
        self.cells = dict(cells)
        self.habits = habits
        self.start_min_of_day = start_min_of_day
        self.use = tuple(use)
        self.settling: dict[str, Any] = {}
        self.cell_classes, self.drug_classes = agent_classes(self.use)
        make_organs(self, self.drug_classes)
        self.anatomy = make_tissues(self, person, self._in_steps, self.cell_classes, self.cells)
        self.records = {cls: self.record_of(cls) for cls in self.populations}
        differ(self, self.cell_classes, self.records)
        fill(self, self.cell_classes, self.records, parameters.site("start"))
        self.begin(tuple(self.cell_classes.values()))

    # ---- the minute

    def phases(self, cells: Sequence[type[RowAgent]]) -> list[Phase]:
        """List the phases of the minute, in their order."""
        organs: tuple[type[RowAgent], ...] = (*ORGANS, *self.drug_classes)
        tell_tissues = Tell("tissues are told", Tissue, (Patch,))
        there = ("glucose_there", "insulin_there")
        settled = tuple(target for target in tell_tissues.told() if target not in there)
        phases: list[Phase] = [*self._adjustments(), See("tissues see blood", Tissue)]
        phases += [Act("blood flows in", Tissue, "receive_blood"), See("patches see tissue", Patch)]
        phases += [Act("particles enter", Patch, "exchange")]
        for cls in cells:
            phases += [See(f"{cls.__name__} sees patch", cls), Act(f"{cls.__name__} lives", cls)]
        phases += [Tell("patches are told", Patch, tuple(cells)), Act("patches settle", Patch, "settle")]
        phases += [replace(tell_tissues, targets=settled)]
        phases += [Hop("particles hop", Patch, ("glucose", "insulin"))]
        phases += [replace(tell_tissues, name="tissues are told what is there", targets=there)]
        phases += [Act("blood flows out", Tissue, "answer_blood")]
        for organ in organs:
            phases += [See(f"{organ.__name__} sees blood", organ), Act(f"{organ.__name__} lives", organ)]
        phases += [Tell("blood is told", Blood, (Tissue, *organs)), Act("blood lives", Blood)]
        return phases

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

    # ---- the parts

    def tissue(self, name: str) -> Tissue:
        """The tissue of that name."""
        return self.populations[Tissue].agent(list(self.anatomy).index(name))  # type: ignore[no-any-return]

    @property
    def clock_minute(self) -> int:
        """Minutes after midnight."""
        return int(self.start_min_of_day + self.time) % MINUTES_PER_DAY

    def measured(self) -> Person:
        """The person as a clinic would measure them now."""
        energy, numbers = self.organ(EnergyBalance), self.parameters
        fat = self.person.fat_mass_kg + energy.fat_gained * self.records[EnergyBalance]["lipid_kg"]
        weight = self.person.weight_kg + energy.weight_gained
        liver, beta = (self.populations[self.cell_classes[kind]].columns for kind in ("liver", "beta"))
        liver_fat = float(liver["ectopic_lipid"].mean()) * numbers["liver.usual_liver_fat"].value
        living = float(beta["mass"].mean()) if len(beta["mass"]) else 0.0
        return replace(
            self.person,
            age_years=self.person.age_years + self.organ(Vessels).age_gained,
            weight_kg=weight,
            body_fat_fraction=fat / weight,
            liver_fat_fraction=liver_fat,
            beta_cell_mass=self.person.beta_cell_mass * living,
        )

    # ---- copies

    def state(self) -> dict[str, Any]:
        """What a snapshot holds beside the agents: whose it is, its steps, and how the person settled."""
        return {"settling": self.settling, "made_of": self._made_of(), "step_min": self.step_min}

    def refuse_state(self, state: dict[str, Any]) -> None:
        """Refuse another person's."""
        if state["made_of"] != self._made_of():
            raise SnapshotError("the snapshot is of another person or parameters: make that body, then restore")

    def take_state(self, state: dict[str, Any]) -> None:
        """Take it back; what flowed in steps of another length is converted."""
        self.settling = state["settling"]
        relative = state["step_min"] / self.step_min
        for cls, population in self.populations.items() if relative != 1.0 else ():
            for name, values in population.columns.items():
                if values.dtype.kind == "f":  # what is counted is counted whole, and not by time
                    values *= relative ** power_of_time(cls.columns[name].unit)

    def _made_of(self) -> str:
        return f"{self.person} {sorted(self.cells.items())} {self.parameters.fingerprint} {self.start_min_of_day}"

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

    def in_steps_of(self, step_min: float) -> Self:
        """Make a copy that lives in steps of another length."""
        return self.filled_into(type(self)(**{**self.making(), "step_min": step_min}))

    def with_drugs(self, drugs: Sequence[type[Drug]]) -> Self:
        """The same person at the same moment, who can take these drugs, too; this body is used up."""
        for drug in drugs:
            drug(self)
        return self.filled_into(type(self)(**{**self.making(), "use": (*drugs, *self.use)}))

    def with_cells(self, cells: Mapping[str, int]) -> Self:
        """The same person made of another number of cells, before it settled."""
        return type(self)(**{**self.making(), "cells": cells})
