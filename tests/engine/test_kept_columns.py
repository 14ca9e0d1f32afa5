"""What is used up within a minute is not kept, unless somebody wants it; the person does not notice."""

import numpy as np
import pytest
from bodies import differences, keeping, unsettled

from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.engine.minute import Minute
from insulin_abm.engine.phases import Act
from insulin_abm.engine.snapshot import SnapshotError
from insulin_abm.tissue.patch import Patch


def fed(body):
    body.eat({"white_bread": 100.0})
    body.inject_insulin(2.0, "rapid")
    body.run_for(45)
    return body


def test_keeping_all_changes_nothing(compiled):
    sparing, all_kept = fed(unsettled()), fed(keeping(unsettled()))
    assert differences(sparing, all_kept) == []
    assert len(sparing.populations[MuscleCell].columns) < len(all_kept.populations[MuscleCell].columns)
    assert len(sparing.save()) < len(all_kept.save())


def test_what_is_seen_is_what_the_place_holds(few):
    fed(few)
    muscle, patches = few.populations[MuscleCell], few.populations[Patch]
    assert "local_insulin" not in muscle.columns
    expected = patches.columns["local_insulin"][muscle.place]
    assert np.array_equal(muscle.columns["local_insulin"], expected)
    assert muscle.agent(3).local_insulin == expected[3]
    assert muscle.get("local_insulin") == expected.tolist()
    assert muscle.agg("local_insulin", np.mean) == pytest.approx(expected.mean(dtype=float))
    kept = fed(keeping(unsettled()))
    assert np.array_equal(kept.populations[MuscleCell].columns["local_fatty_acid"], muscle.columns["local_fatty_acid"])
    with pytest.raises(ValueError, match="read-only"):
        muscle.columns["local_insulin"][:] = 1.0


def test_what_passed_is_refused_with_a_way_out(few):
    few.run_for(1)
    muscle = few.populations[MuscleCell]
    for look in (
        lambda: muscle.columns["insulin_bound"],
        lambda: muscle.agent(0).insulin_bound,
        lambda: setattr(muscle.agent(0), "insulin_bound", 3),
        lambda: setattr(muscle.agent(0), "local_insulin", 3.0),
        lambda: MuscleCell(few, place=0, insulin_bound=3),
    ):
        with pytest.raises(LookupError, match=r"call population\(MuscleCell\)\.keep\('"):
            look()
    muscle.keep("insulin_bound")
    few.run_for(1)
    assert muscle.agent(0).insulin_bound == muscle.columns["insulin_bound"][0]
    assert muscle.columns["insulin_bound"].sum() > 0
    assert few.fork().populations[MuscleCell].columns["insulin_bound"].sum() > 0


def test_a_phase_alone_needs_what_is_not_kept(few):
    phase = next(phase for phase in few.minute.phases if isinstance(phase, Act) and phase.who is MuscleCell)
    with pytest.raises(RuntimeError, match="needs what is not kept"):
        few.minute.live_phase(few, phase, 1)
    keeping(few).minute.live_phase(few, phase, 1)


def test_a_snapshot_that_lacks_what_is_kept_is_refused(few, monkeypatch):
    """A column that a class came to keep later is missing in older snapshots."""
    saved = few.save()
    monkeypatch.setattr(Patch.columns["insulin_bound"], "passing", False)
    with pytest.raises(SnapshotError, match="Patch had other columns: insulin_bound"):
        few.restore(saved)


def test_a_minute_without_places_is_lived_in_one_piece(few):
    """A dish of one phase: all rows at once, nothing is spared."""
    dish = keeping(few)
    phases = [phase for phase in dish.minute.phases if phase.name == "MuscleCell lives"]
    minute = Minute([*phases, dish.minute.phases[-1]], dish.minute.alarm, dish.records, 1)
    before = dish.populations[MuscleCell].columns["sustained_occupancy"].copy()
    assert minute.live(dish, 0, 5) == 5
    assert not np.array_equal(before, dish.populations[MuscleCell].columns["sustained_occupancy"])
