"""Clock times and durations as a person writes them; inside, everything is whole minutes."""

from __future__ import annotations

import re

from insulin_abm.parameters import QuantityError, quantity
from insulin_abm.parameters.quantities import shown

MINUTES_A_DAY = 24 * 60

_CLOCK = re.compile(r"(?:day\s*(\d{1,6})\s*,?\s+)?(\d{1,2}):(\d{2})", re.IGNORECASE)
_HOW = 'Write a clock time such as "07:00" or "day 2 07:00", or a time after the start such as "90 min"'


def whole_minutes(value: object) -> int:
    """Read a duration such as "24 h".

    Raises
    ------
    QuantityError
        It is no duration, or not a whole number of minutes.
    """
    minutes = quantity(value, "min", example=90)
    nearest = round(minutes)
    if abs(minutes - nearest) > 1e-9 * max(1.0, abs(minutes)):
        raise QuantityError(
            f"{shown(value)} is not a whole number of minutes", "The model lives in steps of one minute"
        )
    return nearest


def clock_minute(value: object) -> int:
    """Read a clock time such as "07:30" as minutes after midnight.

    Raises
    ------
    QuantityError
        It is no clock time, or names a day.
    """
    how = 'Write a clock time from "00:00" to "23:59"'
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or match[1]:
        raise QuantityError(f"{shown(value)} is not a clock time", how)
    return _minute(match, value, how)


def minute_after_start(value: object, start_min_of_day: int) -> int:
    """Read when something happens, in minutes after the start.

    A clock time is the next such time at or after the start; "day 2 07:00" is on the day after the one in which the
    scenario starts; a duration counts from the start.

    Raises
    ------
    QuantityError
        It is no time, or before the start.
    """
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is not None:
        minute = _minute(match, value, _HOW)
        if match[1] is None:
            return (minute - start_min_of_day) % MINUTES_A_DAY
        after = (int(match[1]) - 1) * MINUTES_A_DAY + minute - start_min_of_day
    else:
        try:
            after = whole_minutes(value)
        except QuantityError as error:
            raise QuantityError(f"{shown(value)} is not a time ({error.problem})", _HOW) from error
    if after < 0:
        raise QuantityError(f"{shown(value)} is before the start of the scenario", "Day 1 is the day of the start")
    return after


def clock_text(minute: int) -> str:
    """Write minutes after midnight as a clock time."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def _minute(match: re.Match[str], value: object, how: str) -> int:
    hours, minutes = int(match[2]), int(match[3])
    if hours > 23 or minutes > 59:
        raise QuantityError(f"{shown(value)} is not a time of the day", how)
    return hours * 60 + minutes
