"""Ordinary foods: how much carbohydrate and fat they hold, of which sugars, and how fast it is absorbed."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from insulin_abm.parameters.faults import Fault, Faults, unknown
from insulin_abm.parameters.references import references
from insulin_abm.parameters.registry import CERTAINTIES

_SHARES_OF_SUGARS = ("glucose", "fructose", "galactose")
_SHARES_OF_SPEED = ("fast", "medium", "slow")
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Food:
    """A food as it is eaten.

    Attributes
    ----------
    name : str
        Its name, which is also its key in a scenario.
    carbohydrate : float
        Available carbohydrate, g per 100 g as eaten.
    fat, protein : float
        Fat and protein, g per 100 g as eaten.
    glycaemic_index : float
        Measured index, glucose = 100; a check, no rule uses it (not a number for foods that are mostly fat).
    glucose, fructose, galactose : float
        What the carbohydrate is after digestion; the shares add up to 1.
    fast, medium, slow : float
        How fast it becomes available: absorbed like a glucose drink, between, or like a food rich in fibre; the
        shares add up to 1.
    liquid : bool
        Whether it leaves the stomach as a drink does.
    density : float
        g per mL of a drink (0 for what is not measured in mL).
    aliases : tuple of str
        Everyday names.
    source, certainty : str
        A key of the references, and how sure the numbers are.
    """

    name: str
    carbohydrate: float
    fat: float
    protein: float
    glucose: float
    fructose: float
    galactose: float
    fast: float
    medium: float
    slow: float
    source: str
    certainty: str
    glycaemic_index: float = math.nan
    liquid: bool = False
    density: float = 0.0
    aliases: tuple[str, ...] = ()

    @property
    def speed(self) -> str:
        """The class of the food, by its mean speed: "fast", "medium" or "slow"."""
        mean = self.fast + self.medium / 2.0
        return "fast" if mean > 2.0 / 3.0 else "slow" if mean < 1.0 / 3.0 else "medium"

    def carbohydrate_g(self, grams: float) -> float:
        """Give the available carbohydrate of a portion in g."""
        return grams * self.carbohydrate / 100.0

    def fat_g(self, grams: float) -> float:
        """Give the fat of a portion in g."""
        return grams * self.fat / 100.0

    def protein_g(self, grams: float) -> float:
        """Give the protein of a portion in g."""
        return grams * self.protein / 100.0


@cache
def foods() -> dict[str, Food]:
    """Give every food by its name.

    Raises
    ------
    Faults
        The shipped table is wrong.
    """
    text = (files("insulin_abm.parameters") / "data" / "foods.toml").read_text("utf-8")
    return read_foods(text, "foods.toml")


def read_foods(text: str, source: str) -> dict[str, Food]:
    """Read a table of foods and check it.

    Parameters
    ----------
    text : str
        TOML, one table a food.
    source : str
        Name of the table, for the message.
    """
    faults: list[Fault] = []
    known: dict[str, Food] = {}
    taken: dict[str, str] = {}
    for name, table in tomllib.loads(text).items():
        try:
            food = Food(name=name, **{**table, "aliases": tuple(table.get("aliases", ()))})
        except TypeError as error:
            faults.append(Fault(name, f"has missing or unknown keys: {error}"))
            continue
        faults += _faults_of(food)
        for title in (name, *food.aliases):
            key = _plain(title)
            if key in taken:
                faults.append(Fault(name, f"the name '{title}' is taken by {taken[key]}"))
            taken[key] = name
        known[name] = food
    if faults:
        raise Faults(faults, source)
    return known


def _faults_of(food: Food) -> list[Fault]:
    faults = []
    for kind, names in (("sugars", _SHARES_OF_SUGARS), ("speeds", _SHARES_OF_SPEED)):
        shares = [getattr(food, name) for name in names]
        if min(shares) < 0.0 or abs(sum(shares) - 1.0) > _ROUNDING:
            faults.append(Fault(food.name, f"the shares of the {kind} ({', '.join(names)}) do not add up to 1"))
    for what, content in (("carbohydrate", food.carbohydrate), ("fat", food.fat), ("protein", food.protein)):
        if not 0.0 <= content <= 100.0:
            faults.append(Fault(food.name, f"{what} is not between 0 and 100 g per 100 g"))
    if not 0.0 < food.carbohydrate + food.fat + food.protein <= 100.0:
        faults.append(Fault(food.name, "carbohydrate, fat and protein are none, or more than 100 g per 100 g"))
    if food.liquid and food.density <= 0.0:
        faults.append(Fault(food.name, "is a drink without a density"))
    if food.source not in references():
        faults.append(unknown(food.name, "source", food.source, references()))
    if food.certainty not in CERTAINTIES:
        faults.append(unknown(food.name, "certainty", food.certainty, CERTAINTIES))
    return faults


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").replace("-", " ").split())


@cache
def _by_any_name() -> dict[str, Food]:
    return {_plain(title): food for food in foods().values() for title in (food.name, *food.aliases)}


def find_food(name: str) -> Food:
    """Give the food with a name or an everyday name ("White rice", "white_rice", "rice").

    Raises
    ------
    Faults
        There is no such food; the message names the nearest one.
    """
    by_name = _by_any_name()
    if _plain(name) not in by_name:
        fault = unknown("", "food", name, foods(), aliases=by_name)
        raise Faults([replace(fault, hint=f"{fault.hint} (insulin-abm foods lists them)")])
    return by_name[_plain(name)]
