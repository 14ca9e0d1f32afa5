"""A user's own points over the course of a run, and how far the run is from them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from insulin_abm.readings import READINGS
from insulin_abm.results.drawing import BLACK, GREY, TEXT_SIZE, VERMILION, TimeAxis, dress, new_figure
from insulin_abm.results.errors import PlaceError
from insulin_abm.results.names import NOTE
from insulin_abm.scenario.published import DOSE, Published

WIDTH, HEIGHT_OF_A_PANEL = 9.0, 2.8
UNITS = {reading.name: reading.unit for reading in READINGS}


@dataclass(frozen=True)
class Difference:
    """How far a run is from a user's points of one quantity.

    Attributes
    ----------
    quantity, unit : str
        Column of `timeseries.csv` and its unit.
    points : int
        How many there are.
    mean : float
        Mean of simulated less measured.
    root_mean_square : float
        Root of the mean of its square.
    relative : float
        That, relative to the mean of the measured values.
    within : str
        How many points have the run within their spread, of those with one.
    """

    quantity: str
    unit: str
    points: int
    mean: float
    root_mean_square: float
    relative: float
    within: str


def refuse_beyond(points: Sequence[Published], series: pd.DataFrame, where: str) -> None:
    """Refuse points that the course of a person has no place for.

    Raises
    ------
    PlaceError
        One is at a dose, or at a time that was not recorded.
    """
    first, last = float(series["time_min"].iloc[0]), float(series["time_min"].iloc[-1])
    for point in points:
        if point.x_unit == DOSE:
            raise PlaceError(f"{where}: a point of a person is at a time (time_min), not at a dose")
        if not first <= point.x <= last:
            raise PlaceError(f"{where}: a point at minute {point.x:g}, but the run goes from {first:g} to {last:g} min")


def differences(points: Sequence[Published], series: pd.DataFrame) -> list[Difference]:
    """Compare points with the run, on straight lines between its recordings."""
    found = []
    for quantity in dict.fromkeys(point.quantity for point in points):
        own = [point for point in points if point.quantity == quantity]
        simulated = np.interp([point.x for point in own], series["time_min"], series[quantity])
        measured = np.array([point.y for point in own])
        off = simulated - measured
        spread = [
            point.y_low <= value <= point.y_high
            for point, value in zip(own, simulated, strict=True)
            if math.isfinite(point.y_low) and math.isfinite(point.y_high)
        ]
        size = float(np.sqrt((off**2).mean()))
        relative = size / abs(float(measured.mean())) if measured.mean() else math.nan
        within = f"{sum(spread)} of {len(spread)}" if spread else ""
        found.append(Difference(quantity, UNITS[quantity], len(own), float(off.mean()), size, relative, within))
    return found


def draw_points(points: Sequence[Published], series: pd.DataFrame, title: str) -> Figure:
    """Draw the run and the points, a panel for each quantity."""
    found = differences(points, series)
    figure = new_figure(WIDTH, HEIGHT_OF_A_PANEL * len(found))
    time = TimeAxis(float(series["time_min"].iloc[-1]))
    for axes, one in zip(figure.subplots(len(found), 1, squeeze=False).flat, found, strict=True):
        own = [point for point in points if point.quantity == one.quantity]
        axes.plot(time.of(series["time_min"].to_numpy(float)), series[one.quantity], color=BLACK, label="simulated")
        for point in own:
            known = math.isfinite(point.y_low) and math.isfinite(point.y_high)
            whiskers = [[point.y - point.y_low], [point.y_high - point.y]] if known else None
            axes.errorbar([time.of(point.x)], [point.y], yerr=whiskers, fmt="o", color=VERMILION, capsize=2)
        dress(axes, f"{one.quantity}: off by {one.mean:+.3g} on average, {one.root_mean_square:.3g} (rms)", one.unit)
        time.apply(axes, label=axes is figure.axes[-1])
    figure.suptitle(f"{title}: line simulated, points measured", fontsize=TEXT_SIZE + 2)
    figure.supxlabel(NOTE, fontsize=TEXT_SIZE, color=GREY, x=0.99, ha="right")
    return figure
