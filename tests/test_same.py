"""The same seed gives the same bytes, however the run is cut, shared out or interrupted."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from bodies import SHARED_CACHE, alone, differences, unsettled

import insulin_abm
from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.engine.compiled import CACHE_VARIABLE
from insulin_abm.organs.blood import Blood
from insulin_abm.scenario import Scenario

THREE_HOURS, DAY = 180, 1440

THREADS = """
import hashlib, json, sys
from bodies import unsettled
from insulin_abm.engine.minute import BLOCKS_WORTH_THREADS

MANY = {"muscle": 2400, "fat": 2400, "liver": 1500, "beta": 600, "alpha": 150}
found = {}
for threads in (1, 2, 4):
    body = unsettled(MANY, threads=threads)
    body.eat({"white_bread": 120.0})
    body.inject_insulin(3.0, "rapid")
    body.run_for(90)
    body.run_for(30)
    found[threads] = hashlib.sha256(body.save()).hexdigest()
assert body.minute.blocks.number > BLOCKS_WORTH_THREADS
import numba
print(json.dumps({"threads": numba.config.NUMBA_NUM_THREADS, "hashes": found, "minute": body.blood.plasma_glucose}))
"""


def meals(body):
    """Give a body something to do, as data in its table of events."""
    body.schedule("eat", at=10, foods={"white_rice": 150.0, "milk": 250.0})
    body.schedule("drink_glucose", at=65, grams=20.0, every=60)
    body.schedule("inject_insulin", at=40, units=1.0, kind="rapid")
    body.schedule("infuse_glucose", at=100, mg_per_kg_min=2.0)
    return body


@pytest.fixture
def one_go(healthy):
    body = meals(healthy)
    body.run_for(THREE_HOURS)
    return body


def test_twice(one_go, settled_healthy):
    again = meals(settled_healthy.fork())
    again.run_for(THREE_HOURS)
    assert differences(one_go, again) == []
    assert again.save() == one_go.save()


@pytest.mark.parametrize("step", [1, 7, 60])
def test_minute_by_minute_or_in_chunks(one_go, settled_healthy, step):
    again = meals(settled_healthy.fork())
    while again.time < THREE_HOURS:
        again.run_for(min(step, THREE_HOURS - again.time))
    assert differences(one_go, again) == []
    assert again.save() == one_go.save()


def test_step_by_step_as_mesa_does(one_go, settled_healthy):
    again = meals(settled_healthy.fork())
    for _ in range(THREE_HOURS):
        again.step()
    assert again.save() == one_go.save()


@pytest.mark.parametrize("half_way", [1, 64, 65, 100, 179])
def test_saved_and_loaded_half_way(one_go, settled_healthy, half_way):
    begun = meals(settled_healthy.fork())
    begun.run_for(half_way)
    data = begun.save()
    resumed = settled_healthy.empty_copy()
    resumed.restore(data)
    assert resumed.save() == data
    resumed.run_for(THREE_HOURS - half_way)
    assert differences(one_go, resumed) == []
    assert resumed.save() == one_go.save()


def test_loaded_into_a_body_that_has_lived_something_else(one_go, settled_healthy):
    begun = meals(settled_healthy.fork())
    begun.run_for(50)
    other = settled_healthy.fork()
    other.eat({"honey": 100.0})
    other.run_for(77)
    other.restore(begun.save())
    other.run_for(THREE_HOURS - 50)
    assert other.save() == one_go.save()


def test_forked(one_go, settled_healthy):
    """Both go on as the one would have, and what happens to one is nothing to the other."""
    begun = meals(settled_healthy.fork())
    begun.run_for(90)
    twin = begun.fork()
    eater = begun.fork()
    eater.eat({"honey": 100.0})
    eater.run_for(90)
    begun.run_for(90)
    twin.run_for(90)
    assert begun.save() == twin.save() == one_go.save()
    assert eater.blood.plasma_glucose > twin.blood.plasma_glucose + 0.5


def test_looking_changes_nothing(one_go, settled_healthy):
    """Agents that are made because somebody looks at them do not disturb the rest."""
    again = meals(settled_healthy.fork())
    for _ in range(6):
        again.run_for(30)
        assert len(again.agents.to_list()) == len(again.agents)
        again.agents_by_type[MuscleCell].agg("signal", np.mean)
        again.save()
    assert again.save() == one_go.save()


def test_another_seed_gives_another_run(compiled):
    """Other bytes, other draws, and yet nearly the same person."""
    first, second = (unsettled(seed=seed) for seed in (1, 2))
    for body in (first, second):
        body.run_for(60)
    assert first.save() != second.save()
    assert {"MuscleCell.bound_receptors", "Patch.glucose", "LiverCell.glucose_released"} <= set(
        differences(first, second)
    )


def test_twins_share_every_draw(compiled):
    """One twin's kidneys clear no insulin: in the first minute nothing else differs, and no draw ever does."""
    one, other = unsettled(seed=5), unsettled(seed=5, overrides={"kidney.insulin_clearance": "0 L/min"})
    for twin in (one, other):
        twin.run_for(1)
    assert {name.partition(".")[0] for name in differences(one, other)} == {"Kidneys", "Blood"}
    for twin in (one, other):
        twin.run_for(DAY)
    kept = [twin.populations[MuscleCell].columns["surface_receptors"].astype(float) for twin in (one, other)]
    stranger = unsettled(seed=6)
    stranger.run_for(DAY + 1)
    strange = stranger.populations[MuscleCell].columns["surface_receptors"].astype(float)
    assert 0.0 < np.abs(kept[0] - kept[1]).mean() < 0.2 * np.abs(kept[0] - strange).mean()


