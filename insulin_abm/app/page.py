"""The page: Mesa's SolaraViz with the cells of a tissue and the curves of glucose and insulin.

``insulin-abm app`` shows it; so does ``solara run insulin_abm.app.page``, with the scenario that the environment
variable INSULIN_ABM_SCENARIO names.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

import solara
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from insulin_abm.app.curves import curves_picture
from insulin_abm.app.model import PersonModel
from insulin_abm.app.offline import stay_offline
from insulin_abm.app.pace import Pace
from insulin_abm.app.picture import QUANTITIES, tissue_picture, top_of_scale, values_of
from insulin_abm.results.names import NOTE
from insulin_abm.scenario import Scenario

CELLS_TO_CHOOSE = (100, 300, 1000, 3000)
MINUTES_TO_CHOOSE = (1, 5, 10, 30, 60)
MINUTES_PER_STEP = 10
SEEDS_TO_CHOOSE = range(1, 21)
PLAY_INTERVAL_MS = 50

STYLE = """
.v-tabs { display: none; }
.person-figure { max-width: 720px; margin: 0 auto; }
.person-heading { font-size: 1.1rem; font-weight: 500; }
.person-disclaimer { opacity: 0.75; padding: 0 16px 12px 16px; }
"""
"""Mesa shows a row of tabs, which has only one here."""

stay_offline()

_shown: list[Scenario] = []
chosen_kind = solara.reactive("muscle")
chosen_quantity = solara.reactive(next(iter(QUANTITIES)))


def show(scenario: Scenario) -> None:
    """Choose the scenario of all pages that are opened from now on."""
    _shown[:] = [scenario]


def shown() -> Scenario:
    """Give the scenario of the page."""
    if not _shown:
        show(Scenario.load(os.environ.get("INSULIN_ABM_SCENARIO", "healthy_day")))
    return _shown[0]


def model_parameters(scenario: Scenario, pace: Pace) -> dict[str, Any]:
    """Give what Mesa makes the model from, and how the user may change it; changes act at the next Reset."""
    total = sum(scenario.cells.values())
    return {
        "shown": scenario,
        "pace": pace,
        "seed": _choice("Seed", scenario.seed, SEEDS_TO_CHOOSE),
        "cells": _choice("Cells in all", total, CELLS_TO_CHOOSE),
        "minutes_per_step": _choice("Minutes per step", MINUTES_PER_STEP, MINUTES_TO_CHOOSE),
    }


def _choice(label: str, value: int, others: Iterable[int]) -> dict[str, Any]:
    """Give a parameter as Mesa writes it; a slider of Mesa's would not show its number."""
    return {"type": "Select", "label": label, "value": value, "values": sorted({value, *others})}


def make_model(scenario: Scenario, pace: Pace) -> PersonModel:
    """Make the model with which a page begins."""
    return PersonModel(
        shown=scenario,
        pace=pace,
        seed=scenario.seed,
        cells=sum(scenario.cells.values()),
        minutes_per_step=MINUTES_PER_STEP,
    )


@solara.component_vue("drawn.vue")
def Drawn(frame: int, event_drawn: Callable[[int], None]) -> None:  # noqa: N802
    """Say back which frame the browser has drawn."""


@solara.component
def TissueView(model: PersonModel) -> None:  # noqa: N802
    """Show the cells of a tissue, coloured by their receptors."""
    update_counter.get()
    kinds = list(model.body.cell_classes)
    kind = chosen_kind.value if chosen_kind.value in kinds else kinds[0]
    quantity = QUANTITIES[chosen_quantity.value]

    def scale() -> float:
        with model.lock:
            return top_of_scale(values_of(model, kind, quantity), quantity)

    top = solara.use_memo(scale, [id(model), kind, quantity])
    with model.lock:
        picture = tissue_picture(model, kind, quantity, top)
    with solara.Column(gap="4px", classes=["person-figure"]):
        with solara.Row(gap="12px"):
            solara.Select("Cells", values=kinds, value=kind, on_value=chosen_kind.set)
            solara.Select("Colour", values=list(QUANTITIES), value=chosen_quantity)
        solara.HTML(tag="div", unsafe_innerHTML=picture, classes=["tissue-picture"])


@solara.component
def CurvesView(model: PersonModel) -> None:  # noqa: N802
    """Show glucose and insulin in plasma."""
    frame = update_counter.get()
    with model.lock:
        picture = curves_picture(model)
        heading = f"{model.clock} ({model.time} min after the start)"
        if not model.running:
            heading += ", the end of the scenario"
    model.pace.send(frame)
    with solara.Column(gap="4px", classes=["person-figure"]):
        solara.Text(heading, classes=["person-heading"])
        solara.HTML(tag="div", unsafe_innerHTML=picture, classes=["curves-picture"])
        Drawn(frame=frame, event_drawn=model.pace.drawn)


@solara.component
def Page() -> None:  # noqa: N802
    """Show the person of the scenario; every browser tab has its own."""
    scenario = shown()
    pace = solara.use_memo(Pace, [])
    model = solara.use_memo(lambda: make_model(scenario, pace), [])
    parameters = solara.use_memo(lambda: model_parameters(scenario, pace), [])
    solara.Style(STYLE)
    solara.Title(f"{scenario.title} - insulin_abm")
    with solara.Column(gap="0px"):
        SolaraViz(
            model,
            components=[(TissueView, 0), (CurvesView, 0)],
            model_params=parameters,
            name=scenario.title,
            play_interval=PLAY_INTERVAL_MS,
        )
        solara.Text(f"{NOTE} Parameters act at the next Reset.", classes=["person-disclaimer"])


page = Page()
