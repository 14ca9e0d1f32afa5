"""A visit to the clinic: something is done to a copy of a person and watched; the person goes on as if nothing was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from insulin_abm.body import Body
from insulin_abm.organs.depot import InsulinDepot
from insulin_abm.organs.gut import Gut
from insulin_abm.parameters.quantities import quantity
from insulin_abm.person import body_surface
from insulin_abm.protocols.watched import WATCHED, watch

if TYPE_CHECKING:
    import pandas as pd

GLUCOSE, INSULIN = "plasma_glucose_mmol_per_l", "plasma_insulin_pmol_per_l"
FATTY_ACID = "plasma_ffa_mmol_per_l"
KETONE = "plasma_3_hydroxybutyrate_mmol_per_l"
PRODUCTION = "endogenous_glucose_production_mmol_per_min"
SECRETION = "insulin_secretion_pmol_per_min"


class VisitError(ValueError):
    """Something cannot be done to this person at this moment; the message says what to do instead.

    Attributes
    ----------
    so_far : Visit or None
        What was done before in the same visit.
    """

    so_far: Visit | None = None


@dataclass(frozen=True)
class Finding:
    """A number that was found in a visit, a row of `measures.csv`.

    Attributes
    ----------
    time_min : float
        When, in minutes of the person's own time.
    measure, unit : str
        Its name, its unit.
    value : float
        The number.
    """

    time_min: float
    measure: str
    value: float
    unit: str


class Visit:
    """What is done to a copy of a person, and what is seen.

    Parameters
    ----------
    body : Body
        The person, between two minutes; only the copy is touched. Nothing that was to come (meals, injections) reaches
        the copy; what is under the skin stays there.

    Attributes
    ----------
    body : Body
        The copy.
    person : Person
        As measured when the visit began.
    findings : list of Finding
        What was measured.
    problems : list of str
        What went wrong, such as a clamp that did not hold.
    """

    def __init__(self, body: Body) -> None:
        self.body = body.in_steps_of(1.0) if body.step_min > 1.0 else body.fork()
        self.person = self.body.measured()
        self.body.events.replace_all(())
        self.findings: list[Finding] = []
        self.problems: list[str] = []
        self.clinic = body.parameters.site("clinic")
        self.measures = body.parameters.site("measures")
        self.surface_m2 = body_surface(self.person, body.parameters)
        self._seen: dict[str, list[float]] = {reading.name: [] for reading in WATCHED}
        self._rest = 0
        self._watch()

    # ---- time

    @property
    def minute(self) -> int:
        """The minute that it is, in the person's own time."""
        return int(self.body.time)

    def live(self, minutes: float) -> None:
        """Let time pass, watching every minute."""
        for _ in range(round(minutes)):
            self.body.run_for(1)
            self._watch()

    def _watch(self) -> None:
        for name, value in watch(self.body).items():
            self._seen[name].append(value)

    # ---- what is given; all of it per kg or m^2 of this person

    def infuse_insulin(self, milliunits_per_min_m2: float) -> None:
        """Infuse insulin from now on, mU/min for each m^2 of body surface."""
        self.body.infuse_insulin_iv(milliunits_per_min_m2 * self.surface_m2 * quantity("1 mU", "pmol"))

    def infuse_glucose(self, mg_per_kg_min: float) -> None:
        """Infuse glucose from now on, mg/min for each kg of body weight."""
        self.body.infuse_glucose(mg_per_kg_min)

    def inject(self, *, glucose_g_per_kg: float = 0.0, insulin_u_per_kg: float = 0.0) -> None:
        """Inject into a vein; it takes some minutes."""
        minutes = round(self.clinic["bolus_time"])
        kg = self.person.weight_kg
        self.infuse_glucose(glucose_g_per_kg * quantity("1 g", "mg") / minutes)
        self.body.infuse_insulin_iv(insulin_u_per_kg * kg * quantity("1 U", "pmol") / minutes)
        self.live(minutes)
        self.infuse_glucose(0.0)
        self.body.infuse_insulin_iv(0.0)

    def glucose_on_its_way(self) -> float:
        """Glucose of food in stomach and gut, mmol."""
        return float(self.body.organ(Gut).on_its_way)

    # ---- what is seen

    def times(self) -> np.ndarray:
        """Minutes of the person's own time at which something was seen."""
        return np.array(self._seen["time_min"])

    def seen(self, name: str) -> np.ndarray:
        """All values of a column of `WATCHED`."""
        return np.array(self._seen[name])

    def now(self, name: str) -> float:
        """The last value of a column."""
        return self._seen[name][-1]

    def at(self, name: str, minute: float) -> float:
        """The value of a column at a minute."""
        return float(np.interp(minute, self.times(), self.seen(name)))

    def mean(self, name: str, first: float, last: float) -> float:
        """Mean of a column over the minutes (first, last]; at `first` itself if they are the same."""
        times = self.times()
        within = (times > first) & (times <= last)
        return float(self.seen(name)[within].mean()) if within.any() else self.at(name, first)

    def rest_here(self) -> None:
        """From now on the person as they are now is what `resting` gives: they have fasted."""
        self._rest = len(self._seen["time_min"]) - 1

    def resting(self, name: str) -> float:
        """The value of a column at rest: when the visit began, or at the end of a fast in it."""
        return self._seen[name][self._rest]

    @property
    def resting_minute(self) -> int:
        """When that was."""
        return int(self.resting("time_min"))

    @property
    def insulin_is_own(self) -> bool:
        """Whether all insulin is the person's own, as indices of fasting insulin suppose."""
        depot = self.body.organ(InsulinDepot)
        given = depot.pump_rate + depot.first_pool + depot.second_pool + depot.long_acting
        return bool(given == 0.0 and self.body.blood.insulin_infused == 0.0)

    def find(self, measure: str, value: float, unit: str, at: float | None = None) -> None:
        """Note what was found (now, if no time is given)."""
        self.findings.append(Finding(float(self.minute if at is None else at), measure, float(value), unit))

    def __getitem__(self, measure: str) -> float:
        """Give the last value of a measure.

        Raises
        ------
        KeyError
            It was not measured in this visit.
        """
        for finding in reversed(self.findings):
            if finding.measure == measure:
                return finding.value
        known = ", ".join(dict.fromkeys(finding.measure for finding in self.findings))
        raise KeyError(f"{measure!r} was not measured here; there are {known or 'no measures'}")

    def per_kg(self, mmol_per_min: float) -> float:
        """Give a flux of glucose in mg/min for each kg of body weight."""
        return mmol_per_min * quantity("1 mmol", "mg", "glucose") / self.person.weight_kg

    def rows(self) -> Iterator[dict[str, float]]:
        """Give all that was seen, minute by minute."""
        for values in zip(*self._seen.values(), strict=True):
            yield dict(zip(self._seen, values, strict=True))

    @property
    def timeseries(self) -> pd.DataFrame:
        """All that was seen, a row for every minute."""
        import pandas as pd

        return pd.DataFrame(self._seen)
