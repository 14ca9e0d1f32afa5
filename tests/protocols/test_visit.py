"""What all visits have in common: they touch a copy, and refuse what cannot be done."""

import pytest
from bodies import differences, keeping

from insulin_abm.parameters import QuantityError
from insulin_abm.protocols.clinic import PROTOCOLS, arguments_of, visit
from insulin_abm.protocols.visit import Visit, VisitError

SHORT = {
    "fast": {"length": "12 h"},
    "lasting_hyperglycaemia": {"length": "6 h"},
    "insulin_withdrawal": {"length": "1 h"},
}
OF_TYPE_1 = ("insulin_withdrawal",)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_visit_leaves_no_trace(ward, name):
    """Whoever was measured lives on, to the byte, as a twin who was not; what was to come still comes."""
    person = ward.person("t1d" if name in OF_TYPE_1 else "healthy")
    measured, twin = person.fork(), person.fork()
    for body in (measured, twin):
        body.schedule("drink_glucose", at=30, grams=50.0)
    found = visit(measured, name, **{name: SHORT[name]} if name in SHORT else {})
    assert found.findings
    for body in (measured, twin):
        body.run_for(60)
    assert not differences(measured, twin)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_protocol_says_what_it_is_and_what_it_takes(ward, name):
    """All arguments have a unit and a range; a value outside is refused with what is allowed."""
    protocol, parameters = PROTOCOLS[name], ward.parameters()
    assert protocol.meaning.endswith(".")
    usual = arguments_of(name, {}, parameters)
    assert set(usual) == set(protocol.arguments)
    for key in protocol.arguments:
        with pytest.raises(QuantityError, match="Allowed: "):
            arguments_of(
                name, {key: f"1e9 {parameters[f'clinic.{protocol.arguments[key].parameter}'].unit}"}, parameters
            )
    with pytest.raises(VisitError, match="it takes"):
        arguments_of(name, {"foods": "1 g"}, parameters)


def test_a_dose_in_a_wrong_unit_is_refused(ward):
    with pytest.raises(QuantityError, match="mg/min, which does not convert to mU/min/m\\^2"):
        visit(ward.person("healthy"), "euglycaemic_clamp", euglycaemic_clamp={"insulin": "40 mg/min"})


def test_doses_are_read_in_the_units_that_papers_use(ward):
    """40 mU/m2/min are 240 pmol/m2/min, however they are written."""
    texts = ("40 mU/min/m2", "40 mU/(m^2*min)", "240 pmol/min/m^2", "2.4 U/h/m^2")
    doses = {arguments_of("euglycaemic_clamp", {"insulin": text}, ward.parameters())["insulin"] for text in texts}
    assert doses == {(40.0,)}


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("ogt",), "did you mean 'ogtt'"),
        ((), "name a protocol"),
        (("ogtt", "euglycaemic_clamp"), "cannot follow ogtt"),
        (("euglycaemic_clamp", "fast"), "cannot follow euglycaemic_clamp"),
        (("insulin_withdrawal",), "beta_cell_mass = 0"),
    ],
)
def test_what_cannot_be_done_is_refused(ward, names, message):
    with pytest.raises(VisitError, match=message):
        visit(ward.person("healthy"), *names)


@pytest.mark.parametrize("name", [name for name, protocol in PROTOCOLS.items() if protocol.needs_fast])
def test_who_has_just_eaten_must_fast_first(ward, name):
    body = ward.person("healthy").fork()
    body.eat({"white_rice": 150.0})
    body.run_for(30)
    with pytest.raises(VisitError, match="needs a fast"):
        visit(body, name)
    assert visit(body, "fast", "ogtt")["glucose_0_min_mmol_per_l"] < 6.0


def test_who_lives_in_long_steps_is_watched_minute_by_minute(compiled):
    from insulin_abm.scenario import Scenario

    body = Scenario.from_text('duration = "1 h"\nstep = "5 min"\n[record]\nevery = "30 min"').unsettled_body()
    seen = Visit(body)
    seen.live(7)
    assert (body.step_min, seen.body.step_min) == (5.0, 1.0)
    assert len(seen.times()) == 8


def test_threads_change_no_visit(compiled):
    """The same findings to the bit on one thread and on two."""
    from insulin_abm.validation.ward import Ward

    one, two = (Ward(seed=3, threads=threads).visit("healthy", "euglycaemic_clamp", "biopsy") for threads in (1, 2))
    assert one.findings == two.findings
    assert one.timeseries.equals(two.timeseries)


def test_a_body_that_a_rule_watches_can_be_visited(ward):
    """Columns that a user wants to keep are kept in the copy as well."""
    body = ward.person("healthy").fork()
    keeping(body)
    assert visit(body, "biopsy")["muscle_surface_receptors"] > 0.0
