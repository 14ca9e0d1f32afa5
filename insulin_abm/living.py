"""What lives: agents that name the sites of their parameters and size themselves to the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from insulin_abm.engine.agents import RowAgent
from insulin_abm.engine.records import ParameterRecord
from insulin_abm.parameters import Registry
from insulin_abm.person import Person


class LivingAgent(RowAgent):
    """An agent whose rules read parameters.

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
        return ParameterRecord({**values, **cls.derive(values, person)})

    @classmethod
    def parameters(cls, registry: Registry) -> dict[str, float]:
        """The parameters of all sites of the class, without the name of the site."""
        return _Numbers(cls, registry)


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
