"""Where the time of a minute goes: each phase by itself."""

from __future__ import annotations

import time

from benchmarks.person import eating_body
from benchmarks.report import Report
from benchmarks.timing import Spread
from insulin_abm.engine.phases import Tell
from insulin_abm.tissue.tissue import Tissue

CELLS = 100_000
FIRST_MINUTES = 30
ROUNDS = 9
MINUTES_OF_A_ROUND = 10
LEAST_SHARE = 0.005
PERCENT = 100.0


def report_phases(report: Report) -> None:
    """Live minutes phase by phase over all rows, with all columns kept.

    The minute itself lives a block of patches through many phases while it is in the cache, so the sum of the phases is
    more than a minute. What tissues are told is left out: by itself it is called from Python block by block.
    """
    body = eating_body(CELLS)
    for population in body.populations.values():
        population.keep()
    body.run_for(FIRST_MINUTES)
    phases = [phase for phase in body.minute.phases if not (isinstance(phase, Tell) and phase.place is Tissue)]
    seconds: dict[str, list[float]] = {phase.name: [] for phase in phases}
    for turn in range(ROUNDS + 1):
        taken = dict.fromkeys(seconds, 0.0)
        for minute in range(MINUTES_OF_A_ROUND):
            for phase in phases:
                begin = time.thread_time()
                body.minute.live_phase(body, phase, turn * MINUTES_OF_A_ROUND + minute)
                taken[phase.name] += time.thread_time() - begin
        if turn:
            of_calling = min(taken.values())  # a phase of one organ does next to nothing
            for name, sum_of_round in taken.items():
                seconds[name].append(sum_of_round - of_calling)
    everything = Spread(tuple(sum(values) for values in zip(*seconds.values(), strict=True)))
    shares = {name: Spread(tuple(values)).over(everything) for name, values in seconds.items()}
    report.head(f"Share of each phase of the minute, one by one, {CELLS:,} cells (above half a percent)")
    for name, share in sorted(shares.items(), key=lambda item: -item[1].median):
        if share.median >= LEAST_SHARE:
            report.add(f"share_of_{name.replace(' ', '_')}", name, "%", share, 1.0 / PERCENT)
