"""The hand that holds plasma glucose: samples, and an infusion of glucose that is set anew after each of them."""

from __future__ import annotations

from insulin_abm.parameters.quantities import quantity
from insulin_abm.protocols.visit import GLUCOSE, Visit


class GlucoseClamp:
    """A controller that knows nothing of the person but samples of plasma glucose (after DeFronzo 1979).

    After each sample the infusion changes by the fall of glucose since the last one and by what glucose lacks to the
    target: a proportional-integral controller in its incremental form, which cannot wind up when the infusion is at 0.

    Parameters
    ----------
    visit : Visit
        Where.
    target : float
        Plasma glucose to hold, mmol/L.

    Attributes
    ----------
    rate : float
        The infusion, mg/kg/min.
    reached : int or None
        The minute at which glucose first was at the target.
    """

    def __init__(self, visit: Visit, target: float) -> None:
        self.target = target
        self.rate = 0.0
        self.reached: int | None = None
        self._visit = visit
        self._tolerance = visit.clinic["clamp_tolerance"]
        self._last = visit.now(GLUCOSE)
        self._next_sample = visit.minute
        self._look()

    def hold(self, minutes: float) -> None:
        """Hold glucose for some time."""
        for _ in range(round(minutes)):
            if self._visit.minute >= self._next_sample:
                self._sample()
            self._visit.live(1)
            self._look()

    def _sample(self) -> None:
        clinic = self._visit.clinic
        glucose = self._visit.now(GLUCOSE)
        lacking = (self.target - glucose) * clinic["clamp_sampling"] / clinic["clamp_integration_time"]
        self.rate = max(0.0, self.rate + clinic["clamp_gain"] * (self._last - glucose + lacking))
        self._last = glucose
        self._next_sample = self._visit.minute + round(clinic["clamp_sampling"])
        self._visit.infuse_glucose(self.rate)

    def _look(self) -> None:
        if self.reached is None and abs(self._visit.now(GLUCOSE) - self.target) <= self._tolerance:
            self.reached = self._visit.minute

    def raise_at_once(self) -> None:
        """Bring glucose up to the target with a fast infusion that ebbs away, as a hyperglycaemic clamp begins."""
        clinic = self._visit.clinic
        minutes = round(clinic["clamp_rise_time"])
        lacking = self.target - self._visit.now(GLUCOSE)
        dose = lacking * clinic["clamp_space"] * quantity("1 mmol", "mg", "glucose")  # mg/kg
        ebbing = [clinic["clamp_rise_ebb"] ** (-minute / minutes) for minute in range(minutes)]
        for share in ebbing:
            self._visit.infuse_glucose(dose * share / sum(ebbing))
            self._visit.live(1)
            self._look()
        self._last = self._visit.now(GLUCOSE)
        self.rate = dose * ebbing[-1] / sum(ebbing)
        self._next_sample = self._visit.minute
