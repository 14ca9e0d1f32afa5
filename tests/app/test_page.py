"""The real command, seen through a real browser that cannot reach the internet."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect, sync_playwright

SCENARIO = """
title = "A drink of glucose"
start = "08:00"
duration = "5 h"
cells = 100
[[meals]]
at = "09:00"
glucose_drink = "75 g"
"""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# Python reads this at its start: whatever the server asks of another machine is written down
WITNESS = """
import ipaddress, os, sys

def witness(event, arguments):
    if event not in ("socket.connect", "socket.getaddrinfo"):
        return
    host = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
    host = host[0] if isinstance(host, tuple) else host
    try:
        here = host in (None, "", "localhost") or not isinstance(host, str) or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = host.startswith("/")
    if not here:
        with open(os.environ["WITNESS"], "a") as file:
            print(event, host, file=file)

sys.addaudithook(witness)
"""


@pytest.fixture(scope="module")
def chromium() -> str:
    """Give the path of Debian's chromium."""
    found = shutil.which("chromium")
    if found is None:
        missing = "the page is tested in chromium; install it with: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file in which the server's requests to other machines are written down."""
    folder = tmp_path_factory.mktemp("witness")
    (folder / "sitecustomize.py").write_text(WITNESS)
    return folder / "asked.txt"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, asked: Path):
    """Start the command and give where it serves."""
    scenario = tmp_path_factory.mktemp("scenario") / "drink.toml"
    scenario.write_text(SCENARIO)
    command = [sys.executable, "-m", "insulin_abm.cli", "app", str(scenario), "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(asked.parent), "WITNESS": str(asked)}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    with server:
        assert server.stdout is not None
        said = []
        serving = None
        while serving is None and (line := server.stdout.readline()):
            said.append(line)
            serving = re.search(r"http://127\.0\.0\.1:\d+", line)
        if serving is not None:
            yield serving[0]
            server.send_signal(signal.SIGINT)
        said.append(server.communicate(timeout=30)[0])
    assert serving is not None, "the server did not start: " + "".join(said)
    assert "Traceback" not in "".join(said)


@pytest.fixture
def page(chromium: str, address: str):
    """Open the page in a browser for which only this machine exists; nothing else may be asked for."""
    elsewhere: list[str] = []
    faults: list[str] = []

    def route(wanted: Route) -> None:
        if wanted.request.url.startswith((address, address.replace("http", "ws"), "data:")):
            wanted.continue_()
        else:
            elsewhere.append(wanted.request.url)
            wanted.abort()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        opened = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        opened.on("pageerror", lambda error: faults.append(str(error)))
        opened.on("response", lambda answer: answer.status >= 400 and faults.append(f"{answer.status} {answer.url}"))
        opened.route("**/*", route)
        opened.goto(address)
        expect(opened.locator(".curves-picture svg")).to_be_visible(timeout=60_000)
        yield opened
        browser.close()
    assert elsewhere == []
    assert faults == []


def minute(page: Page) -> int:
    """Read the time off the page."""
    found = re.search(r"\((\d+) min after the start\)", page.locator(".person-heading").inner_text())
    assert found is not None
    return int(found[1])


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def choose(page: Page, label: str, value: str) -> None:
    """Choose from a list of the page."""
    page.locator(".v-select", has=page.locator("label", has_text=re.compile(f"^{label}$"))).click()
    page.get_by_role("option", name=value, exact=True).click()


def says(page: Page, words: str) -> None:
    expect(page.locator(".person-heading")).to_contain_text(words, timeout=20_000)


def expect_picture(page: Page, words: str) -> None:
    expect(page.locator(".tissue-picture svg")).to_have_attribute("aria-label", re.compile(words), timeout=60_000)


def test_a_person_is_shown_steps_plays_pauses_and_is_reset(page: Page, asked: Path, tmp_path: Path) -> None:
    expect(page.locator(".tissue-picture svg image").first).to_be_visible()
    expect(page.get_by_text("not medical advice")).to_be_visible()
    says(page, "Day 1, 08:00 (0 min after the start)")
    at_first = page.locator(".curves-picture svg").inner_html()

    press(page, "Step")
    says(page, "Day 1, 08:10 (10 min")
    press(page, "Step")
    says(page, "(20 min")

    press(page, "▶")
    page.wait_for_function("document.querySelector('.person-heading').innerText.match(/10:../)", timeout=60_000)
    press(page, "❚❚")
    expect(page.get_by_role("button", name="▶", exact=True)).to_be_visible()
    page.wait_for_timeout(300)  # a step that was under way ends
    paused = minute(page)
    page.wait_for_timeout(500)
    assert minute(page) == paused < 300
    label = page.locator(".curves-picture svg").get_attribute("aria-label") or ""
    assert float(re.findall(r"glucose ([\d.]+) mmol/L", label)[0]) > 6.0
    picture = page.screenshot(path=tmp_path / "page.png")
    assert len(picture) > 20_000

    press(page, "Reset")
    says(page, "(0 min after the start)")
    assert page.locator(".curves-picture svg").inner_html() == at_first
    assert not asked.exists(), asked.read_text()


def test_parameters_act_at_the_reset_and_every_tissue_can_be_seen(page: Page) -> None:
    choose(page, "Cells in all", "300")
    choose(page, "Minutes per step", "60")
    press(page, "Reset")
    expect_picture(page, "90 muscle cells")
    press(page, "Step")
    says(page, "(60 min")
    for kind, cells in (("fat", 90), ("liver", 75), ("beta", 36), ("alpha", 9)):
        choose(page, "Cells", kind)
        expect_picture(page, f"{cells} {kind} cells")
        expect(page.locator(".tissue-picture svg image").first).to_be_visible()
    choose(page, "Colour", "Occupied receptors")
    expect_picture(page, "holding insulin")


def test_play_ends_with_the_scenario_and_every_tab_has_its_own_person(page: Page, address: str) -> None:
    choose(page, "Minutes per step", "30")
    press(page, "Reset")
    press(page, "▶")
    says(page, "Day 1, 13:00 (300 min after the start), the end of the scenario")
    other = page.context.new_page()
    other.goto(address)
    says(other, "(0 min after the start)")
