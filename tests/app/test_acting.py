"""What is done on the page is what a scenario may say: the same bytes as `run`, and refusals in place."""

from pathlib import Path

import pytest

from insulin_abm import run
from insulin_abm.app.actions import ACTIONS, do, refusals
from insulin_abm.app.choices import AS_WRITTEN, NOBODY, TWINS, chosen, people, scenarios
from insulin_abm.app.lessons import LESSONS
from insulin_abm.app.model import PersonModel
from insulin_abm.app.opened import Opened
from insulin_abm.engine.table import IDS_PER_CLASS
from insulin_abm.results import names
from insulin_abm.scenario import Scenario
from tests.app.people import stepped_by_hand

BY_LABEL = {action.label: action for action in ACTIONS}
MORNING = """
title = "A morning"
start = "06:00"
duration = "5 h"
cells = 60
[[meals]]
at = "07:00"
foods = { white_bread = "50 g" }
every = "2 h"
"""
FEW = 60


@pytest.fixture(scope="module")
def morning() -> Scenario:
    return Scenario.from_text(MORNING)


@pytest.fixture
def two(morning: Scenario):
    yield from stepped_by_hand(morning, cells=FEW, minutes_per_step=30, beside="t2d")


def usual(label: str) -> dict[str, str]:
    return {field.key: field.usual for field in BY_LABEL[label].fields}


def same_as_run(model: PersonModel, number: int, folder: Path) -> None:
    file = folder / "again.toml"
    file.write_text(model.lives[number].scenario.written())
    again = run(file, folder / "out", overwrite=True)
    assert (again.folder / names.TIMESERIES).read_bytes() == model.lives[number].timeseries()


def test_everything_that_can_be_done_is_in_the_scenario_which_runs_to_the_same_bytes(two, tmp_path: Path) -> None:
    minutes = []
    for action in ACTIONS:
        two.step()
        assert refusals(action, two, usual(action.label)) == {}
        minutes.append(do(action, two, usual(action.label)))
    assert minutes == [31, 61, 91, 121, 151, 181, 212, 242]  # exercise ends at 211, insulin at 241
    while two.running:
        two.step()
    for number in range(2):
        same_as_run(two, number, tmp_path)
    kinds = {event.kind for event in two.shown.events}
    assert kinds >= {"drink_glucose", "inject_insulin", "infuse_insulin_iv", "infuse_glucose", "exercise", "take_drug"}
    assert [len(life.visits) for life in two.lives] == [1, 1]


def test_what_is_done_never_falls_on_a_minute_of_the_scenario(two) -> None:
    two.pace.minutes_per_step = 59
    two.step()
    assert do(BY_LABEL["Drink glucose"], two, usual("Drink glucose")) == 61
    assert do(BY_LABEL["Drink glucose"], two, usual("Drink glucose")) == 62


@pytest.mark.parametrize(
    ("label", "field", "text", "says"),
    [
        ("Eat", "amount", "9 kg", "Allowed: 0.001 to 5000 g"),
        ("Eat", "amount", "150", "unit"),
        ("Drink glucose", "glucose_drink", "-5 g", "Allowed"),
        ("Inject insulin", "dose", "<b>4 U</b>", "4 U"),
        ("Infuse insulin", "insulin", "5 mmol/L", "pmol/min"),
        ("Infuse insulin", "length", "soon", "soon"),
        ("Infuse glucose", "glucose", "40 mg/kg/min", "Allowed"),
        ("Infuse glucose", "length", "9 days", "after the end"),
        ("Be active", "energy", "nan kcal/min", "nan"),
        ("Take a drug", "dose", "../../etc/passwd", "passwd"),
    ],
)
def test_nonsense_is_refused_at_its_field(two, label: str, field: str, text: str, says: str) -> None:
    before = two.shown
    said = refusals(BY_LABEL[label], two, {**usual(label), field: text})
    assert list(said) == [field] or (label, list(said)) == ("Infuse glucose", ["length"])
    assert says in said[next(iter(said))]
    assert two.shown is before


def test_every_choice_of_the_page_is_possible(morning: Scenario) -> None:
    for name in scenarios():
        for person in (AS_WRITTEN, *people(), *TWINS):
            chosen(Scenario.load(name), person, 3, 300)
    assert len(people()) >= 7
    for lesson in LESSONS:
        assert lesson.choices["scenario"] in scenarios()
        assert lesson.choices.get("beside", NOBODY) in (NOBODY, *people(), *TWINS)


def test_another_person_is_the_one_of_the_file(morning: Scenario) -> None:
    other = chosen(morning, "t1d", 4, FEW)
    included = Scenario.from_text('include = "people/t1d.toml"\nduration = "1 h"')
    assert (other.person, other.habits) == (included.person, included.habits)
    assert [event.kind for event in other.events if event.kind == "eat"] == ["eat"]
    assert other.seed == 4
    twin = chosen(morning, next(iter(TWINS)), 4, FEW)
    assert twin.parameters.overrides == TWINS[next(iter(TWINS))]


# ---- one cell


@pytest.fixture
def cell(two) -> Opened:
    return Opened(two, 1, two.lives[1].body.cell_classes["muscle"], 2)


def test_an_opened_cell_shows_its_columns_and_their_history(two, cell: Opened) -> None:
    for _ in range(3):
        two.step()
        cell.note()
    agent = two.lives[1].body.populations[cell.cls].agent(cell.row)
    assert cell.value("bound_receptors") == agent.bound_receptors == cell.history.last("bound_receptors")
    assert len(cell.history) == 4
    assert cell.title == f"B: muscle cell {agent.unique_id % IDS_PER_CLASS}"
    assert cell.next(1).row == cell.row + 1


def test_a_change_by_hand_stays_in_balance_and_is_said(two, cell: Opened) -> None:
    two.step()
    for name in cell.editable:
        cell.change(name, str(round(cell.value(name))))
    cell.change("surface_receptors", "20000")
    cell.change("bound_receptors", "500")
    assert cell.value("surface_receptors") == 20_000
    two.step()  # the ledger is checked in every minute
    assert 0 < cell.value("surface_receptors") < 20_600
    assert two.lives[1].changed_by_hand
    assert not two.lives[0].changed_by_hand


@pytest.mark.parametrize("text", ["", "many", "-1", "1.5", "nan", "inf", "1e30", "<script>"])
def test_a_senseless_value_of_a_cell_is_refused_and_changes_nothing(cell: Opened, text: str) -> None:
    before = cell.value("surface_receptors")
    assert "Allowed: a whole number from 0" in cell.refusal("surface_receptors", text)
    with pytest.raises(ValueError, match="Allowed"):
        cell.change("surface_receptors", text)
    assert cell.value("surface_receptors") == before


def test_a_cell_that_died_is_gone(two, cell: Opened) -> None:
    cell.body.populations[cell.cls].agent(cell.row).remove()
    assert cell.gone
    cell.note()
    assert cell.next(1).row == 0


# ---- Mesa's own components


def test_mesa_finds_the_series_of_the_person(two) -> None:
    two.step()
    series = two.datacollector.get_model_vars_dataframe()
    assert series.index[-1] == two.time == two.steps == 30
    assert series["plasma_glucose_mmol_per_l"].iloc[-1] == pytest.approx(two.lives[0].body.blood.plasma_glucose)
