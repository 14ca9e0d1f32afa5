"""A user's own cells and drugs: Python files that a scenario names, loaded only when that was allowed."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

from insulin_abm.drugs import SHIPPED
from insulin_abm.parameters import Fault, Faults, Registry
from insulin_abm.scenario.cells import KINDS
from insulin_abm.scenario.reader import Reader


def read_use(scenario: Reader, folder: Path, allow_code: bool) -> tuple[Path, ...]:
    """Read ``use = ["my_drug.py"]``: files beside the scenario.

    Parameters
    ----------
    scenario : Reader
        The scenario.
    folder : Path
        Where it stands; paths are relative to this.
    allow_code : bool
        Whether the user allowed to run code of the scenario.
    """
    if not scenario.has("use"):
        return ()
    names = scenario.values["use"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        scenario.refuse("use", "is not a list of files", 'Write for example use = ["my_drug.py"]')
        return ()
    if names and not allow_code:
        hint = "Look at the files, and add --allow-code (in Python allow_code=True) if you trust them"
        scenario.refuse("use", f"this scenario runs code of its own: {', '.join(names)}", hint)
        return ()
    paths = []
    for name in names:
        path = (folder / name).resolve()
        if path.suffix != ".py" or not path.is_file():
            scenario.refuse("use", f"there is no Python file '{name}'", f"Paths are relative to {folder or '.'}")
        else:
            paths.append(path)
    return tuple(paths)


def user_classes(paths: Sequence[Path]) -> tuple[type, ...]:
    """Give the classes that users' files define.

    Raises
    ------
    Faults
        A file cannot be loaded.
    """
    return tuple(found for path in paths for found in _classes(path, hashlib.sha256(path.read_bytes()).hexdigest()))


@cache
def _classes(path: Path, digest: str) -> tuple[type, ...]:
    module = _load(path, f"insulin_abm_user_{path.stem}_{digest[:12]}")
    things = (thing for thing in vars(module).values() if isinstance(thing, type))
    return tuple(thing for thing in things if thing.__module__ == module.__name__)


def _load(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise Faults([Fault("use", "is not a Python file")], str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # a user's code may raise anything; it is told, not hidden
        del sys.modules[name]
        raise Faults([Fault("use", f"the file fails with {type(error).__name__}: {error}")], str(path)) from error
    return module


def kinds_of(classes: Sequence[type]) -> list[str]:
    """Give the kinds of cells that users' classes add, by their ``cell_name``."""
    names = [getattr(user_class, "cell_name", "") for user_class in classes]
    return [name for name in names if isinstance(name, str) and name and name not in KINDS]


def drugs_of(classes: Sequence[type]) -> list[str]:
    """Give the names of all drugs: those of the program, and users' classes that say what they act on."""
    return sorted({*SHIPPED, *(user_class.__name__ for user_class in classes if hasattr(user_class, "acts_on"))})


def with_user_parameters(parameters: Registry, paths: Sequence[Path], classes: Sequence[type]) -> Registry:
    """Add users' parameters.

    A class has them as the text ``own_parameters``, and their site is the last of its ``parameter_sites``; or they are
    in ``my_drug.toml`` beside ``my_drug.py``, and their site is ``my_drug``.

    Raises
    ------
    Faults
        Such a text is wrong.
    """
    for user_class in classes:
        text = getattr(user_class, "own_parameters", "")
        sites = getattr(user_class, "parameter_sites", ())
        if text and sites:
            parameters = parameters.with_site(sites[-1], text)
    for path in paths:
        beside = path.with_suffix(".toml")
        if beside.is_file():
            parameters = parameters.with_site(path.stem, beside.read_text("utf-8"))
    return parameters
