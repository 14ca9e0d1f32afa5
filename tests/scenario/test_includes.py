"""Scenarios of several files."""

import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insulin_abm.parameters import Faults
from insulin_abm.scenario import Scenario
from insulin_abm.scenario.files import shipped_folder
from insulin_abm.scenario.includes import DEEPEST, OWN_KEYS, Layer
from insulin_abm.scenario.lines import places_of
from insulin_abm.scenario.merging import laid_over

HEAVY = '[person]\nweight = "100 kg"\nage = "50 yr"\n'
TWO_MEALS = '[[meals]]\nat = "30 min"\nglucose_drink = "10 g"\n[[meals]]\nat = "40 min"\nglucose_drink = "20 g"\n'


@pytest.fixture
def write(tmp_path):
    """Write files; the scenario is always `day.toml`, one hour long."""

    def write_files(own, **files):
        (tmp_path / "day.toml").write_text(f'duration = "1 h"\n{own}')
        for name, text in files.items():
            (tmp_path / f"{name}.toml").write_text(text)
        return tmp_path / "day.toml"

    return write_files


def message(path, **arguments):
    with pytest.raises(Faults) as refused:
        Scenario.load(path, **arguments)
    return str(refused.value)


# ---- what wins


def test_tables_are_merged_key_by_key_and_the_own_text_wins(write):
    day = write('include = "heavy.toml"\n[person]\nage = "60 yr"\n[record]\nevery = "1 min"', heavy=HEAVY)
    scenario = Scenario.load(day)
    assert (scenario.person.weight_kg, scenario.person.age_years) == (100.0, 60.0)
    assert scenario.record_every_min == 1
    assert scenario.includes == ((day.parent / "heavy.toml").resolve(),)


def test_later_includes_win_over_earlier_ones(write):
    files = {"heavy": HEAVY, "old": '[person]\nage = "70 yr"'}
    one = Scenario.load(write('include = ["heavy.toml", "old.toml"]', **files)).person
    two = Scenario.load(write('include = ["old.toml", "heavy.toml"]', **files)).person
    assert (one.weight_kg, one.age_years) == (100.0, 70.0)
    assert (two.weight_kg, two.age_years) == (100.0, 50.0)


def test_lists_are_replaced_as_a_whole(write):
    own = '[[meals]]\nat = "10 min"\nglucose_drink = "5 g"'
    assert len(Scenario.load(write('include = "two.toml"', two=TWO_MEALS)).events) == 2
    assert [event.time_min for event in Scenario.load(write(f'include = "two.toml"\n{own}', two=TWO_MEALS)).events] == [
        10
    ]


def test_habits_are_merged_deeply(write):
    ill = '[habits.pump]\nrate = "0.3 U/h"\n[[habits.insulin]]\nat = "07:00"\ndose = "2 U"\n'
    habits = Scenario.load(write('include = "ill.toml"\n[habits]\nmeals = []', ill=ill)).habits
    assert [event.kind for event in habits.events] == ["infuse_insulin", "inject_insulin"]


@pytest.mark.parametrize("below", ['"muscle.receptor_count" = 11000', "[parameters.muscle]\nreceptor_count = 11000"])
@pytest.mark.parametrize("above", ['"muscle.receptor_count" = 12000', "[parameters.muscle]\nreceptor_count = 12000"])
@pytest.mark.parametrize("name", ["muscle.receptor_count", "parameters.muscle.receptor_count"])
def test_a_parameter_is_one_however_it_is_written(write, below, above, name):
    day = write(f'include = "below.toml"\n[parameters]\n{above}', below=f"[parameters]\n{below}")
    assert Scenario.load(day).parameters.overrides == {"muscle.receptor_count": 12000.0}
    changed = Scenario.load(day, overrides={name: 13000})
    assert changed.parameters.overrides == {"muscle.receptor_count": 13000.0}


def test_a_parameter_is_not_written_twice_in_one_file(write):
    twice = '[parameters]\n"muscle.receptor_count" = 11000\nmuscle.receptor_count = 12000'
    assert "line 3, parameters.muscle.receptor_count: is given twice" in message(write(twice))


def test_set_wins_over_what_is_included(write):
    day = write('include = ["heavy.toml", "two.toml"]', heavy=HEAVY, two=TWO_MEALS)
    scenario = Scenario.load(day, overrides={"person.weight": "80 kg", "meals[2].at": "50 min"})
    assert (scenario.person.weight_kg, scenario.person.age_years) == (80.0, 50.0)
    assert [event.time_min for event in scenario.events] == [30, 50]
    assert "--set person.weight: " in message(day, overrides={"person.weight": "900 kg"})


