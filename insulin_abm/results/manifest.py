"""The manifest: what was run, with what, and the hashes of what came out; enough to run it again."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from insulin_abm.results.identity import content_of, file_sha256, identity
from insulin_abm.results.names import MANIFEST, NOTE
from insulin_abm.scenario import AnyScenario

LIBRARIES = ("mesa", "numpy", "numba", "pandas", "matplotlib")


def write_manifest(
    folder: Path,
    scenario: AnyScenario,
    wall_s: float,
    threads: int,
    settling: Mapping[str, Any] | None = None,
    began_min: int = 0,
) -> None:
    """Write `manifest.json` when all tables are written.

    The same scenario, seed and version give the same manifest but for its block `run`.

    Parameters
    ----------
    folder : Path
        Where the tables are.
    scenario : Scenario or DishScenario
        What was run.
    wall_s : float
        How long it took.
    threads : int
        How many threads shared the cells.
    settling : mapping, optional
        How the person came to minute 0.
    began_min : int
        The minute from which it went on, if it had been cut off.
    """
    manifest = _manifest(folder, scenario, wall_s, threads, dict(settling or {}), began_min)
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def _manifest(
    folder: Path, scenario: AnyScenario, wall_s: float, threads: int, settling: dict[str, Any], began_min: int
) -> dict[str, Any]:
    return {
        "program": "insulin_abm",
        "version": program_version(),
        "note": NOTE,
        "name": scenario.name,
        "seed": scenario.seed,
        "identity": identity(scenario),
        "scenario": scenario.resolved(),
        "scenario_text": scenario.text,
        "overrides": scenario.overrides,
        "settling": dict(sorted(settling.items())),
        "inputs_sha256": {
            "scenario": hashlib.sha256(scenario.text.encode()).hexdigest(),
            **{path.name: file_sha256(path) for path in (*scenario.includes, *scenario.use)},
        },
        "outputs_sha256": {file: file_sha256(folder / file) for file in content_of(scenario).tables},
        "run": {
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "wall_s": round(wall_s, 3),
            "began_min": began_min,
            "threads": threads,
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
            "libraries": {name: version(name) for name in LIBRARIES},
        },
    }


def program_version() -> str:
    """Give the version of this program ("unknown" if it was not installed)."""
    try:
        return version("insulin_abm")
    except PackageNotFoundError:
        return "unknown"
