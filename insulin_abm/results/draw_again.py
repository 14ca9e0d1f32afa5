"""Draws the pictures of finished results anew, from their tables alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from insulin_abm.cell_quantities import QUANTITIES
from insulin_abm.readings import READINGS
from insulin_abm.results import names
from insulin_abm.results.dish_picture import draw_dish, quantities_dosed
from insulin_abm.results.drawing import save_figure
from insulin_abm.results.errors import PlaceError
from insulin_abm.results.own_points import read_points, refuse_unknown
from insulin_abm.results.own_points_picture import draw_points, refuse_beyond
from insulin_abm.results.results import Results
from insulin_abm.scenario.published import Published


def draw_again(
    folder: Path, data: Path | None = None, forms: Sequence[names.FigureForm] = (names.FigureForm.PNG,)
) -> list[Path]:
    """Draw all pictures of a run or of a dish and give their paths.

    Parameters
    ----------
    folder : Path
        The results.
    data : Path, optional
        A user's own points, see `own_points.read_points`: quantities of cells for a dish, columns of `timeseries.csv`
        for a person, who gets a picture of them.
    forms : sequence of FigureForm
        How each picture is kept.

    Raises
    ------
    PlaceError
        The folder holds no results, the points cannot be read, or nothing can be written there.
    """
    results = Results(folder)
    points = points_for(results, data)
    try:
        (folder / names.FIGURES).mkdir(exist_ok=True)
        if results.of_dish:
            return draw_dish(results, points, forms)
        figures = folder / names.FIGURES
        pictures = save_figure(results.plot(), figures / names.OVERVIEW, forms)
        if points:
            drawn = draw_points(points, results.timeseries, results.name)
            pictures += save_figure(drawn, figures / names.OWN_POINTS, forms)
    except (KeyError, IndexError) as error:
        raise PlaceError(f"{folder}: the tables lack {error}; these are not the results of a run") from error
    except (ValueError, TypeError) as error:
        raise PlaceError(f"{folder}: the tables are damaged ({error}); run the scenario again") from error
    except OSError as error:
        raise PlaceError(f"{folder}: cannot write there: {error.strerror or error}") from error
    return pictures


def points_for(results: Results, data: Path | None) -> list[Published]:
    """Read a user's own points and refuse those for which the results have no place."""
    if data is None:
        return []
    if results.of_dish:
        points = read_points(data, [quantity.name for quantity in QUANTITIES])
        refuse_unknown(points, results.wells, quantities_dosed(results), str(results.folder))
    else:
        points = read_points(data, [reading.name for reading in READINGS[1:]])
        refuse_beyond(points, results.timeseries, str(results.folder))
    return points
