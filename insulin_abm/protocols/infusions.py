"""Infusions at rates that do not follow glucose: insulin, lipid, and the insulin suppression test."""

from __future__ import annotations

from insulin_abm.protocols.visit import FATTY_ACID, GLUCOSE, INSULIN, Visit


def insulin_suppression_test(visit: Visit, *, insulin: float, glucose: float, length: float) -> None:
    """Hold islets back with somatostatin, infuse insulin and glucose, and see where glucose comes to stay (Pei 1994).

    Parameters
    ----------
    visit : Visit
        Who.
    insulin, glucose : float
        mU/min and mg/min for each m^2 of body surface.
    length : float
        min.
    """
    visit.body.infuse_somatostatin(1.0)
    visit.infuse_insulin(insulin)
    visit.infuse_glucose(glucose * visit.surface_m2 / visit.person.weight_kg)
    visit.live(length)
    first = visit.minute - visit.clinic["suppression_window"]
    visit.find("sspg_mmol_per_l", visit.mean(GLUCOSE, first, visit.minute), "mmol/L")
    visit.find("sspi_pmol_per_l", visit.mean(INSULIN, first, visit.minute), "pmol/L")
    visit.body.infuse_somatostatin(0.0)
    visit.infuse_insulin(0.0)
    visit.infuse_glucose(0.0)


def insulin_infusion(visit: Visit, *, insulin: float, length: float) -> None:
    """Infuse insulin and let glucose fall.

    Parameters
    ----------
    visit : Visit
        Who.
    insulin : float
        mU/min for each m^2 of body surface.
    length : float
        min.
    """
    begin = visit.minute
    visit.infuse_insulin(insulin)
    visit.live(length)
    visit.find("infusion_insulin_pmol_per_l", visit.now(INSULIN), "pmol/L")
    visit.find("infusion_glucose_mmol_per_l", visit.now(GLUCOSE), "mmol/L")
    visit.find("lowest_glucose_mmol_per_l", visit.seen(GLUCOSE)[visit.times() >= begin].min(), "mmol/L")
    visit.infuse_insulin(0.0)


def lipid_infusion(visit: Visit, *, emulsion: float, length: float) -> None:
    """Infuse fat with heparin, which sets its fatty acids free; it goes on until the end of the visit (Belfort 2005).

    Parameters
    ----------
    visit : Visit
        Who.
    emulsion : float
        mL/h of an emulsion of 20 % fat.
    length : float
        min.
    """
    visit.body.infuse_lipid(emulsion)
    visit.live(length)
    visit.find("infusion_ffa_mmol_per_l", visit.now(FATTY_ACID), "mmol/L")
