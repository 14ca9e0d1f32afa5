"""The minute: phases in their order, compiled into one flat loop that lives a whole chunk between two events."""

from __future__ import annotations

import inspect
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from insulin_abm.engine.chance import chance_of_agent, chance_of_minute
from insulin_abm.engine.compiled import load_generated
from insulin_abm.engine.fingerprint import fingerprint
from insulin_abm.engine.phases import Act, Adjust, Phase
from insulin_abm.engine.records import ParameterRecord
from insulin_abm.engine.rows import addresses_of, at, table_type
from insulin_abm.engine.rules import is_rule

if TYPE_CHECKING:
    from insulin_abm.engine.agents import RowAgent
    from insulin_abm.engine.world import World

Records = Mapping["type[RowAgent]", ParameterRecord]

ROWS_PER_BLOCK = 512
"""Rows that one thread takes at a time; fixed, so that the number of threads can change nothing."""


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
        How many threads share the rows of large populations.
    """

    def __init__(
        self, phases: Sequence[Phase], alarm: tuple[type[RowAgent], str], records: Records, threads: int
    ) -> None:
        self.phases = tuple(phases)
        self.alarm = alarm
        self.records = records
        self.threads = threads
        self.classes = tuple(dict.fromkeys(cls for phase in phases for cls in phase.classes()))
        self.interpreted = tuple(phase for phase in self.phases if not _compiles(phase))
        self._arguments: tuple[Any, ...] = ()
        self._versions: tuple[int, ...] = ()
        if threads > 1:
            # more threads than Numba started with change nothing but the time; NUMBA_NUM_THREADS asks for more
            started: int = numba.config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]
            numba.set_num_threads(min(threads, started))

    def live(self, world: World, first: int, last: int) -> int:
        """Live the minutes (first, last]; return the last minute lived, which is earlier when the alarm rose."""
        if not self.interpreted:
            loop = _chunk_loop(self.phases, self.alarm, self._names(self.phases), self.threads > 1)
            return int(loop(world.seed, first, last, *self._all_arguments(world)))
        for minute in range(first + 1, last + 1):
            for phase in self.phases:
                self.live_phase(world, phase, minute)
            if world.populations[self.alarm[0]].columns[self.alarm[1]][0] != 0:
                return minute
        return last

    def live_phase(self, world: World, phase: Phase, minute: int) -> None:
        """Live one phase of one minute: compiled, or agent by agent where its rule is plain Python."""
        with np.errstate(over="ignore"):
            of_minute = chance_of_minute(world.seed, minute)
            if isinstance(phase, Act) and not _compiles(phase):
                p = parameters_of(phase.who, self.records[phase.who])
                for agent in world.populations[phase.who]:
                    getattr(agent, phase.rule)(p, chance_of_agent(of_minute, agent.unique_id))
                return
        size = world.populations[phase.classes()[0]].size
        act = _phase_function(phase, self._names((phase,))[0], True)
        act(of_minute, 0, size, *self._arguments_of(world, phase.classes()))

    def _names(self, phases: Sequence[Phase]) -> tuple[tuple[str, ...], ...]:
        """Names of the parameters that each phase's rule or adjustment refers to."""
        return tuple(self.records[phase.who].names if isinstance(phase, Act | Adjust) else () for phase in phases)

    def _all_arguments(self, world: World) -> tuple[Any, ...]:
        """Arguments of the chunk, made again only when rows moved."""
        versions = tuple(world.populations[cls].version for cls in self.classes)
        if versions != self._versions:
            self._arguments, self._versions = self._arguments_of(world, self.classes), versions
        return self._arguments

    def _arguments_of(self, world: World, classes: Sequence[type[RowAgent]]) -> tuple[Any, ...]:
        """For each class: its column addresses, size, starts and parameter values."""
        arguments: list[Any] = []
        for cls in classes:
            population = world.populations[cls]
            addresses = addresses_of([population.ids, *(population.columns[name] for name in cls.columns)])
            starts = population.starts() if cls.lives_in is not None else np.zeros(0, np.int64)
            arguments += [addresses, population.size, starts, self.records[cls].values]
        return tuple(arguments)


def parameters_of(cls: type[RowAgent], record: ParameterRecord) -> Any:
    """The parameters of a class as a rule sees them: a named tuple of numbers."""
    return _record_type(cls, record.names)(*(float(value) for value in record.values[0]))  # type: ignore[arg-type]


