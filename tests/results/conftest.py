"""Runs that the tests of results share."""

import pytest

from insulin_abm.results import run
from insulin_abm.scenario import Scenario

SHORT = """
title = "A short run"
duration = "90 min"
cells = 60
[person]
sex = "female"
weight = "70 kg"
[[meals]]
at = "10 min"
foods = { white_rice = "150 g" }
[record]
every = "20 min"
cells_every = "60 min"
"""


@pytest.fixture(scope="session")
def short_scenario():
    """An hour and a half of sixty cells."""
    return Scenario.from_text(SHORT, source="short.toml")


@pytest.fixture(scope="session")
def short(compiled, short_scenario, tmp_path_factory):
    """Its results; leave them as they are."""
    return run(short_scenario, tmp_path_factory.mktemp("results") / "short")


@pytest.fixture(scope="session")
def ogtt(compiled, tmp_path_factory):
    """The shipped tolerance test; leave it as it is."""
    return run("ogtt_healthy", tmp_path_factory.mktemp("results") / "ogtt", overrides={"cells": 200})


@pytest.fixture
def run_short(compiled, short_scenario):
    """Run the short scenario into a folder."""
    return lambda folder, **options: run(short_scenario, folder, **options)
