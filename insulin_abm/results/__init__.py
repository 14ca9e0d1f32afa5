"""What a run gives: tables, measures, figures, and the folder that holds them."""

from insulin_abm.results.errors import PlaceError, RunError
from insulin_abm.results.results import Results
from insulin_abm.results.running import run

__all__ = ["PlaceError", "Results", "RunError", "run"]
