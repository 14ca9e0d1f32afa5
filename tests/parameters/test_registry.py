"""The registry: every shipped number is documented; changes are checked; nothing changes in place."""

import pytest

from insulin_abm.parameters import Faults, Registry, references

REGISTRY = Registry.load()

GOOD = """
[half_life]
value = 5.0
unit = "h"
range = [1, 10]
meaning = "half-life of the drug"
source = "Doe 2020"
certainty = "assumption"
"""


@pytest.mark.parametrize("name", list(REGISTRY))
def test_every_number_is_documented(name):
    parameter = REGISTRY[name]
    assert parameter.full_name == name
    assert parameter.low <= parameter.value <= parameter.high
    assert parameter.source in references()
    assert parameter.meaning
    unit = "" if parameter.unit == "1" else parameter.unit
    assert parameter.read(f"{parameter.value!r} {unit}") == parameter.value


def test_sites_and_short_names():
    person = REGISTRY.site("person")
    assert person["weight"] == REGISTRY["person.weight"].value
    assert "person" in REGISTRY.sites
    assert len(REGISTRY) == len(list(REGISTRY))


def test_unknown_names_name_the_nearest():
    with pytest.raises(KeyError, match=r"person\.weight"):
        REGISTRY["person.wieght"]
    with pytest.raises(KeyError, match="person"):
        REGISTRY.site("persn")


def test_a_change_makes_another_registry():
    changed = REGISTRY.changed({"person.weight": "154 lb", "person.activity": "120 %"})
    assert changed["person.weight"].value == pytest.approx(69.85, abs=0.01)
    assert changed["person.activity"].value == 1.2
    assert changed.overrides == {
        "person.weight": changed["person.weight"].value,
        "person.activity": 1.2,
    }
    assert REGISTRY.overrides == {}
    assert REGISTRY["person.weight"].value == 70.0
    assert changed.fingerprint != REGISTRY.fingerprint
    assert changed.changed({"person.weight": "70 kg", "person.activity": 1}).fingerprint == REGISTRY.fingerprint


def test_all_faults_of_a_change_come_at_once():
    with pytest.raises(Faults) as caught:
        REGISTRY.changed({"person.wieght": "70 kg", "person.weight": "7 mmol/L", "person.height": "900 cm"})
    assert len(caught.value.faults) == 3
    message = str(caught.value)
    assert "Did you mean 'person.weight'" in message
    assert "does not convert to kg" in message
    assert "Allowed: 1 to 2.5 m" in message


def test_glucose_may_be_written_in_either_unit():
    concentrations = [p for p in REGISTRY.values() if p.kind == "glucose" and p.unit == "mmol/L"]
    assert concentrations
    parameter = concentrations[0]
    assert parameter.read(f"{parameter.value * 18.016!r} mg/dL") == pytest.approx(parameter.value)


def test_a_users_site_is_added():
    registry = REGISTRY.with_site("my_drug", GOOD)
    assert registry.site("my_drug") == {"half_life": 5.0}
    assert registry.overrides == {}
    assert registry.changed({"my_drug.half_life": "120 min"}).overrides == {"my_drug.half_life": 2.0}
    assert registry.with_site("my_drug", GOOD).fingerprint == registry.fingerprint
    assert "my_drug.half_life" not in REGISTRY


@pytest.mark.parametrize(
    ("site", "text", "says"),
    [
        ("person", GOOD, "has parameters already"),
        ("my_drug", GOOD.replace("5.0", "50.0"), "outside of the range"),
        ("my_drug", GOOD.replace('"h"', '"hr_x"'), "not a unit"),
        ("my_drug", GOOD.replace("assumption", "sure"), "unknown certainty"),
        ("my_drug", GOOD.replace("value = 5.0", ""), "has no value"),
        ("my_drug", GOOD.replace("value = 5.0", "value = nan"), "not finite"),
        ("my_drug", GOOD.replace("value = 5.0", 'value = "5"'), "not finite"),
        ("my_drug", GOOD.replace("[1, 10]", "[1]"), "not finite"),
        ("my_drug", GOOD.replace('"half-life of the drug"', "3"), "is not a text"),
        ("my_drug", GOOD + 'remark = "x"', "unknown key 'remark'"),
        ("my_drug", "half_life = 5", "is not a table"),
        ("my_drug", "half_life = 5 h", "is not TOML"),
    ],
)
def test_a_wrong_site_is_refused(site, text, says):
    with pytest.raises(Faults, match=says):
        REGISTRY.with_site(site, text)
