"""The frames of a movie: the tissues of a person, cell by cell, beside the curves of the body up to that moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.text import Text

from insulin_abm.parameters.conversions import MINUTES_PER_DAY
from insulin_abm.results import drawing, overview
from insulin_abm.results.drawing import DARK_GREY, TEXT_SIZE, TITLE_SIZE, TimeAxis
from insulin_abm.results.measures import TIME
from insulin_abm.results.results import Results
from insulin_abm.results.sheet import sheet_of_cells
from insulin_abm.results.tissue_picture import COLOUR_MAP, KINDS, draw_scale, scale_for
from insulin_abm.scenario.times import clock_text

WIDTH, HEIGHT, DOTS_PER_INCH = 10.0, 5.625, 128
"""Frames of 1280 to 720: video wants multiples of 16."""
PANELS = [
    ["muscle", "fat", "glucose"],
    ["muscle", "fat", "glucose"],
    ["muscle", "fat", "insulin"],
    ["liver", "beta", "insulin"],
    ["liver", "beta", "receptors"],
    ["liver", "beta", "receptors"],
]
COLUMN_WIDTHS = (1.0, 1.0, 1.7)
GLUCOSE, INSULIN = overview.CURVES[0, 0], overview.CURVES[0, 1]
LARGEST_SHEET = 320
"""Pixels of the longer side of a tissue, unless cells of one pixel need more."""
TITLE_LETTERS = 60
EDGE, TOP, ROOM = 0.01, 0.98, 0.935
"""Where the title begins and the clock ends, how high both stand, and how high panels reach, in shares of the frame."""
SPACE, SPACE_BETWEEN = 0.08, 0.03
"""Around panels in inches, and between them in shares of a panel."""
HEADING_SIZE = 12
SCALE_ASPECT = 25.0
"""How many times as tall as wide the scale of colours is."""
CELLS = [TIME, "kind", "cell", "patch", "surface_receptors", "bound_receptors"]
"""The columns of `cells.csv` that are read."""


class Frames:
    """The frames of a movie, one for every snapshot of the cells; only what moves is drawn anew.

    Parameters
    ----------
    results : Results
        Of a finished run of a person.
    cells : DataFrame
        The columns `CELLS` of its cells.

    Attributes
    ----------
    size : tuple of int
        Width and height of a frame in pixels.
    """

    def __init__(self, results: Results, cells: pd.DataFrame) -> None:
        figure = drawing.new_figure(WIDTH, HEIGHT)
        figure.set_dpi(DOTS_PER_INCH)
        around = {"w_pad": SPACE, "h_pad": SPACE / 2.0, "wspace": SPACE_BETWEEN, "hspace": SPACE_BETWEEN}
        figure.set_layout_engine("constrained", rect=(0.0, 0.0, 1.0, ROOM), **around)
        self._canvas = FigureCanvasAgg(figure)
        self.size = self._canvas.get_width_height()
        self._moments = np.unique(cells[TIME].to_numpy(float))
        panels: Mapping[str, Axes] = figure.subplot_mosaic(PANELS, width_ratios=COLUMN_WIDTHS)  # type: ignore[arg-type]
        self._tissues = [tissue for kind in KINDS if (tissue := _tissue(panels[kind], kind, cells)) is not None]
        self._curves = _Curves([panels[name] for name in ("glucose", "insulin", "receptors")], results)
        self._clock = _Clock(figure, results.manifest)
        about = "one square is one cell, coloured by the insulin receptors on its surface"
        means = "; curves: means of each day" if self._curves.day_by_day else ""
        figure.supxlabel(f"{about}{means}; model output, not medical advice", fontsize=TEXT_SIZE, color=DARK_GREY)
        self._moving = self._set_apart()
        self._canvas.draw()
        self._still = self._canvas.copy_from_bbox(figure.bbox)

    def __len__(self) -> int:
        return len(self._moments)

    def __iter__(self) -> Iterator[np.ndarray]:
        return (self.draw(number) for number in range(len(self)))

    def draw(self, number: int) -> np.ndarray:
        """Draw a frame.

        Parameters
        ----------
        number : int
            Which, from 0 on.

        Returns
        -------
        ndarray of uint8, shape (height, width, 3)
            Red, green and blue of its pixels.
        """
        for tissue in self._tissues:
            tissue.show(number)
        self._curves.show(self._moments[number])
        self._clock.show(self._moments[number])
        self._canvas.restore_region(self._still)
        for artist in self._moving:
            self._canvas.figure.draw_artist(artist)
        return np.ascontiguousarray(np.asarray(self._canvas.buffer_rgba())[:, :, :3])

    def _set_apart(self) -> list[Artist]:
        """Take what moves out of what is drawn once, and give it."""
        shown: list[Artist] = [self._clock.text, *self._curves.moving]
        for tissue in self._tissues:
            shown += [tissue.image, tissue.mean]
        for artist in shown:
            artist.set_animated(True)
        return shown


@dataclass(frozen=True)
class _Tissue:
    """The cells of a kind in all snapshots, and where they are drawn.

    Attributes
    ----------
    receptors : ndarray of float64, shape (snapshots, cells + 1)
        Receptors on the surface of each cell; NaN where it does not live, as the last one never does.
    pixels : ndarray of int64, shape (height, width)
        Which cell each pixel shows, -1 where there is none.
    image : AxesImage
        Their picture.
    mean : Text
        What is written above it.
    """

    receptors: np.ndarray
    pixels: np.ndarray
    image: AxesImage
    mean: Text

    def show(self, number: int) -> None:
        """Show the cells as they were in a snapshot."""
        now = self.receptors[number]
        colours = matplotlib.colormaps[COLOUR_MAP](self.image.norm(now), bytes=True)
        self.image.set_data(colours[self.pixels])
        alive = now[~np.isnan(now)]
        self.mean.set_text(f"mean {alive.mean():,.0f}" if len(alive) else "")


def _tissue(axes: Axes, kind: str, cells: pd.DataFrame) -> _Tissue | None:
    """Lay out all cells that were ever of a kind, each in its place for life; None if there are none."""
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    axes.set_title(f"{kind} cells", loc="left", fontsize=TITLE_SIZE)
    own = cells[cells["kind"] == kind]
    if own.empty:
        axes.text(0.5, 0.5, "none", transform=axes.transAxes, ha="center", fontsize=TEXT_SIZE, color=DARK_GREY)
        return None
    on_surface = own.assign(receptors=own["surface_receptors"] + own["bound_receptors"])
    by_cell = on_surface.pivot(index=TIME, columns="cell", values="receptors").reindex(np.unique(cells[TIME]))
    patch = own.groupby("cell")["patch"].first().to_numpy(int)
    patches = int(np.ptp(patch)) + 1
    pixels = sheet_of_cells(tuple((patch - patch.min()).tolist()), patches, LARGEST_SHEET).pixels
    scale = scale_for(on_surface["receptors"].to_numpy(float))
    nothing = np.zeros((*pixels.shape, 4), np.uint8)
    image = axes.imshow(nothing, norm=scale, interpolation="antialiased", interpolation_stage="rgba")
    draw_scale(axes.get_figure(root=True), [axes], scale, SCALE_ASPECT)  # type: ignore[arg-type]
    axes.set_anchor("N")
    mean = axes.text(1.0, 1.02, "", transform=axes.transAxes, ha="right", va="bottom", fontsize=TEXT_SIZE)
    return _Tissue(np.pad(by_cell.to_numpy(float), ((0, 0), (0, 1)), constant_values=np.nan), pixels, image, mean)


class _Curves:
    """Curves of the body, which grow until now.

    Parameters
    ----------
    panels : list of Axes
        For glucose, insulin, and receptors.
    results : Results
        Whose curves they are.

    Attributes
    ----------
    day_by_day : bool
        Whether the run is so long that means of each day are drawn.
    moving : list of Line2D
        What moves.
    """

    def __init__(self, panels: list[Axes], results: Results) -> None:
        series, events = results.timeseries, results.events
        last_min = float(series[TIME].iloc[-1])
        self._time = TimeAxis(last_min)
        self.day_by_day = last_min > overview.LONGEST_IN_FULL
        if self.day_by_day:
            series, _ = overview.day_by_day(series)
            events = events.iloc[:0]
        overview.curve(panels[0], series, self._time, *GLUCOSE)
        overview.shade_usual(panels[0])
        overview.curve(panels[1], series, self._time, *INSULIN)
        overview.receptors(panels[2], series, self._time)
        lines = [line for axes in panels for line in axes.lines]
        self._whole = [
            (line, np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)) for line in lines
        ]
        for axes in panels:
            self._time.apply(axes, label=axes is panels[-1])
            overview.mark_meals(axes, events, self._time)
        self._nows = [axes.axvline(0.0, color=DARK_GREY, linewidth=1.0) for axes in panels]
        self.moving: list[Line2D] = [*self._nows, *lines]

    def show(self, minute: float) -> None:
        """Show the curves up to a minute."""
        now = self._time.of(minute)
        for line, times, values in self._whole:
            past = times < now
            line.set_data(np.append(times[past], now), np.append(values[past], np.interp(now, times, values)))
        for mark in self._nows:
            mark.set_xdata([now, now])


class _Clock:
    """The title of the run, and what the clock says.

    Parameters
    ----------
    figure : Figure
        Where they are written, at the top.
    manifest : mapping
        Of the run.

    Attributes
    ----------
    text : Text
        What the clock says.
    """

    def __init__(self, figure: Figure, manifest: Mapping[str, Any]) -> None:
        self._start_min_of_day = int(manifest["scenario"]["start_min_of_day"])
        title = f"{drawing.cut_short(str(manifest['scenario']['title']), TITLE_LETTERS)} (seed {manifest['seed']})"
        style: dict[str, Any] = {"va": "top", "fontsize": HEADING_SIZE, "fontweight": "bold"}
        figure.text(EDGE, TOP, title, ha="left", parse_math=False, **style)
        self.text = figure.text(1.0 - EDGE, TOP, "", ha="right", **style)

    def show(self, minute: float) -> None:
        """Show the day and the time of day of a minute after the start."""
        clock = self._start_min_of_day + int(minute)
        self.text.set_text(f"day {clock // MINUTES_PER_DAY + 1}, {clock_text(clock)}")
