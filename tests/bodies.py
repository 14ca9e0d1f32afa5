"""Bodies to test, and how to compare them."""

import fcntl
from contextlib import contextmanager

import numpy as np

from insulin_abm.body import Body
from insulin_abm.engine.compiled import cache_folder
from insulin_abm.scenario import Scenario

SHARED_CACHE = cache_folder()
"""The user's own cache folder, or the one that INSULIN_ABM_CACHE names."""

MORNING = """
start = "07:00"
duration = "24 h"
[person]
sex = "female"
age = "40 yr"
weight = "70 kg"
height = "170 cm"
body_fat = "26 %"
"""
"""The healthy adult of the shipped scenarios before breakfast, to whom nothing happens from minute 0 on."""

FEW = {"muscle": 8, "fat": 6, "liver": 12, "beta": 6, "alpha": 3}


def unsettled(cells=None, seed=1, threads=1, overrides=None):
    """A body as it is first put together: quick to make, with any number of cells."""
    scenario = Scenario.from_text(MORNING, overrides=overrides)
    return Body(
        person=scenario.person,
        cells=cells or FEW,
        habits=scenario.habits,
        parameters=scenario.parameters,
        seed=seed,
        start_min_of_day=scenario.start_min_of_day,
        threads=threads,
    )


def keeping(body):
    """The body itself, which from now on keeps also what is otherwise used up within a minute."""
    for population in body.populations.values():
        population.keep()
    return body


def columns_of(world):
    """Copies of all columns of all populations."""
    return {
        cls: {name: np.array(values) for name, values in population.columns.items()}
        for cls, population in world.populations.items()
    }


def differences(one, other):
    """Columns that are not equal to the bit."""
    return [
        f"{cls.__name__}.{name}"
        for cls, columns in columns_of(one).items()
        for name, values in columns.items()
        if values.tobytes() != np.asarray(other.populations[cls].columns[name]).tobytes()
    ]


@contextmanager
def alone(name):
    """Let one test process at a time do something; the others find it in the cache."""
    SHARED_CACHE.mkdir(parents=True, exist_ok=True)
    with (SHARED_CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
