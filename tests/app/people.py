"""People of the page without a page: their steps are clicked by this thread."""

from collections.abc import Iterator
from typing import Any

from insulin_abm.app.model import PersonModel
from insulin_abm.app.pace import Pace
from insulin_abm.scenario import Scenario


def stepped_by_hand(scenario: Scenario, minutes_per_step: int = 60, **choices: Any) -> Iterator[PersonModel]:
    """Give a model whose steps this thread clicks; it is closed afterwards."""
    pace = Pace()
    pace.minutes_per_step = minutes_per_step
    pace.drawn(0)
    model = PersonModel(opened=scenario, pace=pace, **choices)
    yield model
    model.close()
