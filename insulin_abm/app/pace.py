"""Lets Play wait until the browser has drawn: a model that runs ahead of its page starves it."""

from __future__ import annotations

import threading

PATIENCE_S = 1.0
"""A page that was hidden or closed does not draw; then one frame is waited for no longer than this."""


class Pace:
    """The frames of one page: the last one sent, and whether the browser has said that it drew it."""

    def __init__(self) -> None:
        self._frame = -1
        self._drawn = threading.Event()
        self._drawn.set()
        self._messenger: threading.Thread | None = None

    def send(self, frame: int) -> None:
        """Note that a frame is on its way to the browser; the same one twice is one frame."""
        if frame != self._frame:
            self._frame = frame
            self._drawn.clear()

    def drawn(self, frame: int) -> None:
        """Note that the browser has drawn a frame."""
        self._messenger = threading.current_thread()
        if frame == self._frame:
            self._drawn.set()

    def wait(self) -> None:
        """Wait for the last frame to be drawn.

        The thread that brings the browser's messages (Step is clicked in it) never waits: it would wait for itself.
        """
        if threading.current_thread() is not self._messenger:
            self._drawn.wait(PATIENCE_S)
