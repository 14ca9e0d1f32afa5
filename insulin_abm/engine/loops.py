"""The compiled loops of a minute, written as text: one for each step, one for each pass, one for the whole chunk."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import types

from insulin_abm.engine.chance import chance_of_agent, chance_of_minute
from insulin_abm.engine.compiled import load_generated, vectors_side_by_side
from insulin_abm.engine.fingerprint import fingerprint
from insulin_abm.engine.passes import Pass, Step
from insulin_abm.engine.phases import Act, Adjust
from insulin_abm.engine.rows import at, fetch, table_type

if TYPE_CHECKING:
    from insulin_abm.engine.agents import RowAgent

Plan = tuple[Step | Pass, ...]
Names = tuple[tuple["type[RowAgent]", tuple[str, ...]], ...]
"""The names of the parameters of each class."""

COMPILED = "cache=True, error_model='numpy', nogil=True"
CHAINS = 4
"""So many vectors of rows follow a rule side by side; what is only copied or added up needs one."""

NUMBERS, TABLE, TABLES = types.int64[::1], types.int64[:, ::1], types.int64[:, :, ::1]
OF_A_CLASS = (TABLES, types.int64, types.int64, TABLE, types.int64, types.int64, types.float64[:, ::1])
OF_A_STEP = (types.uint32, types.int64, types.int64, NUMBERS, types.float64[:, ::1], TABLE)


@cache
def step_function(step: Step, parameters: tuple[str, ...], from_python: bool) -> Callable[..., None]:
    """Compile the loop of one step over rows; it is called from Python or by other compiled loops."""
    classes = step.classes()
    signature = types.void(*OF_A_STEP, *(OF_A_CLASS * len(classes)))
    names: dict[str, Any] = {"at": at, "fetch": fetch, "chance_of_agent": chance_of_agent, "signature": signature}
    names |= {f"{cls.__name__}_table": table_of(cls) for cls in classes}  # type: ignore[arg-type]
    comments = [f"{cls.__name__}: {_dictionary(cls)}" for cls in classes]
    if isinstance(step, Act):
        names |= {"rule": getattr(step.who, step.rule), "record": record_type(step.who, parameters)}  # type: ignore[arg-type]
        comments += [f"parameters: {', '.join(parameters)}", *fingerprint(names["rule"]).splitlines()]
    text = "\n".join(
        [
            f'"""{step.name}"""',
            *(f"# {comment}" for comment in comments),
            "import numpy as np",
            "from numba import njit",
            "",
            f"@njit(signature, {COMPILED}, no_cfunc_wrapper=True, no_cpython_wrapper={not from_python})",
            f"def act(of_minute, thread, block, of_parents, sums, counts, {_rows_of(classes)}):",
            *(f"    {cls.__name__} = {_table_call(cls)}" for cls in classes),
            *(f"    {line}" for line in step.lines(parameters)),
            "",
        ]
    )
    with vectors_side_by_side(CHAINS if isinstance(step, Act) else 1):
        return load_generated(_file(step.name), text, names).act  # type: ignore[no-any-return]


def _table_call(cls: type[RowAgent]) -> str:
    name = cls.__name__
    return f"{name}_table({name}_columns, thread, {name}_first)"


def _rows_of(classes: Sequence[type[RowAgent]]) -> str:
    """What a step is given of each class."""
    parts = ("columns", "first", "last", "runs", "first_run", "last_run", "values")
    return ", ".join(f"{cls.__name__}_{part}" for cls in classes for part in parts)


def _all_of(classes: Sequence[type[RowAgent]]) -> str:
    """What a pass and a chunk are given of each class."""
    parts = ("columns", "runs", "rows_of_blocks", "runs_of_blocks", "values")
    return ", ".join(f"{cls.__name__}_{part}" for cls in classes for part in parts)


def _functions(steps: Sequence[Step], names: Names) -> dict[str, Any]:
    """Compile the loops that others call."""
    known = dict(names)
    return {
        f"step_{k}": step_function(step, known[step.who] if isinstance(step, Act | Adjust) else (), False)
        for k, step in enumerate(steps)
    }


@cache
def pass_function(one: Pass, names: Names) -> Callable[..., None]:
    """Compile what a block of places lives: its steps over the rows of the block and of those who live there."""
    functions = _functions(one.steps, names)
    lines = []
    for cls in one.classes():
        name = cls.__name__
        lines += _whole(cls)
        if cls is one.shared or cls.lives_in is one.shared:
            lines.append(f"{name}_first, {name}_last = {name}_rows_of_blocks[block], {name}_rows_of_blocks[block + 1]")
        if cls.lives_in is one.shared:
            of_block = f"{name}_runs_of_blocks[block], {name}_runs_of_blocks[block + 1]"
            lines.append(f"{name}_first_run, {name}_last_run = {of_block}")
    for k, step in enumerate(one.steps):
        lines.append(f"step_{k}(of_minute, thread, block, of_parents, sums, counts, {_rows_of(step.classes())})")
    text = "\n".join(
        [
            *_called(functions),
            "from numba import njit",
            "",
            f"@njit({COMPILED}, no_cfunc_wrapper=True, no_cpython_wrapper=True)",
            f"def live(of_minute, thread, block, of_parents, sums, counts, {_all_of(one.classes())}):",
            *(f"    {line}" for line in lines),
            "",
        ]
    )
    return load_generated("pass", text, functions).live  # type: ignore[no-any-return]


def _whole(cls: type[RowAgent]) -> list[str]:
    """Lines that say that all rows of a class are meant."""
    name = cls.__name__
    return [
        f"{name}_first, {name}_last = {name}_rows_of_blocks[0], {name}_rows_of_blocks[-1]",
        f"{name}_first_run, {name}_last_run = {name}_runs_of_blocks[0], {name}_runs_of_blocks[-1]",
    ]


@cache
def chunk_loop(planned: Plan, alarm: tuple[type[RowAgent], str], names: Names, in_parallel: bool) -> Callable[..., int]:
    """Compile the loop over minutes, and in each over what is planned."""
    functions: dict[str, Any] = {}
    lines: list[str] = []
    alone = [step for step in planned if not isinstance(step, Pass)]
    functions |= _functions(alone, names)
    for k, one in enumerate(planned):
        if isinstance(one, Pass):
            functions[f"pass_{k}"] = pass_function(one, names)
            blocks = "prange" if in_parallel else "range"
            thread = "np.int64(get_thread_id())" if in_parallel else "0"
            arguments = f"{thread}, np.int64(block), of_parents, sums, counts, {_all_of(one.classes())}"
            lines += [f"for block in {blocks}(blocks):", f"    pass_{k}(of_minute, {arguments})"]
        else:
            lines += [line for cls in one.classes() for line in _whole(cls)]
            rows = _rows_of(one.classes())
            lines.append(f"step_{alone.index(one)}(of_minute, 0, 0, of_parents, sums, counts, {rows})")
    classes = tuple(dict.fromkeys(cls for one in planned for cls in one.classes()))
    who, column = alarm
    text = "\n".join(
        [
            *_called(functions),
            "import numpy as np",
            "from numba import get_thread_id, njit, prange",
            "",
            f"@njit({COMPILED}, parallel={in_parallel})",
            f"def live(seed, first, last, blocks, of_parents, sums, counts, {_all_of(classes)}):",
            "    for minute in range(first + 1, last + 1):",
            "        of_minute = chance_of_minute(seed, minute)",
            *(f"        {line}" for line in lines),
            f"        if alarm_table({who.__name__}_columns, 0, 0).{column} != 0:",
            "            return minute",
            "    return last",
            "",
        ]
    )
    functions |= {"chance_of_minute": chance_of_minute, "alarm_table": table_of(who)}  # type: ignore[arg-type]
    return load_generated("minute", text, functions).live  # type: ignore[no-any-return]


def _called(functions: dict[str, Any]) -> list[str]:
    """Name what a loop calls: a changed loop is in a changed file."""
    return [f"# {name}: {function.py_func.__module__}" for name, function in functions.items()]


def _file(name: str) -> str:
    return name.replace(" ", "_")


def _dictionary(cls: type[RowAgent]) -> str:
    return ", ".join(f"{name} {column.dtype}" for name, column in cls.columns.items())


@cache
def record_type(cls: type[Any], names: tuple[str, ...]) -> type:
    """Make the named tuple in which the rules of a class see their parameters."""
    return namedtuple(f"{cls.__name__}_parameters", names)


@cache
def table_of(cls: type[Any]) -> Any:
    """Make the compiled function that gives the row 0 of a class."""
    dtypes = {name: column.dtype for name, column in cls.columns.items()}
    place = cls.lives_in.__name__ if cls.lives_in else ""
    fleeting = tuple(name for name, column in cls.columns.items() if column.passing or column.sees)
    return table_type(cls.__name__, {"unique_id": np.dtype(np.int64), **dtypes}, place, fleeting)
