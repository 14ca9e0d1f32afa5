"""A snapshot of another person is refused, and the body stays as it was."""

import pytest
from bodies import unsettled

from insulin_abm.engine.snapshot import SnapshotError


def test_another_persons_snapshot_changes_nothing(few):
    other = unsettled(overrides={"person.weight": "90 kg"})
    other.run_for(7)
    few.run_for(3)
    before = few.save()
    with pytest.raises(SnapshotError, match="of another person or parameters"):
        few.restore(other.save())
    assert few.time == 3
    assert few.save() == before
