"""What takes hours to days: fasts, insulin that is withdrawn, glucose that stays raised."""

from __future__ import annotations

from insulin_abm.organs.depot import InsulinDepot
from insulin_abm.protocols.glucose_clamp import GlucoseClamp
from insulin_abm.protocols.tolerance_tests import resting_values
from insulin_abm.protocols.visit import FATTY_ACID, GLUCOSE, PRODUCTION, Visit, VisitError

LIVER_GLYCOGEN = "liver_glycogen_mmol_per_l"


def fast(visit: Visit, *, length: float) -> None:
    """Eat nothing; what is under the skin (a pump) goes on.

    Parameters
    ----------
    visit : Visit
        Who.
    length : float
        min.
    """
    visit.live(length)
    visit.rest_here()
    resting_values(visit)
    visit.find("fasting_ffa_mmol_per_l", visit.now(FATTY_ACID), "mmol/L")
    visit.find("fasting_liver_glycogen_mmol_per_l", visit.now(LIVER_GLYCOGEN), "mmol/L")
    visit.find("fasting_glucose_production_mg_per_kg_min", visit.per_kg(visit.now(PRODUCTION)), "mg/kg/min")


def insulin_withdrawal(visit: Visit, *, length: float) -> None:
    """Take insulin from a person who has no beta cells; nothing is eaten.

    Parameters
    ----------
    visit : Visit
        Who.
    length : float
        min.

    Raises
    ------
    VisitError
        The person makes insulin.
    """
    if visit.person.beta_cell_mass > 0.0:
        raise VisitError(
            f"insulin is withdrawn from people who make none, and this one has {visit.person.beta_cell_mass:g} of "
            "the usual beta cells; take a person with beta_cell_mass = 0 (people/t1d.toml)"
        )
    depot = visit.body.organ(InsulinDepot)
    depot.pump_rate = depot.first_pool = depot.second_pool = depot.long_acting = 0.0
    before, production = visit.now(GLUCOSE), visit.now(PRODUCTION)
    visit.live(length)
    visit.find("withdrawal_glucose_before_mmol_per_l", before, "mmol/L")
    visit.find("withdrawal_glucose_mmol_per_l", visit.now(GLUCOSE), "mmol/L")
    visit.find("withdrawal_ffa_mmol_per_l", visit.now(FATTY_ACID), "mmol/L")
    visit.find("withdrawal_glucose_production_before_mg_per_kg_min", visit.per_kg(production), "mg/kg/min")
    visit.find("withdrawal_glucose_production_mg_per_kg_min", visit.per_kg(visit.now(PRODUCTION)), "mg/kg/min")


def lasting_hyperglycaemia(visit: Visit, *, rise: float, length: float) -> None:
    """Hold glucose above that at rest for days, by an infusion of glucose alone.

    Parameters
    ----------
    visit : Visit
        Who.
    rise : float
        mmol/L.
    length : float
        min.
    """
    production = visit.now(PRODUCTION)
    clamp = GlucoseClamp(visit, visit.now(GLUCOSE) + rise)
    clamp.hold(length)
    visit.infuse_glucose(0.0)
    visit.find("hyperglycaemia_glucose_mmol_per_l", visit.now(GLUCOSE), "mmol/L")
    visit.find("hyperglycaemia_glucose_production_before_mg_per_kg_min", visit.per_kg(production), "mg/kg/min")
    visit.find("hyperglycaemia_glucose_production_mg_per_kg_min", visit.per_kg(visit.now(PRODUCTION)), "mg/kg/min")
