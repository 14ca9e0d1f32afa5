"""Every number of the model, with unit, range, meaning, source and certainty."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from insulin_abm.parameters.faults import Fault, Faults, unknown
from insulin_abm.parameters.quantities import KINDS, QuantityError, check_unit, power_of_time, quantity, shown
from insulin_abm.parameters.references import references

CERTAINTIES = (
    "document",
    "computed",
    "reference model",
    "recalled-high",
    "recalled-medium",
    "recalled-low",
    "assumption",
    "fitted",
    "definition",
)
"""How sure a number is: read in its source, worked out, taken from a published model, recalled, assumed, fitted, or
true by definition."""

_KEYS = ("value", "unit", "range", "meaning", "source", "certainty")
_NO_PARAMETERS = ("references.toml", "foods.toml")


@dataclass(frozen=True)
class Parameter:
    """One number.

    Attributes
    ----------
    site : str
        What it belongs to: a cell, an organ, the person.
    name : str
        Its name within the site.
    value : float
        The number.
    unit : str
        Its unit ("1" for a pure number).
    low, high : float
        The plausible range; a value outside is refused.
    meaning : str
        One line.
    source : str
        A key of the references.
    certainty : str
        One of `CERTAINTIES`.
    """

    site: str
    name: str
    value: float
    unit: str
    low: float
    high: float
    meaning: str
    source: str
    certainty: str

    @property
    def full_name(self) -> str:
        """``<site>.<name>``."""
        return f"{self.site}.{self.name}"

    @property
    def kind(self) -> str:
        """The substance that its name speaks of, so that its mass and amount convert ("" for none)."""
        return next((kind for kind in KINDS if kind in self.name), "")

    def read(self, value: object) -> float:
        """Give a value written with a unit as a number in this parameter's unit and range.

        Raises
        ------
        QuantityError
            It is no such quantity, or out of range.
        """
        number = quantity(value, self.unit, self.kind, example=self.value)
        if not self.low <= number <= self.high:
            unit = "" if self.unit == "1" else f" {self.unit}"
            raise QuantityError(f"{shown(value)} is out of range", f"Allowed: {self.low:g} to {self.high:g}{unit}")
        return number


class Registry(Mapping[str, Parameter]):
    """All parameters by their full names; it never changes, `changed` gives another one.

    Examples
    --------
    >>> registry = Registry.load()
    >>> registry["person.weight"].unit
    'kg'
    >>> registry.changed({"person.weight": "80 kg"}).overrides
    {'person.weight': 80.0}
    """

    step_min: float = 1.0
    """The unit of time in which the values count, in minutes; see `in_steps_of`."""

    def __init__(self, parameters: Mapping[str, Parameter], as_loaded: Mapping[str, float] | None = None) -> None:
        self._parameters = dict(parameters)
        self._as_loaded = dict(as_loaded) if as_loaded is not None else {k: p.value for k, p in parameters.items()}

    @staticmethod
    def load() -> Registry:
        """Give the parameters of the shipped data files.

        Raises
        ------
        Faults
            A data file is wrong; all faults of all files in one message.
        """
        return _load()

    def __getitem__(self, name: str) -> Parameter:
        try:
            return self._parameters[name]
        except KeyError:
            raise KeyError(str(unknown("", "parameter", name, self._parameters))) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def __contains__(self, name: object) -> bool:
        return name in self._parameters

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites that have parameters, in alphabetical order."""
        return tuple(sorted({parameter.site for parameter in self._parameters.values()}))

    @property
    def overrides(self) -> dict[str, float]:
        """The parameters that differ from the files, in their registered units."""
        return {k: p.value for k, p in self._parameters.items() if p.value != self._as_loaded[k]}

    @property
    def fingerprint(self) -> str:
        """A hash of all names, values and units: equal for equal parameters."""
        lines = sorted(f"{k}={p.value!r} {p.unit}" for k, p in self._parameters.items())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def site(self, site: str) -> dict[str, float]:
        """Give the numbers of a site by their short names.

        Raises
        ------
        KeyError
            There is no such site; the message names the nearest one.
        """
        numbers = {p.name: p.value for p in self._parameters.values() if p.site == site}
        if not numbers:
            raise KeyError(str(unknown("", "site of parameters", site, self.sites)))
        return numbers

    def changed(self, values: Mapping[str, object], place: str = "parameters") -> Registry:
        """Give a registry with some values changed.

        Parameters
        ----------
        values : mapping
            Full name -> text with a unit ("1.2e4 receptors"; pure numbers and counts may come without).
        place : str
            Where the values were written, for the messages.

        Raises
        ------
        Faults
            A name is unknown or a value is no quantity of this kind or out of range.
        """
        faults = []
        changed = dict(self._parameters)
        for name, value in values.items():
            if name not in self._parameters:
                faults.append(unknown(f"{place}.{name}", "parameter", name, self._near(name)))
                continue
            try:
                changed[name] = replace(changed[name], value=changed[name].read(value))
            except QuantityError as error:
                faults.append(Fault(f"{place}.{name}", error.problem, error.hint))
        if faults:
            raise Faults(faults)
        return Registry(changed, self._as_loaded)

    def replaced(self, parameters: Mapping[str, Parameter]) -> Registry:
        """Give a registry in which some parameters are others from the beginning, as if the files had them so."""
        values = {name: parameter.value for name, parameter in parameters.items()}
        return Registry({**self._parameters, **parameters}, {**self._as_loaded, **values})

    def in_steps_of(self, minutes: float) -> Registry:
        """Give the same parameters with a step as the unit of time: what rules read that live in such steps.

        A rate of 0.2 in a minute is one of 0.1 in a step of half a minute. Years stay years.
        """
        if minutes == 1.0:
            return self
        in_steps = Registry(
            {k: replace(p, value=p.value * minutes ** -power_of_time(p.unit)) for k, p in self._parameters.items()}
        )
        in_steps.step_min = minutes
        return in_steps

    def _near(self, name: str) -> list[str]:
        """Give the names to choose from: those of the site if it is known, else all."""
        site = name.partition(".")[0]
        return [known for known, p in self._parameters.items() if p.site == site] or list(self._parameters)

    def with_site(self, site: str, toml_text: str) -> Registry:
        """Give a registry with the parameters of a user's cell or drug as well.

        Parameters
        ----------
        site : str
            The new site's name.
        toml_text : str
            Its parameters, written as in the shipped files; any text will do as `source`.

        Raises
        ------
        Faults
            The text is wrong, or the site is taken.
        """
        faults: list[Fault] = []
        new = _parameters_of(site, toml_text, faults, free_source=True)
        if any(self._parameters.get(name, parameter) != parameter for name, parameter in new.items()) or (
            site in self.sites and not set(new) <= set(self._parameters)
        ):
            faults.append(Fault(site, f"the site '{site}' has parameters already", "Choose another name"))
        if faults:
            raise Faults(faults, f"parameters of {site}")
        values = {name: parameter.value for name, parameter in new.items()}
        return Registry({**self._parameters, **new}, {**self._as_loaded, **values})


