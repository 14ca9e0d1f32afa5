"""A person: what can be measured in a clinic, and the habits of the usual day."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from insulin_abm.parameters import Fault, Faults, Registry
from insulin_abm.parameters.conversions import CENTIMETRES_PER_METRE
from insulin_abm.parameters.faults import unknown

SEXES = ("female", "male")
INSULINS = ("rapid", "long")
"""Kinds of insulin that a person may inject."""

MEASURES = {
    "age_years": "person.age",
    "weight_kg": "person.weight",
    "height_m": "person.height",
    "body_fat_fraction": "person.body_fat",
    "liver_fat_fraction": "person.liver_fat",
    "beta_cell_mass": "person.beta_cell_mass",
    "activity": "person.activity",
}
"""The parameter that holds the usual value and the possible range of every measure of a person."""

_NOT_MEASURED = math.nan


@dataclass(frozen=True)
class Person:
    """Who is simulated: only what can be measured, nothing says 'resistant'.

    A measure that is left out takes its usual value (``insulin-abm parameters person``); body fat is then predicted
    from body mass index, age and sex.

    Attributes
    ----------
    sex : str
        "female" or "male".
    age_years, weight_kg, height_m : float
        Age, body weight and height.
    body_fat_fraction : float
        Fat mass over body weight.
    liver_fat_fraction : float
        Fat over liver mass.
    beta_cell_mass : float
        Relative to a healthy person's; 0 makes no insulin.
    activity : float
        Relative to a usual one; it scales what the person usually eats.

    Raises
    ------
    Faults
        A measure is physically impossible.

    Examples
    --------
    >>> person = Person(sex="male", weight_kg=80.0, height_m=1.80)
    >>> round(person.bmi, 1), round(person.body_fat_fraction, 2)
    (24.7, 0.23)
    """

    sex: str = "female"
    age_years: float = _NOT_MEASURED
    weight_kg: float = _NOT_MEASURED
    height_m: float = _NOT_MEASURED
    body_fat_fraction: float = _NOT_MEASURED
    liver_fat_fraction: float = _NOT_MEASURED
    beta_cell_mass: float = _NOT_MEASURED
    activity: float = _NOT_MEASURED

    def __post_init__(self) -> None:
        registry = Registry.load()
        predict_fat = math.isnan(self.body_fat_fraction)
        for measure, name in MEASURES.items():
            given = float(getattr(self, measure))
            object.__setattr__(self, measure, registry[name].value if math.isnan(given) else given)
        if predict_fat and self.sex in SEXES and self.height_m > 0.0:
            fat = predicted_body_fat(self.bmi, self.age_years, self.sex, registry)
            object.__setattr__(self, "body_fat_fraction", fat)
        faults = self._faults(registry)
        if faults:
            raise Faults(faults)

    def _faults(self, registry: Registry) -> list[Fault]:
        faults = []
        if self.sex not in SEXES:
            faults.append(unknown("person.sex", "sex", self.sex, SEXES))
        for measure, name in MEASURES.items():
            parameter = registry[name]
            value = getattr(self, measure)
            if not parameter.low <= value <= parameter.high:
                allowed = f"Allowed: {parameter.low:g} to {parameter.high:g} {parameter.unit}"
                faults.append(Fault(f"person.{measure}", f"{value:g} is out of range", allowed))
        bmi = registry["person.body_mass_index"]
        if not faults and not bmi.low <= self.bmi <= bmi.high:
            problem = f"weight {self.weight_kg:g} kg and height {self.height_m:g} m do not go together"
            allowed = f"Allowed: a body mass index of {bmi.low:g} to {bmi.high:g} kg/m^2, not {self.bmi:.1f}"
            faults.append(Fault("person", problem, allowed))
        return faults

    @property
    def bmi(self) -> float:
        """Body mass index, kg/m^2."""
        return self.weight_kg / self.height_m**2

    @property
    def fat_mass_kg(self) -> float:
        """Fat mass, kg."""
        return self.weight_kg * self.body_fat_fraction

    @property
    def fat_free_mass_kg(self) -> float:
        """All that is not fat, kg."""
        return self.weight_kg - self.fat_mass_kg


def predicted_body_fat(bmi: float, age_years: float, sex: str, parameters: Registry) -> float:
    """Predict the body fat fraction of an adult (Deurenberg 1991; standard error 4 % of body weight).

    Parameters
    ----------
    bmi : float
        Body mass index, kg/m^2.
    age_years : float
        Age.
    sex : str
        "female" or "male".
    parameters : Registry
        Where the coefficients are.

    Returns
    -------
    float
        Fat mass over body weight, kept within the possible range.
    """
    number = parameters.site("person")
    fat = (
        number["body_fat_per_body_mass_index"] * bmi
        + number["body_fat_per_year"] * age_years
        - (number["body_fat_less_in_men"] if sex == "male" else 0.0)
        + number["body_fat_offset"]
    )
    possible = parameters["person.body_fat"]
    return min(max(fat, possible.low), possible.high)


def energy_need(person: Person, parameters: Registry) -> float:
    """Predict the energy that a person needs: what is spent at rest (Mifflin-St Jeor 1990), times activity.

    At the activity of 1 it is the energy at rest: only its proportion to another person's is used.

    Parameters
    ----------
    person : Person
        Who.
    parameters : Registry
        Where the coefficients are.

    Returns
    -------
    float
        kcal/d, not below zero.
    """
    number = parameters.site("person")
    at_rest = (
        number["energy_need_per_weight"] * person.weight_kg
        + number["energy_need_per_height"] * person.height_m
        + number["energy_need_per_year"] * person.age_years
        + number["energy_need_offset_of_men" if person.sex == "male" else "energy_need_offset_of_women"]
    )
    return max(at_rest, 0.0) * person.activity


def body_surface(person: Person, parameters: Registry) -> float:
    """Give the surface of a body, m^2, which doses of insulin go by (Du Bois 1916).

    Parameters
    ----------
    person : Person
        Whose.
    parameters : Registry
        Where the coefficients are.
    """
    number = parameters.site("person")
    by_weight = number["surface_scale"] * person.weight_kg ** number["surface_weight_exponent"]
    return float(by_weight * (person.height_m * CENTIMETRES_PER_METRE) ** number["surface_height_exponent"])


@dataclass(frozen=True)
class HabitEvent:
    """What happens every day at the same time.

    Attributes
    ----------
    minute_of_day : int
        Clock time in minutes after midnight.
    kind : str
        Kind of event: ``eat``, ``drink_glucose``, ``inject_insulin``, ``infuse_insulin``.
    arguments : mapping
        What the event needs, such as ``{"foods": {"white_rice": 150.0}}`` in g.
    """

    minute_of_day: int
    kind: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Habits:
    """The usual day, repeated until the person's slow states no longer change.

    Attributes
    ----------
    events : tuple of HabitEvent
        In order of the clock.
    """

    events: tuple[HabitEvent, ...] = ()
