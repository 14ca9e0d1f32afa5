"""What a worker does with a run: it lives the scenario and gives what is kept of it."""

from __future__ import annotations

import io
import time
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from insulin_abm.parameters import Faults
from insulin_abm.stepped import LedgerError

if TYPE_CHECKING:
    from insulin_abm.results.measures import Measured
    from insulin_abm.scenario import Scenario


@dataclass(frozen=True)
class Lived:
    """What a run gave.

    Attributes
    ----------
    reason : str
        Why there is nothing ("": there is).
    seconds : float
        How long it took.
    measures : tuple of tuple
        Minute, visit, measure, value and unit of everything that was measured.
    problems : tuple of str
        What went wrong in visits.
    series : bytes
        The time series as Parquet (none, if it was not wanted).
    """

    reason: str
    seconds: float
    measures: tuple[tuple[float, str, str, float, str], ...] = ()
    problems: tuple[str, ...] = ()
    series: bytes = b""


def live_run(scenario: Scenario, with_series: bool) -> Lived:
    """Live a scenario in a process of a cluster.

    Parameters
    ----------
    scenario : Scenario
        What happens.
    with_series : bool
        Whether its time series is wanted.
    """
    from insulin_abm.results.cluster import stop_if_interrupted
    from insulin_abm.results.notes import take_notes

    began = time.perf_counter()
    try:
        measured, problems, series = take_notes(scenario, whole=with_series, progress=stop_if_interrupted)
    except (Faults, LedgerError) as error:
        return Lived(str(error), time.perf_counter() - began)
    except KeyboardInterrupt:
        return Lived("interrupted", time.perf_counter() - began)
    except Exception as error:  # a user's own cell or drug may fail in any way; the other runs go on
        return Lived(f"{type(error).__name__}: {error}", time.perf_counter() - began)
    kept = io.BytesIO()
    if with_series:
        series.to_parquet(kept, index=False)
    rows = tuple(_row(one) for one in measured)
    return Lived("", time.perf_counter() - began, rows, tuple(problems), kept.getvalue())


def _row(one: Measured) -> tuple[float, str, str, float, str]:
    return astuple(one)  # type: ignore[return-value]
