"""What makes two runs the same run: its scenario, its seed and the program. What is equal gives equal bytes."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from insulin_abm.results import names
from insulin_abm.results.names import Content
from insulin_abm.scenario import AnyScenario, DishScenario


def identity(scenario: AnyScenario) -> dict[str, str]:
    """Give hashes of all that a run depends on: "scenario", "seed", "program".

    How often it is kept on its way, and how many threads live it, are not in it: no result depends on them.
    """
    resolved = {**scenario.resolved(), "name": scenario.name}
    seed = resolved.pop("seed")
    text = json.dumps(resolved, sort_keys=True)
    return {"scenario": hashlib.sha256(text.encode()).hexdigest(), "seed": str(seed), "program": program_hash()}


def content_of(scenario: AnyScenario) -> Content:
    """Give what a folder holds that the scenario was run into."""
    return names.DISH if isinstance(scenario, DishScenario) else names.RUN


@cache
def program_hash() -> str:
    """Hash the program and its data; a scenario's own files are not in it."""
    from insulin_abm.engine.compiled import hash_of_files  # with the compiler, which takes a while

    package = Path(__file__).resolve().parent.parent
    parts = hash_of_files(package, ".py") + hash_of_files(package / "parameters", ".toml", ".txt")
    return hashlib.sha256(parts.encode()).hexdigest()


def is_finished(folder: Path, scenario: AnyScenario) -> bool:
    """Whether a folder holds just what a run of the scenario gives: the tables are as that run wrote them."""
    try:
        manifest = json.loads((folder / names.MANIFEST).read_text("utf-8"))
        tables = {file: file_sha256(folder / file) for file in content_of(scenario).tables}
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and (manifest.get("identity"), manifest.get("outputs_sha256")) == (
        identity(scenario),
        tables,
    )


def file_sha256(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
