"""How a person is put together: organs, tissues with their patches, and cells of which no two are alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from insulin_abm.cells.fat import FatCell
from insulin_abm.cells.islet import AlphaCell, BetaCell
from insulin_abm.cells.liver import LiverCell
from insulin_abm.cells.muscle import MuscleCell
from insulin_abm.cells.receptors import ReceptorCell
from insulin_abm.engine.chance import chance_of_agent, chance_of_minute, purpose, uniform
from insulin_abm.engine.records import ParameterRecord
from insulin_abm.engine.world import World
from insulin_abm.living import LivingAgent
from insulin_abm.organs.blood import Blood
from insulin_abm.organs.brain import Brain
from insulin_abm.organs.depot import InsulinDepot
from insulin_abm.organs.drug import Drug
from insulin_abm.organs.energy import EnergyBalance
from insulin_abm.organs.gut import Gut
from insulin_abm.organs.kidneys import Kidneys
from insulin_abm.organs.vessels import Vessels
from insulin_abm.parameters import Registry
from insulin_abm.person import Person
from insulin_abm.tissue.anatomy import TissueAnatomy, neighbours, tissue_anatomy
from insulin_abm.tissue.patch import Patch
from insulin_abm.tissue.tissue import Tissue

ORGANS: tuple[type[LivingAgent], ...] = (Gut, InsulinDepot, Brain, Kidneys, Vessels, EnergyBalance)
CELL_CLASSES: dict[str, type[ReceptorCell]] = {
    "muscle": MuscleCell,
    "fat": FatCell,
    "liver": LiverCell,
    "beta": BetaCell,
    "alpha": AlphaCell,
}
"""The kinds of cells by the name that a scenario gives them."""

STEPS = np.array([(np.sqrt(5.0) - 1.0) / 2.0, *np.sqrt([2.0, 3.0, 7.0, 11.0, 13.0])]) % 1.0
"""Steps of the sequence in which cells differ, one for each trait: irrational, and no two of them alike."""
WHERE_CELLS_BEGIN = purpose("where the sequence of cells begins")


def agent_classes(use: Sequence[type]) -> tuple[dict[str, type[ReceptorCell]], tuple[type[Drug], ...]]:
    """All kinds of cells, and the drugs, of a body that uses the given classes of a user's own."""
    cells = dict(CELL_CLASSES)
    for cls in use:
        if issubclass(cls, ReceptorCell) and cls.cell_name:
            cells[cls.cell_name] = cls
    return cells, tuple(cls for cls in use if issubclass(cls, Drug))


def make_organs(world: World, drugs: Sequence[type[Drug]]) -> None:
    """One blood, and in it one of every organ and of every drug."""
    organs: tuple[type[LivingAgent], ...] = (Blood, *ORGANS, *drugs)
    for organ in organs:
        world.population(organ).create(1)


