"""How a person comes to be as they are: the usual day, lived again and again until nothing slow changes any more."""

from __future__ import annotations

import hashlib
import inspect
import json
import logging
import math
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np

from insulin_abm.body import Body
from insulin_abm.cells.receptors import RECEPTORS, ReceptorCell
from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.compiled import cache_folder, hash_of_files, sources_hash
from insulin_abm.engine.fingerprint import fingerprint
from insulin_abm.engine.phases import Act
from insulin_abm.engine.rules import exponential
from insulin_abm.engine.snapshot import SnapshotError
from insulin_abm.keeping import keep, morning
from insulin_abm.parameters.conversions import DAYS_PER_WEEK, MINUTES_PER_DAY, PERCENT
from insulin_abm.tissue.patch import Patch

_log = logging.getLogger(__name__)

MOST_KEPT = 400
"""So many settled people are kept on disk, each 0.1 to 0.2 MB with a thousand cells."""
NOTHING = 1e-12
"""A mean below this does not change."""

OWN = ("patch_volume", "east", "west", "north", "south", "stands_for", "mass", "scale")
"""Columns in which a body of many cells is not like one of few; so are those in which cells differ."""

Columns = dict[type[RowAgent], dict[str, np.ndarray]]


def settle(body: Body) -> None:
    """Bring a person to minute 0 of the scenario, in the state that the usual day keeps.

    The day that ends at minute 0 is lived again and again with the same chance. Between two days every slow column
    jumps part of the way to where it was heading; the stores and receptors follow by living. It ends when no slow mean
    changes by more than the limit a week. A person of many cells settles first as one of few, and then all cells begin
    as the few ended. The result is kept on disk under a hash of all that went in.

    `body.settling` then holds the "days" lived, the relative "changes" a week of all slow means in the last one, the
    largest of them ("weekly_change"), and whether the person is "settled"; one who is not is warned of.
    """
    kept = cache_folder() / "people" / f"{_fingerprint(body)}.snapshot"
    if not _restored(body, kept):
        _begin_from_few(body)
        _repeat_usual_days(body)
        _keep(kept, body.save())
    if not body.settling["settled"]:
        changes = body.settling["changes"]
        worst = max(changes, key=changes.__getitem__)
        _log.warning(
            "the person does not settle: after %d usual days %s still changes by %.2g %% a week. The scenario begins "
            "there; does the usual day (habits) go with the person?",
            body.settling["days"],
            worst,
            PERCENT * changes[worst],
        )


def _restored(body: Body, kept: Path) -> bool:
    """Bring back a person who settled before; a file that is no such person is removed."""
    try:
        body.restore(kept.read_bytes())
    except FileNotFoundError:
        return False
    except SnapshotError:
        kept.unlink(missing_ok=True)
        return False
    return True


def _begin_from_few(body: Body) -> None:
    """Let a person of many cells begin as the same person of few cells ended."""
    limits = body.parameters.site("settling")
    share = limits["first_cells"] / sum(body.cells.values())
    if share < limits["first_share"]:
        few = body.with_cells({kind: math.ceil(share * number) for kind, number in body.cells.items()})
        settle(few)
        _begin_like(body, few)


def _repeat_usual_days(body: Body) -> None:
    """Live usual days until no slow mean changes any more."""
    limits = body.parameters.site("settling")
    heading: Columns = {}
    days, settled = 0, False
    changes: dict[str, float] = {}
    while not settled and days < round(limits["most_days"]):
        _jump(body, heading)
        before, at_first = _slow_columns(body), morning(body)
        live_usual_day(body)
        keep(body, at_first)
        after = _slow_columns(body)
        days += 1
        changes = _weekly_changes(before, after)
        settled = max(changes.values()) < limits["weekly_change"]
        heading = _heading(body, before, after, limits["jump_share"])
    body.settling = {"days": days, "weekly_change": max(changes.values()), "settled": settled, "changes": changes}


