"""The clinic: which protocols there are, what may be asked for in each, and which may follow which."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from insulin_abm.body import Body
from insulin_abm.parameters import QuantityError, Registry
from insulin_abm.parameters.faults import nearest
from insulin_abm.protocols.biopsy import biopsy
from insulin_abm.protocols.check_up import check_up
from insulin_abm.protocols.clamps import euglycaemic_clamp, hyperglycaemic_clamp
from insulin_abm.protocols.infusions import insulin_infusion, insulin_suppression_test, lipid_infusion
from insulin_abm.protocols.lasting import fast, insulin_withdrawal, lasting_hyperglycaemia
from insulin_abm.protocols.tolerance_tests import (
    insulin_tolerance_test,
    intravenous_glucose_test,
    mixed_meal,
    oral_glucose_test,
)
from insulin_abm.protocols.visit import Visit, VisitError


@dataclass(frozen=True)
class Argument:
    """What may be asked for in a protocol.

    Attributes
    ----------
    parameter : str
        The number of the site `clinic` that gives unit, range and usual value.
    several : bool
        Whether it may be a list, such as the steps of a clamp.
    usual : bool
        Whether it has a usual value; without one it may be left out.
    """

    parameter: str
    several: bool = False
    usual: bool = True

    def of(self, value: object, parameters: Registry) -> Any:
        """Read a value with its unit.

        Raises
        ------
        QuantityError
            It is none, or out of range.
        """
        number = parameters[f"clinic.{self.parameter}"]
        if not self.several:
            return number.read(value)
        values = value if isinstance(value, list | tuple) else [value]
        if not values:
            raise QuantityError("the list is empty", f'Write for example ["{number.value:g} {number.unit}"]')
        return tuple(number.read(one) for one in values)

    def left_out(self, parameters: Registry) -> Any:
        """Give what it is if nothing is asked for."""
        if not self.usual:
            return None
        value = parameters[f"clinic.{self.parameter}"].value
        return (value,) if self.several else value


@dataclass(frozen=True)
class Protocol:
    """Something that is done in a clinic.

    Attributes
    ----------
    do : callable
        Does it; takes the visit and the arguments.
    arguments : mapping of str to Argument
        What may be asked for.
    needs_fast : bool
        Whether nothing eaten may be on its way.
    prepares : bool
        Whether another protocol may follow in the same visit.
    """

    do: Callable[..., None]
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    needs_fast: bool = True
    prepares: bool = False

    @property
    def meaning(self) -> str:
        """What it is, in a line."""
        return (self.do.__doc__ or "").splitlines()[0]


PROTOCOLS: dict[str, Protocol] = {
    "ogtt": Protocol(oral_glucose_test, {"glucose": Argument("glucose_drink"), "length": Argument("oral_test_length")}),
    "ivgtt": Protocol(
        intravenous_glucose_test,
        {
            "glucose": Argument("glucose_bolus"),
            "insulin": Argument("insulin_modification"),
            "length": Argument("intravenous_test_length"),
        },
    ),
    "mixed_meal": Protocol(
        mixed_meal,
        {
            "carbohydrate": Argument("meal_carbohydrate"),
            "fat": Argument("meal_fat"),
            "length": Argument("meal_length"),
        },
    ),
    "euglycaemic_clamp": Protocol(
        euglycaemic_clamp,
        {
            "insulin": Argument("clamp_insulin", several=True),
            "glucose": Argument("clamp_glucose", usual=False),
            "length": Argument("clamp_length"),
        },
    ),
    "hyperglycaemic_clamp": Protocol(
        hyperglycaemic_clamp,
        {
            "rise": Argument("clamp_rise"),
            "glucose": Argument("clamp_glucose", usual=False),
            "length": Argument("hyperglycaemic_clamp_length"),
        },
    ),
    "insulin_suppression_test": Protocol(
        insulin_suppression_test,
        {
            "insulin": Argument("suppression_insulin"),
            "glucose": Argument("suppression_glucose"),
            "length": Argument("suppression_length"),
        },
    ),
    "insulin_tolerance_test": Protocol(
        insulin_tolerance_test, {"insulin": Argument("insulin_bolus"), "length": Argument("insulin_test_length")}
    ),
    "insulin_infusion": Protocol(
        insulin_infusion,
        {"insulin": Argument("insulin_infusion"), "length": Argument("insulin_infusion_length")},
        needs_fast=False,
    ),
    "lipid_infusion": Protocol(
        lipid_infusion,
        {"emulsion": Argument("lipid_infusion"), "length": Argument("lipid_infusion_length")},
        needs_fast=False,
        prepares=True,
    ),
    "fast": Protocol(fast, {"length": Argument("fast_length")}, needs_fast=False, prepares=True),
    "insulin_withdrawal": Protocol(
        insulin_withdrawal, {"length": Argument("withdrawal_length")}, needs_fast=False, prepares=True
    ),
    "lasting_hyperglycaemia": Protocol(
        lasting_hyperglycaemia,
        {"rise": Argument("hyperglycaemia_rise"), "length": Argument("hyperglycaemia_length")},
        prepares=True,
    ),
    "biopsy": Protocol(biopsy, needs_fast=False, prepares=True),
    "check_up": Protocol(check_up, prepares=True),
}
"""All protocols by the names that scenarios and calls give them."""


def refusal_of_order(names: Sequence[str]) -> str | None:
    """Say why protocols cannot follow each other in one visit (None: they can)."""
    for before, after in pairwise(names):
        if not PROTOCOLS[before].prepares and after != "biopsy":
            return (
                f"{after} cannot follow {before}, whose glucose and insulin are still there; make it a visit of its "
                "own: each visit finds the person untouched"
            )
    return None


def visit(body: Body, *names: str, **asked: Mapping[str, object]) -> Visit:
    """Do one protocol, or some that follow each other, to a copy of a person.

    Parameters
    ----------
    body : Body
        The person; goes on as if nothing had been done.
    *names : str
        Names of `PROTOCOLS`, in their order.
    **asked : mapping
        For a protocol what shall be different from what is usual, each with its unit.

    Returns
    -------
    Visit
        What was seen (`timeseries`) and found (`findings`, and by name).

    Raises
    ------
    VisitError
        It cannot be done; the message says what to do instead.
    QuantityError
        A value is none, in a wrong unit, or out of range.

    Examples
    --------
    >>> clamped = visit(body, "euglycaemic_clamp", euglycaemic_clamp={"insulin": "40 mU/min/m2"})  # doctest: +SKIP
    >>> clamped["clamp_m_mg_per_kg_min"]  # doctest: +SKIP
    """
    for name in (*names, *asked):
        if name not in PROTOCOLS:
            near = nearest(name, PROTOCOLS)
            hint = f"did you mean '{near}'?" if near else f"there are {', '.join(PROTOCOLS)}"
            raise VisitError(f"there is no protocol '{name}': {hint}")
    refused = refusal_of_order(names) if names else f"name a protocol: {', '.join(PROTOCOLS)}"
    if refused:
        raise VisitError(refused)
    arguments = {name: arguments_of(name, asked.get(name, {}), body.parameters) for name in names}
    return perform(body, names, arguments)


def arguments_of(name: str, asked: Mapping[str, object], parameters: Registry) -> dict[str, Any]:
    """Give all arguments of a protocol: what is asked for, the rest as usual."""
    known = PROTOCOLS[name].arguments
    for key in asked:
        if key not in known:
            raise VisitError(f"{name} has no '{key}': it takes {', '.join(known) or 'nothing'}")
    return {
        key: argument.of(asked[key], parameters) if key in asked else argument.left_out(parameters)
        for key, argument in known.items()
    }


def perform(body: Body, names: Sequence[str], arguments: Mapping[str, Mapping[str, Any]]) -> Visit:
    """Do protocols in their order; arguments are numbers in the units of their parameters."""
    seen = Visit(body)
    for name in names:
        try:
            _do(seen, name, arguments.get(name, {}))
        except VisitError as refusal:
            refusal.so_far = seen if seen.findings else None
            raise
    return seen


def _do(seen: Visit, name: str, arguments: Mapping[str, Any]) -> None:
    """Do a protocol to the person as they are now."""
    protocol = PROTOCOLS[name]
    on_its_way = seen.glucose_on_its_way()
    if protocol.needs_fast and on_its_way > seen.clinic["gut_is_empty"]:
        raise VisitError(
            f"{name} needs a fast, and {on_its_way:.0f} mmol of glucose from food are still on their way; choose "
            'another time, or let a fast go before: "fast"'
        )
    protocol.do(seen, **arguments)
