"""A calibration from its plan to its files; whole groups of facts can be left out, each of them once."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from insulin_abm.parameters import Fault, Faults, Registry
from insulin_abm.parameters.faults import unknown
from insulin_abm.parameters.targets import targets
from insulin_abm.results.errors import PlaceError
from insulin_abm.results.names import CALIBRATION, EVALUATIONS, FACTS, NOTE, NUMBERS, REPORT
from insulin_abm.results.place import whole_file
from insulin_abm.results.tables import write_table
from insulin_abm.validation.calibration import NUMBERS as USUAL_NUMBERS
from insulin_abm.validation.calibration import Fitted, fit, usable_facts
from insulin_abm.validation.evaluations import Evaluations

OF_NUMBERS = ("lot", "name", "unit", "start", "fitted", "low", "high", "width_relative_to_prior")
OF_FACTS = ("lot", "id", "group", "fitted", "before", "after", "value", "low", "high", "inside_before", "inside_after")
WELL_KNOWN = 0.5
"""A number whose prior the facts narrow to less than half is well known."""


@dataclass(frozen=True)
class Plan:
    """What to fit.

    Attributes
    ----------
    lots : tuple of tuple of str
        For each calibration the groups that are fitted.
    start : mapping of str to float
        The numbers, and where they begin.
    """

    lots: tuple[tuple[str, ...], ...]
    start: Mapping[str, float]


def plan(
    groups: Sequence[str], left_out: Sequence[str], folds: int, numbers: Sequence[str], start: Path | None = None
) -> Plan:
    """Plan one calibration, or one for each lot of groups that is left out.

    Parameters
    ----------
    groups : sequence of str
        Groups to fit; all that can be measured in people, if none is named.
    left_out : sequence of str
        Groups not to fit.
    folds : int
        Deal the groups into so many lots and leave out one after the other (0: fit all).
    numbers : sequence of str
        The numbers to fit; the usual ones, if none is named.
    start : Path, optional
        The `numbers.csv` of another calibration: begin where that one began, instead of at the numbers as they are.

    Raises
    ------
    Faults
        Some of it is not known, or nothing is left to fit.
    """
    known = list(dict.fromkeys(fact.group for fact in usable_facts()))
    registry = Registry.load()
    faults = [unknown("calibrate", "group", group, known) for group in (*groups, *left_out) if group not in known]
    faults += [unknown("--number", "parameter", name, registry) for name in numbers if name not in registry]
    used = [group for group in (groups or known) if group not in left_out]
    if not used:
        faults.append(Fault("calibrate", "no group is left to fit", "Leave fewer out"))
    if folds == 1 or folds > len(used):
        faults.append(Fault("--folds", f"{folds} lots of {len(used)} groups", "Write 0, or 2 and more"))
    if faults:
        raise Faults(faults)
    lots = [tuple(group for place, group in enumerate(used) if place % folds != lot) for lot in range(folds)]
    begins = {} if start is None else _starts_in(start)
    names = tuple(numbers) or USUAL_NUMBERS
    planned = {name: begins.get(name, registry[name].value) for name in names}
    beyond = [
        Fault(f"--number {name}", f"{value:g} cannot be fitted", "It must lie within its range, and above 0")
        for name, value in planned.items()
        if not (value > 0.0 and registry[name].low < value < registry[name].high)
    ]
    if beyond:
        raise Faults(beyond)
    return Plan(tuple(lots) or (tuple(used),), planned)


def _starts_in(path: Path) -> dict[str, float]:
    """Read where another calibration began."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {row["name"]: float(row["start"]) for row in csv.DictReader(file)}
    except (OSError, ValueError, KeyError) as error:
        raise Faults([Fault("--start", f"{path} is no numbers.csv of a calibration: {error!r}")]) from error