def make_tissues(
    world: World,
    person: Person,
    registry: Registry,
    classes: Mapping[str, type[ReceptorCell]],
    cells: Mapping[str, int],
) -> dict[str, TissueAnatomy]:
    """Make tissues, their patches, and in them the cells.

    Parameters
    ----------
    world : World
        Where they are made.
    person : Person
        Whose they are.
    registry : Registry
        All numbers.
    classes : mapping of str to type
        Kinds of cells.
    cells : mapping of str to int
        How many agents of each kind a whole organ has.
    """
    housed: dict[str, list[str]] = {}
    for kind, cls in classes.items():
        housed.setdefault(cls.tissue_name, []).append(kind)
    anatomies = {}
    weights: dict[str, float] = {}
    for name, kinds in housed.items():
        values = [classes[kind].parameters(registry) for kind in kinds]
        organ_cells = [classes[kind].organ_cells(own, person) for kind, own in zip(kinds, values, strict=True)]
        organ_mass = sum(classes[kind].organ_mass(own, person) for kind, own in zip(kinds, values, strict=True))
        sample = [cells.get(kind, 0) for kind in kinds]
        site = registry.site(name) | _cells_per_kg(values[0])
        anatomies[name] = tissue_anatomy(name, site, max(sum(sample), 1), sum(organ_cells), organ_mass)
        for kind, real, agents in zip(kinds, organ_cells, sample, strict=True):
            weights[kind] = real / max(agents, 1) / anatomies[name].scale
    crowds: tuple[type[LivingAgent], ...] = (Patch, *classes.values())
    for crowd in crowds:  # what the minute uses up needs no memory now; it says later what it keeps
        world.population(crowd).spare(name for name, column in crowd.columns.items() if column.passing or column.sees)
    _make_patches(world, list(anatomies.values()))
    first_patch = np.cumsum([0] + [anatomy.patches for anatomy in anatomies.values()])
    for (name, kinds), first in zip(housed.items(), first_patch, strict=False):
        for kind in kinds:
            living = cells.get(kind, 0) * classes[kind].living_share(person)
            number = max(round(living), 1) if living > 0.0 else 0
            place = first + np.arange(number) * anatomies[name].patches // max(number, 1)
            weight = weights[kind] * living / max(number, 1)  # so that no part of a cell of the sample is lost
            state = {"stands_for": weight} if "stands_for" in classes[kind].columns else {}
            world.population(classes[kind]).create(number, place=place, **state)
    return anatomies


def _cells_per_kg(values: Mapping[str, float]) -> dict[str, float]:
    return {"cells_per_kg": values["cells_per_kg"]}


def _make_patches(world: World, anatomies: Sequence[TissueAnatomy]) -> None:
    world.population(Tissue).create(
        len(anatomies),
        **{
            name: np.array([getattr(anatomy, name) for anatomy in anatomies])
            for name in (
                "mass",
                "patch_volume",
                "scale",
                "insulin_exchange_rate",
                "glucose_exchange_rate",
                "insulin_flow",
                "glucose_flow",
                "portal_share",
            )
        },
    )
    patches = [anatomy.patches for anatomy in anatomies]
    sheets = [neighbours(number, sum(patches[:row])) for row, number in enumerate(patches)]
    world.population(Patch).create(
        sum(patches),
        place=np.repeat(np.arange(len(patches)), patches),
        **{way: np.concatenate([sheet[way] for sheet in sheets]) for way in ("east", "west", "north", "south")},
    )


def differ(world: World, classes: Mapping[str, type[ReceptorCell]], records: Mapping[type, ParameterRecord]) -> None:
    """Let no two cells be alike: each has its own number of receptors, sensitivity and threshold.

    The values are the quantiles of their distributions, spread evenly over all of them together and over the patches,
    so that every seed has the same set of cells and the average cell is the average; chance decides where it begins.
    """
    for cls in classes.values():
        population = world.populations[cls]
        if not population.size:
            continue
        number = population.ids - population.ids.min()  # they were counted patch by patch
        differences = cls.differs(records[cls])
        begin = _where_to_begin(world.seed, cls, population.size)
        for (name, (kind, spread, mean)), order in zip(
            differences.items(), _even_orders(population.size, len(differences)), strict=True
        ):
            values = np.empty(population.size)
            values[(order + begin) % population.size] = _quantiles(population.size, kind, spread, mean)
            population.columns[name][:] = values[number]


def _where_to_begin(seed: int, cls: type[ReceptorCell], number: int) -> int:
    """The place in the sequence of a kind of cells that chance gives to the first cell."""
    with np.errstate(over="ignore"):
        chance = chance_of_agent(chance_of_minute(seed, 0), purpose(cls.cell_name))
        return int(uniform(chance, WHERE_CELLS_BEGIN) * number)