TABLES = st.recursive(
    st.integers() | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
TABLE = st.dictionaries(st.sampled_from("abc"), TABLES, max_size=3)


@given(one=TABLE, two=TABLE)
def test_all_that_is_above_wins_and_the_rest_stays(one, two):
    merged = laid_over(one, two)
    assert laid_over(merged, two) == merged
    assert laid_over({}, one) == laid_over(one, {}) == one
    assert merged.keys() == one.keys() | two.keys()


def test_a_place_is_that_of_the_layer_which_is_seen():
    below = Layer(tomllib.loads(HEAVY + TWO_MEALS), places_of(HEAVY + TWO_MEALS, "below.toml"))
    text = '[person]\nage = "60 yr"\n[[meals]]\nat = "5 min"\n'
    layer = Layer(tomllib.loads(text), places_of(text, "above.toml")).over(below)
    assert (layer.places["person.weight"].file, layer.places["person.weight"].line) == ("below.toml", 2)
    assert (layer.places["person.age"].file, layer.places["person.age"].line) == ("above.toml", 2)
    assert layer.places["meals[1]"].file == "above.toml"
    assert not {"meals[2]", "meals[1].glucose_drink"} & layer.places.keys()


# ---- where files are looked for


def test_a_shipped_file_is_found_from_anywhere(write):
    scenario = Scenario.load(write('include = ["people/t2d.toml", "meals/glucose_drink.toml"]'))
    assert scenario.person.weight_kg == 92.0
    assert [path.name for path in scenario.includes] == ["t2d.toml", "glucose_drink.toml"]


def test_a_file_beside_goes_before_a_shipped_one(write):
    day = write('include = "people/t2d.toml"')
    (day.parent / "people").mkdir()
    (day.parent / "people" / "t2d.toml").write_text(HEAVY)
    assert Scenario.load(day).person.weight_kg == 100.0


def test_an_included_file_includes_from_its_own_folder(write):
    day = write('include = "inner/one.toml"')
    (day.parent / "inner").mkdir()
    (day.parent / "inner" / "one.toml").write_text('include = "two.toml"\n[person]\nage = "45 yr"')
    (day.parent / "inner" / "two.toml").write_text(HEAVY)
    scenario = Scenario.load(day)
    assert (scenario.person.weight_kg, scenario.person.age_years) == (100.0, 45.0)
    assert [path.name for path in scenario.includes] == ["two.toml", "one.toml"]


def test_one_file_may_be_included_on_two_ways(write):
    both = 'include = "heavy.toml"'
    scenario = Scenario.load(write('include = ["left.toml", "right.toml"]', left=both, right=both, heavy=HEAVY))
    assert [path.name for path in scenario.includes] == ["heavy.toml", "left.toml", "right.toml"]


def test_include_may_be_changed_by_name(write):
    day = write('include = ["heavy.toml"]', heavy=HEAVY)
    for overrides in (
        {"include": ["people/t2d.toml"]},
        {"include": "people/t2d.toml"},
        {"include[1]": "people/t2d.toml"},
    ):
        assert Scenario.load(day, overrides=overrides).person.weight_kg == 92.0
    assert Scenario.load(day, overrides={"include": []}).person.weight_kg == 70.0
    said = message(day, overrides={"include": ["people/type3.toml"]})
    assert "--set include: \"people/type3.toml\": there is no such file. Did you mean 'people/t2d.toml'?" in said
    assert "--set include: 3 is neither a file nor a list of files" in message(day, overrides={"include": 3})
    assert "there is no include[7]" in message(day, overrides={"include[7]": "heavy.toml"})


# ---- what is refused, and where it stands


@pytest.mark.parametrize("key", OWN_KEYS)
def test_some_keys_belong_into_the_scenario_itself(write, key):
    value = {"use": '["x.py"]', "seed": "2"}.get(key, '"2 h"')
    said = message(write('include = "other.toml"', other=f"# x\n{key} = {value}"))
    assert said.count("\n") == 1
    assert f"other.toml: line 2, {key}: belongs into the scenario itself" in said


def test_faults_name_the_file_and_the_line(write):
    wrong = '# x\n[person]\nweight = "900 kg"\nhieght = 1\n\n[[meals]]\nfoods = { ryce = "1 g" }\n'
    said = message(write('\ninclude = "wrong.toml"\nsed = 2\n[person]\nage = "400 yr"', wrong=wrong)).splitlines()
    folder = str(shipped_folder())
    assert not any(folder in line for line in said)
    assert said[0].endswith("day.toml: 6 faults")
    assert [line.partition("unknown")[0].strip() for line in said[1:3]] == [
        "line 4, sed:",
        'line 6, person.age: "400 yr" is out of range. Allowed: 18 to 100 yr',
    ]
    file = str(said[3]).partition("wrong.toml: ")[0]
    rest = [line.removeprefix(f"{file}wrong.toml: ") for line in said[3:]]
    assert rest[0].startswith('line 3, person.weight: "900 kg" is out of range')
    assert rest[1].startswith("line 4, person.hieght: unknown key 'hieght'. Did you mean 'height'")
    assert rest[2].startswith("line 6, meals[1].at: is missing")
    assert rest[3].startswith("line 7, meals[1].foods.ryce: unknown food")


def test_a_wrong_value_that_is_replaced_is_no_fault(write):
    day = write('include = "wrong.toml"\n[person]\nweight = "80 kg"', wrong='[person]\nweight = "900 kg"')
    assert Scenario.load(day).person.weight_kg == 80.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", 'line 2, include: "other.toml": the file is empty'),
        ("\n \n", 'line 2, include: "other.toml": the file is empty'),
        ("a\0b", 'line 2, include: "other.toml": is not a text file'),
        ("[person]\nage = \n", "other.toml: line 2: this is not TOML: Invalid value"),
        ("seed = " + "[" * 5000, "other.toml: "),
        ("x." + "a." * 3000 + "b = 1", "other.toml: this is not a scenario: it is nested too deeply"),
        ("include = 3", "other.toml: line 1, include: 3 is neither a file nor a list of files"),
        ('# x\ninclude = "no.toml"', 'other.toml: line 2, include: "no.toml": there is no such file'),
        ('[x]\ny = "1"', "other.toml: line 1, x: unknown key or table 'x'"),
    ],
)
def test_a_file_that_cannot_be_included(write, text, says):
    said = message(write('include = "other.toml"', other=text))
    assert said.splitlines()[0].endswith("day.toml: 1 fault")
    assert says in said


