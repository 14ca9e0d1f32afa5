"""What is measured of a dish on copies of it, as a scenario writes it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from insulin_abm.parameters import Registry
from insulin_abm.scenario.events import read_period
from insulin_abm.scenario.medium import read_doses
from insulin_abm.scenario.parts import read_minutes
from insulin_abm.scenario.reader import Reader
from insulin_abm.scenario.times import minute_after_start

RESPONSE, BINDING = "response", "binding"
KINDS_OF_TESTS = {RESPONSE: "culture.response_time", BINDING: "culture.binding_time"}
"""What can be measured of a copy of the dish, and the parameter that says how long that usually takes."""


@dataclass(frozen=True)
class Test:
    """A measurement on copies of the dish.

    Attributes
    ----------
    time_min : int
        When.
    kind : str
        `RESPONSE` or `BINDING`.
    doses : tuple of float
        Insulin, pmol/L.
    for_min : int
        How long each acts.
    """

    time_min: int
    kind: str
    doses: tuple[float, ...]
    for_min: int


def read_tests(scenario: Reader, duration_min: int, parameters: Registry) -> tuple[Test, ...]:
    """Read ``[[tests]]``; the last minute may be tested as well."""
    tests: list[Test] = []
    for reader in scenario.tables("tests"):
        kind = reader.text("kind", RESPONSE, KINDS_OF_TESTS)
        at = reader.read("at", partial(minute_after_start, start_min_of_day=0), 0)
        if "at" not in reader.values:
            reader.refuse("at", "is missing", 'Write when, such as at = "90 min"')
        elif at > duration_min:
            reader.refuse("at", f"is {at} min after the start, but the scenario ends after {duration_min} min")
        every = reader.read("every", partial(read_period, parameters=parameters), None)
        if "insulin" not in reader.values:
            reader.refuse(
                "insulin", "is missing", 'Write the test dose, or a list: insulin = ["1 nmol/L", "17 nmol/L"]'
            )
        doses = read_doses(reader, "insulin", parameters)
        lasts = read_minutes(reader, "for", parameters, KINDS_OF_TESTS[kind])
        times = range(at, duration_min + 1, every or duration_min + 1)
        tests += [Test(minute, kind, doses, lasts) for minute in times]
        reader.finish()
    most = round(parameters["culture.most_tests"].value)
    if sum(len(test.doses) for test in tests) > most:
        scenario.refuse("tests", f"there are more than {most} test doses in each well", "Test more rarely")
        return ()
    return tuple(sorted(tests, key=lambda test: test.time_min))
