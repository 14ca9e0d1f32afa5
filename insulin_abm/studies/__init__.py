"""Studies: many people, swept, sampled and drawn, run on one machine or many, kept one by one, and analysed."""

from insulin_abm.studies.running import run_study
from insulin_abm.studies.study import Study

__all__ = ["Study", "run_study"]