def test_making_a_person_gives_the_same_from_the_cache_and_without_it(compiled, tmp_path, monkeypatch):
    """A settled person is read from the cache or lived anew: the bytes are the same."""
    scenario = Scenario.from_text('duration = "3 h"\n[cells]\nmuscle = 16\nfat = 8\nliver = 24\nbeta = 8\nalpha = 2')
    cached = [scenario.body(seed=9).save() for _ in range(2)]
    monkeypatch.setattr("insulin_abm.settling.cache_folder", lambda: tmp_path)
    anew = scenario.body(seed=9)
    assert cached[0] == cached[1] == anew.save()
    assert list(tmp_path.rglob("*.snapshot"))
    assert anew.time == 0


def test_a_spoiled_cache_is_noticed(compiled, tmp_path, monkeypatch):
    """A settled person that was cut short on disk is lived anew."""
    monkeypatch.setattr("insulin_abm.settling.cache_folder", lambda: tmp_path)
    scenario = Scenario.from_text('duration = "3 h"\n[cells]\nmuscle = 16\nfat = 8\nliver = 24\nbeta = 8\nalpha = 2')
    expected = scenario.body(seed=9).save()
    (kept,) = tmp_path.rglob("*.snapshot")
    kept.write_bytes(kept.read_bytes()[:-100])
    assert scenario.body(seed=9).save() == expected


def test_with_one_two_and_four_threads(compiled):
    """In a process that may use four threads; cells enough for several blocks of rows each."""
    environment = {**os.environ, "NUMBA_NUM_THREADS": "4", "PYTHONPATH": str(Path(__file__).parent)}
    with alone("compiling in parallel"):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", THREADS],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["threads"] == 4
    assert len(set(found["hashes"].values())) == 1, found
    # and in this process, which has another number of threads
    body = unsettled({"muscle": 2400, "fat": 2400, "liver": 1500, "beta": 600, "alpha": 150})
    body.eat({"white_bread": 120.0})
    body.inject_insulin(3.0, "rapid")
    body.run_for(120)
    assert hashlib.sha256(body.save()).hexdigest() == found["hashes"]["1"]
    assert body.populations[Blood].columns["plasma_glucose"][0] == found["minute"]


SETTLED = """
import hashlib
from insulin_abm.scenario import Scenario

scenario = Scenario.from_text('duration = "3 h"\\n[cells]\\nmuscle = 16\\nfat = 8\\nliver = 24\\nbeta = 8\\nalpha = 2')
print(hashlib.sha256(scenario.body(seed=9).save()).hexdigest())
"""


def test_a_person_settled_by_an_older_program_is_not_taken_for_a_new_one(compiled, tmp_path):
    """How people are made is edited in a copy of the package: the copy must not read who the original settled."""
    package = tmp_path / "insulin_abm"
    shutil.copytree(Path(insulin_abm.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "cache").mkdir()
    for folder in SHARED_CACHE.glob("compiled-*"):
        (tmp_path / "cache" / folder.name).symlink_to(folder)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), CACHE_VARIABLE: str(tmp_path / "cache")}

    def settled():
        command = [sys.executable, "-W", "ignore", "-c", SETTLED]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout

    before = settled()
    assert settled() == before
    making = package / "making.py"
    text = making.read_text("utf-8")
    assert "mean + spread * standard" in text
    making.write_text(text.replace("mean + spread * standard", "mean + 0.5 * spread * standard"), "utf-8")
    assert settled() != before
