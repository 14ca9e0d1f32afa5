"""The real command, seen through a real browser that cannot reach the internet."""

import contextlib
import csv
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, expect, sync_playwright

from insulin_abm import run
from insulin_abm.app.actions import ACTIONS
from insulin_abm.app.lessons import LESSONS
from insulin_abm.results import names

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
WIDTH, HEIGHT = 1280, 800
WANTED = {"name": "Metformin", "protocols": "insulin_infusion"}
PICTURES = Path(__file__).parents[2] / "docs"
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


def app_of(scenario: str) -> list[str]:
    return ["-m", "insulin_abm.cli", "app", scenario, "--port", "0"]


class Server:
    """A command that serves the page, and what it said."""

    def __init__(self, command: list[str], witness: Path) -> None:
        paths = os.pathsep.join([str(witness.parent), os.environ.get("PYTHONPATH", "")])
        environment = os.environ | {"PYTHONPATH": paths, "WITNESS": str(witness)}
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        self.address = ""
        assert self.process.stdout is not None
        while not self.address and (line := self.process.stdout.readline()):
            self.said.append(line)
            found = re.search(r"http://(127\.0\.0\.1|localhost):\d+", line)
            self.address = found[0] if found else ""
        assert self.address, "the server did not start: " + "".join(self.said)
        self._reader = threading.Thread(target=lambda: self.said.extend(self.process.stdout), daemon=True)
        self._reader.start()

    def resident_mb(self) -> float:
        """Give the memory of the server."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def stop(self) -> str:
        """Stop it as Ctrl-C does; give what it said."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)
        self._reader.join(timeout=10)
        self.process.stdout.close()
        return "".join(self.said)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file in which the server's requests to other machines are written down."""
    folder = tmp_path_factory.mktemp("witness")
    (folder / "sitecustomize.py").write_text(WITNESS)
    return folder / "asked.txt"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, asked: Path) -> Iterator[Server]:
    scenario = tmp_path_factory.mktemp("scenario") / "drink.toml"
    scenario.write_text(SCENARIO)
    serving = Server(app_of(str(scenario)), asked)
    yield serving
    said = serving.stop()
    assert "Traceback" not in said, said
    assert "rror" not in said, said
    assert not asked.exists(), asked.read_text()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Start Debian's chromium."""
    found = shutil.which("chromium")
    if found is None:
        missing = "the page is tested in chromium; install it with: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    started = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
    yield started
    started.close()


class Visitor:
    """Opens pages for which only this machine exists, and notes what went wrong in them."""

    def __init__(self, browser: Browser, address: str, scheme: str = "light") -> None:
        self.address = address
        self.elsewhere: list[str] = []
        self.faults: list[str] = []
        self.context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=scheme)

    def open(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self.faults.append(said.text))
        page.on("response", lambda answer: answer.status >= 400 and self.faults.append(f"{answer.status} {answer.url}"))
        page.route("**/*", self._route)
        page.goto(self.address)
        drawn(page)
        return page

    def _route(self, wanted: Route) -> None:
        if wanted.request.url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            wanted.continue_()
        else:
            self.elsewhere.append(wanted.request.url)
            wanted.abort()

    def leave(self) -> None:
        self.context.close()
        assert self.elsewhere == []
        assert self.faults == []


@pytest.fixture
def visitor(browser: Browser, server: Server) -> Iterator[Visitor]:
    one = Visitor(browser, server.address)
    yield one
    one.leave()


@pytest.fixture
def page(visitor: Visitor) -> Page:
    return visitor.open()


def drawn(page: Page) -> int:
    """Wait until the last frame is drawn, and give its number."""
    page.wait_for_function(
        "(t => t && t.dataset.drawn >= 0 && t.dataset.frame === t.dataset.drawn)(document.querySelector('.tissues'))",
        timeout=60_000,
    )
    return int(page.locator(".tissues").get_attribute("data-drawn") or -1)


def minute(page: Page) -> int:
    """Read the time off the page."""
    found = re.search(r"\((\d+) min after the start\)", page.locator(".person-heading").inner_text())
    assert found is not None
    return int(found[1])


