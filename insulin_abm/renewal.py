"""Fat cells are born and die: a tenth of them a year, and more are born where cells are too full."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from insulin_abm.cells.fat import FatCell
from insulin_abm.engine.chance import chance_of_agent, chance_of_minute, purpose, uniform
from insulin_abm.engine.events import event
from insulin_abm.engine.records import ParameterRecord
from insulin_abm.engine.world import World
from insulin_abm.organs.blood import Blood
from insulin_abm.parameters import Registry
from insulin_abm.parameters.conversions import MINUTES_PER_DAY, MINUTES_PER_YEAR
from insulin_abm.tissue.anatomy import TissueAnatomy
from insulin_abm.tissue.tissue import Tissue

MONTH_MIN = 30 * MINUTES_PER_DAY
DEATH, PARENT = purpose("a fat cell dies"), purpose("a fat cell has a daughter")
RECEPTORS = ("surface_receptors", "bound_receptors", "internal_receptors")


class Renewed(World):
    """A world whose fat cells are renewed month by month; `Body` is one."""

    parameters: Registry
    records: dict[type, ParameterRecord]
    anatomy: Mapping[str, TissueAnatomy]

    @event
    def renew_fat_cells(self) -> None:
        """Let fat cells of a month be born and die (Spalding 2008, doi:10.1038/nature06902).

        Lipid of the dead goes to the living, a daughter begins with a little of it: the sum stays. A daughter is in
        all else like the cell that chance made her mother.
        """
        numbers = self.parameters.site("fat")
        cells = self.populations[FatCell]
        lipid = cells.columns["lipid"]
        if not cells.size:
            return
        months_in_a_year = MINUTES_PER_YEAR / MONTH_MIN
        too_full = max(float(lipid.mean()) - numbers["lipid_capacity"], 0.0)
        dying = cells.size * numbers["turnover"] / months_in_a_year
        born = dying + cells.size * numbers["recruitment"] * too_full / months_in_a_year
        held = float(lipid.sum())
        mothers = self._chosen(PARENT, born)
        daughters = {name: values[mothers].copy() for name, values in cells.columns.items()}
        place = np.asarray(cells.place)[mothers]
        self._bury(self._chosen(DEATH, dying))
        self._bear(daughters, place, numbers["newborn_lipid"])
        lipid = self.populations[FatCell].columns["lipid"]
        lipid *= held / float(lipid.sum())

    def _chosen(self, what: np.uint32, expected: float) -> np.ndarray:
        """Rows of about so many cells, which chance chooses; their number is right in the mean."""
        with np.errstate(over="ignore"):
            minute = chance_of_minute(self.seed, int(self.time))
            ids = self.populations[FatCell].ids
            draws = np.array([uniform(chance_of_agent(minute, int(one)), what) for one in ids])
            number = int(expected + uniform(chance_of_agent(minute, 0), what))
        return np.sort(np.argsort(draws, kind="stable")[:number])

    def _bury(self, rows: np.ndarray) -> None:
        """Take cells out; their receptors, and insulin on them, are gone from the balance."""
        columns = self.populations[FatCell].columns
        scale = self.anatomy[FatCell.tissue_name].scale
        blood = self.populations[Blood].agent(0)
        blood.receptors_left += scale * sum(float(columns[name][rows].sum()) for name in RECEPTORS)
        bound = float(columns["bound_receptors"][rows].sum())
        blood.insulin_left += scale * bound * self.records[Tissue]["pmol_per_molecule"]
        self.populations[FatCell].remove_rows(rows)

    def _bear(self, state: Mapping[str, np.ndarray], place: np.ndarray, lipid: float) -> None:
        """Put daughters beside their mothers."""
        if not len(place):
            return
        state = {**state, "bound_receptors": np.zeros(len(place)), "lipid": np.full(len(place), lipid)}
        scale = self.anatomy[FatCell.tissue_name].scale
        made = sum(float(np.sum(state[name])) for name in RECEPTORS)
        self.populations[Blood].agent(0).receptors_entered += scale * made
        self.populations[FatCell].create(len(place), place=place, **state)
