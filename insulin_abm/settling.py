"""How a person comes to be as they are: the usual day, lived again and again until nothing slow changes any more."""

from __future__ import annotations

import hashlib
import inspect
import json
import tempfile
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np

from insulin_abm.body import Body
from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.compiled import cache_folder, hash_of_files, sources_hash
from insulin_abm.engine.fingerprint import fingerprint
from insulin_abm.engine.phases import Act
from insulin_abm.engine.rules import exponential
from insulin_abm.engine.snapshot import SnapshotError
from insulin_abm.parameters.conversions import DAYS_PER_WEEK, MINUTES_PER_DAY

Columns = dict[type[RowAgent], dict[str, np.ndarray]]


def settle(body: Body) -> None:
    """Bring a person to minute 0 of the scenario, in the state that the usual day keeps.

    The day that ends at minute 0 is lived again and again with the same chance. Between two days every slow column
    jumps part of the way to where it was heading; the stores and receptors follow by living. It ends when no slow mean
    changes by more than the limit a week. The result is kept on disk under a hash of all that went in.

    `body.settling` then holds the "days" lived, the "weekly_change" of the slow means in the last one (the largest,
    relative) and whether the person is "settled".
    """
    kept = cache_folder() / "people" / f"{_fingerprint(body)}.snapshot"
    if kept.exists():
        try:
            body.restore(kept.read_bytes())
            return
        except SnapshotError:
            kept.unlink()
    limits = body.parameters.site("settling")
    heading: Columns = {}
    for day in range(1, round(limits["most_days"]) + 1):
        _jump(body, heading)
        before = _slow_columns(body)
        live_usual_day(body)
        after = _slow_columns(body)
        change = DAYS_PER_WEEK * _largest_change(before, after)
        found = {"days": day, "weekly_change": change, "settled": change < limits["weekly_change"]}
        if found["settled"]:
            break
        heading = _heading(body, before, after, limits["jump_share"])
    body.settling = found
    _keep(kept, body.save())


def live_usual_day(body: Body) -> None:
    """Live the day that ends at minute 0 with what the person usually does."""
    body.set_minute(-MINUTES_PER_DAY)
    for habit in body.habits.events:
        minute = (habit.minute_of_day - body.start_min_of_day) % MINUTES_PER_DAY - MINUTES_PER_DAY
        body.schedule(habit.kind, at=minute, **habit.arguments)
    body.run_until(0)


def _slow_columns(body: Body) -> Columns:
    """Copies of all columns that relax over hours to days, and of receptors and stores."""
    return {
        cls: {
            name: np.array(population.columns[name], np.float64)
            for name, column in cls.columns.items()
            if column.slow or column.store
        }
        for cls, population in body.populations.items()
    }


def _largest_change(before: Columns, after: Columns) -> float:
    """The largest relative change of a mean over all agents of a class."""
    largest = 0.0
    for cls, columns in after.items():
        for name, values in columns.items():
            if len(values):
                was, now = before[cls][name].mean(), values.mean()
                largest = max(largest, abs(now - was) / max(abs(was), abs(now), 1e-12))
    return float(largest)


def _heading(body: Body, before: Columns, after: Columns, share: float) -> Columns:
    """Where slow columns would be nearer to their end if every day were like the last one."""
    heading: Columns = {}
    for cls, columns in after.items():
        for name, values in columns.items():
            if cls.columns[name].slow:
                kept = exponential(-MINUTES_PER_DAY / body.records[cls][cls.columns[name].slow])
                end = before[cls][name] + (values - before[cls][name]) / (1.0 - kept)
                heading.setdefault(cls, {})[name] = values + share * (end - values)
    return heading


def _jump(body: Body, heading: Columns) -> None:
    for cls, columns in heading.items():
        for name, values in columns.items():
            body.populations[cls].columns[name][:] = values


def _fingerprint(body: Body) -> str:
    """Hash of all that the settled state depends on."""
    made_of = {
        "person": asdict(body.person),
        "cells": body.cells,
        "habits": [asdict(habit) for habit in body.habits.events],
        "parameters": body.parameters.fingerprint,
        "start": body.start_min_of_day,
        "seed": body.seed,
        "rules": [
            fingerprint(getattr(phase.who, phase.rule)) for phase in body.minute.phases if isinstance(phase, Act)
        ],
        "own classes": [_source_of(cls) for cls in body.use],
        "program": _program(),
    }
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:32]


def _source_of(cls: type) -> str:
    """Hash of the file of a user's class: all that it says may change the person."""
    try:
        source = Path(inspect.getfile(cls)).read_bytes()
    except (OSError, TypeError):
        source = repr(sorted(vars(cls))).encode()
    return f"{cls.__qualname__} {hashlib.sha256(source).hexdigest()}"


@cache
def _program() -> str:
    """Hash of the program and its data: another program may settle otherwise."""
    return sources_hash() + hash_of_files(Path(__file__).parent, ".py", ".toml")


def _keep(path: Path, data: bytes) -> None:
    """Write beside the place and move in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        file.write(data)
    Path(file.name).replace(path)
