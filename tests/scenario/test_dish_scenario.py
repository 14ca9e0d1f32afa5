"""Scenarios of dishes: what medium becomes over time, and what is refused, with its place and what is allowed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insulin_abm.medium import Medium
from insulin_abm.parameters import Faults
from insulin_abm.scenario import DishScenario, Scenario, load_scenario

DISH = 'duration = "10 h"\n[dish]\nline = "fat"\n'
FIRST = Medium(insulin=0.0, glucose=5.0, fatty_acid=0.3)


def read(text, overrides=None):
    return DishScenario.from_text(DISH + text, overrides=overrides)


def steps(text):
    """Minute and insulin of the first well."""
    return [(minute, medium.insulin) for minute, medium in read(text).wells[0].steps]


def test_hold_step_pulse_and_wash_out():
    assert steps('[[changes]]\nat = "0 min"\ninsulin = "17 nmol/L"') == [(0, 17e3)]
    assert steps('[[changes]]\nat = "1 h"\nfor = "30 min"\ninsulin = "1 nmol/L"') == [(60, 1e3), (90, 0.0)]
    assert steps('[[changes]]\nat = "0 h"\nevery = "4 h"\nfor = "1 h"\ninsulin = "1 nmol/L"') == [
        (0, 1e3),
        (60, 0.0),
        (240, 1e3),
        (300, 0.0),
        (480, 1e3),
        (540, 0.0),
    ]
    wash_out = '[[changes]]\nat = "0 h"\ninsulin = "1 nmol/L"\n[[changes]]\nat = "2 h"\ninsulin = "0 nmol/L"'
    assert steps(wash_out) == [(0, 1e3), (120, 0.0)]


def test_a_pulse_gives_back_what_it_took_the_place_of():
    over_a_level = (
        '[[changes]]\nat = "0 h"\ninsulin = "2 nmol/L"\n[[changes]]\nat = "1 h"\nfor = "1 h"\ninsulin = "9 nmol/L"'
    )
    assert steps(over_a_level) == [(0, 2e3), (60, 9e3), (120, 2e3)]
    at_its_end = (
        '[[changes]]\nat = "1 h"\nfor = "1 h"\ninsulin = "9 nmol/L"\n[[changes]]\nat = "2 h"\ninsulin = "3 nmol/L"'
    )
    assert steps(at_its_end) == [(60, 9e3), (120, 3e3)]


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(1, 99), st.integers(100, 300))
def test_pulses_are_there_just_as_long_as_they_last(at, lasts, every):
    """Minute by minute, against what the text says."""
    wells = read(
        f'[[changes]]\nat = "{at} min"\nfor = "{lasts} min"\nevery = "{every} min"\ninsulin = "1 nmol/L"'
    ).wells
    now, found = 0.0, dict(wells[0].steps)
    for minute in range(600):
        if minute in found:
            now = found[minute].insulin
        assert now == (1e3 if minute >= at and (minute - at) % every < lasts else 0.0)


def test_of_pulses_that_overlap_the_one_that_began_last_counts():
    one = '[[changes]]\nat = "0 min"\nfor = "60 min"\ninsulin = "1 nmol/L"\n'
    other = '[[changes]]\nat = "30 min"\nfor = "60 min"\ninsulin = "5 nmol/L"\n'
    assert steps(one + other) == [(0, 1e3), (30, 5e3), (60, 5e3), (90, 0.0)]
    level = '[[changes]]\nat = "30 min"\ninsulin = "5 nmol/L"\n'
    assert steps(one + level) == [(0, 1e3), (30, 5e3), (60, 5e3)]
    inside = '[[changes]]\nat = "10 min"\nfor = "10 min"\ninsulin = "9 nmol/L"\n'
    assert steps(one + inside) == [(0, 1e3), (10, 9e3), (20, 1e3), (60, 0.0)]


def test_wells_that_a_label_would_not_tell_apart_are_numbered():
    wells = read('[[changes]]\nat = "0 min"\ninsulin = ["1000000 pmol/L", "1000001 pmol/L"]').wells
    assert [well.label for well in wells] == ["insulin 1e+06 pmol/L (well 1)", "insulin 1e+06 pmol/L (well 2)"]


def test_a_list_of_doses_is_a_well_for_each():
    wells = read(
        '[[changes]]\nat = "0 min"\ninsulin = ["0 nmol/L", "1 nmol/L", "172 ng/mL"]\n'
        '[[changes]]\nat = "1 h"\nglucose = "180 mg/dL"'
    ).wells
    assert [well.label for well in wells] == ["insulin 0 pmol/L", "insulin 1000 pmol/L", "insulin 29614.3 pmol/L"]
    assert [well.steps[0][1].insulin for well in wells][:2] == [0.0, 1e3]
    assert all(well.steps[1][1].glucose == pytest.approx(10.0, rel=0.01) for well in wells)


def test_what_is_left_out_is_usual():
    scenario = read('[[tests]]\nat = "0 min"\ninsulin = "1 nmol/L"')
    assert (scenario.medium, scenario.cells, scenario.seed, scenario.step_min) == (FIRST, 300, 1, 1.0)
    assert scenario.wells[0].steps == ()
    (test,) = scenario.tests
    assert (test.kind, test.doses, test.for_min) == ("response", (1e3,), 60)


def test_a_line_and_parameters_meet_in_one_dish():
    text = '[[changes]]\nat = "0 min"\ninsulin = "1 nmol/L"\n[parameters]\n"fat.receptor_count" = "1e5"'
    scenario = read(text, {"dish.line": "rat_fat"})
    assert scenario.parameters["fat.receptor_count"].value == 1e5
    assert scenario.parameters["receptor.recycling_rate"].value == 0.245


def test_a_person_may_be_included_whose_meals_mean_nothing_here():
    change = '[[changes]]\nat = "0 min"\ninsulin = "1 nmol/L"'
    scenario = DishScenario.from_text(f'include = "people/obese.toml"\n{DISH}{change}')
    assert scenario.person.weight_kg == 100.0
    assert scenario.includes[0].name == "obese.toml"


def test_cells_of_the_command_line_are_those_of_a_well():
    assert read('[[changes]]\nat = "0 min"\ninsulin = "1 nmol/L"', {"cells": 12}).cells == 12
    for name in ("cells", "dish.cells"):
        assert DishScenario.load("dish_washout", {name: 12}).cells == 12


def test_each_kind_of_scenario_is_read_as_what_it_is():
    assert isinstance(load_scenario("dish_islet"), DishScenario)
    assert isinstance(load_scenario("healthy_day"), Scenario)
    with pytest.raises(Faults, match=r"this scenario is of a dish, not of a person\. insulin-abm run"):
        Scenario.load("dish_islet")


CHANGE = '[[changes]]\nat = "0 min"\ninsulin = "17 nmol/L"\n'
WRONG = {
    "an impossible dose": (
        CHANGE.replace("17", "-17"),
        ["line 6, changes[1].insulin", "out of range", "0 to 1e+07 pmol/L"],
    ),
    "a dose without unit": (CHANGE.replace(" nmol/L", ""), ["changes[1].insulin", "has no unit"]),
    "a dose in a list": (CHANGE.replace('"17 nmol/L"', '["1 nmol/L", "1e9 nmol/L"]'), ["out of range"]),
    "insulin in mmHg": (CHANGE.replace("nmol/L", "mmHg"), ["does not convert to pmol/L"]),
    "a dose that is not a number": (CHANGE.replace("17 nmol/L", "nan nmol/L"), ["changes[1].insulin"]),
    "a negative time": (CHANGE.replace("0 min", "-5 min"), ["changes[1].at", "before the start"]),
    "a time after the end": (CHANGE.replace("0 min", "20 h"), ["changes[1].at", "the scenario ends after 600 min"]),
    "no time": ('[[changes]]\ninsulin = "1 nmol/L"', ["changes[1].at", "is missing"]),
    "an empty schedule": ("", ["nothing happens to the dish", "[[changes]]"]),
    "an empty list": (CHANGE.replace('"17 nmol/L"', "[]"), ["changes[1].insulin", "is an empty list"]),
    "an empty change": ('[[changes]]\nat = "0 min"', ["Say what changes: insulin, glucose, fatty_acid"]),
    "a misspelt substance": (
        CHANGE.replace("insulin", "insuline"),
        ["unknown key 'insuline'", "Did you mean 'insulin'"],
    ),
    "a pulse without end": (f'{CHANGE}for = "0 min"', ["changes[1].for", "no time that can pass"]),
    "a pulse longer than its period": (
        f'{CHANGE}for = "2 h"\nevery = "1 h"',
        ["changes[1].for", "A pulse must end before the next one begins"],
    ),
    "unequal lists": (
        '[[changes]]\nat = "0 min"\ninsulin = ["1 nmol/L", "2 nmol/L"]\nglucose = ["1 mM", "2 mM", "3 mM"]'.replace(
            "mM", "mmol/L"
        ),
        ["lists of 2 and 3 doses do not make wells"],
    ),
    "two equal wells": (
        CHANGE.replace('"17 nmol/L"', '["1 nmol/L", "1000 pmol/L"]'),
        ["two wells go through the same", "give each dose once"],
    ),
    "a test without dose": ('[[tests]]\nat = "0 min"', ["tests[1].insulin", "Write the test dose"]),
    "an unknown test": ('[[tests]]\nkind = "biopsy"\nat = "0 min"\ninsulin = "1 nmol/L"', ["unknown kind 'biopsy'"]),
    "a person's key": (f'{CHANGE}[[meals]]\nat = "07:00"\n', ["unknown key or table 'meals'"]),
    "binding without receptors": (
        '[[tests]]\nkind = "binding"\nat = "0 min"\ninsulin = "1 nmol/L"\n'
        '[parameters]\n"fat.receptor_production_factor" = 0',
        ["fat cells have no insulin receptors that could bind", "Raise fat.receptor_production_factor"],
    ),
    "an unknown fact": (f'{CHANGE}[[published]]\ntarget = "R99_1"\nat = "1 h"', ["unknown target 'R99_1'"]),
    "a fact nowhere": (
        f'{CHANGE}[[published]]\ntarget = "R14_03"',
        ["Say at which time (at), at which dose or at which level"],
    ),
}


@pytest.mark.parametrize("what", list(WRONG))
def test_what_is_wrong_is_refused_with_its_place(what):
    text, expected = WRONG[what]
    with pytest.raises(Faults) as refused:
        read(text)
    for words in expected:
        assert words in str(refused.value)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ('[dish]\nline = "brain"\n', ["unknown line 'brain'", "3t3, alpha, beta, fat"]),
        ("[dish]\ncells = 10\n", ["dish.line", "is missing"]),
        ('[dish]\nline = "fat"\ncells = 0\n', ["dish.cells", "a whole number from 1 to 1 000 000"]),
        ('[dish]\nline = "fat"\nwells = 3\n', ["unknown key 'wells'"]),
    ],
)
def test_a_wrong_dish_is_refused(table, expected):
    with pytest.raises(Faults) as refused:
        DishScenario.from_text(f'duration = "1 h"\n{table}{CHANGE}')
    for words in expected:
        assert words in str(refused.value)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (CHANGE.replace("0 min", "7 min"), "a change of the medium at minute 7"),
        ('[[tests]]\nat = "4 min"\nfor = "3 min"\ninsulin = "1 nmol/L"', "a test of 3 min"),
        (f'{CHANGE}[record]\nevery = "5 min"', "recording every 5 min"),
    ],
)
def test_what_would_lie_within_a_step_is_refused(text, what):
    with pytest.raises(Faults, match=f"{what} lies between two steps of 2 min"):
        DishScenario.from_text(f'step = "2 min"\n{DISH}{text}')


def test_what_has_no_end_is_refused():
    long = DISH.replace("10 h", "30 days")
    with pytest.raises(Faults, match=r"the medium would change 43200 times.*at most 20000"):
        DishScenario.from_text(f'{long}{CHANGE}every = "1 min"')
    with pytest.raises(Faults, match=r"more than 10000 test doses"):
        DishScenario.from_text(f'{long}[[tests]]\nat = "0 min"\nevery = "1 min"\ninsulin = "1 nmol/L"')


@pytest.mark.parametrize(
    ("point", "says"),
    [
        ('target = "R14_03"\nquantity = "nonsense"\nat = "1 h"', "unknown quantity 'nonsense'"),
        ('target = "R14_03"\nline = "nonsense"\nat = "1 h"', "unknown line 'nonsense'"),
        ('target = "R14_03"\nat = "1 h"\nlevel = 0.5', "is not said in one way"),
        ('target = "R14_01"\nat = "1 h"', "R14_01 is a time or a dose"),
        ('target = "R14_03"\nlevel = 0.5', "R14_03 is no time"),
        ('target = "R14_03"\nat = "-1 h"', "before the start"),
        ('at = "1 h"', "Name a fact of the scoreboard"),
    ],
)
def test_a_published_point_is_a_fact_at_one_place(point, says):
    with pytest.raises(Faults, match=says):
        read(f"{CHANGE}[[published]]\n{point}")


def test_a_person_without_beta_cells_has_none_for_a_dish():
    with pytest.raises(Faults, match="has no beta cells that a dish could hold"):
        read(CHANGE, {"dish.line": "beta", "person.beta_cell_mass": 0})


def test_all_faults_are_told_at_once():
    with pytest.raises(Faults) as refused:
        read(CHANGE.replace("17", "-17").replace("0 min", "-1 min"), {"dish.line": "fatt"})
    assert len(refused.value.faults) == 3
