"""What the commands list: parameters, foods, scenarios and sources; a table on a terminal, tabs in a pipe."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from rich.console import Console
from rich.table import Table
from rich.text import Text

from insulin_abm.parameters import Faults, Registry, find_food, references
from insulin_abm.parameters import foods as all_foods
from insulin_abm.parameters import lines as all_lines
from insulin_abm.parameters.conversions import PERCENT
from insulin_abm.parameters.faults import unknown
from insulin_abm.scenario import AnyScenario, DishScenario, load_scenario, shipped_people, shipped_scenarios
from insulin_abm.scenario.files import first_comment


@dataclass(frozen=True)
class Listing:
    """Rows of text below headings."""

    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def show(listing: Listing) -> None:
    """Print a listing: a table on a terminal, tab-separated lines (for grep, R or a spreadsheet) in a pipe."""
    console = Console()
    if not console.is_terminal:
        for row in (listing.headings, *listing.rows):
            print("\t".join(row))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in listing.headings:
        table.add_column(heading, overflow="fold")
    for row in listing.rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def summary(scenario: AnyScenario) -> str:
    """Say in a few words what a scenario is."""
    if isinstance(scenario, DishScenario):
        wells = f"{len(scenario.wells)} well{'' if len(scenario.wells) == 1 else 's'}"
        what = f"{wells} of {scenario.cells} {scenario.line} cells, {len(scenario.tests)} tests"
        return f"{scenario.title}: {scenario.duration_min} min, {what}"
    cells = sum(scenario.cells.values())
    who = scenario.person
    person = f"{who.sex}, {who.age_years:g} yr, {who.weight_kg:g} kg, {PERCENT * who.body_fat_fraction:.0f} % body fat"
    return f"{scenario.title}: {scenario.duration_min} min, {person}, {cells} cells, {len(scenario.events)} events"


def parameters(names: Sequence[str]) -> Listing:
    """List the parameters whose full names contain one of some texts (all if there are none).

    Raises
    ------
    Faults
        A text is in no name.
    """
    registry = Registry.load()
    faults = [
        unknown("", "parameter", name, registry, registry.sites)
        for name in names
        if not any(name in known for known in registry)
    ]
    if faults:
        raise Faults(faults)
    chosen = [p for p in registry.values() if not names or any(name in p.full_name for name in names)]
    rows = [
        (p.full_name, f"{p.value:g}", p.unit, f"{p.low:g} to {p.high:g}", p.certainty, p.source, p.meaning)
        for p in chosen
    ]
    return Listing(("name", "value", "unit", "range", "certainty", "source", "meaning"), rows)


def cell_lines(names: Sequence[str]) -> Listing:
    """List cell lines, or the numbers of those that are named.

    Raises
    ------
    Faults
        There is no such line.
    """
    known = all_lines()
    faults = [unknown("", "cell line", name, known) for name in names if name not in known]
    if faults:
        raise Faults(faults)
    if not names:
        about = [(line.name, line.cells, line.title) for line in known.values()]
        return Listing(("line", "follows the rules of", "what it is"), about)
    rows = [
        (name, p.full_name, f"{p.value:g}", p.unit, p.certainty, p.source, p.meaning)
        for name in names
        for p in known[name].parameters.values()
    ]
    return Listing(("line", "name", "value", "unit", "certainty", "source", "meaning"), rows)


def foods(names: Sequence[str]) -> Listing:
    """List foods by name, everyday names included (all if there are none).

    Raises
    ------
    Faults
        There is no such food.
    """
    chosen = [find_food(name) for name in names] or list(all_foods().values())
    rows = [
        (
            food.name,
            f"{food.carbohydrate:g}",
            f"{food.fat:g}",
            "" if math.isnan(food.glycaemic_index) else f"{food.glycaemic_index:g}",
            food.speed,
            f"{food.glucose:.2f}",
            f"{food.fructose:.2f}",
            f"{food.galactose:.2f}",
            f"{food.density:g}" if food.density else "",
            ", ".join(food.aliases),
        )
        for food in chosen
    ]
    sugars = ("glucose", "fructose", "galactose")
    return Listing(("name", "carbohydrate g/100 g", "fat g/100 g", "GI", "speed", *sugars, "g/mL", "also called"), rows)


def scenarios() -> Listing:
    """List the scenarios that come with the program, and the people that they may include."""
    rows = []
    for name, path in shipped_scenarios().items():
        try:
            what = summary(load_scenario(path))
        except Faults as faults:
            what = f"cannot run ({len(faults.faults)} faults): see insulin-abm check {name}"
        rows.append((name, what, str(path)))
    rows += [(name, first_comment(path), str(path)) for name, path in shipped_people().items()]
    return Listing(("name", "what it is", "file"), rows)


def citations(keys: Sequence[str]) -> list[str]:
    """Give the sources as lines of a bibliography, the program itself first.

    Raises
    ------
    Faults
        A key is unknown.
    """
    known = references()
    faults = [unknown("", "source", key, known) for key in keys if key not in known]
    if faults:
        raise Faults(faults)
    used = {parameter.source for parameter in Registry.load().values()}
    used |= {food.source for food in all_foods().values()}
    used |= {parameter.source for line in all_lines().values() for parameter in line.parameters.values()}
    chosen = list(keys) or sorted(used)
    try:
        program = f"insulin_abm {version('insulin_abm')}: a person simulated from the cells up"
    except PackageNotFoundError:
        program = "insulin_abm: a person simulated from the cells up"
    return ([] if keys else [program]) + [f"{key}: {known[key].citation}" for key in chosen]
