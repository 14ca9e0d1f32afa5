"""What was compiled is kept, and never used for a rule that has changed since."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import insulin_abm
from insulin_abm.engine.compiled import CACHE_VARIABLE

USER_FILE = """
from helpers import amount
from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import hill, rule


class Thing(RowAgent):
    is_single = True

    value = column(0.0, "1", "a number", wide=True)
    alarm = column(0, "1", "never", whole=True)

    @rule
    def live_a_minute(thing, p, chance):
        thing.value += 1.0
        thing.value += amount()
        thing.value += hill(1.0, 1.0, 1.0)
"""

HELPERS = """
from insulin_abm.engine.rules import rule


@rule
def amount():
    return 10.0
"""

RUN = """
from things import Thing
from insulin_abm.engine.minute import Minute
from insulin_abm.engine.phases import Act
from insulin_abm.engine.records import ParameterRecord
from insulin_abm.engine.world import World

world = World(1)
world.population(Thing).create(1)
minute = Minute([Act("things live", Thing)], (Thing, "alarm"), {Thing: ParameterRecord({})}, 1)
minute.live(world, 0, 1)
print(round(world.population(Thing)[0].value, 6))
"""


def run(folder):
    """Run the file in a new process that sees `folder` before all else; give what it prints."""
    environment = {**os.environ, "PYTHONPATH": str(folder), CACHE_VARIABLE: str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return float(done.stdout)


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def machine_code(folder):
    """What Numba has kept, by name and time."""
    return {path.name: path.stat().st_mtime_ns for path in (folder / "cache").rglob("*.nbc")}


def test_an_edited_rule_acts_in_the_next_run(tmp_path):
    """In the rule itself, in a function that it calls from another file, and in the engine of a copied package."""
    (tmp_path / "things.py").write_text(USER_FILE, "utf-8")
    (tmp_path / "helpers.py").write_text(HELPERS, "utf-8")
    assert run(tmp_path) == 11.5
    kept = machine_code(tmp_path)
    assert kept
    assert run(tmp_path) == 11.5
    assert machine_code(tmp_path) == kept, "an unchanged rule was compiled again"

    edit(tmp_path / "things.py", "thing.value += 1.0", "thing.value += 2.0")

    package = tmp_path / "insulin_abm"
    shutil.copytree(Path(insulin_abm.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    assert run(tmp_path) == 12.5, "the copy is not the package"
    edit(package / "engine" / "rules.py", "return from_half / (1.0 + from_half)", "return 100.0 * from_half")
    assert run(tmp_path) == 112.0


def test_an_edited_function_of_a_users_other_file_acts_in_the_next_run(tmp_path):
    """Numba's own cache does not see this: the rule's file is as before, the function it inlined is not."""
    (tmp_path / "things.py").write_text(USER_FILE, "utf-8")
    (tmp_path / "helpers.py").write_text(HELPERS, "utf-8")
    assert run(tmp_path) == 11.5
    edit(tmp_path / "helpers.py", "return 10.0", "return 20.0")
    assert run(tmp_path) == 21.5


def test_a_folder_that_cannot_be_written_says_what_to_set(tmp_path):
    (tmp_path / "things.py").write_text(USER_FILE, "utf-8")
    (tmp_path / "helpers.py").write_text(HELPERS, "utf-8")
    (tmp_path / "cache").write_text("a file where a folder should be", "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), CACHE_VARIABLE: str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert CACHE_VARIABLE in done.stderr.splitlines()[-1]
