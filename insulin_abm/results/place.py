"""Where results go: a run writes beside its place and moves in when it is complete."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from insulin_abm.results.errors import PlaceError, RunError
from insulin_abm.results.names import FIGURES, SNAPSHOT, Content

DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)

STOPS = (KeyboardInterrupt, OSError, MemoryError, PlaceError)
"""What stops a run that would do better the next time; any other error would come again."""


class Place:
    """A folder of results that exists only when it is complete.

    Files are written to `part`, a hidden folder beside it; `finish` moves it in. Leaving the ``with`` block without
    having finished removes it, unless it was stopped and `kept` says what is worth keeping. What a killed run left
    behind is replaced by the next one, or with `goes_on` left as it is until `clear` is called.

    Parameters
    ----------
    folder : Path
        Where the results shall be.
    content : Content
        What the folder will hold.
    overwrite : bool
        Whether the like that is there may be replaced.
    goes_on : bool
        Whether what a killed run left behind is looked at before it is replaced.

    Attributes
    ----------
    part : Path
        Where the files are written.
    kept : str
        What becomes of `part` if the ``with`` block is stopped, for messages ("": it is removed).

    Raises
    ------
    PlaceError
        There are results already, or something else, or nothing can be written there.
    """

    def __init__(self, folder: Path, content: Content, overwrite: bool, goes_on: bool = False) -> None:
        self.folder = folder
        self.part = folder.parent / f".{folder.name}.part"
        self.kept = ""
        self._goes_on = goes_on
        self._made: list[Path] = []
        self._lock = -1
        self._owns_part = False
        refuse_what_is_there(folder, content, overwrite)

    def __enter__(self) -> Self:
        try:
            self._make_parents()
            self.part.mkdir(exist_ok=True)
            self._lock_part()
            if self._goes_on:
                self.kept = "what was there is as it was" if any(self.part.iterdir()) else ""
            else:
                self.clear()
        except BaseException as error:
            self._leave(error)
            if isinstance(error, OSError):
                raise self._explained(error) from error
            raise
        return self

    def _make_parents(self) -> None:
        """Make the folders above, and remember which were made."""
        missing = [folder for folder in (self.part.parent, *self.part.parent.parents) if not folder.exists()]
        for folder in reversed(missing):
            folder.mkdir(exist_ok=True)
            self._made.append(folder)

    def _lock_part(self) -> None:
        """Refuse to share the folder with another run; the lock ends with this process, however it ends."""
        self._lock = os.open(self.part, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            moved = os.fstat(self._lock).st_ino != self.part.stat().st_ino
        except (BlockingIOError, FileNotFoundError):
            moved = True
        if moved:
            raise PlaceError(f"{self.folder}: another run is writing there; choose another --out")
        self._owns_part = True

    def clear(self, but: Collection[str] = ()) -> None:
        """Remove all files of `part` but some, a snapshot before what belongs to it."""
        if SNAPSHOT not in but:
            _remove(self.part / SNAPSHOT)
        for entry in self.part.iterdir():
            if entry.name not in but:
                _remove(entry)
        (self.part / FIGURES).mkdir()

    def finish(self) -> None:
        """Move the complete results to their place; nothing is left to go on from."""
        self.kept = "they are complete, and the same command moves them in" if self._goes_on else ""
        try:
            _remove(self.part / SNAPSHOT)
            replaced = self.folder.parent / f".{self.folder.name}.replaced"
            if self.folder.exists():
                _remove(replaced)
                self.folder.rename(replaced)
            self.part.rename(self.folder)
            _remove(replaced)
        except OSError as error:
            raise self._explained(error) from error
        self._owns_part = False  # it has moved

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._leave(error)
        if isinstance(error, OSError) and self._is_ours(error):
            raise self._explained(error) from error

    def _leave(self, error: BaseException | None) -> None:
        """Remove what is not finished, unless it was stopped and can go on; let go of the lock."""
        if not isinstance(error, STOPS):
            self.kept = ""
        if self._owns_part and not self.kept:
            _remove(self.part)
        self._owns_part = False
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1
        for folder in reversed(self._made):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        self._made.clear()

    def _is_ours(self, error: OSError) -> bool:
        """Whether writing the results failed, and not something else that a run does."""
        return error.filename is None or Path(os.fsdecode(error.filename)).is_relative_to(self.part)

    def _explained(self, error: OSError) -> PlaceError | RunError:
        if error.errno in DISK_IS_FULL:
            return RunError(f"{self.folder}: the disk is full; {self.kept or 'nothing was kept'}")
        why = f"{self.folder}: cannot write there: {error.strerror or error}"
        return PlaceError(f"{why}; {self.kept}" if self.kept else why)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a place beside a file to write it; it moves in, on the disk, when the ``with`` block ends without an error.

    Parameters
    ----------
    path : Path
        The file; one that is there is replaced only by a whole one.
    """
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def refuse_what_is_there(folder: Path, content: Content, overwrite: bool) -> None:
    """Refuse a place that holds something which may not be replaced.

    Raises
    ------
    PlaceError
        It does, and the message says what can be done.
    """
    try:
        if not folder.exists() and not folder.is_symlink():
            return
        if not folder.is_dir() or folder.is_symlink():
            raise PlaceError(f"{folder}: is there already and is no folder; choose another --out")
        inside = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        raise PlaceError(f"{folder}: cannot write there: {error.strerror or error}") from error
    if not inside:
        return
    foreign = [name for name in inside if name not in content.files]
    if foreign or content.proof not in inside:
        other = (foreign or inside)[0]
        raise PlaceError(f"{folder}: holds {other}, which is not of {content.called}; choose another --out")
    if not overwrite:
        raise PlaceError(
            f"{folder}: holds {content.called} already; use --overwrite to replace them, or choose another --out"
        )


def _remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
