"""The tissues on the page: cells and particles as a picture; the cell under the pointer, and the one that is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import matplotlib
import solara
from matplotlib.colors import to_hex
from mesa.visualization.utils import update_counter

from insulin_abm.app.cell_view import CellView
from insulin_abm.app.model import PersonModel
from insulin_abm.app.mosaic import Mosaic, Panel, Shown, quantities, values_of
from insulin_abm.app.opened import Opened
from insulin_abm.app.particles import KINDS, Particles
from insulin_abm.app.svg import number
from insulin_abm.cell_quantities import Quantity
from insulin_abm.results.tissue_picture import COLOUR_MAP

COLOURS = [to_hex(matplotlib.colormaps[COLOUR_MAP](share / 8)) for share in range(9)]
COLUMNS_OF_ONE, COLUMNS_OF_TWO = 2, 4
"""Panels side by side: one person's tissues in a square, two people's in a row each."""


@solara.component_vue("tissues.vue")
def Tissues(  # noqa: N802
    frame: int,
    shown: str,
    picture: bytes,
    particles: dict[str, bytes],
    panels: list[dict[str, Any]],
    columns: int,
    width: int,
    height: int,
    colours: list[str],
    label: str,
    event_drawn: Callable[[int], None],
    event_hovered: Callable[[list[int] | None], None],
    event_clicked: Callable[[list[int] | None], None],
    event_turned: Callable[[int], None],
) -> None:
    """Draw in the browser, see tissues.vue."""


class Drawing:
    """What of the picture is kept from frame to frame."""

    def __init__(self) -> None:
        self.mosaic: Mosaic | None = None
        self.particles: Particles | None = None

    def of(self, model: PersonModel) -> tuple[Mosaic, Particles]:
        """Give the picture of the people on the page, made anew when their cells are others."""
        bodies = [life.body for life in model.lives]
        if self.mosaic is None or self.particles is None or not self.mosaic.fits(bodies):
            self.mosaic = Mosaic(bodies)
            self.particles = Particles(self.mosaic, bodies)
        return self.mosaic, self.particles


@solara.component
def TissueView(model: PersonModel) -> None:  # noqa: N802
    """Show the cells of everybody on the page."""
    frame = update_counter.get()
    drawing = solara.use_memo(Drawing, [id(model)])
    name, set_name = solara.use_state("surface_receptors")
    dots, set_dots = solara.use_state(True)
    pointed, set_pointed = solara.use_state("")
    opened: solara.Reactive[Opened | None] = solara.use_reactive(None)
    bodies = [life.body for life in model.lives]
    known = quantities([cls for body in bodies for cls in body.cell_classes.values()])
    quantity = known[name]
    if opened.value is not None and opened.value.model is not model:
        opened.value = None
    with model.lock:
        mosaic, particles = drawing.of(model)
        if opened.value is not None:
            opened.value.note()
        chosen = -1 if opened.value is None or opened.value.gone else opened.value.number_in(mosaic)
        picture, meanings = mosaic.draw(bodies, quantity, chosen)
        dotted = particles.draw(bodies, model.time) if dots else {}

    def cell(pixel: Sequence[int] | None) -> Opened | None:
        there = pixel if mosaic.fits([life.body for life in model.lives]) else None  # a cell may have died since
        found = mosaic.cell_at(*there) if there else None
        return Opened(model, *found) if found else None

    def point(pixel: Sequence[int] | None) -> None:
        with model.lock:
            under = cell(pixel)
            set_pointed("" if under is None else f"{under.title}: {_value_in_words(under, quantity)}")

    def open_cell(pixel: Sequence[int] | None) -> None:
        with model.lock:
            opened.value = cell(pixel) or opened.value

    def turn(way: int) -> None:
        with model.lock:
            opened.value = opened.value.next(way) if opened.value is not None else cell((0, 0))

    label = "; ".join(_in_words(model, *one, quantity) for one in zip(mosaic.panels, meanings, strict=True))
    with solara.Column(gap="4px", classes=["person-figure"]):
        with solara.Row(gap="12px"):
            solara.Select("Colour of the cells", values=list(known), value=name, on_value=set_name)
            solara.Checkbox(label="Particles", value=dots, on_value=set_dots)
        Tissues(
            frame=frame,
            shown=f"{id(model)} {name} {dots} {chosen}",
            picture=picture,
            particles={kind: one.places for kind, one in dotted.items()},
            panels=[_panel(model, *one) for one in zip(mosaic.panels, meanings, strict=True)],
            columns=COLUMNS_OF_TWO if len(model.lives) > 1 else COLUMNS_OF_ONE,
            width=mosaic.width,
            height=mosaic.height,
            colours=COLOURS,
            label=label,
            event_drawn=model.pace.drawn,
            event_hovered=point,
            event_clicked=open_cell,
            event_turned=turn,
        )
        model.pace.send(frame)
        solara.Text(pointed or _legend(mosaic, particles, quantity, dots), classes=["tissue-note"])
        if opened.value is not None:
            CellView(opened.value, frame, on_close=lambda: opened.set(None))


def _panel(model: PersonModel, panel: Panel, shown: Shown) -> dict[str, Any]:
    """Give what is drawn above a panel, and where its sheet is on the picture."""
    known = shown.mean == shown.mean
    top = f"≥ {number(shown.top)}, mean {number(shown.mean)}" if known else ""
    return {
        "left": panel.left,
        "width": panel.width,
        "height": panel.height,
        "title": f"{model.letter(panel.number)}{panel.tissue}, {panel.rows[-1]:,} cells",
        "top": top,
    }


def _in_words(model: PersonModel, panel: Panel, shown: Shown, quantity: Quantity) -> str:
    return f"{_panel(model, panel, shown)['title']}: {quantity.meaning}, mean {shown.mean:.6g} {quantity.unit}"


def _value_in_words(cell: Opened, quantity: Quantity) -> str:
    values = values_of(cell.body, cell.cls, quantity)
    if values is None:
        return f"it has no {quantity.name}"
    return f"{quantity.meaning} {number(float(values[cell.row]))} {quantity.unit}"


def _legend(mosaic: Mosaic, particles: Particles, quantity: Quantity, dots: bool) -> str:
    said = f"Colour: {quantity.meaning}, {quantity.unit}. Red: a capillary of each patch, where there is room."
    if dots:
        each = []
        for kind, unit in KINDS.items():
            tissues = particles.stands_for[kind]
            each.append(f"{kind} {', '.join(f'{tissue} {number(count)}' for tissue, count in tissues.items())} {unit}")
        said += f" A dot (white: glucose, orange: insulin) is so many particles: {'; '.join(each)}."
    return f"{said} Click a cell to open it."
