"""Small studies that the tests of studies share."""

import pytest

from insulin_abm.studies import Study

TINY = """
duration = "20 min"
cells = 40
[record]
every = "5 min"
"""

MOMENT = """
duration = "5 min"
cells = 40
[record]
every = "5 min"
[[meals]]
at = "1 min"
foods = { white_rice = "1 g" }
"""
"""Lived in still less, and by a person who settled once, however much rice there is."""
RICE = "meals[1].foods.white_rice"


def portions(number):
    """So many amounts of rice, none like another."""
    return [f"{1 + place / 1000} g" for place in range(number)]


@pytest.fixture
def tiny(tmp_path):
    """The file of a scenario that is lived in a moment."""
    file = tmp_path / "tiny.toml"
    file.write_text(TINY)
    return file


@pytest.fixture
def moment(tmp_path):
    """The file of the smallest scenario."""
    file = tmp_path / "moment.toml"
    file.write_text(MOMENT)
    return file


@pytest.fixture
def study(tiny):
    """Twelve runs: two weights, three seeds, two twins."""
    return Study(
        "small",
        (str(tiny),),
        (1, 2, 3),
        grid={"person.weight": ["60 kg", "80 kg"]},
        twins={"frozen": {"mechanism.receptor_loss": 0}},
        timeseries=True,
    )
