"""Pictures of a scoreboard: how far each emergent fact is from its band, and courses beside published points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from insulin_abm.parameters.targets import ASSUMED, EMERGENT, targets
from insulin_abm.results.drawing import BLUE, COLOURS, GREY, SHADE, TEXT_SIZE, VERMILION, dress, new_figure
from insulin_abm.results.names import NOTE
from insulin_abm.validation.curves import PANELS, Curves, Line
from insulin_abm.validation.score import Score, in_order

WIDTH, HEIGHT_OF_A_FACT, MARGIN = 9.0, 0.22, 1.2
PANELS_IN_A_ROW, HEIGHT_OF_A_PANEL = 2, 2.8
FARTHEST = 3.0
"""Facts that miss by more spreads than this are drawn at the edge."""


def draw(scores: Sequence[Score]) -> Figure:
    """Draw emergent facts that were measured; the shaded stripe is the published or assumed band."""
    facts = [score for score in in_order(scores) if score.target.role == EMERGENT and score.simulated]
    figure = new_figure(WIDTH, MARGIN + HEIGHT_OF_A_FACT * max(len(facts), 1))
    axes = figure.subplots(1, 1)
    axes.axvspan(-1.0, 1.0, color=SHADE, zorder=0)
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    for row, score in enumerate(facts):
        fact = score.target
        middle = 0.5 * (fact.low + fact.high)
        distance = (score.mean - middle) / fact.spread if score.known else FARTHEST
        hollow = fact.spread_kind == ASSUMED
        colour = BLUE if score.inside else VERMILION
        filled = "none" if hollow else colour
        axes.plot([min(max(distance, -FARTHEST), FARTHEST)], [row], "o", color=colour, mfc=filled, clip_on=False)
    axes.set_yticks(range(len(facts)), [f"{s.target.id}  {s.target.quantity.replace('_', ' ')}" for s in facts])
    axes.invert_yaxis()
    axes.set_xlim(-FARTHEST, FARTHEST)
    dress(axes, "Emergent facts: where the model is within the band (shaded)", "")
    axes.set_xlabel("distance from the middle of the band, in half widths; hollow: an assumed band", fontsize=TEXT_SIZE)
    figure.supxlabel("model output, not medical advice", fontsize=TEXT_SIZE, color=GREY, x=0.99, ha="right")
    return figure


def draw_ribbons(curves: Sequence[Curves]) -> Figure:
    """Draw simulated courses (mean, and the ribbon from the lowest to the highest seed) beside published points."""
    panels = [panel for panel in PANELS if all(panel.title in seed for seed in curves)]
    rows = -(-len(panels) // PANELS_IN_A_ROW)
    figure = new_figure(WIDTH, HEIGHT_OF_A_PANEL * rows)
    grid = figure.subplots(rows, PANELS_IN_A_ROW, squeeze=False)
    for axes in grid.flat[len(panels) :]:
        axes.set_visible(False)
    for axes, panel in zip(grid.flat, panels, strict=False):
        for colour, who in zip(COLOURS, curves[0][panel.title], strict=False):
            _draw_line(axes, [seed[panel.title][who] for seed in curves], colour, who)
            for fact, where in panel.points.get(who, {}).items():
                known = targets()[fact]
                whiskers = [[known.value - known.low], [known.high - known.value]]
                axes.errorbar([where], [known.value], yerr=whiskers, fmt="o", color=colour, markersize=4, capsize=2)
        if panel.is_logarithmic:
            axes.set_xscale("log")
        dress(axes, panel.title, "")
        axes.set_xlabel(panel.x_label, fontsize=TEXT_SIZE)
        axes.legend(fontsize=TEXT_SIZE, frameon=False)
    figure.supxlabel("points and whiskers: published, with their bands; " + NOTE, fontsize=TEXT_SIZE, color=GREY)
    return figure


def _draw_line(axes: Axes, lines: Sequence[Line], colour: str, who: str) -> None:
    """Draw the mean of the seeds at the places of the first one, and the ribbon of all."""
    places = lines[0][0]
    values = np.array([np.interp(places, *line) for line in lines])
    axes.plot(places, values.mean(axis=0), color=colour, label=who.replace("_", " "))
    axes.fill_between(places, values.min(axis=0), values.max(axis=0), color=colour, alpha=0.25, linewidth=0)
