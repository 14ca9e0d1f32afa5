"""Clock times and durations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulin_abm.parameters import QuantityError
from insulin_abm.scenario.times import clock_minute, clock_text, minute_after_start, whole_minutes


@pytest.mark.parametrize(
    ("at", "start", "expected"),
    [
        ("07:00", "00:00", 420),
        ("7:00", "00:00", 420),
        ("07:00", "07:00", 0),
        ("06:59", "07:00", 1439),
        ("07:00", "19:30", 690),
        ("day 1 07:00", "00:00", 420),
        ("day 2 07:00", "00:00", 1860),
        ("day 2 07:00", "19:30", 690),
        ("Day 3, 07:00", "19:30", 2130),
        ("90 min", "07:00", 90),
        ("2 h", "07:00", 120),
        ("0 min", "07:00", 0),
        ("1.5 h", "07:00", 90),
    ],
)
def test_when_something_happens(at, start, expected):
    assert minute_after_start(at, clock_minute(start)) == expected


@given(minute=st.integers(0, 1439), start=st.integers(0, 1439))
def test_a_clock_time_is_the_next_such_time(minute, start):
    after = minute_after_start(clock_text(minute), start)
    assert 0 <= after < 1440
    assert (start + after) % 1440 == minute


@pytest.mark.parametrize("at", ["25:00", "07:60", "noon", "7", 7, "day 1 06:00", "-5 min", "day 07:00", "0.5 min", ""])
def test_what_is_no_time(at):
    with pytest.raises(QuantityError):
        minute_after_start(at, clock_minute("07:00"))


@pytest.mark.parametrize("start", ["day 2 07:00", "90 min", "24:00", 7])
def test_a_start_is_a_clock_time(start):
    with pytest.raises(QuantityError):
        clock_minute(start)


def test_durations_are_whole_minutes():
    assert whole_minutes("100 yr") == 52_596_000
    assert whole_minutes("3600 s") == 60
    assert whole_minutes("0.1 h") == 6
    with pytest.raises(QuantityError, match="whole number of minutes"):
        whole_minutes("90 s")
