"""The length of a step, and what would happen in the middle of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from insulin_abm.parameters import QuantityError, Registry, Steps
from insulin_abm.parameters.conversions import MINUTES_PER_DAY
from insulin_abm.parameters.quantities import shown
from insulin_abm.scenario.reader import Reader


def read_step(scenario: Reader, parameters: Registry) -> float:
    """Read ``step``, in minutes."""
    limit = parameters["scenario.step"]

    def read(value: object) -> float:
        minutes = limit.read(value)
        try:
            return Steps(minutes).minutes
        except ValueError as error:
            hint = 'A minute is so many steps, or a step so many minutes: write for example "0.5 min" or "2 min"'
            raise QuantityError(f"{shown(value)} does not go evenly with minutes", hint) from error

    return scenario.read("step", read, limit.value)


def refuse_what_lies_within_steps(scenario: Reader, fields: Mapping[str, Any]) -> None:
    """Note a fault for everything of a scenario of a person that would happen in the middle of a step."""
    end, rows, cells = (fields[name] for name in ("duration_min", "record_every_min", "record_cells_every_min"))
    times = {f"the end, minute {end},": end, f"recording every {rows} min": rows, f"cells every {cells} min": cells}
    for event in fields["events"]:
        times[f"'{event.kind}' at minute {event.time_min}"] = event.time_min
        times[f"'{event.kind}' at minute {event.time_min}, again every {event.every_min} min"] = event.every_min or 0
        if event.kind == "hold_glucose":
            often = round(fields["parameters"]["clinic.bedside_sampling"].value)
            times[f"a sample every {often} min of the glucose that is held"] = often
    for visit in fields["visits"]:
        times[f"the visit '{visit.name}' at minute {visit.time_min}"] = visit.time_min
    for habit in fields["habits"].events:
        before = (habit.minute_of_day - fields["start_min_of_day"]) % MINUTES_PER_DAY - MINUTES_PER_DAY
        times[f"'{habit.kind}' of the usual day at minute {before}"] = before
    refuse_within_steps(scenario, fields["step_min"], times)


def refuse_within_steps(scenario: Reader, step_min: float, times: Mapping[str, int]) -> None:
    """Note a fault for every time, named by what happens then, that is no end of a step."""
    steps = Steps(step_min)
    for what, minute in times.items():
        if not steps.fits(minute):
            scenario.refuse("step", f"{what} {steps.between}")
