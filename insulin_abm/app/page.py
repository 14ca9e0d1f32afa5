"""The page: Mesa's SolaraViz with tissues and chart of one person or two, and rows to act, to learn and to take away.

``insulin-abm app`` shows it; so does ``solara run insulin_abm.app.page``, with the scenario that the environment
variable INSULIN_ABM_SCENARIO names. Other pages show it with components of their own beside (`PersonPage`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import solara
from mesa.visualization import SolaraViz

from insulin_abm.app.action_bar import ActionBar
from insulin_abm.app.choices import AS_WRITTEN, NOBODY, TWINS, people, scenarios
from insulin_abm.app.lesson_bar import LessonBar
from insulin_abm.app.lessons import Lesson
from insulin_abm.app.model import PersonModel
from insulin_abm.app.offline import stay_offline
from insulin_abm.app.pace import Pace
from insulin_abm.app.time_bar import ChartView, TimeBar
from insulin_abm.app.tissue_view import TissueView
from insulin_abm.results.names import NOTE
from insulin_abm.scenario import Scenario

CELLS_TO_CHOOSE = (100, 300, 1000, 3000, 10_000, 100_000, 1_000_000)
SEEDS_TO_CHOOSE = range(1, 21)
PLAY_INTERVAL_MS = 1
"""The pace is kept by `Pace`."""

STYLE = """
.v-tabs { display: none; }
.solara-content-main { min-width: 0; }
.v-navigation-drawer { min-width: 310px !important; max-width: 310px !important; }
main.v-content { padding-left: 310px !important; padding-top: 48px !important; }
header.v-app-bar, header .v-toolbar__content { height: 48px !important; }
.v-navigation-drawer { top: 48px !important; }
.vue-grid-layout { height: auto !important; display: flex; flex-wrap: wrap; gap: 12px; }
.vue-grid-item { position: static !important; transform: none !important; height: auto !important; }
.vue-grid-item { width: calc(50% - 6px) !important; }
.person-figure { margin: 0 auto; width: 100%; }
.person-heading { font-size: 1.1rem; font-weight: 500; }
.person-disclaimer, .tissue-note { opacity: 0.75; font-size: 0.8rem; }
.person-disclaimer { padding: 0 16px 8px 16px; }
.rows { padding: 4px 16px 0 16px; }
.rows .v-input, .person-figure .v-input { margin-top: 0; padding-top: 10px; font-size: 0.9rem; }
.rows .v-text-field__details { min-height: 0; }
.lesson { max-width: 1000px; padding-bottom: 8px; }
.time-bar, .lesson-bar { align-items: center; flex-wrap: wrap; }
.action-bar { align-items: flex-start; flex-wrap: wrap; }
.action-bar .v-input, .time-bar .v-input { max-width: 170px; min-width: 110px; }
"""
"""Mesa shows a row of tabs, which has only one here unless a page adds components."""

stay_offline()

_shown: list[Scenario] = []


def show(scenario: Scenario) -> None:
    """Choose the scenario of all pages that are opened from now on."""
    _shown[:] = [scenario]


def shown() -> Scenario:
    """Give the scenario of the page."""
    if not _shown:
        show(Scenario.load(os.environ.get("INSULIN_ABM_SCENARIO", "healthy_day")))
    return _shown[0]


def choices_of(opened: Scenario, lesson: Lesson | None) -> dict[str, Any]:
    """Give what the page begins with, as `PersonModel` takes it."""
    usual: dict[str, Any] = {"scenario": opened.name, "person": AS_WRITTEN, "beside": NOBODY}
    chosen = usual | (dict(lesson.choices) if lesson is not None else {})
    return {**chosen, "seed": opened.seed, "cells": sum(opened.cells.values())}


def model_parameters(opened: Scenario, pace: Pace, chosen: dict[str, Any]) -> dict[str, Any]:
    """Give what Mesa makes the model from, and how the user may change it; changes act at the next Reset."""
    everybody = [*people(), *TWINS]
    return {
        "opened": opened,
        "pace": pace,
        "scenario": _choice("Scenario", chosen["scenario"], dict.fromkeys([opened.name, *scenarios()])),
        "person": _choice("Person", chosen["person"], [AS_WRITTEN, *everybody]),
        "beside": _choice("Beside the person", chosen["beside"], [NOBODY, *everybody]),
        "seed": _choice("Seed", chosen["seed"], sorted({chosen["seed"], *SEEDS_TO_CHOOSE})),
        "cells": _choice("Cells in all", chosen["cells"], sorted({chosen["cells"], *CELLS_TO_CHOOSE})),
    }


def _choice(label: str, value: object, values: Iterable[object]) -> dict[str, Any]:
    """Give a parameter as Mesa writes it; a slider of Mesa's would not show its number."""
    return {"type": "Select", "label": label, "value": value, "values": list(values)}


@solara.component
def PersonPage(components: Sequence[Any] = ()) -> None:  # noqa: N802
    """Show the person of the scenario; every browser tab has its own.

    Parameters
    ----------
    components : sequence
        What else is shown, as `SolaraViz` takes it; such as ``make_plot_component("plasma_glucose_mmol_per_l")``.
    """
    lesson: solara.Reactive[Lesson | None] = solara.use_reactive(None)
    solara.Style(STYLE)
    solara.Title(f"{shown().title} - insulin_abm")
    with solara.Column(gap="0px"):
        with solara.Column(gap="0px", classes=["rows"]):
            LessonBar(lesson.value, lesson.set)
        One(lesson.value, components).key(lesson.value.title if lesson.value is not None else "")
        solara.Text(f"{NOTE} Parameters act at the next Reset.", classes=["person-disclaimer"])


@solara.component
def One(lesson: Lesson | None, components: Sequence[Any]) -> None:  # noqa: N802
    """Show the person of a lesson, or of the scenario."""
    opened = shown()
    pace = solara.use_memo(lambda: Pace() if lesson is None else Pace(lesson.minutes_per_second), [])
    chosen = solara.use_memo(lambda: choices_of(opened, lesson), [])
    model = solara.use_reactive(solara.use_memo(lambda: PersonModel(opened=opened, pace=pace, **chosen), []))
    parameters = solara.use_memo(lambda: model_parameters(opened, pace, chosen), [])
    span = solara.use_reactive(lesson.span if lesson is not None else "a day")

    solara.use_effect(lambda: pace.close, [])
    solara.use_effect(lambda: model.value.close, [id(model.value)])
    views = solara.use_memo(lambda: [(TissueView, 0), (partial(ChartView, span=span), 0), *components], [])
    with solara.Column(gap="0px"):
        with solara.Column(gap="0px", classes=["rows"]):
            ActionBar(model.value)
            TimeBar(model.value, span)
        SolaraViz(
            model,
            components=views,
            model_params=parameters,
            name=opened.title,
            play_interval=PLAY_INTERVAL_MS,
        )


@solara.component
def Page() -> None:  # noqa: N802
    """Show the page as it comes."""
    PersonPage()


page = Page()
