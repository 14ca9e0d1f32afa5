"""What is done to a person: meals, injections, infusions and drugs, as events that are data."""

from __future__ import annotations

import math
from collections.abc import Sequence

from insulin_abm.engine.events import event
from insulin_abm.engine.records import ParameterRecord
from insulin_abm.engine.world import World
from insulin_abm.organs.blood import Blood
from insulin_abm.organs.depot import InsulinDepot
from insulin_abm.organs.drug import Drug
from insulin_abm.organs.energy import EnergyBalance
from insulin_abm.organs.gut import Gut
from insulin_abm.parameters import Food, Registry, find_food
from insulin_abm.parameters.conversions import MG_PER_G, MINUTES_PER_HOUR
from insulin_abm.person import INSULINS, Person


class Treated(World):
    """A world with organs that food, insulin and drugs get into; `Body` is one."""

    person: Person
    step_min: float
    parameters: Registry
    records: dict[type, ParameterRecord]
    drug_classes: Sequence[type[Drug]]

    @property
    def blood(self) -> Blood:
        """The person's blood."""
        return self.populations[Blood].agent(0)  # type: ignore[no-any-return]

    def organ[O](self, cls: type[O]) -> O:
        """The one agent of a class of which the person has just one."""
        return self.populations[cls].agent(0)  # type: ignore[index, no-any-return]

    @event
    def eat(self, foods: dict[str, float]) -> None:
        """Eat foods, named as `insulin-abm foods` lists them, in grams."""
        for name, grams in sorted(foods.items()):  # a sum depends on its order, and a snapshot keeps none
            food = find_food(name)
            _amount(grams, f"grams of {name}")
            mmol = self._mmol_glucose(food.carbohydrate_g(grams) * food.glucose)
            self.organ(Gut).swallow(
                solid=not food.liquid,
                fast=mmol * food.fast,
                medium=mmol * food.medium,
                slow=mmol * food.slow,
                fat=food.fat_g(grams) * MG_PER_G / self.records[Gut]["molar_mass_triglyceride"],
            )
            self.organ(EnergyBalance).other_energy += self._energy_of_the_rest(food, grams)

    @event
    def drink_glucose(self, grams: float) -> None:
        """Drink glucose in water."""
        _amount(grams, "grams of glucose")
        self.organ(Gut).swallow(solid=False, fast=self._mmol_glucose(grams), medium=0.0, slow=0.0, fat=0.0)

    @event
    def inject_insulin(self, units: float, kind: str) -> None:
        """Inject rapid or long-acting insulin under the skin."""
        _amount(units, "units of insulin")
        if kind not in INSULINS:
            raise ValueError(f"no insulin of kind {kind!r}: choose {' or '.join(INSULINS)}")
        depot = self.records[InsulinDepot]
        self.organ(InsulinDepot).inject(
            units * depot["unit_amount"], long_acting=kind == "long", minutes=depot["long_duration"]
        )

    @event
    def infuse_insulin(self, units_per_hour: float) -> None:
        """Let a pump deliver insulin under the skin from now on."""
        _amount(units_per_hour, "units of insulin an hour")
        depot = self.records[InsulinDepot]
        pmol_per_min = units_per_hour * depot["unit_amount"] / MINUTES_PER_HOUR
        self.organ(InsulinDepot).pump_rate = pmol_per_min * self.step_min

    @event
    def infuse_insulin_iv(self, pmol_per_min: float) -> None:
        """Infuse insulin into a vein from now on."""
        _amount(pmol_per_min, "pmol of insulin a minute")
        self.blood.insulin_infused = pmol_per_min * self.step_min

    @event
    def infuse_lipid(self, ml_per_hour: float) -> None:
        """Infuse an emulsion of 20 % fat, and heparin, into a vein from now on."""
        _amount(ml_per_hour, "mL of emulsion an hour")
        fatty_acid = ml_per_hour / MINUTES_PER_HOUR * self.parameters["blood.emulsion_fatty_acid"].value
        self.blood.fatty_acid_infused = fatty_acid * self.step_min

    @event
    def infuse_somatostatin(self, strength: float) -> None:
        """Infuse somatostatin, which holds islets back, from now on; 1 is a full dose, 0 ends it."""
        if not 0.0 <= strength <= 1.0:
            raise ValueError(f"{strength!r} of a full dose of somatostatin: write a number from 0 to 1")
        self.blood.somatostatin = strength

    @event
    def infuse_glucose(self, mg_per_kg_min: float) -> None:
        """Infuse glucose into a vein from now on."""
        _amount(mg_per_kg_min, "mg of glucose for each kg and minute")
        weight = self.person.weight_kg + self.organ(EnergyBalance).weight_gained
        grams_per_min = mg_per_kg_min * weight / MG_PER_G
        self.blood.glucose_infused = self._mmol_glucose(grams_per_min) * self.step_min

    @event
    def hold_glucose(self, mmol_per_l: float, until: float) -> None:
        """Hold plasma glucose by vein, a sample every few minutes, until a minute of the clock."""
        if self.time >= until:
            self.blood.glucose_infused = 0.0
            return
        blood, numbers = self.blood, self.parameters.site("clinic")
        lacking = (mmol_per_l - blood.plasma_glucose) * numbers["clamp_sampling"] / numbers["clamp_integration_time"]
        falling = blood.slow_glucose - blood.plasma_glucose  # fluids that follow plasma show where it was
        rate = blood.glucose_infused / self.step_min + numbers["bedside_gain"] * (falling + lacking)
        blood.glucose_infused = max(0.0, rate) * self.step_min
        often = round(numbers["bedside_sampling"])
        self.schedule("hold_glucose", at=min(self.time + often, until), mmol_per_l=mmol_per_l, until=until)

    @event
    def exercise(self, kcal_per_min: float) -> None:
        """Spend so much energy on top of the usual from now on; 0 ends it."""
        _amount(kcal_per_min, "kcal a minute")
        self.organ(EnergyBalance).exercise = kcal_per_min * self.step_min

    @event
    def take_drug(self, drug: str, milligrams: float) -> None:
        """Take a dose of a drug that the body knows."""
        _amount(milligrams, f"mg of {drug}")
        known = {cls.__name__: cls for cls in self.drug_classes}
        if drug not in known:
            raise ValueError(f"no drug {drug!r} in this body; it has {', '.join(known) or 'none'}")
        self.organ(known[drug]).take(milligrams)

    def _energy_of_the_rest(self, food: Food, grams: float) -> float:
        """Energy of what is neither glucose nor fat, kcal."""
        numbers = self.records[EnergyBalance]
        sugar = food.carbohydrate_g(grams) * (food.fructose + food.galactose)
        return float(numbers["sugar_energy"] * sugar + numbers["protein_energy"] * food.protein_g(grams))

    def _mmol_glucose(self, grams: float) -> float:
        return grams * MG_PER_G / self.records[Gut]["molar_mass_glucose"]


def _amount(value: float, of_what: str) -> None:
    """Refuse what can't be an amount."""
    if not (isinstance(value, int | float) and math.isfinite(value) and value >= 0.0):
        raise ValueError(f"{value!r} {of_what}: an amount is a number and not below 0")
