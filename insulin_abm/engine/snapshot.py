"""A snapshot: the whole state of a world as bytes. Checkpoint, fork and cached start are all this one thing.

The bytes are a `safetensors` file: arrays, and one text. It is data: reading it can execute nothing. The same state
gives the same bytes, and a single altered bit is noticed by the checksum in front of the text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError
from safetensors import numpy as safetensors

from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.events import Event
from insulin_abm.engine.mesa_seams import get_generators, set_generators

if TYPE_CHECKING:
    from insulin_abm.engine.population import Population
    from insulin_abm.engine.world import World

FORMAT = 2
"""Version of this format; a snapshot of another version is refused."""

TEXT = "insulin_abm"
"""The one key of the file's metadata (with several, their order would change from run to run)."""

UNSEALED = "0" * 64
"""What stands in the checksum's place while the checksum is computed."""


class SnapshotError(ValueError):
    """A world cannot be saved, or bytes are no snapshot that this world can take."""


@dataclass(frozen=True)
class _Saved:
    """What a snapshot holds, read and checked."""

    text: dict[str, Any]
    arrays: Mapping[str, np.ndarray]


def save(world: World) -> bytes:
    """Give the state of a world as bytes, the same bytes for the same state.

    Raises
    ------
    SnapshotError
        If something in the world is no data: functions in Mesa's schedule or plain Mesa agents; they are named.
    """
    _refuse_unsaved(world, "saved or forked")
    text = {
        "format": FORMAT,
        "seed": world.seed,
        "minute": int(world.time),
        "generators": get_generators(world),
        "events": [[event.time, event.kind, event.arguments, event.every] for event in world.events],
        "populations": [[population.name, population.next_index] for population in world.populations.values()],
        "state": world.state(),
    }
    arrays: dict[str, np.ndarray] = {}
    for population in world.populations.values():
        arrays.update(_arrays_of(population))
    try:
        written = json.dumps(text, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as fault:
        raise SnapshotError(
            f"this world cannot be saved: what its `state()` gives is no plain data: {fault}"
        ) from fault
    unsealed = safetensors.save(arrays, {TEXT: UNSEALED + written})
    return unsealed.replace(UNSEALED.encode(), _checksum(unsealed), 1)


def restore(world: World, data: bytes) -> None:
    """Fill a world with what was saved; what it held before is gone.

    Agents of the world that were already made follow their ids; those that were not saved are removed.

    Raises
    ------
    SnapshotError
        If the bytes are cut short, altered, of another version, or do not fit this world, which then stays as it was.
    """
    _refuse_unsaved(world, "restored into")
    saved = _read(bytes(data))
    classes = _fitting_classes(world, saved)
    events = _events_of(world, saved)
    world.refuse_state(saved.text["state"])
    for name, next_index in saved.text["populations"]:
        begin = f"{name}/columns/"
        columns = {key.removeprefix(begin): array for key, array in saved.arrays.items() if key.startswith(begin)}
        place = saved.arrays.get(f"{name}/place")
        world.population(classes[name]).load(columns, saved.arrays[f"{name}/ids"], place, next_index)
    world.order_populations([name for name, _ in saved.text["populations"]])
    world.seed = saved.text["seed"]
    world.set_minute(saved.text["minute"])
    set_generators(world, saved.text["generators"])
    world.events.replace_all(events)
    world.take_state(saved.text["state"])


def _refuse_unsaved(world: World, done: str) -> None:
    if not world.between_minutes:
        raise SnapshotError(f"this world cannot be {done} in the middle of a minute")
    unsaved = world.unsaved()
    if unsaved:
        raise SnapshotError(
            f"this world cannot be {done} while it holds what is no data: {', '.join(unsaved)}; "
            "use `schedule` with a kind of event, and agents that are rows"
        )


def _arrays_of(population: Population[Any]) -> dict[str, np.ndarray]:
    name = population.name
    arrays = {f"{name}/columns/{column}": array for column, array in population.columns.items()}
    arrays[f"{name}/ids"] = population.ids
    if population.place is not None:
        arrays[f"{name}/place"] = population.place
    return arrays


def _checksum(unsealed: bytes) -> bytes:
    return hashlib.sha256(unsealed).hexdigest().encode()


def _read(data: bytes) -> _Saved:
    try:
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        sealed = header["__metadata__"][TEXT]
        checksum, written = sealed[: len(UNSEALED)].encode("ascii"), sealed[len(UNSEALED) :]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as fault:
        raise SnapshotError("this is no snapshot, or only a part of one") from fault
    if _checksum(data.replace(checksum, UNSEALED.encode(), 1)) != checksum:
        raise SnapshotError("this snapshot was altered or cut short: its checksum is wrong")
    try:
        saved = _Saved(json.loads(written), safetensors.load(data))
    except (ValueError, SafetensorError) as fault:
        raise SnapshotError(f"this is no snapshot: {fault}") from fault
    version = saved.text.get("format")
    if version != FORMAT:
        raise SnapshotError(f"this snapshot has format {version}, and only format {FORMAT} can be read")
    return saved


def _fitting_classes(world: World, saved: _Saved) -> dict[str, type[RowAgent]]:
    """Find the class of every saved population; refuse what does not fit the world."""
    classes = {agent_class.__name__: agent_class for agent_class in world.populations} | dict(world.agent_classes())
    names = [name for name, _ in saved.text["populations"]]
    for name in names:
        if name not in classes:
            raise SnapshotError(f"this snapshot holds agents of class {name}, which this world does not know")
        _refuse_other_columns(classes[name], saved)
    for population in world.populations.values():
        if population.size and population.name not in names:
            raise SnapshotError(f"this snapshot holds no {population.name}, and this world has some")
    return classes


def _refuse_other_columns(agent_class: type[RowAgent], saved: _Saved) -> None:
    """Refuse columns that the class has not, or not so; what is used up within a minute may be missing."""
    name = agent_class.__name__
    known = {f"{name}/columns/{column}": declared.dtype for column, declared in agent_class.columns.items()}
    needed = {
        f"{name}/columns/{column}"
        for column, declared in agent_class.columns.items()
        if not declared.passing and not declared.sees
    }
    known[f"{name}/ids"] = np.dtype(np.int64)
    if agent_class.lives_in is not None:
        known[f"{name}/place"] = np.dtype(np.int32)
    held = {key: array.dtype for key, array in saved.arrays.items() if key.startswith(f"{name}/")}
    needed |= {key for key in known if not key.startswith(f"{name}/columns/")}
    differing = (held.items() - known.items()) | {(key, known[key]) for key in needed - held.keys()}
    if differing:
        names = dict.fromkeys(sorted(key.rpartition("/")[2] for key, _ in differing))
        raise SnapshotError(f"this snapshot was made when {name} had other columns: {', '.join(names)}")


def _events_of(world: World, saved: _Saved) -> list[Event]:
    events = [Event(*entry) for entry in saved.text["events"]]
    for event in events:
        if event.kind not in world.event_kinds:
            raise SnapshotError(f"this snapshot holds an event of kind {event.kind!r}, which this world does not know")
    return events
