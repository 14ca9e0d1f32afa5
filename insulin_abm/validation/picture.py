"""The picture of a scoreboard: how far each emergent fact is from its published value, in spreads."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from insulin_abm.parameters.targets import ASSUMED, EMERGENT
from insulin_abm.results.drawing import BLUE, GREY, SHADE, TEXT_SIZE, VERMILION, dress, new_figure
from insulin_abm.validation.score import Score, in_order

WIDTH, HEIGHT_OF_A_FACT, MARGIN = 9.0, 0.22, 1.2
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
