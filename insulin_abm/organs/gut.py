"""Stomach and gut: food becomes glucose in the blood, each at its own speed, and its fat triglyceride."""

from __future__ import annotations

from collections.abc import Mapping

from insulin_abm.engine.columns import column
from insulin_abm.engine.rules import exponential, present, rule, share_in_a_minute
from insulin_abm.living import LivingAgent
from insulin_abm.organs.blood import Blood
from insulin_abm.person import Person


class Gut(LivingAgent):
    """Stomach and small intestine; food is solid, then ground, then absorbed, in three speeds side by side."""

    is_single = True
    lives_in = Blood
    parameter_sites = ("gut",)

    solid_fast = column(0.0, "mmol", "glucose in quickly digested food in the stomach, solid", wide=True)
    solid_medium = column(0.0, "mmol", "glucose in food of medium speed in the stomach, solid", wide=True)
    solid_slow = column(0.0, "mmol", "glucose in slowly digested food in the stomach, solid", wide=True)
    drunk_fast = column(0.0, "mmol", "glucose in quickly digested drinks in the stomach, not yet mixed", wide=True)
    drunk_medium = column(0.0, "mmol", "glucose in drinks of medium speed, not yet mixed", wide=True)
    drunk_slow = column(0.0, "mmol", "glucose in slowly digested drinks, not yet mixed", wide=True)
    ground_fast = column(0.0, "mmol", "glucose in quickly digested food, ground or mixed", wide=True)
    ground_medium = column(0.0, "mmol", "glucose in food of medium speed, ground or mixed", wide=True)
    ground_slow = column(0.0, "mmol", "glucose in slowly digested food, ground or mixed", wide=True)
    gut_fast = column(0.0, "mmol", "glucose in quickly digested food in the gut", wide=True)
    gut_medium = column(0.0, "mmol", "glucose in food of medium speed in the gut", wide=True)
    gut_slow = column(0.0, "mmol", "glucose in slowly digested food in the gut", wide=True)
    fat_in_stomach = column(0.0, "mmol", "triglyceride of food in the stomach", wide=True)
    fat_in_gut = column(0.0, "mmol", "triglyceride of food in the gut and the lymph", wide=True)
    last_meal = column(1.0, "mmol", "what the stomach held after the last meal", wide=True)
    eaten = column(0.0, "mmol", "all glucose ever eaten", wide=True)
    absorbed = column(0.0, "mmol/min", "glucose that reached the portal vein", wide=True, adds_to="glucose_appearance")
    fat_absorbed = column(0.0, "mmol/min", "triglyceride that came from the lymph", wide=True, adds_to="fat_appearance")
    incretin = column(0.0, "1", "rise of insulin secretion by incretins", wide=True, adds_to="incretin")

    @classmethod
    def derive(cls, values: Mapping[str, float], person: Person) -> dict[str, float]:
        """How steeply emptying changes around its two turning points (Dalla Man 2006, doi:10.1109/TBME.2006.883792)."""
        return {
            "upper_steepness": values["emptying_steepness"] / (1.0 - values["emptying_upper_share"]),
            "lower_steepness": values["emptying_steepness"] / values["emptying_lower_share"],
        }

    @rule
    def live_a_minute(gut, p, chance):
        """Grind, empty, absorb."""
        ready_fast = p.grinding_fast_share * gut.solid_fast + p.mixing_share * gut.drunk_fast
        ready_medium = p.grinding_medium_share * gut.solid_medium + p.mixing_share * gut.drunk_medium
        ready_slow = p.grinding_slow_share * gut.solid_slow + p.mixing_share * gut.drunk_slow
        ready = ready_fast + ready_medium + ready_slow
        swallowed = gut.solid_fast + gut.solid_medium + gut.solid_slow
        swallowed += gut.drunk_fast + gut.drunk_medium + gut.drunk_slow
        ground = gut.ground_fast + gut.ground_medium + gut.ground_slow
        # emptying goes by how full the stomach is in the middle of the step
        emptied = share_in_a_minute(emptying(gut, p, swallowed + ground, ground)) * present(ground, ready)
        full = present(swallowed + ground, -emptied)
        emptied_share = share_in_a_minute(emptying(gut, p, full, present(ground, ready - emptied)))

        gut.solid_fast -= p.grinding_fast_share * gut.solid_fast
        gut.drunk_fast -= p.mixing_share * gut.drunk_fast
        emptied = emptied_share * present(gut.ground_fast, ready_fast)
        gut.ground_fast += ready_fast - emptied
        from_fast = p.absorption_factor * p.absorption_fast_share * present(gut.gut_fast, emptied)
        gut.gut_fast += emptied - from_fast

        gut.solid_medium -= p.grinding_medium_share * gut.solid_medium
        gut.drunk_medium -= p.mixing_share * gut.drunk_medium
        emptied = emptied_share * present(gut.ground_medium, ready_medium)
        gut.ground_medium += ready_medium - emptied
        from_medium = p.absorption_factor * p.absorption_medium_share * present(gut.gut_medium, emptied)
        gut.gut_medium += emptied - from_medium

        gut.solid_slow -= p.grinding_slow_share * gut.solid_slow
        gut.drunk_slow -= p.mixing_share * gut.drunk_slow
        emptied = emptied_share * present(gut.ground_slow, ready_slow)
        gut.ground_slow += ready_slow - emptied
        from_slow = p.absorption_factor * p.absorption_slow_share * present(gut.gut_slow, emptied)
        gut.gut_slow += emptied - from_slow

        emptied = p.fat_emptying_share * gut.fat_in_stomach
        gut.fat_absorbed = p.fat_absorption_share * present(gut.fat_in_gut, emptied)
        gut.fat_in_stomach -= emptied
        gut.fat_in_gut += emptied - gut.fat_absorbed

        gut.absorbed = p.bioavailability * (from_fast + from_medium + from_slow)
        incretin = p.incretin_gain * gut.absorbed / (gut.absorbed + p.incretin_half_appearance)
        gut.incretin += p.incretin_time_share * (incretin - gut.incretin)

    def swallow(self, *, solid: bool, fast: float, medium: float, slow: float, fat: float) -> None:
        """Take in a meal; amounts are mmol of glucose in each speed, and of triglyceride.

        Emptying is set by how full the stomach is relative to what it held after the last meal; what is less than it
        still holds joins that meal.
        """
        swallowed, there = fast + medium + slow, self._held()
        form = "solid" if solid else "drunk"
        for speed, amount in (("fast", fast), ("medium", medium), ("slow", slow)):
            name = f"{form}_{speed}"
            setattr(self, name, getattr(self, name) + amount)
            self.eaten += amount
        self.fat_in_stomach += fat
        self.last_meal = max(there + swallowed if swallowed > there else self.last_meal + swallowed, 1.0)

    @property
    def on_its_way(self) -> float:
        """All glucose in stomach and gut that is not absorbed yet, mmol."""
        return self._held() + float(self.gut_fast + self.gut_medium + self.gut_slow)

    def _held(self) -> float:
        """All glucose in the stomach, mmol."""
        kinds = [f"{form}_{speed}" for form in ("solid", "drunk", "ground") for speed in ("fast", "medium", "slow")]
        return float(sum(getattr(self, kind) for kind in kinds))


@rule
def emptying(gut, p, stomach, ground):
    """Share of what is ground that leaves the stomach, by how full it is; the gut lets only so much energy through."""
    full = stomach / gut.last_meal
    upper = tanh_of(p.upper_steepness * (full - p.emptying_upper_share))
    lower = tanh_of(p.lower_steepness * (full - p.emptying_lower_share))
    rate = p.emptying_slowest + 0.5 * (p.emptying_fastest - p.emptying_slowest) * (upper - lower + 2.0)
    energy = p.glucose_energy * stomach + p.fat_energy * gut.fat_in_stomach
    limit = p.emptying_limit * p.glucose_energy * stomach / max(energy, p.glucose_energy)
    return min(rate, limit / max(ground, p.emptying_limit))


@rule
def tanh_of(x):
    """Hyperbolic tangent in plain arithmetic."""
    return 1.0 - 2.0 / (exponential(2.0 * x) + 1.0)
