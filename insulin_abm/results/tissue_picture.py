"""The tissues of several runs side by side: every cell a square, coloured by the insulin receptors on its surface."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colorbar import Colorbar
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from insulin_abm.results import drawing
from insulin_abm.results.compared import Run
from insulin_abm.results.drawing import BLACK, COLOURS, DARK_GREY, TEXT_SIZE, TITLE_SIZE, dress, shortened
from insulin_abm.results.sheet import sheet_of_cells

KINDS = ("muscle", "fat", "liver", "beta")
SIGNAL_KIND = "muscle"
COLOUR_MAP = "viridis"
"""From few (dark) to many (bright); colour-blind people see the same order."""
SHARE_IN_SCALE = 98.0
"""Percentile of the cells of all runs that scales reach to."""
SCALE_ASPECT = 12.0
BINS = 30
MOST_RUNS = 6
SHARE_IN_SIGHT = 50.0
"""Percent of cells in one bar above which a bar may be cut, so that the others are seen."""
COLUMN_WIDTH, SCALE_WIDTH, LEAST_WIDTH = 2.4, 1.6, 6.8
HEADINGS_HEIGHT, GAP_HEIGHT, HISTOGRAM_HEIGHT, LEAST_HEIGHT = 1.5, 0.4, 1.5, 1.0


def tissue_picture(runs: Sequence[Run]) -> Figure:
    """Draw a row per kind of cell and a column per run, and below how the signal is spread over muscle cells.

    Parameters
    ----------
    runs : sequence of Run
        Whose cells at the last snapshot are drawn, on one scale of colours for all runs of a kind.
    """
    drawn = runs[:MOST_RUNS]
    width = max(LEAST_WIDTH, COLUMN_WIDTH * len(drawn) + SCALE_WIDTH)
    column_width = (width - SCALE_WIDTH) / len(drawn)
    heights = [max([_tallness(run, kind) * column_width for run in drawn] + [LEAST_HEIGHT]) for kind in KINDS]
    heights.append(HISTOGRAM_HEIGHT)
    figure = drawing.new_figure(width, HEADINGS_HEIGHT + sum(heights) + GAP_HEIGHT * len(heights))
    panels = figure.subplots(len(heights), len(drawn), squeeze=False, height_ratios=heights)
    for kind, row in zip(KINDS, panels, strict=False):
        scale = scale_of(drawn, kind)
        for axes, run in zip(row, drawn, strict=True):
            _sheet(axes, run, kind, scale)
        row[0].set_ylabel(f"{kind} cells", fontsize=TITLE_SIZE, fontweight="bold")
        draw_scale(figure, list(row), scale).set_label("receptors", fontsize=TEXT_SIZE)
    for axes, run in zip(panels[0], drawn, strict=True):
        heading = f"{shortened(run.label)}\nafter {drawing.duration(run.snapshot_min)}"
        style = {"ha": "center", "va": "bottom", "fontsize": TITLE_SIZE, "fontweight": "bold"}
        axes.annotate(heading, (0.5, 1.0), (0, 22), xycoords="axes fraction", textcoords="offset points", **style)
    _signals(panels[-1], drawn)
    figure.suptitle("Insulin receptors on the surface of every cell", fontsize=12, fontweight="bold")
    figure.supxlabel(_caption(runs), fontsize=8, color=DARK_GREY)
    return figure


def receptors_of(run: Run, kind: str) -> np.ndarray:
    """Give the receptors on the surface of each cell of a kind; float64, shape (cells,)."""
    return run.cells.loc[run.cells["kind"] == kind, "receptors"].to_numpy(float)


def scale_of(runs: Sequence[Run], kind: str) -> Normalize:
    """Give the scale of colours that all runs share for a kind of cell."""
    return scale_for(np.concatenate([receptors_of(run, kind) for run in runs]))


def scale_for(receptors: np.ndarray) -> Normalize:
    """Give the scale of colours for the receptors of cells."""
    top = float(np.percentile(receptors, SHARE_IN_SCALE)) if len(receptors) else 0.0
    return Normalize(0.0, top or 1.0)


def draw_scale(figure: Figure, panels: list[Axes], scale: Normalize, aspect: float = SCALE_ASPECT) -> Colorbar:
    """Draw beside panels what their colours mean, so many times as tall as wide."""
    bar = figure.colorbar(ScalarMappable(scale, COLOUR_MAP), ax=panels, extend="max", aspect=aspect, pad=0.02)
    bar.ax.yaxis.set_major_locator(MaxNLocator(5))
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    bar.ax.tick_params(labelsize=TEXT_SIZE)
    return bar


def _pixels(run: Run, kind: str) -> np.ndarray:
    """Say for each pixel which cell of a kind it shows; there is at least one."""
    first, last = run.patches.loc[[kind], ["min", "max"]].to_numpy(int)[0]
    patch = run.cells.loc[run.cells["kind"] == kind, "patch"] - first
    return sheet_of_cells(tuple(patch.tolist()), int(last - first) + 1).pixels


def _tallness(run: Run, kind: str) -> float:
    """Give the height of a sheet relative to its width (0: there are no cells)."""
    if not (run.cells["kind"] == kind).any():
        return 0.0
    height, width = _pixels(run, kind).shape
    return height / width


def _sheet(axes: Axes, run: Run, kind: str, scale: Normalize) -> None:
    """Draw the cells of one kind of one run, with their mean above."""
    axes.set(xticks=[], yticks=[], anchor="N")
    axes.spines[:].set_visible(False)
    receptors = receptors_of(run, kind)
    if not len(receptors):
        axes.text(0.5, 0.5, f"no {kind} cells", ha="center", va="center", fontsize=TEXT_SIZE, color=DARK_GREY)
        return
    pixels = _pixels(run, kind)
    colours = np.vstack([matplotlib.colormaps[COLOUR_MAP](scale(receptors)), np.zeros((1, 4))])  # the last: no cell
    axes.imshow(colours[pixels], interpolation="antialiased", interpolation_stage="rgba")
    axes.set_title(f"{len(receptors):,} cells, mean {receptors.mean():,.0f}", fontsize=TEXT_SIZE)


def _signals(row: Sequence[Axes], runs: Sequence[Run]) -> None:
    """Draw how the insulin signal is spread over muscle cells, with the outline of the first run everywhere."""
    signals = [run.cells.loc[run.cells["kind"] == SIGNAL_KIND, "signal"].to_numpy(float) for run in runs]
    everything = np.concatenate(signals)
    top = float(everything.max()) if len(everything) else 0.0
    edges = np.linspace(0.0, top or 1.0, BINS + 1)
    shares = [np.histogram(one, edges)[0] / max(len(one), 1) * 100.0 for one in signals]
    peaks = [float(share.max()) for share in shares]
    highest = max([peak for peak in peaks if peak <= SHARE_IN_SIGHT] or peaks)
    for number, (axes, share) in enumerate(zip(row, shares, strict=True)):
        axes.stairs(share, edges, fill=True, color=COLOURS[number % len(COLOURS)], alpha=0.75)
        if number:
            axes.stairs(shares[0], edges, color=BLACK, linewidth=0.9)
        dress(axes, "", "% of muscle cells" if number == 0 else "")
        axes.set(xlim=(0.0, edges[-1]), ylim=(0.0, highest * drawing.HEADROOM or 1.0))
        if peaks[number] > highest:
            at = float(edges[share.argmax()] + edges[share.argmax() + 1]) / 2.0
            text = f" bar cut: {peaks[number]:.0f} %"
            axes.annotate(
                text,
                (at, 1.0),
                (8, -4),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                fontsize=TEXT_SIZE,
            )
        axes.xaxis.set_major_locator(MaxNLocator(3))
        axes.set_xlabel("signal at that moment (dimensionless)", fontsize=TEXT_SIZE)
    row[0].set_title("Insulin signal of muscle cells", loc="left", fontsize=TITLE_SIZE)


def _caption(runs: Sequence[Run]) -> str:
    """Say what the picture does not show by itself."""
    lines = ["model output, not medical advice; one square is one cell, neighbours share a patch of tissue"]
    if len(runs) > 1:
        lines.append(f"black outline: {shortened(runs[0].label)}")
    if len(runs) > MOST_RUNS:
        lines.append(f"the first {MOST_RUNS} of {len(runs)} runs are drawn")
    return "\n".join(lines)
