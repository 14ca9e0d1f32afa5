"""The page in a real browser: how soon it is there, how many frames it draws a second, what a week of play takes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.report import Report

SIZES, LONG_SIZES = (1_000, 10_000), (100_000,)
WANTED = {1_000: 20, 10_000: 20, 100_000: 5}
SECONDS = 5
WEEK_MIN = 7 * 24 * 60
PATIENCE_MS = 600_000
"""The first time ever a person of many cells is looked at, they settle."""
SCENARIO = "healthy_year"


def report_page(report: Report, long: bool) -> None:
    """Open the page, and play with more and more cells; with `long` with 100,000."""
    report.head(f"The page ({SCENARIO}): chart and tissues with particles in headless chromium, 1280 x 800")
    chromium = shutil.which("chromium")
    if chromium is None:
        report.say("page_skipped", "skipped: it needs chromium")
        return
    with _served():
        pass  # what is compiled and settles the first time does so here
    began = time.perf_counter()
    with _served() as (address, process), sync_playwright() as playwright:
        serving = time.perf_counter()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        opening = time.perf_counter()
        page.goto(address)
        _wait(page, 0)
        first = serving - began + time.perf_counter() - opening
        report.add("page_first_picture_s", "from the command to the first picture (wanted: 8)", "s", first)
        for cells in (*SIZES, *(LONG_SIZES if long else ())):
            _set(page, cells)
            rate = _frames(page)
            what = f"frames, {cells:,} cells, an hour a second (wanted: {WANTED[cells]})"
            report.add(f"page_frames_per_s_{cells}", what, "1/s", rate)
        _set(page, SIZES[0])
        report.add(
            "page_week_growth_mb", "growth of the server in a week of play (wanted: 50)", "MB", _week(page, process)
        )
        browser.close()


@contextmanager
def _served() -> Iterator[tuple[str, int]]:
    """Start the command; give where it serves, and its process."""
    command = [sys.executable, "-m", "insulin_abm.cli", "app", SCENARIO, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"http://\S+:\d+", line):
                yield found[0], process.pid
                break
        process.terminate()


def _wait(page: Page, frame: int) -> None:
    drawn = f"(t => t && +t.dataset.drawn >= {frame})(document.querySelector('.tissues'))"
    page.wait_for_function(drawn, timeout=PATIENCE_MS)


def _choose(page: Page, label: str, value: str) -> None:
    page.locator(".v-select", has=page.locator("label", has_text=re.compile(f"^{label}$"))).click()
    page.locator(".menuable__content__active").get_by_role("option", name=value, exact=True).click()


def _set(page: Page, cells: int) -> None:
    """Make a person of so many cells."""
    _choose(page, "Cells in all", str(cells))
    page.get_by_role("button", name="Reset", exact=True).click()
    page.wait_for_function(
        f"document.querySelector('canvas').ariaLabel.includes('muscle, {3 * cells // 10:,} cells')", timeout=PATIENCE_MS
    )


def _drawn(page: Page) -> int:
    return int(page.locator(".tissues").get_attribute("data-drawn") or 0)


def _frames(page: Page) -> float:
    """Play for some seconds; give the frames drawn in each."""
    page.get_by_role("button", name="▶", exact=True).click()
    page.wait_for_timeout(1000)
    before, began = _drawn(page), time.perf_counter()
    page.wait_for_timeout(1000 * SECONDS)
    rate = (_drawn(page) - before) / (time.perf_counter() - began)
    page.get_by_role("button", name="❚❚", exact=True).click()
    return rate


def _week(page: Page, process: int) -> float:
    """Play for a week of the person's life; give how much memory the server took in it, MB."""
    _choose(page, "Play lives", "a day a second")
    page.get_by_role("button", name="▶", exact=True).click()
    page.wait_for_timeout(1000)
    before, began = _resident_mb(process), _minute(page)
    page.wait_for_function(
        f"+document.querySelector('.person-heading').innerText.match(/\\((\\d+) min/)[1] > {began + WEEK_MIN}",
        timeout=PATIENCE_MS,
    )
    return _resident_mb(process) - before


def _minute(page: Page) -> int:
    found = re.search(r"\((\d+) min", page.locator(".person-heading").inner_text())
    return int(found[1]) if found else 0


def _resident_mb(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
