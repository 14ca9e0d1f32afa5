"""Courses and curves of people that are drawn beside the published points they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from insulin_abm.protocols.visit import GLUCOSE, INSULIN, PRODUCTION, Visit
from insulin_abm.validation import disposal, fuels, meals
from insulin_abm.validation.ward import Ward

Line = tuple[np.ndarray, np.ndarray]
"""Where, and how much there."""
Curves = dict[str, dict[str, Line]]
"""For each panel its lines, by the names of people."""


@dataclass(frozen=True)
class Panel:
    """A picture of a simulated course with published points.

    Attributes
    ----------
    title, x_label : str
        What is drawn; the title ends with the unit.
    simulate : callable
        Gives the lines of a ward.
    points : mapping of str to mapping
        For each line its published points: where, by the id of the fact.
    is_logarithmic : bool
        Whether the axis below is.
    """

    title: str
    x_label: str
    simulate: Callable[[Ward], dict[str, Line]]
    points: Mapping[str, Mapping[str, float]]
    is_logarithmic: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        """Ids of all points."""
        return tuple(fact for points in self.points.values() for fact in points)


TEST_TIMES = (0, 30, 60, 90, 120)
DRINKERS = {"healthy": "P1", "igt": "P2", "t2d": "P3"}


def _test(name: str) -> Callable[[Ward], dict[str, Line]]:
    def simulate(ward: Ward) -> dict[str, Line]:
        return {who: _course(ward.visit(who, "ogtt", ogtt={"length": "240 min"}), name) for who in DRINKERS}

    return simulate


def _test_points(first: int) -> dict[str, dict[str, float]]:
    return {
        who: {f"{group}_{first + number:02d}": float(minute) for number, minute in enumerate(TEST_TIMES)}
        for who, group in DRINKERS.items()
    }


def _course(seen: Visit, name: str, factor: float = 1.0) -> Line:
    return seen.times() - seen.times()[0], seen.seen(name) * factor


def _meal(name: str) -> Callable[[Ward], dict[str, Line]]:
    def simulate(ward: Ward) -> dict[str, Line]:
        seen = meals.meal(ward)
        return {"healthy": _course(seen, name, seen.per_kg(1.0) if name == PRODUCTION else 1.0)}

    return simulate


def _use(ward: Ward) -> dict[str, Line]:
    return {who: disposal.disposal_curve(ward, who) for who in ("healthy", "obese", "t2d_lean")}


def _lipid(ward: Ward) -> dict[str, Line]:
    levels = np.linspace(0.2, 2.0, 10)
    return {"healthy": (levels, np.array([fuels.fall_of_disposal(level)(ward) for level in levels]))}


PANELS = (
    Panel("75 g of glucose: plasma glucose, mmol/L", "min", _test(GLUCOSE), _test_points(1)),
    Panel("75 g of glucose: plasma insulin, pmol/L", "min", _test(INSULIN), _test_points(6)),
    Panel(
        "large meal: liver glycogen, mmol/L",
        "min",
        _meal(meals.GLYCOGEN),
        {"healthy": {"L1_01": 0.0, "L1_02": 318.0}},
    ),
    Panel(
        "large meal: glucose production, mg/kg/min",
        "min",
        _meal(PRODUCTION),
        {"healthy": {"P10_01": 0.0, "P10_03": 60.0, "P10_04": 255.0}},
    ),
    Panel(
        "clamps: glucose use, mg/kg/min",
        "plasma insulin, pmol/L",
        _use,
        {"healthy": {"D3_01": 600.0, "D1_02": 6792.0}, "t2d_lean": {"D3_02": 600.0}},
        is_logarithmic=True,
    ),
    Panel(
        "lipid and clamp: fall of glucose use",
        "free fatty acids, mmol/L",
        _lipid,
        {"healthy": {"L7_01": 0.695, "L7_02": 1.251, "L7_03": 1.688}},
    ),
    Panel(
        "type 1 without insulin: plasma glucose, mmol/L",
        "min",
        lambda ward: {"t1d": _course(fuels.withdrawal(ward), GLUCOSE)},
        {"t1d": {"P5_01": 0.0, "P5_02": 840.0}},
    ),
    Panel(
        "type 1 without insulin: glucose production, mg/kg/min",
        "min",
        lambda ward: {"t1d": _course(fuels.withdrawal(ward), PRODUCTION, fuels.withdrawal(ward).per_kg(1.0))},
        {"t1d": {"P5_03": 0.0, "P5_04": 840.0}},
    ),
)
"""All panels, in the order in which they are drawn."""
