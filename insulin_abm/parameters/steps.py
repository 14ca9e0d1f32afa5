"""How long a step is: a minute as shipped; shorter or longer ones show that results do not hang on it."""

from __future__ import annotations

from dataclasses import dataclass

NEARLY = 1e-9
"""A third of a minute is not exact as a float."""


@dataclass(frozen=True)
class Steps:
    """The steps in which a body lives; events and the clock stay in whole minutes.

    Attributes
    ----------
    minutes : float
        Length of a step: an even part of a minute, or a whole number of minutes.

    Examples
    --------
    >>> Steps(0.5).until(3), Steps(2.0).until(4)
    (6, 2)
    """

    minutes: float = 1.0

    def __post_init__(self) -> None:
        if not (self.minutes > 0.0 and _is_whole(max(self.minutes, 1.0 / self.minutes))):
            raise ValueError(
                f"a step of {self.minutes:g} min is neither an even part of a minute nor a whole number of minutes: "
                'write for example step = "0.5 min" or step = "2 min"'
            )

    @property
    def in_a_minute(self) -> int:
        """How many steps a minute has (1 where a step is longer)."""
        return max(1, round(1.0 / self.minutes))

    @property
    def whole_minutes(self) -> int:
        """How many minutes a step has (1 where it is shorter)."""
        return max(1, round(self.minutes))

    def fits(self, minute: float) -> bool:
        """Whether a step ends at a minute."""
        return minute % self.whole_minutes == 0

    def until(self, minute: int) -> int:
        """The number of the step that ends at a minute.

        Raises
        ------
        ValueError
            None does.
        """
        if not self.fits(minute):
            raise ValueError(f"minute {minute} {self.between}")
        return minute * self.in_a_minute // self.whole_minutes

    def minute_of(self, step: int) -> int:
        """The minute in which a step ends."""
        return -(-step * self.whole_minutes // self.in_a_minute)

    @property
    def between(self) -> str:
        """What is wrong with a minute at which no step ends."""
        return f"lies between two steps of {self.minutes:g} min: move it, or live in shorter steps"


def _is_whole(number: float) -> bool:
    return abs(number - round(number)) <= NEARLY
