"""Draws the pictures of finished results anew, from their tables alone."""

from __future__ import annotations

from pathlib import Path

from insulin_abm.results import names
from insulin_abm.results.dish_picture import draw_dish, quantities_dosed
from insulin_abm.results.drawing import save_figure
from insulin_abm.results.errors import PlaceError
from insulin_abm.results.own_points import read_points, refuse_unknown
from insulin_abm.results.results import Results


def draw_again(folder: Path, data: Path | None = None) -> list[Path]:
    """Draw all pictures of a run or of a dish and give their paths.

    Parameters
    ----------
    folder : Path
        The results.
    data : Path, optional
        A user's own points, see `own_points.read_points`; only in the pictures of a dish.

    Raises
    ------
    PlaceError
        The folder holds no results, the points cannot be read, or nothing can be written there.
    """
    results = Results(folder)
    if data is not None and not results.of_dish:
        raise PlaceError(f"{folder}: own points are drawn into the pictures of a dish, and this is a run of a person")
    points = [] if data is None else read_points(data)
    if points:
        refuse_unknown(points, results.wells, quantities_dosed(results), str(folder))
    try:
        (folder / names.FIGURES).mkdir(exist_ok=True)
        if results.of_dish:
            return draw_dish(results, points)
        path = folder / names.FIGURES / names.OVERVIEW
        save_figure(results.plot(), path)
    except (KeyError, IndexError) as error:
        raise PlaceError(f"{folder}: the tables lack {error}; these are not the results of a run") from error
    except (ValueError, TypeError) as error:
        raise PlaceError(f"{folder}: the tables are damaged ({error}); run the scenario again") from error
    except OSError as error:
        raise PlaceError(f"{folder}: cannot write there: {error.strerror or error}") from error
    return [path]
