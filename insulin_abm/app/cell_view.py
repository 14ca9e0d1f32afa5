"""One cell on the page: its receptors, their history as small curves, and fields in which its values can be changed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import solara

from insulin_abm.app.curves import STRETCHES
from insulin_abm.app.opened import Opened
from insulin_abm.app.svg import line, nice_above, number, svg, text
from insulin_abm.readings import in_minutes
from insulin_abm.results.drawing import BLUE, GREEN, PURPLE, VERMILION

WIDTH, HEIGHT = 560, 176
MIDDLE_X, MIDDLE_Y, RADIUS = 88, 88, 66
DOTS = 90
"""So many dots stand for all receptors of the cell."""
SURFACE, BOUND, INSIDE = BLUE, VERMILION, GREEN
CURVES = (
    ("surface_receptors", "free on the surface", SURFACE),
    ("bound_receptors", "holding insulin", BOUND),
    ("internal_receptors", "inside", INSIDE),
    ("signal", "signal", PURPLE),
)
CURVES_LEFT, CURVES_RIGHT, CURVE_HEIGHT, CURVE_STEP = 330, 552, 26, 42


@solara.component
def CellView(cell: Opened, frame: int, on_close: Callable[[], None]) -> None:  # noqa: N802
    """Show a cell; a new frame shows it anew."""
    with solara.Column(gap="4px", classes=["cell-view"]):
        with solara.Row(gap="12px", style={"align-items": "center"}):
            solara.Text(cell.title, style={"font-weight": "500"})
            solara.Button("Close the cell", on_click=on_close, text=True, small=True)
        with cell.model.lock:
            gone = cell.gone
            picture = "" if gone else cell_picture(cell)
        if gone:
            solara.Text("This cell has died.")
            return
        solara.HTML(tag="div", unsafe_innerHTML=picture, classes=["cell-picture"])
        ChangeByHand(cell)


@solara.component
def ChangeByHand(cell: Opened) -> None:  # noqa: N802
    """Let a value of the cell be changed."""
    name, set_name = solara.use_state("surface_receptors")
    written, set_written = solara.use_state("")
    said, set_said = solara.use_state("")
    names = cell.editable
    chosen = name if name in names else names[0]
    refused = cell.refusal(chosen, written) if written else ""

    def change() -> None:
        with cell.model.lock:
            cell.change(chosen, written)
            set_said(f"{chosen} is {number(cell.value(chosen))} now; it shows in the next minute.")
        set_written("")

    with solara.Row(gap="12px", style={"align-items": "center"}):
        solara.Select("Value of the cell", values=names, value=chosen, on_value=set_name)
        solara.InputText(
            f"New value, {cell.cls.columns[chosen].unit}",
            value=written,
            on_value=set_written,
            continuous_update=True,
            error=refused or False,
        )
        solara.Button("Change", on_click=change, disabled=bool(refused) or not written, small=True)
    if said:
        solara.Text(f"{said} The tables of this person now hold a change that no scenario has.")


def cell_picture(cell: Opened) -> str:
    """Draw the receptors of a cell as dots, free and bound on its surface and inside, and their history; SVG."""
    counts = [cell.value(name) for name, _, _ in CURVES[:3]]
    each = max(1.0, nice_above(max(cell.history.first(name) for name, _, _ in CURVES[:3]) * 2.0 / DOTS))
    free, bound, inside = (round(count / each) for count in counts)
    parts = [f'<circle cx="{MIDDLE_X}" cy="{MIDDLE_Y}" r="{RADIUS}" fill="currentColor" fill-opacity="0.07"/>']
    parts += [_dot(place, RADIUS, BOUND if turn < bound else SURFACE) for turn, place in _around(bound, free)]
    parts += [_dot(place, radius, INSIDE) for place, radius in _within(inside)]
    top = 20
    for (_, title, colour), count in zip(CURVES[:3], counts, strict=True):
        parts += [
            f'<circle cx="184" cy="{top - 4}" r="4" fill="{colour}"/>',
            text(194, top, f"{title}: {number(count)}"),
        ]
        top += 20
    parts.append(text(180, top + 4, f"a dot: {number(each)} receptors"))
    for name in ("local_insulin", "local_glucose", "glucose_taken"):
        top += 20
        value = float(in_minutes(cell.body, cell.cls, name)[cell.row])
        parts.append(text(180, top + 12, f"{name.replace('_', ' ')}: {number(value)} {cell.cls.columns[name].unit}"))
    for turn, (name, title, colour) in enumerate(CURVES):
        parts += _curve(cell, name, title, colour, 16 + CURVE_STEP * turn)
    return svg(WIDTH, HEIGHT, f"{cell.title}: {number(sum(counts))} insulin receptors", parts)


def _around(bound: int, free: int) -> list[tuple[int, float]]:
    """Spread dots around the cell; bound ones come first, and are spread among the others by the golden angle."""
    number_of_dots = max(bound + free, 1)
    order = np.argsort((np.arange(number_of_dots) * 0.618) % 1.0)
    return [(turn, place / number_of_dots) for place, turn in enumerate(order.tolist()) if turn < bound + free]


def _within(inside: int) -> list[tuple[float, float]]:
    """Spread dots inside the cell like the seeds of a sunflower."""
    return [((turn * 0.618) % 1.0, 0.85 * RADIUS * ((turn + 0.5) / inside) ** 0.5) for turn in range(inside)]


def _dot(turn: float, radius: float, colour: str) -> str:
    angle = 2.0 * np.pi * turn
    x, y = MIDDLE_X + radius * np.cos(angle), MIDDLE_Y + radius * np.sin(angle)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{colour}"/>'


def _curve(cell: Opened, name: str, title: str, colour: str, top: float) -> list[str]:
    """Draw the history of a column since the cell was opened."""
    times, values = cell.history.few(name, -np.inf, STRETCHES)
    highest = nice_above(float(values.max()))
    span = max(float(times[-1] - times[0]), 1.0)
    across = CURVES_LEFT + (times - times[0]) / span * (CURVES_RIGHT - CURVES_LEFT)
    up = top + CURVE_HEIGHT * (1.0 - values / highest)
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across.tolist(), up.tolist(), strict=True))
    bottom = top + CURVE_HEIGHT
    return [
        text(CURVES_LEFT, top - 4, f"{title}, 0 to {number(highest)}"),
        line(CURVES_LEFT, bottom, CURVES_RIGHT, bottom, 0.5),
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>',
    ]
