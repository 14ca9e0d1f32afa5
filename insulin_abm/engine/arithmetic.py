"""What a rule may compute with: plain arithmetic, which is equal on every machine and goes many rows at a time.

A function of the C library (`exp`, `log`, `pow`, ...) differs from machine to machine in the last bits; looking a
number up in an array by an index (a gather) reads what is not the agent's own row. Both also keep a loop from being
vectorised.
"""

from __future__ import annotations

import dis
import math
import types
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from insulin_abm.engine.rules import is_rule

PLAIN = frozenset(
    {
        *("abs", "ceil", "floor", "maximum", "minimum", "sqrt", "fabs"),
        *("float32", "float64", "int32", "int64", "uint32", "inf", "pi", "e"),
    }
)
"""What rules may take from NumPy and `math`; a square root is exact everywhere."""

INSTEAD = {
    "exp": "exponential",
    "log": "logarithm",
    "power": "power",
    "pow": "power",
}
"""What `insulin_abm.engine.rules` offers instead."""


@cache
def refuse_slow(rule: Any) -> None:
    """Refuse a rule that, itself or in a rule that it calls, calls the C library or looks something up in an array.

    Raises
    ------
    TypeError
        It does; the message says where, and what to do instead.
    """
    for name, found in _faults(rule, set()):
        raise TypeError(
            f"the rule {name} {found}: it would not be equal on every machine, and slow. "
            "Without @rule it runs as plain Python"
        )


def _faults(rule: Any, seen: set[int]) -> Iterator[tuple[str, str]]:
    if id(rule) in seen:
        return
    seen.add(id(rule))
    code = rule.__code__
    known = dict(rule.__globals__)
    if rule.__closure__:
        known |= dict(zip(code.co_freevars, (cell.cell_contents for cell in rule.__closure__), strict=True))
    module: types.ModuleType | None = None
    for instruction in dis.get_instructions(code):
        found = _fault(instruction, module, known)
        if found:
            yield rule.__qualname__, found
        value = known.get(str(instruction.argval)) if instruction.opname in _LOADS else None
        module = value if isinstance(value, types.ModuleType) else None
        if is_rule(value):
            yield from _faults(value, seen)


_LOADS = ("LOAD_GLOBAL", "LOAD_DEREF", "LOAD_NAME")


def _fault(instruction: dis.Instruction, module: types.ModuleType | None, known: dict[str, Any]) -> str:
    """Say what is wrong with one instruction ("" if nothing is)."""
    name = str(instruction.argval)
    if instruction.opname == "BINARY_SUBSCR" or (instruction.opname == "BINARY_OP" and instruction.argrepr == "[]"):
        return "looks a number up in an array (make it a column or a parameter)"
    if instruction.opname == "BINARY_OP" and instruction.argrepr in ("**", "**="):
        return "uses ** (multiply, or use `power` of insulin_abm.engine.rules)"
    if module in (np, math) and name not in PLAIN:
        return _calls(f"{module.__name__}.{name}", name)
    if instruction.opname in _LOADS:
        value = known.get(name)
        foreign = isinstance(value, np.ufunc) or getattr(value, "__module__", "") == "math"
        if foreign and getattr(value, "__name__", "") not in PLAIN:
            return _calls(name, getattr(value, "__name__", name))
    return ""


def _calls(shown: str, name: str) -> str:
    instead = f" (use `{INSTEAD[name]}` of insulin_abm.engine.rules)" if name in INSTEAD else ""
    return f"calls {shown}{instead}"
