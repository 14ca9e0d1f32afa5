"""The movie of a run of a person, a frame for every snapshot of the cells: MP4 or GIF."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from insulin_abm.results import names
from insulin_abm.results.errors import PlaceError
from insulin_abm.results.measures import TIME
from insulin_abm.results.movie_frames import CELLS, Frames
from insulin_abm.results.place import whole_file
from insulin_abm.results.results import Results

MP4, GIF = ".mp4", ".gif"
FEWEST_FRAMES, MOST_FRAMES_OF_GIF = 2, 1000
USUAL_FRAMES_PER_SECOND, LEAST_USUAL_SECONDS = 12.0, 4.0
LEAST_FRAMES_PER_SECOND, MOST_FRAMES_PER_SECOND = 0.1, 50.0
"""Browsers slow down what is faster."""
QUALITY = 8
"""Of 10, so that the squares of single cells stay sharp."""
HUNDREDTHS_PER_SECOND, MILLISECONDS_PER_HUNDREDTH = 100.0, 10
"""A GIF counts time in hundredths of a second."""
MORE_FRAMES = 'write cells_every = "10 min" under [record] in the scenario and run it again'


class Movie(NamedTuple):
    """A movie that was written.

    Attributes
    ----------
    path : Path
        Where it is.
    frames : int
        How many frames it has.
    """

    path: Path
    frames: int


def write_movie(
    folder: Path,
    path: Path | None = None,
    seconds: float | None = None,
    progress: Callable[[int, int], None] = lambda frame, frames: None,
) -> Movie:
    """Write the movie of a finished run of a person; one that is there is replaced only by a whole one.

    Parameters
    ----------
    folder : Path
        The results.
    path : Path, optional
        Where the movie goes, a name that ends in .mp4 or .gif (if left out, among the figures of the run).
    seconds : float, optional
        How long it lasts (if left out, twelve frames a second, and no less than four seconds).
    progress : callable
        Called after every frame with its number, from 1 on, and the number of frames.

    Raises
    ------
    PlaceError
        There is no such run, it has too few snapshots or too many for so short a movie, or nothing can be written.
    ModuleNotFoundError
        An MP4 needs imageio_ffmpeg, which is not installed.
    """
    path = path or folder / names.FIGURES / names.MOVIE
    ending = path.suffix.lower()
    _refuse_place(path)
    results = Results(folder)
    _refuse_unfinished(results)
    if ending == MP4:
        import imageio_ffmpeg  # noqa: F401  # before anything is drawn
    try:
        cells = results.read(names.CELLS, CELLS)
        seconds = _checked(folder, cells[TIME].nunique(), seconds, ending)
        frames = Frames(results, cells)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise PlaceError(f"{folder}: the tables are damaged ({error}); run the scenario again") from error
    write = _write_mp4 if ending == MP4 else _write_gif
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as part:
            write(part, frames, seconds, progress)
    except OSError as error:
        raise PlaceError(f"{path}: cannot write there: {error.strerror or error}") from error
    return Movie(path, len(frames))


def _refuse_place(path: Path) -> None:
    """Refuse a name that says no kind of movie, or that a folder has."""
    if path.suffix.lower() not in (MP4, GIF):
        raise PlaceError(f"{path}: is the name of no movie; end it in {MP4} or {GIF}")
    if path.is_dir():
        raise PlaceError(f"{path}: is a folder; choose another --out")


def _refuse_unfinished(results: Results) -> None:
    """Refuse a dish, and what a run that was cut off left behind."""
    if results.of_dish:
        raise PlaceError(f"{results.folder}: is of a dish; a movie shows the tissues of a person")
    if not (results.folder / names.MANIFEST).is_file():
        why = f"is of a run that is not finished (there is no {names.MANIFEST} in it)"
        raise PlaceError(f"{results.folder}: {why}; give its command again")


def _checked(folder: Path, frames: int, seconds: float | None, ending: str) -> float:
    """Give how long a movie of so many frames lasts; refuse what cannot be shown."""
    if frames < FEWEST_FRAMES:
        raise PlaceError(f"{folder}: a movie needs {FEWEST_FRAMES} snapshots of the cells or more; {MORE_FRAMES}")
    if ending == GIF and frames > MOST_FRAMES_OF_GIF:
        raise PlaceError(f"{folder}: {frames} frames are too many for a GIF; end --out in {MP4}")
    if seconds is None:
        return max(frames / USUAL_FRAMES_PER_SECOND, LEAST_USUAL_SECONDS)
    shortest, longest = frames / MOST_FRAMES_PER_SECOND, frames / LEAST_FRAMES_PER_SECOND
    if not shortest <= seconds <= longest:
        raise PlaceError(f"{folder}: a movie of {frames} frames takes {shortest:g} to {longest:g} s; change --seconds")
    return seconds


def _counted(frames: Frames, progress: Callable[[int, int], None]) -> Iterator[np.ndarray]:
    """Give the frames and say how many are done."""
    for number, frame in enumerate(frames, start=1):
        yield frame
        progress(number, len(frames))


def _write_mp4(path: Path, frames: Frames, seconds: float, progress: Callable[[int, int], None]) -> None:
    """Write a movie that every browser plays, and look whether it is whole: ffmpeg does not say so."""
    from imageio_ffmpeg import count_frames_and_secs, write_frames

    style = {"quality": QUALITY, "ffmpeg_log_level": "quiet", "output_params": ["-f", "mp4", "-movflags", "+faststart"]}
    try:
        with closing(write_frames(str(path), frames.size, fps=len(frames) / seconds, **style)) as writer:
            writer.send(None)
            for frame in _counted(frames, progress):
                writer.send(frame)
        written, _ = count_frames_and_secs(str(path))
    except (OSError, RuntimeError) as error:
        raise OSError("ffmpeg failed; there may be no room on the disk") from error
    if written != len(frames):
        raise OSError(f"ffmpeg wrote {written} of {len(frames)} frames; there may be no room on the disk")


def _write_gif(path: Path, frames: Frames, seconds: float, progress: Callable[[int, int], None]) -> None:
    """Write a movie that plays again and again, in the colours of its last frame, which has them all."""
    palette = Image.fromarray(frames.draw(len(frames) - 1)).quantize()
    ends = np.rint(np.linspace(0.0, seconds * HUNDREDTHS_PER_SECOND, len(frames) + 1)).astype(int)
    images = (
        Image.fromarray(frame).quantize(palette=palette, dither=Image.Dither.NONE)
        for frame in _counted(frames, progress)
    )
    with path.open("wb") as file:
        next(images).save(
            file,
            format="GIF",
            save_all=True,
            append_images=images,
            duration=(np.diff(ends) * MILLISECONDS_PER_HUNDREDTH).tolist(),
            loop=0,
        )
