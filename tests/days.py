"""Days of people, lived once for all tests of a process."""

from functools import cache

from insulin_abm.readings import read_body
from insulin_abm.scenario import Scenario

SEEDS = (1, 2, 3, 4, 5)
STEP = 5
HOUR, DAY = 60, 1440
MEALS = (420, 750, 1140)
FASTING = 420

GLUCOSE, INSULIN = "plasma_glucose_mmol_per_l", "plasma_insulin_pmol_per_l"
FATTY_ACIDS, TRIGLYCERIDE = "plasma_ffa_mmol_per_l", "plasma_triglyceride_mmol_per_l"
LIVER_OUTPUT, MUSCLE_RECEPTORS = "endogenous_glucose_production_mmol_per_min", "muscle_receptors_per_cell"


@cache
def day(name, seed, *without):
    """One run per scenario and seed, read every five minutes: name of the reading -> {minute: value}.

    `without` names mechanisms that are turned off.
    """
    scenario = Scenario.load(name, overrides={f"mechanism.{mechanism}": 0 for mechanism in without})
    body = scenario.body(seed=seed)
    rows = [read_body(body)]
    while body.time < scenario.duration_min:
        body.run_for(STEP)
        rows.append(read_body(body))
    course = {reading: {int(row["time_min"]): row[reading] for row in rows} for reading in rows[0]}
    return {**course, "settling": body.settling}


def within(course, first, last):
    return [value for minute, value in course.items() if first <= minute <= last]


def mean(values):
    return sum(values) / len(values)


def fasting(course):
    """The mean of the last half hour of the fast."""
    return mean(within(course, FASTING - 30, FASTING))