def lived_beyond(page: Page, minute: int) -> None:
    read = "+document.querySelector('.person-heading').innerText.match(/\\((\\d+) min/)[1]"
    page.wait_for_function(f"{read} > {minute}", timeout=60_000)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def choose(page: Page, label: str, value: str) -> None:
    """Choose from a list of the page."""
    page.locator(".v-select", has=page.locator("label", has_text=re.compile(f"^{label}$"))).click()
    page.locator(".menuable__content__active").get_by_role("option", name=value, exact=True).click()


def says(page: Page, words: str) -> None:
    expect(page.locator(".person-heading")).to_contain_text(words, timeout=30_000)


def cells_say(page: Page, words: str) -> None:
    expect(page.locator(".tissues canvas")).to_have_attribute("aria-label", re.compile(words), timeout=60_000)


def taken_away(page: Page, label: str) -> str:
    with page.expect_download() as download:
        press(page, label)
    return download.value.path().read_text()


def keep_picture(page: Page, name: str, tmp_path: Path) -> None:
    """Make a screenshot; with INSULIN_ABM_PICTURES set it becomes the one in docs/."""
    drawn(page)
    page.wait_for_timeout(500)
    folder = PICTURES if os.environ.get("INSULIN_ABM_PICTURES") else tmp_path
    assert len(page.screenshot(path=folder / f"{name}.png")) > 50_000


def test_a_person_is_shown_steps_plays_pauses_and_is_reset(page: Page, tmp_path: Path) -> None:
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

    press(page, "Reset")
    says(page, "(0 min after the start)")
    assert page.locator(".curves-picture svg").inner_html() == at_first


def test_the_numbers_on_the_screen_are_those_of_the_table_and_the_table_is_that_of_run(
    page: Page, tmp_path: Path
) -> None:
    choose(page, "Step lives", "an hour")
    press(page, "Step")
    says(page, "(60 min")
    choose(page, "What to do", "Inject insulin")
    page.get_by_label("Dose").fill("2 U")
    press(page, "Do it")
    expect(page.locator(".action-said")).to_have_text("Inject insulin: at minute 61")
    choose(page, "What to do", "Eat")
    choose(page, "Food", "banana")
    press(page, "Do it")
    expect(page.locator(".action-said")).to_have_text("Eat: at minute 62")
    for later, action in enumerate(ACTIONS[3:], start=63):
        choose(page, "What to do", action.label)
        for field in action.fields:
            if field.choices:
                choose(page, field.label, WANTED[field.key])
            else:
                expect(page.get_by_label(field.label, exact=True)).to_have_value(field.usual)
        press(page, "Do it")
        expect(page.locator(".action-said")).to_have_text(f"{action.label}: at minute {later}")
    for hour in range(2, 6):
        press(page, "Step")
        says(page, f"({60 * hour} min")
    says(page, "the end of the scenario")
    table = taken_away(page, "CSV")
    last = list(csv.DictReader(io.StringIO(table)))[-1]
    shown = page.locator(".person-numbers").inner_text()
    glucose, insulin = (float(last[f"plasma_{name}"]) for name in ("glucose_mmol_per_l", "insulin_pmol_per_l"))
    assert shown == f"glucose {glucose:.2f} mmol/L, insulin {insulin:.0f} pmol/L"
    scenario = tmp_path / "lived.toml"
    scenario.write_text(taken_away(page, "Scenario"))
    again = run(scenario, tmp_path / "out")
    assert (again.folder / names.TIMESERIES).read_text() == table
    expect(page.locator(".finding")).to_contain_text("clinic, insulin_infusion, minute 67")
    with page.expect_download() as download:
        press(page, "Picture")
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    assert taken_away(page, "Chart").startswith('<svg xmlns="http://www.w3.org/2000/svg"')


