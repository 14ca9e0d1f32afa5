"""A culture well: the Mesa model in which the cells of the body live in medium that follows a schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any, Self

import numpy as np

from insulin_abm.cells.balance import occupancy_in_balance, receptors_in_balance
from insulin_abm.cells.receptors import ReceptorCell
from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.events import event
from insulin_abm.engine.phases import Act, Phase, See, Tell
from insulin_abm.engine.records import ParameterRecord
from insulin_abm.engine.snapshot import SnapshotError
from insulin_abm.living import LivingAgent
from insulin_abm.making import CELL_CLASSES, differ, first_values, make_tissues
from insulin_abm.medium import Medium
from insulin_abm.organs.blood import Blood
from insulin_abm.parameters import Registry
from insulin_abm.person import Person
from insulin_abm.stepped import SteppedWorld
from insulin_abm.tissue.patch import Patch
from insulin_abm.tissue.tissue import Tissue

STOPPED_BY_COLD = (
    "free_endocytosis_rate",
    "occupied_taken_in_share",
    "recycled_share",
    "degraded_share",
    "production",
)
"""What a receptor does not do on ice."""


class Dish(SteppedWorld):
    """A well with one kind of cell of the body; one unit of Mesa's clock is a minute.

    Where a body has blood and capillaries a dish has medium, so much of it that the cells do not change it. Patches
    hand it on to the very cells that live in a body, and they follow the very same rules.

    Parameters
    ----------
    kind : str
        Which cells: "muscle", "fat", "liver", "beta" or "alpha".
    cells : int
        How many.
    medium : Medium
        What they have lived in for long.
    person : Person
        Whose cells they are.
    parameters : Registry
        Every number, those of the cell line included (`Registry.of_line`).
    seed : int
        Where all chance comes from.
    step_min : float
        How long a step is, in minutes.
    threads : int
        How many threads share the cells; the result is the same for any number.
    cold : bool
        Whether it is on ice: insulin binds and lets go, but no receptor is taken in, returned, made or degraded.

    Notes
    -----
    Receptors of a new dish are in balance with the medium, cell by cell; `settle` brings what is fast to rest, too.
    What takes cells days (glycogen, lipid, adapted capacity) is as in a person before settling.
    """

    def __init__(
        self,
        *,
        kind: str,
        cells: int,
        medium: Medium,
        person: Person,
        parameters: Registry,
        seed: int,
        step_min: float = 1.0,
        threads: int = 1,
        cold: bool = False,
    ) -> None:
        super().__init__(person=person, parameters=parameters, seed=seed, step_min=step_min, threads=threads)
        self.kind = kind
        self.cells = cells
        self.first_medium = medium
        self.cold = cold
        self.cell_class = CELL_CLASSES[kind]
        self.population(Blood).create(1)
        whole = replace(person, beta_cell_mass=1.0)  # a dish has as many cells as were put into it
        self.anatomy = make_tissues(self, whole, self._in_steps, {kind: self.cell_class}, {kind: cells})
        self.records = {cls: self.record_of(cls) for cls in self.populations}
        differ(self, {kind: self.cell_class}, self.records)
        self.populations[Blood].columns["glucagon_level"][:] = parameters["hormones.usual_glucagon"].value
        self.change_medium(**asdict(medium))
        self._come_into_balance()
        self.begin((self.cell_class,))

    def phases(self, cells: Sequence[type[RowAgent]]) -> list[Phase]:
        """List the phases of the minute: those of a body, but medium stands where blood and capillaries do."""
        phases: list[Phase] = [See("tissue sees medium", Tissue), Act("medium flows in", Tissue, "receive_blood")]
        phases += [See("patches see tissue", Patch), Act("medium bathes cells", Patch, "bathe")]
        for cls in cells:
            phases += [See(f"{cls.__name__} sees patch", cls), Act(f"{cls.__name__} lives", cls)]
        phases += [Tell("patches are told", Patch, tuple(cells)), Act("medium answers", Patch, "answer_medium")]
        phases += [Tell("tissue is told", Tissue, (Patch,)), Act("medium flows out", Tissue, "answer_blood")]
        return [*phases, Tell("medium is told", Blood, (Tissue,))]

    def _come_into_balance(self) -> None:
        """Give every cell the receptors and memories that it has after a long time in the medium."""
        columns = self.population_of_cells.columns
        record = super().record_of(self.cell_class)  # a dish on ice was warm until now
        start = self.parameters.site("start")
        for name, value in first_values(self.cell_class, start).items():
            if name not in self.cell_class.differs(record):
                columns[name][:] = value
        made = self.cell_class.relative_production(columns, record) * record["lean_production"]
        made = made * record["receptor_production_factor"]
        occupancy = occupancy_in_balance(record, made, self.first_medium.insulin)
        there = receptors_in_balance(record, made, occupancy)
        columns["surface_receptors"][:] = np.rint(there.free)
        columns["bound_receptors"][:] = np.rint(there.bound)
        columns["internal_receptors"][:] = np.rint(there.internal)
        columns["sustained_occupancy"][:] = occupancy
        remembered = {
            "mean_glucose": self.first_medium.glucose,
            "recent_fatty_acid": self.first_medium.fatty_acid,
            "sustained_fatty_acid": self.first_medium.fatty_acid,
        }
        for name in columns.keys() & remembered.keys():
            columns[name][:] = remembered[name]

    def settle(self) -> None:
        """Live in the first medium until minute 0, so that the signal and all that follows it come to rest."""
        self.set_minute(-round(self.parameters["culture.settling"].value))
        self.run_until(0)

    # ---- the medium

    @event
    def change_medium(
        self, insulin: float | None = None, glucose: float | None = None, fatty_acid: float | None = None
    ) -> None:
        """Give other medium from now on; what is not said stays.

        Parameters
        ----------
        insulin : float, optional
            pmol/L.
        glucose, fatty_acid : float, optional
            mmol/L.
        """
        medium = self.populations[Blood].columns
        for column, value in (
            ("plasma_insulin", insulin),
            ("plasma_glucose", glucose),
            ("plasma_fatty_acid", fatty_acid),
        ):
            if value is not None:
                medium[column][:] = _concentration(column, value)

    def wash(self) -> None:
        """Wash off what is bound: every receptor on the surface is free."""
        for cls in [cls for cls in self.populations if issubclass(cls, self.cell_class)]:
            columns = self.populations[cls].columns
            columns["surface_receptors"][:] += columns["bound_receptors"]
            columns["bound_receptors"][:] = 0

    @property
    def medium(self) -> Medium:
        """What is around the cells now."""
        columns = self.populations[Blood].columns
        return Medium(*(float(columns[f"plasma_{name}"][0]) for name in ("insulin", "glucose", "fatty_acid")))

    # ---- the parts

    @property
    def population_of_cells(self) -> Any:
        """The population of its cells."""
        return self.populations[self.cell_class]

    @property
    def tissue(self) -> Tissue:
        """The layer of cells, with what they took and gave in the last step."""
        return self.populations[Tissue].agent(0)  # type: ignore[no-any-return]

    # ---- copies

    def in_the_cold(self) -> Self:
        """Put a copy on ice."""
        return self.filled_into(type(self)(**{**self.making(), "cold": True}))

    def record_of(self, agent_class: type[LivingAgent]) -> ParameterRecord:
        """Give the numbers that the rules of a class read; on ice receptors do nothing but bind and let go."""
        record = super().record_of(agent_class)
        if self.cold and issubclass(agent_class, ReceptorCell):
            for name in STOPPED_BY_COLD:
                record.change(name, 0.0)
            release = record["dissociation_rate"]
            record.change("released_share", release / max(1.0 + 0.5 * release, release))
        return record

    def state(self) -> dict[str, Any]:
        """What a snapshot holds beside the agents: whose it is, and whether it was on ice."""
        return {"made_of": self._made_of(), "cold": self.cold}

    def refuse_state(self, state: dict[str, Any]) -> None:
        """Refuse another dish's."""
        if state["made_of"] != self._made_of():
            raise SnapshotError("the snapshot is of another dish or parameters: make that dish, then restore")
        if state["cold"] and not self.cold:
            raise SnapshotError("the snapshot is of cells on ice, and this dish is warm")

    def _made_of(self) -> str:
        made_of = f"{self.person} {self.kind} {self.cells} {self.first_medium} {self.parameters.fingerprint}"
        return f"{made_of} {self.step_min:g}"

    def making(self) -> dict[str, Any]:
        """What a dish of the same making is made of."""
        return {
            "kind": self.kind,
            "cells": self.cells,
            "medium": self.first_medium,
            "person": self.person,
            "parameters": self.parameters,
            "seed": self.seed,
            "step_min": self.step_min,
            "threads": self.threads,
            "cold": self.cold,
        }


def _concentration(column: str, value: float) -> float:
    """Refuse what can't be a concentration."""
    if not (isinstance(value, int | float) and np.isfinite(value) and value >= 0.0):
        raise ValueError(f"{value!r} is no {column.removeprefix('plasma_')} of a medium: give a number not below 0")
    return float(value)