@pytest.mark.parametrize(
    ("include", "says"),
    [
        ('"ohter.toml"', "\"ohter.toml\": there is no such file. Did you mean 'other.toml'?"),
        ('"people/obes.toml"', "Did you mean 'people/obese.toml'?"),
        ('"people"', '"people": is a directory'),
        ('"."', "is a directory"),
        ('""', "is a directory"),
        ("true", "neither a file nor a list"),
        ("[1]", "neither a file nor a list"),
        ('["other.toml", 1]', "neither a file nor a list"),
        ('"day.toml"', "files include each other in a circle: day.toml > day.toml"),
        ('"healthy_day.toml"', "title: belongs into the scenario itself"),
        ('"a\\u0000b"', "is not the name of a file"),
        (f'"{"x" * 5000}"', "is not the name of a file"),
    ],
)
def test_a_name_that_is_no_file(write, include, says):
    said = message(write(f"include = {include}", other=HEAVY))
    assert says in said
    assert "line 2, include" in said or "healthy_day.toml: line " in said


def test_a_circle_is_refused(write):
    day = write('include = "one.toml"', one='include = "two.toml"', two="[person]\n[record]\n[cells]\nmuscle = 3")
    (day.parent / "two.toml").write_text('include = ["heavy.toml", "one.toml"]')
    (day.parent / "heavy.toml").write_text(HEAVY)
    said = message(day)
    assert said.count("\n") == 1
    assert "two.toml: line 1, include: files include each other in a circle: one.toml > two.toml > one.toml" in said


def test_files_that_include_files_without_end(write):
    chain = {f"f{number}": f'include = "f{number + 1}.toml"' for number in range(400)}
    assert f"is included over more than {DEEPEST} files" in message(write('include = "f0.toml"', **chain))
    twice = {f"f{number}": f'include = ["f{number + 1}.toml", "f{number + 1}.toml"]' for number in range(DEEPEST - 1)}
    scenario = Scenario.load(write('include = "f0.toml"', **twice, **{f"f{DEEPEST - 1}": HEAVY}))
    assert len(scenario.includes) == DEEPEST


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.text(max_size=30))
def test_any_name_is_a_file_or_refused(tmp_path, name):
    try:
        scenario = Scenario.from_text('duration = "1 h"', tmp_path, overrides={"include": [name]})
    except Faults as faults:
        assert "--set include" in str(faults)  # noqa: PT017
    else:
        assert len(scenario.includes) == 1
