"""Where the time of a minute goes: each phase by itself."""

from __future__ import annotations

import time

from benchmarks.report import Report
from benchmarks.timing import Spread
from insulin_abm.body import Body

ROUNDS = 9
MINUTES_OF_A_ROUND = 5
SHOWN_SHARE = 0.005
PERCENT = 100.0


def report_phases(report: Report, body: Body) -> None:
    """Live minutes phase by phase; where the minute fuses phases, their sum is more than the minute."""
    for phase in body.minute.phases:
        for cls in phase.classes():
            body.populations[cls].keep()
    seconds: dict[str, list[float]] = {phase.name: [] for phase in body.minute.phases}
    minute = int(body.time)
    for turn in range(ROUNDS + 1):
        taken = dict.fromkeys(seconds, 0.0)
        for _ in range(MINUTES_OF_A_ROUND):
            minute += 1
            for phase in body.minute.phases:
                begin = time.perf_counter()
                body.minute.live_phase(body, phase, minute)
                taken[phase.name] += time.perf_counter() - begin
        if turn:
            for name, sum_of_round in taken.items():
                seconds[name].append(sum_of_round)
    rounds = [sum(values) for values in zip(*seconds.values(), strict=True)]
    everything = Spread(tuple(rounds))
    shares = {name: Spread(tuple(values)).over(everything) for name, values in seconds.items()}
    report.head("Share of the time of each phase of the minute, one by one (those above half a percent)")
    for name, share in sorted(shares.items(), key=lambda item: -item[1].median):
        if share.median >= SHOWN_SHARE:
            report.add(f"share_of_{name.replace(' ', '_')}", name, "%", share, 1.0 / PERCENT)
