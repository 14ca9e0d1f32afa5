"""How figures look: colours that everybody can tell apart, labels with units, the same bytes for the same data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from insulin_abm.results.names import FigureForm
from insulin_abm.results.place import whole_file

BLUE, VERMILION, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
SKY, PURPLE, BLACK, GREY = "#56B4E9", "#CC79A7", "#000000", "#8A8A8A"
DARK_GREY = "#555555"
COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)
"""Colours of Okabe and Ito (2008), told apart with any kind of colour vision."""
STYLES = ("-", "--", "-.", ":")
"""Lines differ in style as well, for print without colour."""

SHADE = "#E6F2EC"
DOTS_PER_INCH = 150
MINUTES_PER_HOUR, HOURS_PER_DAY = 60.0, 24.0
TEXT_SIZE, TITLE_SIZE = 8.5, 10
MOST_TICKS = 8
HOUR_STEPS = (0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 12.0)
DAY_STEPS = (1.0, 2.0, 7.0, 14.0, 28.0, 91.0, 182.0, 365.0, 730.0, 3650.0)
LONGEST_IN_HOURS = 72.0
HEADROOM = 1.08


FloatOrArray = TypeVar("FloatOrArray", float, np.ndarray)


class TimeAxis:
    """Time since the start, in hours or (in long runs) days, with ticks at whole steps.

    Parameters
    ----------
    last_minute : float
        The last minute that is shown.
    """

    def __init__(self, last_minute: float) -> None:
        hours = max(last_minute, 1.0) / MINUTES_PER_HOUR
        in_hours = hours <= LONGEST_IN_HOURS
        self.unit = "h" if in_hours else "days"
        self._per_minute = 1.0 / MINUTES_PER_HOUR / (1.0 if in_hours else HOURS_PER_DAY)
        self.end = last_minute * self._per_minute
        steps: Sequence[float] = HOUR_STEPS if in_hours else DAY_STEPS
        self._step = next((step for step in steps if self.end / step <= MOST_TICKS), steps[-1])

    def of(self, minutes: FloatOrArray) -> FloatOrArray:
        """Give where minutes are on the axis."""
        return minutes * self._per_minute  # type: ignore[return-value]

    def apply(self, axes: Axes, label: bool) -> None:
        """Give axes this time axis."""
        axes.set_xlim(0.0, self.end)
        axes.xaxis.set_major_locator(MultipleLocator(self._step))
        if label:
            axes.set_xlabel(f"time since the start ({self.unit})")


def new_figure(width: float, height: float) -> Figure:
    """Make an empty figure, in inches; it belongs to no window and no other thread."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def dress(axes: Axes, title: str, unit: str) -> None:
    """Give axes a title, a unit and a quiet frame."""
    axes.set_title(title, loc="left", fontsize=TITLE_SIZE)
    axes.set_ylabel(unit, fontsize=TEXT_SIZE)
    axes.tick_params(labelsize=TEXT_SIZE)
    axes.xaxis.label.set_fontsize(TEXT_SIZE)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(True, axis="y", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)


def from_zero(axes: Axes) -> None:
    """Let the vertical axis begin at zero, with room above the curves."""
    highest = max((float(np.nanmax(np.asarray(line.get_ydata(), float))) for line in axes.lines), default=0.0)
    axes.set_ylim(0.0, highest * HEADROOM if highest > 0.0 else 1.0)


def duration(minutes: float) -> str:
    """Write a duration in the unit of its time axis."""
    axis = TimeAxis(minutes)
    return f"{axis.end:.3g} {axis.unit}"


def shortened(label: str, letters: int = 24) -> str:
    """Shorten a label where there is little room; its end tells it from others."""
    return label if len(label) <= letters else f"…{label[1 - letters :]}"


def cut_short(label: str, letters: int = 44) -> str:
    """Cut a label that would not fit into a panel; its beginning says what it is."""
    return label if len(label) <= letters else f"{label[: letters - 1]}…"


# nothing of the drawing program or of today: the same data give the same bytes
_METADATA: dict[FigureForm, dict[str, None]] = {
    FigureForm.PNG: {"Software": None},
    FigureForm.SVG: {"Creator": None, "Date": None},
    FigureForm.PDF: {"Creator": None, "Producer": None, "CreationDate": None},
}


def save_figure(figure: Figure, path: Path, forms: Sequence[FigureForm] = (FigureForm.PNG,)) -> list[Path]:
    """Write a picture in some forms, and give where; one that is there is replaced only by a whole one.

    Parameters
    ----------
    figure : Figure
        The picture.
    path : Path
        Where; its ending is that of the form.
    forms : sequence of FigureForm
        How it is kept.
    """
    paths = [path.with_suffix(f".{form}") for form in forms]
    for form, place in zip(forms, paths, strict=True):
        with whole_file(place) as part, rc_context({"svg.hashsalt": path.stem}):
            figure.savefig(part, format=form, dpi=DOTS_PER_INCH, metadata=_METADATA[form])
    return paths
