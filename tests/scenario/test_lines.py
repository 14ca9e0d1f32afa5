"""Lines of keys in a TOML file."""

import tomllib

import pytest

from insulin_abm.scenario.lines import line_of, lines_of

TEXT = """# a comment
title = "x"

[person]
weight = "70 kg"
"odd key" = 1

[[meals]]
at = "07:00"
foods = { bread = "80 g", milk = "250 mL" }
[[meals]]   # the second
at = "19:00"
note = \"\"\"
several
lines = 3
\"\"\"
use = [
  "a.py",
  "b.py",
]

[habits.pump]
rate = "1 U/h"

[[habits.meals]]
at = "08:00"

[parameters]
"muscle.receptor_count" = "1.2e4"
person.age = 3
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("title", 2),
        ("person", 4),
        ("person.weight", 5),
        ("person.odd key", 6),
        ("meals[1]", 8),
        ("meals[1].foods.milk", 10),
        ("meals[2]", 11),
        ("meals[2].note", 13),
        ("meals[2].use", 17),
        ("habits.pump.rate", 23),
        ("habits.meals[1].at", 26),
        ("parameters.muscle.receptor_count", 29),
        ("parameters.person.age", 30),
        ("meals[2].at.more", 12),
        ("nowhere", None),
    ],
)
def test_lines(path, line):
    assert tomllib.loads(TEXT)
    assert line_of(path, lines_of(TEXT)) == line


def test_an_array_of_inline_tables():
    lines = lines_of('meals = [{ at = "07:00" },\n  { at = "08:00" }]\n')
    assert line_of("meals[2].at", lines) == 1
