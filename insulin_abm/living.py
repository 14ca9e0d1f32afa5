"""What lives: agents that name the sites of their parameters and size themselves to the person."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from types import FunctionType
from typing import ClassVar

from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.fingerprint import referred_names
from insulin_abm.engine.records import ParameterRecord
from insulin_abm.engine.rules import share_in_a_minute
from insulin_abm.parameters import Registry
from insulin_abm.parameters.quantities import power_of_time, quantity
from insulin_abm.person import Person


class LivingAgent(RowAgent):
    """An agent whose rules read parameters.

    Beside the parameters and what `derive` gives, a rule may read, for any of them,

    - `p.<name>_share`, where it is a time or a rate: the share of the way that is gone in one step with that time
      constant, or the share that leaves in one step at that rate: 1 - exp(-step / time), exact for any step;
    - `p.per_<name>`: one divided by it. A product takes a processor less time than a division.

    Attributes
    ----------
    parameter_sites : tuple of str
        Where its parameters come from; of two with the same name the later site's counts.
    own_parameters : str
        Parameters of a class outside this package, written as in `parameters/data`; their site is the last one.
    """

    parameter_sites: ClassVar[tuple[str, ...]] = ()
    own_parameters: ClassVar[str] = ""

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """Numbers that follow from the parameters and the person's size, computed once.

        Parameters
        ----------
        values : mapping of str to float
            The parameters of all sites of the class, without the name of the site.
        person : Person
            Who it is a part of.
        """
        return {}

    @classmethod
    def record(cls, registry: Registry, person: Person) -> ParameterRecord:
        """All numbers that the rules of this class may refer to."""
        values = cls.parameters(registry)
        numbers = {**values, **cls.derive(values, person)}
        return ParameterRecord({**numbers, **cls._shares_and_reciprocals(numbers, registry)})

    @classmethod
    def _shares_and_reciprocals(cls, numbers: Mapping[str, float], registry: Registry) -> dict[str, float]:
        """What rules of the class ask for as `<time or rate>_share` and as `per_<number>`."""
        derived = {}
        for name in _names_in_methods(cls) - numbers.keys() - cls.columns.keys():  # type: ignore[arg-type]
            whole, divided = name.removesuffix("_share"), name.removeprefix("per_")
            if whole != name and whole in numbers:
                derived[name] = share_in_a_step(numbers[whole], cls._unit(whole, registry))
            elif divided != name and divided in numbers:
                derived[name] = 1.0 / numbers[divided] if numbers[divided] else math.inf
        return derived

    @classmethod
    def _unit(cls, name: str, registry: Registry) -> str:
        """The unit of a parameter, "1" for a number that was derived."""
        having = [site for site in cls.parameter_sites if f"{site}.{name}" in registry]
        return registry[f"{having[-1]}.{name}"].unit if having else "1"

    @classmethod
    def parameters(cls, registry: Registry) -> dict[str, float]:
        """The parameters of all sites of the class, without the name of the site."""
        return _Numbers(cls, registry)


def share_in_a_step(value: float, unit: str) -> float:
    """The share of the way that is gone in one step, of a time constant or a rate counted in steps.

    Raises
    ------
    ValueError
        The unit is neither one of time nor one divided by time.
    """
    if power_of_time(unit) > 0:
        time = value * quantity(f"1 {unit}", "min")
        return share_in_a_minute(1.0 / time) if time > 0.0 else 1.0
    return share_in_a_minute(value * quantity(f"1 {unit}", "1/min"))


@cache
def _names_in_methods(cls: type[LivingAgent]) -> frozenset[str]:
    """All names that the methods of a class, and the rules that they call, refer to."""
    owners = [owner for owner in cls.__mro__ if owner not in RowAgent.__mro__]
    methods = [value for owner in owners for value in vars(owner).values() if isinstance(value, FunctionType)]
    return frozenset(name for method in methods for name in referred_names(method))


class _Numbers(dict[str, float]):
    """The numbers of a class, which say what to do when one is missing."""

    def __init__(self, cls: type[LivingAgent], registry: Registry) -> None:
        super().__init__({name: value for site in cls.parameter_sites for name, value in registry.site(site).items()})
        self._cls, self._registry = cls, registry

    def __missing__(self, name: str) -> float:
        having = [site for site in self._registry.sites if name in self._registry.site(site)]
        cls = self._cls
        where = f"add one of the sites {', '.join(having)}" if having else "give it a value in own_parameters"
        raise ValueError(f"{cls.__name__} needs the number '{name}', and none of its parameter_sites has it: {where}")
