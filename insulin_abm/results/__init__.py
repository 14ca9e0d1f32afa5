"""What a run gives: tables, measures, figures, and the folder that holds them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from insulin_abm.results.errors import PlaceError, RunError
    from insulin_abm.results.results import Results
    from insulin_abm.results.running import run

_WHERE = {"PlaceError": "errors", "RunError": "errors", "Results": "results", "run": "running"}
"""Each is imported when it is asked for: the engine and pandas take seconds."""

__all__ = ["PlaceError", "Results", "RunError", "run"]


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
