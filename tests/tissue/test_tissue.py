"""Tissues: samples that are scaled to the organ by real masses."""

import numpy as np
import pytest
from bodies import FEW, unsettled

from insulin_abm.tissue.anatomy import tissue_anatomy
from insulin_abm.tissue.patch import Patch
from insulin_abm.tissue.tissue import Tissue

MUSCLE = {
    "cells_per_kg": 4.7e10,
    "cells_in_patch": 8.0,
    "interstitial_volume": 0.12,
    "insulin_permeability": 0.0071,
    "glucose_permeability": 0.032,
}


def test_anatomy_follows_from_masses():
    anatomy = tissue_anatomy("muscle", MUSCLE, 800, 28 * 4.7e10, 28.0)
    assert anatomy.mass == pytest.approx(28.0)
    assert anatomy.patches == 100
    assert anatomy.scale == pytest.approx(28 * 4.7e10 / 800)
    # the sample's patches, scaled up, hold all interstitial fluid: 28 kg of 0.12 L/kg
    assert anatomy.patches * anatomy.patch_volume * anatomy.scale * 1e-12 == pytest.approx(3.36)
    assert anatomy.insulin_exchange_rate == pytest.approx(0.0071 / 0.12)
    assert anatomy.portal_share == 0.0


def test_open_sinusoids_let_the_portal_vein_flow_through():
    site = {**MUSCLE, "plasma_flow": 0.5, "glucose_flow": 0.8}
    anatomy = tissue_anatomy("liver", site, 800, 1.8 * 4.7e10, 1.8)
    assert anatomy.portal_share == 1.0
    assert anatomy.insulin_flow == pytest.approx(0.9)
    assert anatomy.glucose_flow == pytest.approx(1.44)
    assert anatomy.insulin_exchange_rate == pytest.approx(0.5 / 0.12)


@pytest.mark.parametrize("factor", [1, 3, 10])
def test_the_organ_is_the_same_whatever_the_number_of_agents(factor):
    body = unsettled({kind: factor * number for kind, number in FEW.items()})
    patches = body.populations[Patch]
    tissues = body.populations[Tissue].columns
    fluid = np.bincount(patches.place, patches.columns["volume"]) * tissues["scale"] * 1e-12
    registry = body.parameters
    for row, (name, anatomy) in enumerate(body.anatomy.items()):
        kinds = [cls.parameters(registry) for cls in body.cell_classes.values() if cls.tissue_name == name]
        usual_mass = anatomy.organ_cells / kinds[0]["cells_per_kg"]  # of cells of usual size
        assert fluid[row] == pytest.approx(registry.site(name)["interstitial_volume"] * usual_mass, rel=1e-9)
    assert body.tissue("fat").mass == pytest.approx(body.person.fat_mass_kg / 0.8)
    for name, low, high in (("muscle", 20, 32), ("fat", 15, 25), ("liver", 1.2, 2.2)):
        assert low < body.tissue(name).mass < high


def test_every_cell_lives_in_a_patch_of_its_tissue_and_every_patch_has_cells(few):
    patches = few.populations[Patch]
    crowd = np.zeros(len(patches), int)
    for cls in few.cell_classes.values():
        population = few.populations[cls]
        assert {list(few.anatomy)[row] for row in patches.place[population.place]} == {cls.tissue_name}
        crowd += np.bincount(population.place, minlength=len(patches))
    assert crowd.min() >= 1


def test_blood_loses_what_tissues_gain(few):
    """In particles of the sample, times its scale, for one minute."""
    few.run_for(10)
    few.run_for(1)
    tissues = few.populations[Tissue].columns
    glucose = ((tissues["glucose_in"] - tissues["glucose_out"]) * tissues["scale"]).sum() * 0.01e-12
    insulin = ((tissues["insulin_in"] - tissues["insulin_out"]) * tissues["scale"]).sum() / 6.02214076e11
    assert few.blood.glucose_to_tissues == pytest.approx(glucose, rel=1e-9)
    assert few.blood.insulin_to_tissues == pytest.approx(insulin, rel=1e-9)


def test_too_fast_diffusion_is_refused_with_what_to_do():
    with pytest.raises(ValueError, match=r"raise tissue\.patch_spacing or lower tissue\.(glucose|insulin)_diffusion"):
        unsettled(overrides={"tissue.patch_spacing": "0.01 cm"})
