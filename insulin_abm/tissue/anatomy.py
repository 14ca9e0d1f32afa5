"""Anatomy of a tissue: how large the organ is, how many patches its sample has, and who neighbours whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from insulin_abm.parameters.conversions import PICOLITRES_PER_LITRE


@dataclass(frozen=True)
class TissueAnatomy:
    """One tissue of one person.

    Attributes
    ----------
    name : str
        Site of its parameters.
    patches : int
        How many patches the sample has.
    cells : float
        Cells of the sample when the organ is whole.
    organ_cells : float
        Cells of the whole organ.
    mass : float
        kg.
    patch_volume : float
        Interstitial fluid of a patch, pL.
    insulin_exchange_rate, glucose_exchange_rate : float
        Share of the interstitial fluid that capillaries renew in a minute.
    insulin_flow, glucose_flow : float
        L/min that flow through the organ (matters where the portal vein enters).
    portal_share : float
        Share of the portal vein that flows through.
    """

    name: str
    patches: int
    cells: float
    organ_cells: float
    mass: float
    patch_volume: float
    insulin_exchange_rate: float
    glucose_exchange_rate: float
    insulin_flow: float = 1.0
    glucose_flow: float = 1.0
    portal_share: float = 0.0

    @property
    def scale(self) -> float:
        """How many real patches one patch of the sample stands for."""
        return self.organ_cells / self.cells


def tissue_anatomy(
    name: str, site: dict[str, float], cells: int, organ_cells: float, organ_mass: float
) -> TissueAnatomy:
    """Size a tissue.

    Parameters
    ----------
    name : str
        The site.
    site : dict of str to float
        Its parameters: `cells_per_kg`, `cells_in_patch`, `interstitial_volume`, and either permeabilities or, where
        sinusoids are open and the portal vein flows through, `plasma_flow` and `glucose_flow`.
    cells : int
        Cells in the sample of the whole organ.
    organ_cells : float
        Cells in the organ.
    organ_mass : float
        Its mass, kg. Fluid and capillaries go with the number of cells (of usual size, `cells_per_kg`), not with it.
    """
    patches = max(1, round(cells / site["cells_in_patch"]))
    volume = site["interstitial_volume"]
    open_sinusoids = "plasma_flow" in site
    insulin = site["plasma_flow" if open_sinusoids else "insulin_permeability"]
    glucose = site["glucose_flow" if open_sinusoids else "glucose_permeability"]
    return TissueAnatomy(
        name=name,
        patches=patches,
        cells=cells,
        organ_cells=organ_cells,
        mass=organ_mass,
        patch_volume=cells / patches / site["cells_per_kg"] * volume * PICOLITRES_PER_LITRE,
        insulin_exchange_rate=insulin / volume,
        glucose_exchange_rate=glucose / volume,
        insulin_flow=insulin * organ_mass if open_sinusoids else 1.0,
        glucose_flow=glucose * organ_mass if open_sinusoids else 1.0,
        portal_share=1.0 if open_sinusoids else 0.0,
    )


def neighbours(patches: int, first_row: int) -> dict[str, np.ndarray]:
    """Rows of the four neighbours of each patch on a square sheet; at an edge a patch is its own neighbour.

    Returns
    -------
    dict of str to numpy.ndarray
        "east", "west", "north", "south": shape (patches,), int64.
    """
    width = int(np.ceil(np.sqrt(patches)))
    here = np.arange(patches)
    column = here % width

    def where(exists: np.ndarray, there: np.ndarray) -> np.ndarray:
        return np.where(exists, there, here) + first_row

    return {
        "east": where((column < width - 1) & (here + 1 < patches), here + 1),
        "west": where(column > 0, here - 1),
        "north": where(here >= width, here - width),
        "south": where(here + width < patches, here + width),
    }
