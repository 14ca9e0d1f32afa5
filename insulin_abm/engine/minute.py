"""The minute: phases in their order, compiled into one flat loop that lives a whole chunk between two events."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from insulin_abm.engine.arithmetic import refuse_slow
from insulin_abm.engine.blocks import Blocks
from insulin_abm.engine.chance import chance_of_agent, chance_of_minute
from insulin_abm.engine.loops import chunk_loop, record_type, step_function
from insulin_abm.engine.passes import Gather, Step, plan, steps_of, widths
from insulin_abm.engine.phases import Act, Adjust, Phase, See, Tell
from insulin_abm.engine.records import ParameterRecord
from insulin_abm.engine.rules import is_rule

if TYPE_CHECKING:
    from insulin_abm.engine.agents import RowAgent
    from insulin_abm.engine.population import Population
    from insulin_abm.engine.world import World

Records = Mapping["type[RowAgent]", ParameterRecord]

BLOCKS_WORTH_THREADS = 6
"""With fewer blocks than this, threads would wait for each other longer than they work."""


class Minute:
    """The phases of a world's minute, in order, and the compiled loops over them.

    Parameters
    ----------
    phases : sequence of Phase
        In the order in which they act.
    alarm : tuple of type and str
        Class (of one agent) and column that end a chunk when it is not zero.
    records : mapping of type to ParameterRecord
        The parameters of every class that follows a rule.
    threads : int
        How many threads share the blocks of places.
    shared : type of RowAgent, optional
        The class of places, of which there may be many, that are lived block by block with all who live in them.
    """

    def __init__(
        self,
        phases: Sequence[Phase],
        alarm: tuple[type[RowAgent], str],
        records: Records,
        threads: int,
        shared: type[RowAgent] | None = None,
    ) -> None:
        self.phases = tuple(phases)
        self.alarm = alarm
        self.records = records
        self.threads = threads
        self.shared = shared
        self.interpreted = tuple(phase for phase in self.phases if not _compiles(phase))
        for phase in self.phases:
            if isinstance(phase, Act) and phase not in self.interpreted:
                refuse_slow(getattr(phase.who, phase.rule))
        self.planned = plan(self.phases, shared)
        self.classes = tuple(dict.fromkeys(cls for one in self.planned for cls in one.classes()))
        self.residents = tuple(cls for cls in self.classes if shared is not None and cls.lives_in is shared)
        self._versions: tuple[int, ...] = ()

    def spare_memory(self, world: World) -> None:
        """Let populations keep no columns that are written and used up while a block is lived."""
        for cls in (self.shared, *self.residents):
            if cls is not None:
                seen = any(isinstance(phase, See) and phase.who is cls for phase in self.phases)
                passing = [name for name, column in cls.columns.items() if column.passing or (column.sees and seen)]
                world.populations[cls].spare(() if self.interpreted else passing)

    def live(self, world: World, first: int, last: int) -> int:
        """Live the minutes (first, last]; return the last minute lived, which is earlier when the alarm rose."""
        if not self.interpreted:
            return self._live_compiled(world, first, last)
        for minute in range(first + 1, last + 1):
            for phase in self.phases:
                self.live_phase(world, phase, minute)
            if world.populations[self.alarm[0]].columns[self.alarm[1]][0] != 0:
                return minute
        return last

    def _live_compiled(self, world: World, first: int, last: int) -> int:
        self._prepare(world)
        in_parallel = self.threads > 1 and self.blocks.number >= BLOCKS_WORTH_THREADS
        if in_parallel:
            # more threads than Numba started with change nothing but the time; NUMBA_NUM_THREADS asks for more
            started: int = numba.config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]
            numba.set_num_threads(min(self.threads, started))
        names = tuple((cls, record.names) for cls, record in self.records.items())
        loop = chunk_loop(self.planned, self.alarm, names, in_parallel)
        arguments = [argument for cls in self.classes for argument in self._arguments(cls)]
        return int(loop(world.seed, first, last, *self._waiting, *arguments))

    def live_phase(self, world: World, phase: Phase, minute: int) -> None:
        """Live one phase of one minute: compiled, or agent by agent where its rule is plain Python.

        Raises
        ------
        RuntimeError
            If the phase needs columns that are not kept.
        """
        with np.errstate(over="ignore"):
            of_minute = chance_of_minute(world.seed, minute)
            if isinstance(phase, Act) and not _compiles(phase):
                p = parameters_of(phase.who, self.records[phase.who])
                for agent in world.populations[phase.who]:
                    getattr(agent, phase.rule)(p, chance_of_agent(of_minute, agent.unique_id))
                return
        spared = [cls.__name__ for cls in phase.classes() if world.populations[cls].spared]
        if spared and not (isinstance(phase, Tell) and phase.lasting):
            raise RuntimeError(
                f"'{phase.name}' alone needs what is not kept: call keep() of population {spared[0]} first"
            )
        self._prepare(world)
        for step in steps_of(phase, self.planned):
            self._live_step(world, step, of_minute)

    def _live_step(self, world: World, step: Step, of_minute: Any) -> None:
        """Live one step outside a chunk, over all rows."""
        names = self.records[step.who].names if isinstance(step, Act | Adjust) else ()
        function = step_function(step, names, True)
        for block in range(self.blocks.number if isinstance(step, Gather) else 1):
            arguments: list[Any] = []
            for cls in step.classes():
                columns, runs, rows, _, values = self._arguments(cls)
                part = rows[block : block + 2] if isinstance(step, Gather) else rows[[0, -1]]
                arguments += [columns, *part.tolist(), runs, 0, len(runs), values]
            function(of_minute, 0, block, *self._waiting[1:], *arguments)

    def _prepare(self, world: World) -> None:
        """Find rows and columns again when they have moved."""
        versions = tuple(world.populations[cls].version for cls in self.classes)
        if versions == self._versions:
            return
        # a threading layer may number its threads beyond those that it was asked for
        started: int = numba.config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]
        lanes = max(self.threads, started) if self.threads > 1 else 1
        self.blocks = Blocks(world, self.shared, self.residents, lanes)
        sums, counts = widths(self.planned)
        number = self.blocks.number
        self._waiting = (
            number,
            self.blocks.of_parents,
            np.zeros((number, sums), np.float64),
            np.zeros((number, counts), np.int64),
        )
        self._where = {cls: self._places_of(world.populations[cls], lanes) for cls in self.classes}
        self._versions = versions

    def _places_of(self, population: Population[Any], lanes: int) -> tuple[np.ndarray, ...]:
        """Addresses of the columns of a population, who stands where, and the first row and run of each block."""
        addresses = np.array([self.blocks.addresses(population, lane) for lane in range(lanes)], np.int64)
        runs = np.zeros((0, 3), np.int64) if population.parent is None else population.runs()
        rows = self.blocks.rows(population)
        return addresses, runs, rows, np.searchsorted(runs[:, 0], rows).astype(np.int64)

    def _arguments(self, cls: type[RowAgent]) -> tuple[Any, ...]:
        """What compiled loops are given of a class."""
        return *self._where[cls], self.records[cls].values


def parameters_of(cls: type[RowAgent], record: ParameterRecord) -> Any:
    """The parameters of a class as a rule sees them: a named tuple of numbers."""
    return record_type(cls, record.names)(*(float(value) for value in record.values[0]))  # type: ignore[arg-type]


def _compiles(phase: Phase) -> bool:
    return not isinstance(phase, Act) or is_rule(inspect.getattr_static(phase.who, phase.rule))
