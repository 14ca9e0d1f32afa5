"""Reads a study file (TOML), or says everything that is wrong with it at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from insulin_abm.parameters import Fault, Faults, QuantityError
from insulin_abm.parameters.faults import unknown
from insulin_abm.parameters.quantities import shown
from insulin_abm.scenario import Scenario
from insulin_abm.scenario.files import parse, read_text, shipped_scenarios
from insulin_abm.scenario.lines import placed, places_of, reading_order
from insulin_abm.scenario.reader import Reader
from insulin_abm.studies.cohort import DISTRIBUTIONS, NORMAL, UNIFORM, Choice, Cohort, Spread
from insulin_abm.studies.draws import METHODS, SOBOL, Amount, Between
from insulin_abm.studies.study import AS_IT_IS, Sample, Study

SCENARIOS = "scenarios"
"""The key that every study has, and no scenario."""
MOST_DRAWN, MOST_SEEDS, LARGEST_SEED = 1_000_000, 100_000, 2**63 - 1
_GLOB = re.compile(r"[*?\[]")


def is_study(file: str) -> bool:
    """Whether a file is that of a study and not of a scenario; what cannot be read is neither."""
    path = Path(file)
    if not path.is_file():
        return False
    try:
        return SCENARIOS in parse(read_text(path), file)
    except Faults:
        return False


def load_study(path: str | Path) -> Study:
    """Read a study file.

    Raises
    ------
    Faults
        Something is wrong; all faults are in one message.
    """
    file = Path(path)
    text = read_text(file)
    faults: list[Fault] = []
    reader = Reader(parse(text, str(file)), "", faults)
    study = Study(
        title=reader.text("title", file.stem),
        scenarios=_scenarios(reader, file.parent),
        seeds=reader.read("seeds", seeds, (1,)),
        changes=_named(reader.table("set")),
        grid=_grid(reader.table("grid")),
        sample=_sample(reader.table("sample")) if reader.has("sample") else None,
        cohort=_cohort(reader.table("cohort")) if reader.has("cohort") else None,
        twins=_twins(reader.table("twins")),
        timeseries=reader.read("timeseries", _yes_or_no, False),
    )
    reader.finish("key or table")
    _refuse_twice(study, faults)
    if not faults:
        _refuse_unknown(study, faults)
    if faults:
        places = places_of(text)
        raise Faults(sorted((placed(fault, places) for fault in faults), key=reading_order), str(file))
    return study


def changed(study: Study, overrides: Mapping[str, object], own_seeds: tuple[int, ...], timeseries: bool) -> Study:
    """Give a study with what the command line says on top."""
    return replace(
        study,
        changes={**study.changes, **overrides},
        seeds=own_seeds or study.seeds,
        timeseries=timeseries or study.timeseries,
    )


def seeds(value: object) -> tuple[int, ...]:
    """Read how many seeds, or a list of them.

    Raises
    ------
    QuantityError
        It is neither.
    """
    hint = "Write how many, such as 5, or a list, such as [1, 2, 7]"
    if isinstance(value, int) and not isinstance(value, bool):
        if not 1 <= value <= MOST_SEEDS:
            raise QuantityError(f"{value} is out of range", f"Allowed: 1 to {MOST_SEEDS} seeds")
        return tuple(range(1, value + 1))
    if not isinstance(value, list) or not value:
        raise QuantityError(f"{shown(value)} is not a number of seeds", hint)
    if not all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one <= LARGEST_SEED for one in value):
        raise QuantityError("is not a list of whole numbers", hint)
    if len(set(value)) < len(value):
        raise QuantityError("names a seed twice", hint)
    return tuple(value)


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise QuantityError(f"{shown(value)} is neither true nor false")
    return value


def _scenarios(reader: Reader, folder: Path) -> tuple[str, ...]:
    """Find scenarios: shipped ones by their names, files and globs relative to the study."""
    reader.has(SCENARIOS)
    given = reader.values.get(SCENARIOS)
    if not isinstance(given, list) or not given or not all(isinstance(one, str) for one in given):
        reader.refuse(SCENARIOS, "is not a list of scenarios", 'Write scenarios = ["healthy_day", "people/*.toml"]')
        return ()
    found: list[str] = []
    for one in given:
        here = sorted(folder.glob(one)) if _GLOB.search(one) else [folder / one] if (folder / one).is_file() else []
        if here:
            found += [str(file) for file in here]
        elif one in shipped_scenarios():
            found.append(one)
        else:
            near = unknown(SCENARIOS, "scenario", one, shipped_scenarios())
            reader.refuse(SCENARIOS, f"there is no '{one}' beside the study, and no such scenario", near.hint)
    names = [Path(file).stem for file in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        reader.refuse(SCENARIOS, f"several are called {', '.join(twice)}", "Give them different names")
    return tuple(found)


def _named(table: Reader, place: str = "") -> dict[str, Any]:
    """Give all values of a table by their full names: "person.weight" may be written quoted or as tables."""
    flat: dict[str, Any] = {}
    for key, value in table.values.items():
        name = f"{place}.{key}" if place else key
        if isinstance(value, dict):
            flat |= _named(Reader(value, table.at(key), table.faults), name)
        else:
            flat[name] = value
    return flat


def _grid(table: Reader) -> dict[str, list[object]]:
    values = _named(table)
    for name, several in values.items():
        if not isinstance(several, list) or not several:
            table.refuse(name, "is not a list of values", f'Write for example "{name}" = [0.5, 1.0]')
        elif len({str(one) for one in several}) < len(several):
            table.refuse(name, "has a value twice", "Name every value once")
    return values


def _sample(table: Reader) -> Sample:
    method = table.text("method", SOBOL, METHODS)
    size = table.whole("size", 1, MOST_DRAWN, 64)
    if method == SOBOL and size & (size - 1):
        larger = 1 << size.bit_length()
        hint = f"A Sobol sequence is balanced with {larger // 2} or {larger}"
        table.refuse("size", f"{size} is not a power of two", hint)
    seed = table.whole("seed", 0, LARGEST_SEED, 1)
    inner = table.table("between")
    between = {}
    for name, value in _named(inner).items():
        try:
            between[name] = Between.of(value)
        except QuantityError as error:
            inner.refuse(name, error.problem, error.hint)
    if not inner.values:
        table.refuse(
            "between",
            "is missing",
            '[sample.between] holds names with two bounds: "person.weight" = ["60 kg", "90 kg"]',
        )
    table.finish()
    return Sample(method, size, seed, between)


def _cohort(table: Reader) -> Cohort:
    size = table.whole("size", 1, MOST_DRAWN, 100)
    seed = table.whole("seed", 0, LARGEST_SEED, 1)
    inner = table.table("values")
    values: dict[str, Spread | Choice] = {}
    for name in inner.values:
        values[name] = _spread(inner.table(name))
    if not inner.values:
        table.refuse("values", "is missing", '[cohort.values."person.age"] says how it is spread, with mean and sd')
    correlations = []
    for one in table.tables("correlations"):
        between = one.values.get("between")
        one.has("between")
        amount = one.read("value", lambda value: Amount.of(value).number, 0.0)
        one.finish()
        if not isinstance(between, list) or len(between) != 2 or between[0] == between[1]:
            one.refuse("between", "is not a list of two names", 'Write between = ["person.weight", "person.liver_fat"]')
        elif any(name not in values for name in between):
            stranger = next(name for name in between if name not in values)
            one.faults.append(unknown(one.at("between"), "value of the cohort", str(stranger), values))
        elif not -1.0 <= amount <= 1.0:
            one.refuse("value", f"{amount:g} is out of range", "Allowed: -1 to 1")
        else:
            correlations.append((between[0], between[1], amount))
    table.finish()
    cohort = Cohort(size, seed, values, tuple(correlations))
    try:
        cohort.scores()
    except QuantityError as error:
        table.refuse("correlations", error.problem, error.hint)
    return cohort


def _spread(table: Reader) -> Spread | Choice:
    """Read how a value is spread over people: a choice, or a distribution with its ends cut off."""
    if table.has("choose"):
        return _choice(table)
    distribution = table.text("distribution", NORMAL, DISTRIBUTIONS)
    zero = Amount(0.0)
    needed = ("low", "high") if distribution == UNIFORM else ("mean", "sd", "low", "high")
    found = {key: table.read(key, Amount.of, zero) for key in needed}
    missing = [key for key in needed if key not in table.values]
    table.finish()
    if missing:
        table.refuse(missing[0], "is missing", f"A {distribution} value has {', '.join(needed)}")
    elif len({one.unit for one in found.values()}) > 1:
        table.refuse("low", "the numbers are in different units", "Write all of them in one unit")
    elif not found["low"].number < found["high"].number:
        table.refuse("low", "is not below high", "Nobody has less than low, nor more than high")
    elif distribution != UNIFORM and not found["sd"].number > 0.0:
        table.refuse("sd", "is not above zero", "Write the standard deviation")
    elif distribution != UNIFORM and not found["low"].number <= found["mean"].number <= found["high"].number:
        table.refuse("mean", "is not between low and high", "Write a mean that people can have")
    low, high = found["low"], found["high"]
    mean = found.get("mean", low)
    return Spread(distribution, mean, found.get("sd", Amount(1.0, mean.unit)), low.number, high.number)


def _choice(table: Reader) -> Choice:
    values = table.values["choose"]
    if not isinstance(values, list) or not values:
        table.refuse("choose", "is not a list of values", 'Write choose = ["female", "male"]')
        values = [None]
    shares = table.values.get("shares", [1.0 / len(values)] * len(values))
    table.has("shares")
    table.finish()
    numbers = isinstance(shares, list) and all(isinstance(one, int | float) and one >= 0.0 for one in shares)
    if not numbers or len(shares) != len(values) or abs(sum(shares) - 1.0) > 1e-6:
        problem = "are not numbers that add up to 1, one for each value"
        table.refuse("shares", problem, "Leave them out for equal shares")
        shares = [1.0 / len(values)] * len(values)
    return Choice(tuple(values), tuple(shares))


def _twins(table: Reader) -> dict[str, dict[str, object]]:
    twins = {}
    for name in table.values:
        twins[name] = _named(table.table(name))
        if name == AS_IT_IS:
            table.refuse(name, "is the name of the twin in whom nothing is changed", "It is there by itself")
        elif not twins[name]:
            table.refuse(name, "changes nothing", f'Write ["twins.{name}"] with what is different below')
    return twins


def _refuse_twice(study: Study, faults: list[Fault]) -> None:
    """Refuse a name that two parts of the study give values to."""
    parts = {
        "set": list(study.changes),
        "grid": list(study.grid),
        "sample.between": list(study.sample.between) if study.sample else [],
        "cohort.values": list(study.cohort.values) if study.cohort else [],
    }
    seen: dict[str, str] = {}
    for part, names in parts.items():
        for name in names:
            if name in seen:
                faults.append(Fault(f"{part}.{name}", f"is in [{seen[name]}] as well", "Say it once"))
            seen.setdefault(name, part)
    for name in seen:
        if name == "seed":
            faults.append(Fault(f"{seen[name]}.seed", "is no value to vary here", "Write seeds = 5 at the top"))


def _refuse_unknown(study: Study, faults: list[Fault]) -> None:
    """Refuse names and values that no scenario takes: the first run of each scenario is read, with every twin."""
    for scenario in study.scenarios:
        first = next(replace(study, scenarios=(scenario,), seeds=study.seeds[:1], twins={}).runs())
        for twin, different in {"": {}, **study.twins}.items():
            try:
                Scenario.load(scenario, overrides={**first.overrides, **different})
            except Faults as found:
                where = f"twins.{twin}" if twin else ""
                faults += [Fault(where, f"{Path(scenario).stem}: {fault}") for fault in found.faults]
                break