def _even_orders(number: int, dimensions: int) -> np.ndarray:
    """Order `number` points that fill a unit cube evenly along each dimension, int64 of shape (dimensions, number).

    They are an additive (Kronecker) sequence: no two dimensions go together, and points that follow each other lie far
    apart.
    """
    if dimensions > len(STEPS):
        raise ValueError(f"cells can differ in at most {len(STEPS)} traits, not in {dimensions}")
    places = np.outer(STEPS[:dimensions], np.arange(number)) % 1.0
    # whole numbers sort faster: the first 32 bits of a place, and behind them the point's own number
    points = ((places * 2.0**32).astype(np.int64) << 31) | np.arange(number)
    points.sort(axis=1)
    return points & (2**31 - 1)


def _quantiles(number: int, kind: str, spread: float, mean: float) -> np.ndarray:
    """The middle quantiles of a distribution, in rising order."""
    standard = _standard_quantiles(number)
    if kind == "normal":
        return mean + spread * standard
    values = np.exp(np.sqrt(np.log(1.0 + spread * spread)) * standard)
    return values * (mean / values.mean()) if number else values


@lru_cache(maxsize=8)
def _standard_quantiles(number: int) -> np.ndarray:
    """The middle quantiles of the standard normal distribution, in rising order; the lower half mirrors the upper."""
    places = (np.arange(number // 2, number) + 0.5) / number
    upper = np.fromiter(map(NormalDist().inv_cdf, places.tolist()), float, len(places))
    middle = number % 2
    if middle:
        upper[0] = 0.0
    return np.concatenate([-upper[middle:][::-1], upper])


def fill(
    world: World,
    classes: Mapping[str, type[ReceptorCell]],
    records: Mapping[type, ParameterRecord],
    start: Mapping[str, float],
) -> None:
    """Give blood, cells and patches what they start with: a rough guess, from which the person settles.

    Parameters
    ----------
    world, classes, records
        As for `make_tissues`.
    start : mapping of str to float
        The parameters of the site `start`: first values of columns, by their names.
    """
    blood = world.populations[Blood].columns
    patches = world.populations[Patch].columns
    starting: tuple[type[LivingAgent], ...] = (Blood, Vessels, Kidneys, *classes.values())
    for cls in starting:
        columns = world.populations[cls].columns
        own = cls.differs(records[cls]) if issubclass(cls, ReceptorCell) else {}
        for name, value in first_values(cls, start).items():
            if name not in own:
                columns[name][:] = value
    for cell_class in classes.values():
        columns = world.populations[cell_class].columns
        record = records[cell_class]
        relative = cell_class.relative_production(columns, record)
        total = np.floor(relative * record["usual_receptors"])
        internal = np.floor(relative * record["usual_internal_receptors"])
        columns["sustained_occupancy"][:] = relative * record["usual_occupancy"]
        columns["internal_receptors"][:] = internal
        columns["surface_receptors"][:] = total - internal
    packets = records[Patch]["packets_per_concentration"]
    patches["glucose"][:] = np.floor(blood["plasma_glucose"][0] * packets * patches["volume"])


def first_values(cls: type[LivingAgent], start: Mapping[str, float]) -> dict[str, float]:
    """First values of the columns of a class; one for its own tissue (`muscle_glycogen`) comes before the general."""
    tissue = cls.tissue_name if issubclass(cls, ReceptorCell) else ""
    return {name: start.get(f"{tissue}_{name}", start[name]) for name in start if name in cls.columns}


def newborn(cls: type[ReceptorCell], record: ParameterRecord, start: Mapping[str, float]) -> dict[str, float]:
    """What a cell begins with that is added to a body while it lives: the average of its kind."""
    internal = np.floor(record["usual_internal_receptors"])
    surface = np.floor(record["usual_receptors"]) - internal
    return {
        **first_values(cls, start),
        **{name: mean for name, (_, _, mean) in cls.differs(record).items()},
        "sustained_occupancy": record["usual_occupancy"],
        "surface_receptors": float(surface),
        "internal_receptors": float(internal),
    }
