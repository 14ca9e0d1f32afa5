"""What can be done to the person on the page now: each is something that a scenario may say, read as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from insulin_abm.app.model import PersonModel
from insulin_abm.drugs import SHIPPED
from insulin_abm.parameters import Faults, QuantityError, foods
from insulin_abm.person import INSULINS
from insulin_abm.protocols.clinic import PROTOCOLS
from insulin_abm.scenario.times import whole_minutes


@dataclass(frozen=True)
class Field:
    """Something to fill in.

    Attributes
    ----------
    key : str
        Its name within what the scenario says.
    label : str
        As shown.
    usual : str
        What stands in it at first.
    choices : sequence of str
        What can be chosen; empty: a quantity with its unit is written.
    """

    key: str
    label: str
    usual: str
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class Action:
    """Something that can be done.

    Attributes
    ----------
    label : str
        As shown.
    table : str
        The list of a scenario that it belongs to.
    fields : tuple of Field
        What is to be filled in.
    entry : callable
        Takes what was filled in and the minute; gives what the list gets.
    """

    label: str
    table: str
    fields: tuple[Field, ...]
    entry: Callable[[Mapping[str, str], int], dict[str, Any]] = lambda filled, minute: dict(filled)


def _infused(filled: Mapping[str, str], minute: int) -> dict[str, Any]:
    """Write until when, where the page asks for how long."""
    what = {key: value for key, value in filled.items() if key != "length"}
    return {**what, "until": f"{minute + whole_minutes(filled['length'])} min"}


FOODS = sorted(foods())
ACTIONS = (
    Action(
        "Eat",
        "meals",
        (Field("food", "Food", "white_rice", FOODS), Field("amount", "Amount", "150 g")),
        lambda filled, minute: {"foods": {filled["food"]: filled["amount"]}},
    ),
    Action("Drink glucose", "meals", (Field("glucose_drink", "Glucose", "75 g"),)),
    Action(
        "Inject insulin",
        "insulin",
        (Field("dose", "Dose", "4 U"), Field("kind", "Kind of insulin", INSULINS[0], INSULINS)),
    ),
    Action(
        "Infuse insulin",
        "infusions",
        (Field("insulin", "Rate", "280 pmol/min"), Field("length", "For", "2 h")),
        _infused,
    ),
    Action(
        "Infuse glucose",
        "infusions",
        (Field("glucose", "Rate", "4 mg/kg/min"), Field("length", "For", "2 h")),
        _infused,
    ),
    Action(
        "Be active",
        "exercise",
        (Field("energy", "Energy on top of the usual", "6 kcal/min"), Field("length", "For", "30 min")),
    ),
    Action(
        "Take a drug",
        "drugs",
        (Field("name", "Drug", sorted(SHIPPED)[0], sorted(SHIPPED)), Field("dose", "Dose", "10 mg")),
    ),
    Action("Go to the clinic", "visits", (Field("protocols", "Test", "ogtt", tuple(PROTOCOLS)),)),
)
"""Everything that the page can do, in the order of its list."""


def do(action: Action, model: PersonModel, filled: Mapping[str, str]) -> int:
    """Do something to everybody on the page; give the minute at which it is done.

    Raises
    ------
    Faults, QuantityError
        Something was filled in wrongly; nothing was done.
    """
    return model.do(action.table, lambda minute: action.entry(filled, minute))


def refusals(action: Action, model: PersonModel, filled: Mapping[str, str]) -> dict[str, str]:
    """Say what was filled in wrongly, by the key of the field; what is of no field is said of the last one."""
    life, minute = model.lives[0], model.soon
    last = action.fields[-1].key
    try:
        entry = {"at": f"{minute} min", **action.entry(filled, minute)}
        life.scenario.changed(life.with_entry(action.table, entry))
    except QuantityError as error:
        return {"length": str(error)}
    except Faults as faults:
        said: dict[str, str] = {}
        for fault in faults.faults:
            end = fault.place.rpartition(".")[2]
            key = next((field.key for field in action.fields if field.key == end), last)
            said.setdefault(key, f"{fault.problem}. {fault.hint}".strip())
        return said
    return {}
