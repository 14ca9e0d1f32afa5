"""Times with their spread, taken in turns: what else the machine does falls on all alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Repeated measurements of one thing, one a round."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    @property
    def low(self) -> float:
        """The smallest."""
        return min(self.values)

    @property
    def high(self) -> float:
        """The largest."""
        return max(self.values)

    def per(self, amount: float) -> Spread:
        """Each divided by an amount."""
        return Spread(tuple(value / amount for value in self.values))

    def rate(self, amount: float) -> Spread:
        """An amount divided by each."""
        return Spread(tuple(amount / value for value in self.values))

    def over(self, other: Spread) -> Spread:
        """The ratio to another, round by round."""
        return Spread(tuple(one / two for one, two in zip(self.values, other.values, strict=True)))


def in_turns(
    contenders: Mapping[str, Callable[[], object]], rounds: int, clock: Callable[[], float] = time.thread_time
) -> dict[str, Spread]:
    """Seconds that each contender takes; in every round each has one turn, and one turn before all does not count.

    The clock is that of this thread's own time on a core, unless another one is given: what else runs on the machine
    takes cores away, and that is not counted.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(rounds + 1):
        for name, act in contenders.items():
            gc.collect()
            begin = clock()
            act()
            if turn:
                seconds[name].append(clock() - begin)
    return {name: Spread(tuple(times)) for name, times in seconds.items()}


def all_over(ones: Sequence[Spread]) -> Spread:
    """The largest over the smallest of several, round by round."""
    rounds = zip(*(one.values for one in ones), strict=True)
    return Spread(tuple(max(values) / min(values) for values in rounds))