@cache
def _load() -> Registry:
    faults: list[Fault] = []
    parameters: dict[str, Parameter] = {}
    folder = files("insulin_abm.parameters") / "data"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml") and file.name not in _NO_PARAMETERS:
            parameters.update(_parameters_of(file.name.removesuffix(".toml"), file.read_text("utf-8"), faults))
    if faults:
        raise Faults(faults, "parameters/data")
    return Registry(parameters)


def _parameters_of(site: str, text: str, faults: list[Fault], free_source: bool = False) -> dict[str, Parameter]:
    """Read the parameters of one site; what is wrong is added to `faults`."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault(site, f"is not TOML: {error}"))
        return {}
    good = {}
    for name, table in tables.items():
        place = f"{site}.{name}"
        wrong = _faults_of(place, table, free_source)
        faults.extend(wrong)
        if not wrong:
            low, high = (float(end) for end in table["range"])
            texts = {key: table[key] for key in ("unit", "meaning", "source", "certainty")}
            good[place] = Parameter(site=site, name=name, value=float(table["value"]), low=low, high=high, **texts)
    return good


def _faults_of(place: str, table: object, free_source: bool) -> list[Fault]:
    """Check one table of a data file."""
    if not isinstance(table, dict):
        return [Fault(place, "is not a table", f"Write [{place.partition('.')[2]}] and below it {', '.join(_KEYS)}")]
    faults = [unknown(f"{place}.{key}", "key", key, _KEYS) for key in table if key not in _KEYS]
    missing = [key for key in _KEYS if key not in table]
    if missing:
        return [*faults, Fault(place, f"has no {' and no '.join(missing)}", "Every parameter needs all keys")]
    for key in ("unit", "meaning", "source", "certainty"):
        if not isinstance(table[key], str) or not table[key].strip():
            faults.append(Fault(f"{place}.{key}", "is not a text"))
    ends = table["range"] if isinstance(table["range"], list) else []
    numbers = [table["value"], *ends]
    if len(ends) != 2 or not all(_is_number(number) for number in numbers):
        faults.append(
            Fault(place, "value and range are not finite numbers", "Write value = 1.0 and range = [0.5, 2.0]")
        )
    elif not ends[0] <= table["value"] <= ends[1]:
        faults.append(Fault(f"{place}.value", f"{table['value']} is outside of the range {ends}"))
    if faults:
        return faults
    try:
        check_unit(table["unit"])
    except QuantityError as error:
        faults.append(Fault(f"{place}.unit", error.problem, error.hint))
    if table["certainty"] not in CERTAINTIES:
        faults.append(unknown(f"{place}.certainty", "certainty", table["certainty"], CERTAINTIES))
    if not free_source and table["source"] not in references():
        faults.append(unknown(f"{place}.source", "source", table["source"], references()))
    return faults


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