def live_usual_day(body: Body) -> None:
    """Live the day that ends at minute 0 with what the person usually does."""
    body.set_minute(-MINUTES_PER_DAY)
    for habit in body.habits.events:
        minute = (habit.minute_of_day - body.start_min_of_day) % MINUTES_PER_DAY - MINUTES_PER_DAY
        body.schedule(habit.kind, at=minute, **habit.arguments)
    body.run_until(0)


def _begin_like(body: Body, first: Body) -> None:
    """Let a body begin as one of fewer cells ended: each cell like the one most alike, by its own size."""
    for cls, population in body.populations.items():
        settled = first.populations[cls]
        rows = _alike(body, first, cls)
        own = {*OWN, *(cls.differs(body.records[cls]) if issubclass(cls, ReceptorCell) else ())}
        for name in population.columns.keys() - own:
            population.columns[name][:] = settled.columns[name][rows]
        if issubclass(cls, ReceptorCell):
            size, settled_size = _relative_receptors(body, cls), _relative_receptors(first, cls)[rows]
            for name in RECEPTORS:
                population.columns[name][:] = np.floor(population.columns[name] * size / settled_size)


def _alike(body: Body, first: Body, cls: type[RowAgent]) -> np.ndarray:
    """For each row of a class, the row of the other body that is most alike.

    Patches are alike at the same place in a tissue; cells, at the same rank of the number of receptors they make.
    """
    many, few = body.populations[cls], first.populations[cls]
    if cls is Patch:
        places = [
            (np.flatnonzero(many.place == tissue), np.flatnonzero(few.place == tissue))
            for tissue in range(len(body.anatomy))
        ]
        return np.concatenate([there[np.arange(len(here)) * len(there) // len(here)] for here, there in places])
    if not issubclass(cls, ReceptorCell):
        return np.arange(many.size)
    ranks = np.argsort(np.argsort(_relative_receptors(body, cls), kind="stable"), kind="stable")
    return np.argsort(_relative_receptors(first, cls), kind="stable")[ranks * few.size // max(many.size, 1)]


def _relative_receptors(body: Body, cls: type[ReceptorCell]) -> np.ndarray:
    return cls.relative_production(body.populations[cls].columns, body.records[cls])


def _slow_columns(body: Body) -> Columns:
    """Copies of all columns that relax over hours to days, and of receptors and stores."""
    slow: Columns = {}
    for cls, population in body.populations.items():
        names = [name for name, column in cls.columns.items() if column.slow or column.store]
        slow[cls] = {name: np.array(population.columns[name], np.float64) for name in names}
        if issubclass(cls, ReceptorCell):
            slow[cls]["total_receptors"] = cls.all_receptors(population.columns)
    return slow


def _weekly_changes(before: Columns, after: Columns) -> dict[str, float]:
    """The relative change a week of the mean of every slow column over all agents of a class."""
    changes = {}
    for cls, columns in after.items():
        for name, values in columns.items():
            if len(values):
                was, now = before[cls][name].mean(), values.mean()
                change = DAYS_PER_WEEK * abs(now - was) / max(abs(was), abs(now), NOTHING)
                changes[f"{cls.__name__}.{name}"] = float(change)
    return dict(sorted(changes.items()))


def _heading(body: Body, before: Columns, after: Columns, share: float) -> Columns:
    """Where slow columns would be nearer to their end if every day were like the last one."""
    heading: Columns = {}
    for cls, columns in after.items():
        for name, values in columns.items():
            if name in cls.columns and cls.columns[name].slow:
                kept = exponential(-MINUTES_PER_DAY / body.step_min / body.records[cls][cls.columns[name].slow])
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
        "step": body.step_min,
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
    _forget_oldest(path.parent)


def _forget_oldest(folder: Path) -> None:
    """Remove the older half of those who are kept when they are too many: a study of thousands would fill the disk."""
    with os.scandir(folder) as entries:
        kept = [Path(entry.path) for entry in entries]
    if len(kept) <= MOST_KEPT:
        return
    ages = []
    for path in kept:
        with suppress(FileNotFoundError):  # another process was faster
            ages.append((path.stat().st_mtime, path))
    for _, path in sorted(ages)[: len(ages) // 2]:
        path.unlink(missing_ok=True)
