"""People whom all tests of protocols visit."""

import pytest

from insulin_abm.validation.ward import Ward


@pytest.fixture(scope="session")
def ward(compiled):
    """Everybody who comes with the program, in the morning; visits are done once."""
    return Ward(seed=1)
