"""What all tests share: one folder of compiled code, and people who have settled."""

import os

import pytest
from bodies import MORNING, SHARED_CACHE, alone, unsettled

from insulin_abm.engine.compiled import CACHE_VARIABLE
from insulin_abm.scenario import Scenario

os.environ[CACHE_VARIABLE] = str(SHARED_CACHE)


@pytest.fixture(scope="session")
def compiled():
    """The compiled minute: whoever comes first compiles it, the other processes wait and read it from the cache."""
    with alone("compiling"):
        unsettled().run_for(1)


@pytest.fixture(scope="session")
def settled_healthy(compiled):
    """A healthy adult who has settled, at 07:00 before breakfast; fork it, leave it as it is."""
    return Scenario.from_text(MORNING).body(seed=1)


@pytest.fixture
def healthy(settled_healthy):
    """A healthy adult of one's own, at 07:00 before breakfast."""
    return settled_healthy.fork()


@pytest.fixture
def few(compiled):
    """A body of a few cells that has not settled."""
    return unsettled()
