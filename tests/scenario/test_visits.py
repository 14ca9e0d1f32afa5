"""Visits as a scenario writes them."""

import pytest

from insulin_abm.parameters import Faults
from insulin_abm.protocols.clinic import PROTOCOLS
from insulin_abm.scenario import Scenario

DAY = 'duration = "24 h"\nstart = "07:00"\n'


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_protocol_is_one_word(name):
    (visit,) = Scenario.from_text(f'{DAY}visits = ["{name}"]').visits
    assert (visit.time_min, visit.protocols) == (0, (name,))
    assert set(visit.arguments[name]) == set(PROTOCOLS[name].arguments)


def test_a_visit_has_a_time_protocols_and_what_is_asked_for():
    text = f"""{DAY}
[[visits]]
at = "12:00"
protocols = ["lipid_infusion", "euglycaemic_clamp"]
euglycaemic_clamp = {{ insulin = ["20 mU/min/m2", "40 mU/min/m2"], glucose = "90 mg/dL" }}
[[visits]]
at = "07:00"
protocols = "biopsy"
every = "12 h"
"""
    visits = Scenario.from_text(text).visits
    assert [(visit.time_min, visit.name) for visit in visits] == [
        (0, "biopsy"),
        (300, "lipid_infusion+euglycaemic_clamp"),
        (720, "biopsy"),
        (1440, "biopsy"),
    ]
    clamp = visits[1].arguments["euglycaemic_clamp"]
    assert clamp["insulin"] == (20.0, 40.0)
    assert clamp["glucose"] == pytest.approx(4.996, abs=1e-3)


def test_words_in_a_list_are_visits_of_their_own_and_a_list_within_is_one():
    visits = Scenario.from_text(f'{DAY}visits = ["ogtt", ["fast", "ogtt"], "ivgtt"]').visits
    assert [visit.protocols for visit in visits] == [("ogtt",), ("fast", "ogtt"), ("ivgtt",)]


def test_a_scenario_can_be_given_its_visits_by_name():
    """As any other part of it: with --set, or in a study."""
    scenario = Scenario.from_text(DAY, overrides={"visits": ["ogtt"]})
    assert scenario.visits[0].protocols == ("ogtt",)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('visits = "ogtt"', "visits", "is not a list"),
        ('visits = ["ogt"]', "visits[1].protocols", "Did you mean 'ogtt'"),
        ('visits = [[["ogtt"]]]', "visits[1].protocols", "unknown protocol"),
        ("visits = [7]", "visits[1].protocols", "unknown protocol '7'"),
        ('visits = [["ogtt", "ivgtt"]]', "visits[1].protocols", "cannot follow ogtt"),
        ("[[visits]]", "visits[1].protocols", "is missing"),
        ('[[visits]]\nprotocols = "ogtt"\nat = "40 h"', "visits[1].at", "is after the end"),
        (
            '[[visits]]\nprotocols = "ogtt"\nogtt = { glucose = "75 mL" }',
            "visits[1].ogtt.glucose",
            "does not convert to g",
        ),
        ('[[visits]]\nprotocols = "ogtt"\nogtt = { glucose = "75 kg" }', "visits[1].ogtt.glucose", "out of range"),
        ('[[visits]]\nprotocols = "ogtt"\nogtt = { dose = "75 g" }', "visits[1].ogtt.dose", "unknown key"),
        ('[[visits]]\nprotocols = "ogtt"\nivgtt = { glucose = "1 g/kg" }', "visits[1].ivgtt", "unknown key"),
        ('[[visits]]\nprotocols = "ogtt"\nevery = "soon"', "visits[1].every", "does not begin with a number"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(text, place, message):
    with pytest.raises(Faults) as refused:
        Scenario.from_text(DAY + text)
    assert [fault.place for fault in refused.value.faults] == [place]
    assert message in str(refused.value)


def test_visits_are_part_of_what_a_run_depends_on():
    plain, visited = Scenario.from_text(DAY), Scenario.from_text(f'{DAY}visits = ["ogtt"]')
    assert plain.resolved() != visited.resolved()


def test_visits_of_one_minute_can_be_told_apart():
    """By a name of their own, or by a number."""
    text = f"""{DAY}
[[visits]]
protocols = "ogtt"
[[visits]]
protocols = "ogtt"
[[visits]]
protocols = "ogtt"
name = "a large drink"
ogtt = {{ glucose = "100 g" }}
"""
    assert [visit.name for visit in Scenario.from_text(text).visits] == ["ogtt", "ogtt 2", "a large drink"]
