"""Small studies that the tests of studies share."""

import pytest

from insulin_abm.studies import Study

TINY = """
duration = "20 min"
cells = 40
[record]
every = "5 min"
"""


@pytest.fixture
def tiny(tmp_path):
    """The file of a scenario that is lived in a moment."""
    file = tmp_path / "tiny.toml"
    file.write_text(TINY)
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