def test_parameters_act_at_the_reset_and_every_quantity_can_be_seen(page: Page) -> None:
    choose(page, "Cells in all", "300")
    choose(page, "Seed", "7")
    press(page, "Reset")
    cells_say(page, "muscle, 90 cells.*fat, 90 cells.*liver, 75 cells.*islet, 45 cells")
    choose(page, "Step lives", "an hour")
    press(page, "Step")
    says(page, "(60 min")
    for quantity in ("bound_receptors", "glycogen", "glucose_uptake"):
        choose(page, "Colour of the cells", quantity)
        cells_say(
            page, {"bound_receptors": "hold insulin", "glycogen": "glycogen", "glucose_uptake": "takes up"}[quantity]
        )
    page.get_by_text("Particles", exact=True).click()
    expect(page.locator(".tissue-note")).not_to_contain_text("A dot")


def test_two_people_live_side_by_side(page: Page) -> None:
    choose(page, "Beside the person", "t2d")
    press(page, "Reset")
    cells_say(page, "A: muscle, 30 cells.*B: muscle, 30 cells")
    press(page, "Step")
    says(page, "(10 min")
    expect(page.locator(".person-numbers")).to_have_text(re.compile(r"A: glucose [\d.]+ .*; B: glucose [\d.]+ "))
    table, beside = taken_away(page, "CSV"), taken_away(page, "CSV beside")
    assert table.count("\n") == beside.count("\n") == 4
    assert table != beside


def test_nonsense_is_refused_in_place_and_never_becomes_part_of_the_page(page: Page) -> None:
    amount = page.get_by_label("Amount")
    for text in ("9 kg", "<img src=x onerror=alert(1)>", "$(reboot)", "../../x", ""):
        amount.fill(text)
        expect(page.locator(".action-bar .v-messages__message")).to_contain_text("llowed" if "kg" in text else " ")
        expect(page.get_by_role("button", name="Do it")).to_be_disabled()
        assert page.locator("img[src=x]").count() == 0
    amount.fill("20 g")
    expect(page.get_by_role("button", name="Do it")).to_be_enabled()


def test_a_cell_is_pointed_at_opened_changed_and_left(page: Page) -> None:
    canvas = page.locator(".tissues canvas")
    canvas.hover(position={"x": 10, "y": 45})
    expect(page.locator(".tissue-note")).to_contain_text(re.compile(r"^muscle cell \d+: .* receptors$"))
    canvas.click(position={"x": 10, "y": 45})
    expect(page.locator(".cell-picture svg")).to_have_attribute(
        "aria-label", re.compile(r"muscle cell \d+: [\d,]+ ins")
    )
    field = page.get_by_label(re.compile("^New value"))
    field.fill("-3")
    expect(page.locator(".cell-view .v-messages__message")).to_contain_text("Allowed: a whole number from 0")
    field.fill("20000")
    press(page, "Change")
    expect(page.get_by_text("surface_receptors is 20,000 now")).to_be_visible()
    press(page, "Step")
    says(page, "(10 min")
    expect(page.get_by_text("no run of the scenario gives this table")).to_be_visible()
    press(page, "Close the cell")
    expect(page.locator(".cell-view")).to_have_count(0)


