"""Cell lines: files of numbers, each with its source."""

import pytest

from insulin_abm.making import CELL_CLASSES
from insulin_abm.parameters import Registry, lines, references
from insulin_abm.parameters.lines import _line

PUBLISHED = {"3t3", "htc", "human_islet", "im9", "rat_fat", "rat_fat_cultured", "rat_hepatocyte", "u937"}


def test_the_published_lines_are_there():
    assert set(lines()) == PUBLISHED


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_a_line_changes_only_what_its_cells_read(name):
    line = lines()[name]
    sites = CELL_CLASSES[line.cells].parameter_sites
    registry = line.registry(Registry.load())
    for full_name, parameter in line.parameters.items():
        site, _, short = full_name.partition(".")
        assert site in sites, full_name
        # a later site of the same cells would hide it
        assert not [s for s in sites[sites.index(site) + 1 :] if f"{s}.{short}" in registry], full_name
        assert parameter.source in references()
        assert registry[full_name].value == parameter.value
        assert parameter.low <= parameter.value <= parameter.high


def test_a_line_counts_as_given_and_not_as_changed():
    registry = lines()["htc"].registry(Registry.load())
    assert registry.overrides == {}
    assert registry.fingerprint != Registry.load().fingerprint
    assert registry.changed({"liver.receptor_count": "2e5"}).overrides == {"liver.receptor_count": 2e5}


GOOD = {"value": 1e5, "unit": "receptors", "source": "definition", "certainty": "fitted"}


@pytest.mark.parametrize(
    ("tables", "problem"),
    [
        ({"cells": "fat"}, "x.title: is missing"),
        ({"title": "t", "cells": "fat", "fat.lipd": {}}, "unknown parameter 'fat.lipd'"),
        ({"title": "t", "cells": "fat", "fat.receptor_count": {"value": 1}}, "needs just the keys"),
        ({"title": "t", "cells": "fat", "fat.receptor_count": {**GOOD, "value": 1e9}}, "out of range"),
        ({"title": "t", "cells": "fat", "fat.receptor_count": {**GOOD, "source": "hearsay"}}, "that is not known"),
    ],
)
def test_a_wrong_line_is_refused(tables, problem):
    faults = []
    _line("x", dict(tables), faults)
    assert any(problem in str(fault) for fault in faults)
