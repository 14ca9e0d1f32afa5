"""The pace of a page: how far a step and a second of Play go, and never faster than the browser draws."""

from __future__ import annotations

import threading
import time

from insulin_abm.parameters.conversions import MINUTES_PER_HOUR

FRAME_S = 1 / 25
"""Play draws no oftener than this."""
AHEAD = 1
"""So many frames may be on their way: one is lived while the browser draws the one before."""
MOST_OWED_S = 0.1
"""What a slow machine could not live in time is forgotten beyond this, so that Play does not jump."""


class Pace:
    """The frames of one page, and how much is lived between them.

    Attributes
    ----------
    minutes_per_step : int
        What a click on Step lives.
    minutes_per_second : int
        What Play lives in a second, if the machine is fast enough.
    closed : bool
        Whether the page is gone; then nothing is lived any more.
    """

    def __init__(self, minutes_per_second: int = MINUTES_PER_HOUR) -> None:
        self.minutes_per_step = 10
        self.minutes_per_second = minutes_per_second
        self.closed = False
        self._sent = self._drawn = 0
        self._news = threading.Condition()
        self._messenger: threading.Thread | None = None
        self._lived_until = time.monotonic()

    # ---- frames

    def send(self, frame: int) -> None:
        """Note that a frame is on its way to the browser."""
        self._sent = frame

    def drawn(self, frame: int) -> None:
        """Note that the browser has drawn a frame."""
        self._messenger = threading.current_thread()
        with self._news:
            self._drawn = frame
            self._news.notify_all()

    def close(self) -> None:
        """Let nobody wait any more: the page is gone."""
        with self._news:
            self.closed = True
            self._news.notify_all()

    def _wait(self) -> None:
        """Wait until the browser draws the last frame: the one before it is drawn."""
        with self._news:
            self._news.wait_for(lambda: self.closed or self._drawn >= self._sent - AHEAD)

    # ---- time

    def minutes_due(self) -> int:
        """Give how many minutes the next step lives (0: the page is closed); Play waits here until they are due.

        Step is clicked in the thread that brings the browser's messages: that one never waits, it would wait for
        itself.
        """
        if threading.current_thread() is self._messenger:
            return self.minutes_per_step
        self._wait()
        while not self.closed:
            now = time.monotonic()
            self._lived_until = max(self._lived_until, now - MOST_OWED_S - 1.0 / self.minutes_per_second)
            owed = int((now - self._lived_until) * self.minutes_per_second)
            if owed >= 1 and now - self._lived_until >= FRAME_S:
                self._lived_until += owed / self.minutes_per_second
                return owed
            time.sleep(FRAME_S / 8)
        return 0
