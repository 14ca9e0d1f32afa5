"""What a rule does, as text: two rules with the same fingerprint compile to the same code."""

from __future__ import annotations

import builtins
import hashlib
import types
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from insulin_abm.engine.rules import is_rule


def fingerprint(function: Any) -> str:
    """Describe a function by its code, what it closes over, and all rules and numbers that it refers to.

    Numba compiles all of that into the machine code, so a change anywhere must be a new file of compiled code.
    """
    found: dict[int, str] = {}
    _describe(function, found, set())
    return "\n".join(found.values())


def _describe(function: Any, found: dict[int, str], names: set[str]) -> None:
    if id(function) in found:
        return
    found[id(function)] = ""
    code = function.__code__
    names |= set(code.co_names)
    referred = {name: function.__globals__[name] for name in _names(code) if name in function.__globals__}
    if function.__closure__:
        closed = zip(code.co_freevars, (cell.cell_contents for cell in function.__closure__), strict=True)
        referred |= dict(closed)
    values = ", ".join(f"{name}={_value(value)}" for name, value in sorted(referred.items()))
    found[id(function)] = f"{function.__qualname__} {_text(code)} defaults={function.__defaults__!r} {values}"
    for _, value in sorted(referred.items()):
        compiled = getattr(value, "py_func", value)
        if is_rule(value) or compiled is not value:
            _describe(compiled, found, names)


def _names(code: types.CodeType) -> set[str]:
    """Global names that code, and code within it, refers to."""
    inner = [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return set(code.co_names) - set(dir(builtins)) | {name for one in inner for name in _names(one)}


def _text(code: types.CodeType) -> str:
    constants = [_text(one) if isinstance(one, types.CodeType) else repr(one) for one in code.co_consts]
    return f"{code.co_code.hex()} {constants} {code.co_names} {code.co_varnames}"


@cache
def _contents(path: str | None) -> str:
    """Hash of a module's file: what a rule takes from it may stand anywhere in there."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest() if path and Path(path).is_file() else ""


def referred_names(function: Any) -> set[str]:
    """Names of attributes and globals that a rule, and the rules it calls, refer to."""
    names: set[str] = set()
    _describe(function, {}, names)
    return names


def _value(value: Any) -> str:
    if is_rule(value):
        return f"rule {value.__qualname__}"
    if isinstance(value, types.ModuleType):
        return f"module {value.__name__} {_contents(getattr(value, '__file__', None))}"
    if isinstance(value, np.ndarray):
        return f"array {value.dtype} {value.shape} {hashlib.sha256(value.tobytes()).hexdigest()}"
    if isinstance(value, type | types.FunctionType):
        return f"{getattr(value, '__name__', '')}"
    shown = repr(value)
    return type(value).__qualname__ if " at 0x" in shown else shown
