"""Passes: phases that need nothing from outside a block of places are lived block by block, while it is cached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from insulin_abm.engine.phases import Act, Adjust, Hop, Phase, See, Tell

if TYPE_CHECKING:
    from insulin_abm.engine.agents import RowAgent


@dataclass(frozen=True)
class Gather:
    """The part of a `Tell` from a block of places: its sums wait in `sums` and `counts`, each from an index on."""

    tell: Tell
    first_sum: int
    first_count: int

    @property
    def name(self) -> str:
        """Its name."""
        return f"{self.tell.name} by a block"

    def classes(self) -> tuple[type[RowAgent], ...]:
        """The class of the places."""
        return self.tell.who

    def waits(self) -> dict[str, str]:
        """Where the sum of each told column waits."""
        where, sums, counts = {}, self.first_sum, self.first_count
        for target in self.tell.told():
            if self.tell.is_whole(target):
                where[target], counts = f"counts[block, {counts}]", counts + 1
            else:
                where[target], sums = f"sums[block, {sums}]", sums + 1
        return where

    def lines(self, parameters: tuple[str, ...]) -> list[str]:
        """Loop over the places of a block."""
        (who,) = self.classes()
        name = who.__name__
        lines = [f"sum_{target} = {'0' if self.tell.is_whole(target) else '0.0'}" for target in self.tell.told()]
        for whole in (True, False):  # whole numbers may be added in any order, so theirs is a loop of whole vectors
            sums = self.tell.sums(who, whole)
            if sums:
                lines += [f"for i in range({name}_first, {name}_last):", f"    agent = at({name}, i)"]
                lines += [f"    {line}" for line in sums]
        return [*lines, *(f"{where} = sum_{target}" for target, where in self.waits().items())]


@dataclass(frozen=True)
class Combine:
    """The other part: the sums of all blocks of a place, added in their order."""

    gather: Gather

    @property
    def name(self) -> str:
        """Its name."""
        return f"{self.gather.tell.name} by all blocks"

    def classes(self) -> tuple[type[RowAgent], ...]:
        """The class that is told."""
        return (self.gather.tell.place,)

    def lines(self, parameters: tuple[str, ...]) -> list[str]:
        """Loop over those who are told, and their blocks."""
        place, tell = self.gather.tell.place.__name__, self.gather.tell
        lines = [f"for k in range({place}_first, {place}_last):", f"    place = at({place}, k)"]
        lines += [f"    sum_{target} = {'0' if tell.is_whole(target) else '0.0'}" for target in tell.told()]
        lines += ["    for block in range(of_parents[k], of_parents[k + 1]):"]
        lines += [f"        sum_{target} += {where}" for target, where in self.gather.waits().items()]
        return [*lines, *(f"    place.{target} = sum_{target}" for target in tell.told())]


Step = Phase | Gather | Combine


@dataclass(frozen=True)
class Pass:
    """Steps that a block of places lives one after the other."""

    shared: type[RowAgent]
    steps: tuple[Step, ...]

    def classes(self) -> tuple[type[RowAgent], ...]:
        """All classes whose columns it touches."""
        return tuple(dict.fromkeys(cls for step in self.steps for cls in step.classes()))


def plan(phases: Sequence[Phase], shared: type[RowAgent] | None) -> tuple[Step | Pass, ...]:
    """Order what a minute does: phases alone, and passes over blocks of the places of class `shared`."""
    planned: list[Step | Pass] = []
    together: list[Step] = []
    later: list[Step] = []
    sums = counts = 0

    def close() -> None:
        if shared is not None and together:
            planned.append(Pass(shared, tuple(together)))
        planned.extend(later)
        together.clear()
        later.clear()

    for phase in phases:
        if shared is None or not stays_in_block(phase, shared):
            close()
            planned.append(phase)
            continue
        hopped = any(isinstance(step, Hop) for step in together)
        sees_told = isinstance(phase, See) and phase.who is shared and bool(later)
        if isinstance(phase, Hop) or (hopped and not isinstance(phase, Tell)) or sees_told:
            close()  # what neighbours send must be known, and stay until all have hopped
        if isinstance(phase, Tell) and phase.place is not shared:
            gather = Gather(phase, sums, counts)
            whole = sum(phase.is_whole(target) for target in phase.told())
            sums, counts = sums + len(phase.told()) - whole, counts + whole
            together.append(gather)
            later.append(Combine(gather))
        else:
            together.append(phase)
    close()
    return tuple(planned)


def steps_of(phase: Phase, planned: Sequence[Step | Pass]) -> list[Step]:
    """Give the steps of a plan that a phase became; itself, if it is in no plan."""
    steps = [step for one in planned for step in (one.steps if isinstance(one, Pass) else (one,))]
    return [step for step in steps if _phase_of(step) is phase] or [phase]


def _phase_of(step: Step) -> Phase:
    if isinstance(step, Combine):
        return step.gather.tell
    return step.tell if isinstance(step, Gather) else step


def stays_in_block(phase: Phase, shared: type[RowAgent]) -> bool:
    """Whether a phase touches nothing but places of class `shared`, who lives there, and what the places live in."""
    if isinstance(phase, Adjust):
        return False
    if isinstance(phase, Tell):
        return phase.place is shared or phase.who == (shared,)
    who = phase.who if isinstance(phase, Act | See | Hop) else None
    return who is shared or (who is not None and who.lives_in is shared)


def widths(planned: Sequence[Step | Pass]) -> tuple[int, int]:
    """How many sums and how many counts of a block wait to be combined."""
    gathers = [step for one in planned if isinstance(one, Pass) for step in one.steps if isinstance(step, Gather)]
    told = [(gather.tell, target) for gather in gathers for target in gather.tell.told()]
    counts = sum(tell.is_whole(target) for tell, target in told)
    return len(told) - counts, counts