def test_the_page_is_usable_with_the_keyboard_alone(page: Page) -> None:
    page.get_by_role("button", name="Step", exact=True).focus()
    page.keyboard.press("Enter")
    says(page, "(10 min")
    page.locator(".tissues canvas").focus()
    page.keyboard.press("ArrowRight")
    first = page.locator(".cell-picture svg").get_attribute("aria-label")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".cell-picture svg")).not_to_have_attribute("aria-label", first or "")
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, canvas, [role=button]')].filter(one =>
             one.offsetParent && !one.innerText && !one.ariaLabel && !one.title && !(one.labels && one.labels.length)
             && !document.querySelector(`label[for="${one.id}"]`) && !one.closest('.v-input, header')
           ).map(one => one.outerHTML)"""
    )
    assert unnamed == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_a_small_screen_and_can_be_read(browser: Browser, server: Server, scheme: str) -> None:
    one = Visitor(browser, server.address, scheme)
    page = one.open()
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    box = page.locator(".curves-picture svg").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= WIDTH
    ink, paper = page.evaluate(
        """() => [getComputedStyle(document.querySelector('.curves-picture')).color,
                  getComputedStyle(document.querySelector('.v-application')).backgroundColor]"""
    )
    assert contrast(ink, paper) >= 4.5  # WCAG 2.1, AA
    one.leave()


def contrast(ink: str, paper: str) -> float:
    """Give the contrast of two colours as WCAG 2.1 defines it."""

    def luminance(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_play_ends_with_the_scenario_and_every_tab_has_its_own_person(page: Page, visitor: Visitor) -> None:
    choose(page, "Play lives", "6 hours a second")
    press(page, "▶")
    says(page, "Day 1, 13:00 (300 min after the start), the end of the scenario")
    other = visitor.open()
    says(other, "(0 min after the start)")
    expect(page.get_by_role("button", name="Do it")).to_be_disabled()
    expect(page.locator(".action-said")).to_have_text("the scenario has ended")
    expect(other.get_by_role("button", name="Do it")).to_be_enabled()


def test_closing_the_tab_stops_the_work(visitor: Visitor, server: Server) -> None:
    page = visitor.open()
    choose(page, "Scenario", "healthy_year")
    press(page, "Reset")
    says(page, "Day 1, 00:00")
    choose(page, "Play lives", "a week a second")
    press(page, "▶")
    lived_beyond(page, 1440)
    page.close()
    time.sleep(2.0)
    before = cpu_seconds(server.process.pid)
    time.sleep(2.0)
    assert cpu_seconds(server.process.pid) - before < 0.5  # while it played it took most of 2 s


def cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_weeks_of_play_do_not_grow_the_server(page: Page, server: Server) -> None:
    choose(page, "Scenario", "healthy_year")
    press(page, "Reset")
    says(page, "Day 1, 00:00")
    choose(page, "Play lives", "a day a second")
    press(page, "▶")
    page.wait_for_timeout(2000)
    before, began = server.resident_mb(), minute(page)
    lived_beyond(page, began + 7 * 1440)
    assert server.resident_mb() - before < 50.0
    press(page, "❚❚")


def test_every_lesson_sets_its_scene(page: Page) -> None:
    for lesson in LESSONS:
        press(page, lesson.title)
        expect(page.locator(".lesson")).to_contain_text(lesson.question)
        says(page, f"Day 1, {'07' if lesson.span == 'everything' else '00'}:00 (0 min")
        press(page, "What to see")
        expect(page.locator(".lesson")).to_contain_text(lesson.answer)
        press(page, "Step")
        says(page, "(10 min")
    press(page, "End the lesson")
    says(page, "Day 1, 08:00 (0 min")


def test_a_page_of_ones_own_shows_components_of_mesa_beside(browser: Browser, asked: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    example = Path(__file__).parents[2] / "examples" / "my_page.py"
    serving = Server(
        ["-m", "solara", "run", str(example), "--no-open", "--production", "--no-check-version", "--port", str(port)],
        asked,
    )
    one = Visitor(browser, serving.address)
    for _ in range(100):  # solara says its address before it listens
        with contextlib.suppress(OSError), socket.create_connection(("localhost", port), timeout=1.0):
            break
        time.sleep(0.2)
    page = one.open()
    expect(page.locator(".vue-grid-item img")).to_have_count(2, timeout=30_000)
    pictures = [page.locator(".vue-grid-item img").nth(number).get_attribute("src") for number in range(2)]
    press(page, "Step")
    says(page, "(10 min")
    for number, before in enumerate(pictures):
        expect(page.locator(".vue-grid-item img").nth(number)).not_to_have_attribute("src", before or "")
    one.leave()
    serving.stop()


def test_the_pictures_of_the_documentation(browser: Browser, asked: Path, tmp_path: Path) -> None:
    serving = Server(app_of("healthy_day"), asked)
    one = Visitor(browser, serving.address)
    page = one.open()
    choose(page, "Step lives", "an hour")
    for person, beside, name in (
        ("as the scenario says", "nobody", "page_healthy"),
        ("obese", "nobody", "page_resistant"),
        ("healthy", "t2d", "page_two_people"),
    ):
        choose(page, "Person", person)
        choose(page, "Beside the person", beside)
        press(page, "Reset")
        says(page, "(0 min")
        for hour in range(1, 10):
            press(page, "Step")
            says(page, f"({60 * hour} min")
        keep_picture(page, name, tmp_path)
    one.leave()
    assert "Traceback" not in serving.stop()
