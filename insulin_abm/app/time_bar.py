"""The row of the page with the time: how far a step goes, how fast Play is, what is kept and taken away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import solara
from mesa.visualization.utils import update_counter

from insulin_abm.app.axis import SPANS
from insulin_abm.app.curves import chart, in_words
from insulin_abm.app.life import Life
from insulin_abm.app.model import PersonModel
from insulin_abm.parameters.conversions import MINUTES_PER_DAY, MINUTES_PER_HOUR
from insulin_abm.results import names

STEPS = {"a minute": 1, "10 minutes": 10, "an hour": MINUTES_PER_HOUR, "a day": MINUTES_PER_DAY}
SPEEDS = {
    "a minute a second": 1,
    "10 minutes a second": 10,
    "an hour a second": MINUTES_PER_HOUR,
    "6 hours a second": 6 * MINUTES_PER_HOUR,
    "a day a second": MINUTES_PER_DAY,
    "a week a second": 7 * MINUTES_PER_DAY,
}


@solara.component
def TimeBar(model: PersonModel, span: solara.Reactive[str]) -> None:  # noqa: N802
    """Choose the pace, how much of the past is shown, and take away what was recorded."""
    pace = model.pace
    step, set_step = solara.use_state(_name_of(STEPS, pace.minutes_per_step))
    speed, set_speed = solara.use_state(_name_of(SPEEDS, pace.minutes_per_second))

    def choose_step(name: str) -> None:
        pace.minutes_per_step = STEPS[name]
        set_step(name)

    def choose_speed(name: str) -> None:
        pace.minutes_per_second = SPEEDS[name]
        set_speed(name)

    with solara.Row(gap="12px", classes=["time-bar"]):
        solara.Select("Step lives", values=list(STEPS), value=step, on_value=choose_step)
        solara.Select("Play lives", values=list(SPEEDS), value=speed, on_value=choose_speed)
        solara.Select("Chart shows", values=list(SPANS), value=span)
        Downloads(model, span.value)


def _name_of(names_of_minutes: dict[str, int], minutes: int) -> str:
    return next(name for name, value in names_of_minutes.items() if value == minutes)


@solara.component
def Downloads(model: PersonModel, span: str) -> None:  # noqa: N802
    """Let the table, the scenario with all that was done, and the chart be taken away; of the second person, too."""

    def table(number: int) -> bytes:
        with model.lock:
            return model.lives[number].timeseries()

    def picture() -> str:
        with model.lock:
            return chart(model, span).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" color="black" ', 1)

    with solara.Row(gap="4px"):
        for number, life in enumerate(model.lives):
            file, label = ("beside_", " beside") if number else ("", "")
            Download(f"CSV{label}", f"{file}{names.TIMESERIES}", partial(table, number))
            Download(f"Scenario{label}", f"{file}{life.scenario.name}.toml", partial(_scenario, life))
        Download("Chart", "chart.svg", picture)


@solara.component
def Download(label: str, filename: str, content: Callable[[], str | bytes]) -> None:  # noqa: N802
    """Show a button with which a file is taken away, as it is when it is clicked."""
    with solara.FileDownload(content, filename):
        solara.Button(label, icon_name="mdi-download", text=True, small=True)


def _scenario(life: Life) -> str:
    return life.scenario.written()


@solara.component
def ChartView(model: PersonModel, span: solara.Reactive[str]) -> None:  # noqa: N802
    """Show the chart of everybody on the page, and what the clinic found."""
    update_counter.get()
    with model.lock:
        picture = chart(model, span.value)
        heading = f"{model.clock} ({model.time} min after the start)"
        if not model.running:
            heading += ", the end of the scenario"
        numbers = in_words(model)
        found = _findings(model)
        by_hand = any(life.changed_by_hand for life in model.lives)
    with solara.Column(gap="4px", classes=["person-figure"]):
        solara.Text(heading, classes=["person-heading"])
        solara.Text(numbers, classes=["person-numbers"])
        solara.HTML(tag="div", unsafe_innerHTML=picture, classes=["curves-picture"])
        if len(model.lives) > 1:
            solara.Text(f"A, solid: {model.lives[0].name}. B, dashed: {model.lives[1].name}. The draws are the same.")
        if by_hand:
            solara.Text("A cell was changed by hand: no run of the scenario gives this table.")
        for words in found:
            solara.Text(words, classes=["finding"])


def _findings(model: PersonModel) -> list[str]:
    """Say what the last visits to the clinic found."""
    said = []
    for number, life in enumerate(model.lives):
        for planned, seen, problems in life.visits[-1:]:
            found = [f"{one.measure} {one.value:.4g} {one.unit}" for one in (seen.findings if seen else [])]
            words = "; ".join([*found, *problems])
            said.append(f"{model.letter(number)}clinic, {planned.name}, minute {planned.time_min}: {words}")
    return said