def _compiles(phase: Phase) -> bool:
    return not isinstance(phase, Act) or is_rule(inspect.getattr_static(phase.who, phase.rule))


@cache
def _record_type(cls: type[Any], names: tuple[str, ...]) -> type:
    return namedtuple(f"{cls.__name__}_parameters", names)


@cache
def _table(cls: type[Any]) -> Any:
    dtypes = {name: column.dtype for name, column in cls.columns.items()}
    return table_type(cls.__name__, {"unique_id": np.dtype(np.int64), **dtypes})


def _dictionary(cls: type[RowAgent]) -> str:
    return ", ".join(f"{name} {column.dtype}" for name, column in cls.columns.items())


def _signature(classes: Sequence[type[RowAgent]]) -> str:
    names = [cls.__name__ for cls in classes]
    return ", ".join(f"{name}_columns, {name}_size, {name}_starts, {name}_values" for name in names)


@cache
def _phase_function(phase: Phase, parameters: tuple[str, ...], from_python: bool) -> Callable[..., None]:
    """The compiled loop of one phase over rows or places `first` to `last`, to be called from Python or the chunk."""
    classes = phase.classes()
    names: dict[str, Any] = {"at": at, "chance_of_agent": chance_of_agent}
    names |= {f"{cls.__name__}_table": _table(cls) for cls in classes}  # type: ignore[arg-type]
    comments = [f"{cls.__name__}: {_dictionary(cls)}" for cls in classes]
    if isinstance(phase, Act):
        names |= {"rule": getattr(phase.who, phase.rule), "record": _record_type(phase.who, parameters)}  # type: ignore[arg-type]
        comments += [f"parameters: {', '.join(parameters)}", *fingerprint(names["rule"]).splitlines()]
    text = "\n".join(
        [
            f'"""{phase.name}"""',
            *(f"# {comment}" for comment in comments),
            "import numpy as np",
            "from numba import njit",
            "",
            f"@njit(cache=True, error_model='numpy', nogil=True, no_cfunc_wrapper=True, "
            f"no_cpython_wrapper={not from_python})",
            f"def act(of_minute, first, last, {_signature(classes)}):",
            *(f"    {cls.__name__} = {cls.__name__}_table({cls.__name__}_columns)" for cls in classes),
            *(f"    {line}" for line in phase.lines(parameters)),
            "",
        ]
    )
    return load_generated(phase.name.replace(" ", "_"), text, names).act  # type: ignore[no-any-return]


@cache
def _chunk_loop(
    phases: tuple[Phase, ...],
    alarm: tuple[type[RowAgent], str],
    parameters: tuple[tuple[str, ...], ...],
    in_parallel: bool,
) -> Callable[..., int]:
    """The compiled loop over minutes and phases."""
    functions: dict[str, Any] = {
        f"phase_{k}": _phase_function(phase, parameters[k], False) for k, phase in enumerate(phases)
    }
    classes = tuple(dict.fromkeys(cls for phase in phases for cls in phase.classes()))
    lines = []
    for k, phase in enumerate(phases):
        rows = f"{phase.classes()[0].__name__}_size"
        arguments = _signature(phase.classes())
        if in_parallel and not phase.classes()[0].is_single:
            lines += [
                f"for block in prange(({rows} + {ROWS_PER_BLOCK - 1}) // {ROWS_PER_BLOCK}):",
                f"    last_row = min((block + 1) * {ROWS_PER_BLOCK}, {rows})",
                f"    phase_{k}(of_minute, block * {ROWS_PER_BLOCK}, last_row, {arguments})",
            ]
        else:
            lines.append(f"phase_{k}(of_minute, 0, {rows}, {arguments})")
    text = "\n".join(
        [
            *(f"# {name}: {function.py_func.__module__}" for name, function in functions.items()),
            "from numba import njit, prange",
            "",
            f"@njit(cache=True, error_model='numpy', nogil=True, parallel={in_parallel})",
            f"def live(seed, first, last, {_signature(classes)}):",
            "    for minute in range(first + 1, last + 1):",
            "        of_minute = chance_of_minute(seed, minute)",
            *(f"        {line}" for line in lines),
            f"        if alarm_table({alarm[0].__name__}_columns).{alarm[1]} != 0:",
            "            return minute",
            "    return last",
            "",
        ]
    )
    return load_generated(
        "minute",
        text,
        {**functions, "chance_of_minute": chance_of_minute, "alarm_table": _table(alarm[0])},  # type: ignore[arg-type]
    ).live