def calibrate(
    planned: Plan, folder: Path, rounds: int, seed: int, workers: int, said: Callable[[str], None]
) -> list[Fitted]:
    """Fit every lot of a plan and write `numbers.csv`, `facts.csv` and `calibration.md`.

    Every evaluation is kept in `evaluations.jsonl` as soon as it is made: the same call after an interruption, however
    it came, does only what is missing, and ends with the same numbers.

    Raises
    ------
    PlaceError
        The folder holds something else.
    """
    _refuse_foreign(folder)
    folder.mkdir(parents=True, exist_ok=True)
    evaluations = Evaluations(folder / EVALUATIONS, [fact.id for fact in usable_facts()], seed, workers)
    found = []
    for number, groups in enumerate(planned.lots, start=1):
        said(f"lot {number} of {len(planned.lots)}: fits {', '.join(groups)}")
        found.append(fit(evaluations, groups, rounds, said, planned.start))
    write = {NUMBERS: (OF_NUMBERS, _number_rows(found)), FACTS: (OF_FACTS, _fact_rows(found))}
    for file, (columns, rows) in write.items():
        with whole_file(folder / file) as part:
            write_table(part, columns, rows)
    (folder / REPORT).write_text(report(found), encoding="utf-8")
    return found


def _refuse_foreign(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise PlaceError(f"{folder}: is there already and is no folder; choose another --out")
    foreign = sorted(entry.name for entry in folder.iterdir() if entry.name not in CALIBRATION.files)
    if foreign:
        raise PlaceError(f"{folder}: holds {foreign[0]}, which is not of {CALIBRATION.called}; choose another --out")


def _number_rows(found: Sequence[Fitted]) -> list[dict[str, object]]:
    registry = Registry.load()
    return [
        {
            "lot": lot,
            "name": name,
            "unit": registry[name].unit,
            "start": one.start[name],
            "fitted": value,
            "low": registry[name].low,
            "high": registry[name].high,
            "width_relative_to_prior": one.narrowed[name],
        }
        for lot, one in enumerate(found, start=1)
        for name, value in one.numbers.items()
    ]


def _fact_rows(found: Sequence[Fitted]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for lot, one in enumerate(found, start=1):
        for name, after in one.after.items():
            fact = targets()[name]
            rows.append(
                {
                    "lot": lot,
                    "id": name,
                    "group": fact.group,
                    "fitted": "yes" if name in one.used else "no",
                    "before": one.before[name],
                    "after": after,
                    "value": fact.value,
                    "low": fact.low,
                    "high": fact.high,
                    "inside_before": _yes(fact.has(one.before[name])),
                    "inside_after": _yes(fact.has(after)),
                }
            )
    return rows


def _yes(inside: bool) -> str:
    return "yes" if inside else "no"


def share_inside(found: Sequence[Fitted], *, fitted: bool) -> tuple[float, int]:
    """Count facts inside, and all: of those that were fitted, or of those that were left out.

    A fact of several lots counts once, by the share of them in which it is inside.
    """
    by_fact: dict[str, list[bool]] = {}
    for one in found:
        for name, value in one.after.items():
            if (name in one.used) == fitted:
                by_fact.setdefault(name, []).append(targets()[name].has(value))
    return sum(sum(inside) / len(inside) for inside in by_fact.values()), len(by_fact)


def report(found: Sequence[Fitted]) -> str:
    """Write what was found as a document."""
    parts = ["# Calibration", f"**{NOTE}**"]
    for called, fitted in (("fitted", True), ("left out", False)):
        inside, of = share_inside(found, fitted=fitted)
        if of:
            parts.append(f"Facts that were {called}: {inside:.3g} of {of} inside ({100.0 * inside / of:.0f} %).")
    for lot, one in enumerate(found, start=1):
        left = sorted({targets()[name].group for name in one.after} - {targets()[name].group for name in one.used})
        parts.append(f"## Lot {lot}: left out {', '.join(left) or 'nothing'}")
        head = "| number | start | fitted | width relative to the prior |\n|---|---|---|---|\n"
        rows = [
            f"| {name} | {one.start[name]:.4g} | {value:.4g} | {one.narrowed[name]:.2f} |"
            for name, value in one.numbers.items()
        ]
        parts.append(head + "\n".join(rows))
        known = [name for name, width in one.narrowed.items() if width < WELL_KNOWN]
        parts.append(f"Well known from these facts: {', '.join(known) or 'none'}.")
        flat = [_direction(direction) for direction in one.flat]
        parts.append("Flat directions, along which the facts say next to nothing: " + ("; ".join(flat) or "none") + ".")
    return "\n\n".join(parts) + "\n"


def _direction(direction: Mapping[str, float]) -> str:
    """Write the largest parts of a direction."""
    largest = sorted(direction.items(), key=lambda part: -abs(part[1]))[:3]
    return " ".join(f"{part:+.2g} {name}" for name, part in largest)
