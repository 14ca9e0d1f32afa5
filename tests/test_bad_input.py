"""Bad input through the real command: exit 2, every fault in one message, with its place and what is allowed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from insulin_abm.cli import app
from insulin_abm.scenario import shipped_scenarios

RUNNER = CliRunner()

GOOD = """title = "A day"
start = "07:00"
duration = "24 h"
seed = 1
[person]
sex = "female"
weight = "70 kg"
[[meals]]
at = "12:30"
foods = { bread = "80 g", milk = "250 mL" }
[[insulin]]
at = "12:30"
dose = "6 U"
[parameters]
"muscle.receptor_count" = "1.2e4"
[record]
every = "5 min"
"""

# what is wrong: (in the good scenario this, becomes that, and the message says)
WRONG = {
    "misspelt section": (
        "[person]",
        "[persn]",
        ["line 5, persn", "Did you mean 'person'", "Allowed: cells, drugs, duration"],
    ),
    "misspelt array": ("[[meals]]", "[[meal]]", ["line 8, meal", "Did you mean 'meals'"]),
    "misspelt key": ("weight =", "wieght =", ["line 7, person.wieght", "Did you mean 'weight'", "activity, age"]),
    "misspelt key of a meal": ("foods =", "food =", ["line 10, meals[1].food", "Did you mean 'foods'"]),
    "misspelt food": ("bread", "bred", ["line 10, meals[1].foods.bred", "Did you mean 'bread'", "apple"]),
    "misspelt parameter": ("receptor_count", "receptr_count", ["line 15", "Did you mean 'muscle.receptor_count'"]),
    "misspelt site": (
        "muscle.",
        "muscel.",
        ["parameters.muscel.receptor_count", "Did you mean 'muscle.receptor_count'"],
    ),
    "missing unit": ("70 kg", "70", ["line 7, person.weight", '"70" has no unit', '"70 kg"']),
    "wrong unit": ("70 kg", "70 mmol/L", ["line 7, person.weight", "does not convert to kg"]),
    "unknown unit": ("70 kg", "70 kgs", ["'kgs' is not a unit", "Did you mean 'kg'"]),
    "kg for glucose": (
        '"muscle.receptor_count" = "1.2e4"',
        '"liver.usual_glucose" = "5 kg"',
        ["line 15", '"5 kg" is in kg', "does not convert to mmol/L"],
    ),
    "mL of bread": ('"80 g"', '"80 mL"', ["meals[1].foods.bread", "does not convert to g"]),
    "kg of a drink": ('"250 mL"', '"250 kg"', ["meals[1].foods.milk", "out of range", "5000 g"]),
    "negative weight": ("70 kg", "-70 kg", ["line 7, person.weight", "out of range", "Allowed: 20 to 400 kg"]),
    "too heavy": ("70 kg", "700 kg", ["Allowed: 20 to 400 kg"]),
    "weight without height": ("70 kg", "390 kg", ["do not go together", "body mass index"]),
    "zero cells": ("seed = 1", "cells = 0", ["line 4, cells", "0 is out of range", "from 40 to 10 000 000"]),
    "no muscle": ("[record]", "[cells]\nmuscle = 0\n[record]", ["cells.muscle", "from 1 to 10 000 000"]),
    "a million million cells": ("seed = 1", "cells = 1000000000000", ["cells", "from 40 to 10 000 000"]),
    "a million million muscle cells": ("[record]", "[cells]\nmuscle = 1000000000000\n[record]", ["cells.muscle"]),
    "too many cells in all": (
        "[record]",
        "[cells]\nmuscle = 6000000\nfat = 6000000\n[record]",
        ["12000400", "at most"],
    ),
    "a part of a cell": ("seed = 1", "cells = 10.5", ["10.5 is not a whole number"]),
    "nan": ("70 kg", "nan kg", ["line 7, person.weight", "not a finite number"]),
    "bare nan": ('"70 kg"', "nan", ["person.weight", "not a finite number"]),
    "infinity": ("70 kg", "inf kg", ["not a finite number"]),
    "bare infinity": ('"70 kg"', "-inf", ["not a finite number"]),
    "overflow": ("70 kg", "1e400 kg", ["not a finite number"]),
    "comma in a number": ('"80 g"', '"36,000 g"', ['"36,000 g" has a comma', '"36000"']),
    "bare comma": ('"70 kg"', "36,000", ["line 7", "this is not TOML", "weight = 36,000", "text in quotes"]),
    "quantity without quotes": ('"70 kg"', "70 kg", ["line 7", "this is not TOML", "weight = 70 kg"]),
    "text for a number": ("seed = 1", 'seed = "one"', ["line 4, seed", "not a whole number"]),
    "quoted number": ("seed = 1", 'seed = "1"', ["without quotes"]),
    "negative seed": ("seed = 1", "seed = -1", ["seed", "out of range"]),
    "truth for a number": ("seed = 1", "seed = true", ["not a whole number"]),
    "huge number": ("seed = 1", f"seed = {'9' * 5000}", ["this is not TOML"]),
    "huge hexadecimal number": ("seed = 1", f"seed = 0x{'f' * 5000}", ["thousands of digits"]),
    "number for text": ('"A day"', "5", ["line 1, title", "5 is not a text"]),
    "number for a quantity": ('"70 kg"', "70", ["70 has no unit", '"70 kg"']),
    "number for a time": ('"12:30"\nfoods', "1230\nfoods", ["line 9, meals[1].at", "not a time"]),
    "truth for a quantity": ('"70 kg"', "true", ["True is not a quantity"]),
    "list for a quantity": ('"70 kg"', "[70]", ["[70] is not a quantity"]),
    "table for a text": ('"A day"', "{ a = 1 }", ["title", "is not a text"]),
    "number for a table": ("seed = 1", "habits = 5", ["line 4, habits", "5 is not a table"]),
    "table for a list": ("[[meals]]", "[meals]", ["line 8, meals", "[[meals]]"]),
    "a sex that is none": ('"female"', '"f"', ["line 6, person.sex", "unknown sex 'f'", "female, male"]),
    "a meal after the end": ('"12:30"\nfoods', '"25 h"\nfoods', ["line 9, meals[1].at", "1500 min", "ends after 1440"]),
    "a meal at the end": ('"12:30"\nfoods', '"24 h"\nfoods', ["meals[1].at", "ends after 1440"]),
    "a meal on a later day": ('"12:30"\nfoods', '"day 3 07:00"\nfoods', ["2880 min after the start"]),
    "a meal before the start": ('"12:30"\nfoods', '"day 1 06:00"\nfoods', ["before the start"]),
    "a time that is none": (
        '"12:30"\nfoods',
        '"noon"\nfoods',
        ["line 9, meals[1].at", '"noon" is not a time', '"07:00"'],
    ),
    "an hour that is none": ('"12:30"\nfoods', '"25:00"\nfoods', ['"25:00" is not a time of the day']),
    "a meal without a time": ('at = "12:30"\nfoods', "foods", ["line 8, meals[1].at", "is missing"]),
    "a meal of nothing": ('{ bread = "80 g", milk = "250 mL" }', "{}", ["meals[1].foods", "is empty"]),
    "a meal without food": ('foods = { bread = "80 g", milk = "250 mL" }', "", ["says nothing to eat"]),
    "a negative portion": ('"80 g"', '"-80 g"', ["out of range"]),
    "a dose without a unit": ('"6 U"', '"6"', ["line 13, insulin[1].dose", "has no unit", '"6 U"']),
    "a dose in kg": ('"6 U"', '"6 kg"', ["insulin[1].dose", "out of range", "500 U"]),
    "a negative dose": ('"6 U"', '"-6 U"', ["insulin[1].dose", "out of range"]),
    "no dose": ('dose = "6 U"', "", ["insulin[1].dose", "is missing"]),
    "an insulin that is none": ('"6 U"', '"6 U"\nkind = "rapd"', ["Did you mean 'rapid'", "long, rapid"]),
    "a negative pump": ("[record]", '[pump]\nrate = "-1 U/h"\n[record]', ["pump.rate", "out of range"]),
    "again after nothing": ('"6 U"', '"6 U"\nevery = "0 min"', ["insulin[1].every", "out of range"]),
    "zero duration": ("24 h", "0 h", ["line 3, duration", "out of range", "Allowed: 1 to"]),
    "negative duration": ("24 h", "-24 h", ["duration", "out of range"]),
    "too long": ("24 h", "101 yr", ["duration", "out of range"]),
    "half a minute": ("24 h", "30 s", ["duration", "whole number of minutes"]),
    "no duration": ('duration = "24 h"\n', "", ["duration: is missing", '"24 h"']),
    "a wrong start": ('start = "07:00"', 'start = "7 h"', ["line 2, start", "not a clock time"]),
    "recording never": ("5 min", "0 min", ["line 17, record.every", "out of range"]),
    "a parameter out of range": ('"1.2e4"', '"1e12"', ["line 15, parameters.muscle.receptor_count", "out of range"]),
    "a limit as a parameter": ('"muscle.receptor_count"', '"scenario.cells"', ["cannot be changed"]),
    "a person's measure as a parameter": (
        '"muscle.receptor_count" = "1.2e4"',
        '"person.weight" = "80 kg"',
        ["measure of the person", "below [person]"],
    ),
    "a key twice": ("seed = 1", "seed = 1\nseed = 2", ["line 5", "this is not TOML", "only once"]),
    "a table twice": ("[record]", '[person]\nsex = "male"\n[record]', ["this is not TOML"]),
    "an open bracket": ("[person]", "[person", ["line 5", "this is not TOML"]),
    "nested too deeply": ("seed = 1", f"seed = {'[' * 5000}", ["this is not"]),
    "code of its own": ("seed = 1", 'use = ["my_drug.py"]', ["line 4, use", "my_drug.py", "--allow-code"]),
}


def check(*arguments):
    return RUNNER.invoke(app, ["check", *map(str, arguments)])


def test_the_good_scenario_is_good(tmp_path):
    file = tmp_path / "good.toml"
    file.write_text(GOOD)
    result = check(file)
    assert result.exit_code == 0, result.stderr
    assert "good" in result.stdout


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_scenario_is_refused(name, tmp_path):
    old, new, says = WRONG[name]
    assert old in GOOD
    file = tmp_path / "wrong.toml"
    file.write_text(GOOD.replace(old, new, 1))
    result = check(file)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"{file}: 1 fault\n"), result.stderr
    for part in says:
        assert part in result.stderr
    assert list(tmp_path.iterdir()) == [file]


def test_every_fault_is_in_one_message(tmp_path):
    many = ["misspelt key", "misspelt food", "negative seed", "number for text", "too long", "misspelt parameter"]
    text = GOOD
    for name in many:
        old, new, _ = WRONG[name]
        text = text.replace(old, new, 1)
    file = tmp_path / "many.toml"
    file.write_text(text)
    result = check(file, "--set", "person.age=inf yr", "--set", "persn.weight=3 kg")
    assert result.exit_code == 2
    assert "many.toml: 8 faults" in result.stderr
    for name in many:
        assert all(part in result.stderr for part in WRONG[name][2]), name
    assert "--set person.age: " in result.stderr
    assert "--set persn.weight: " in result.stderr
    numbers = [int(line.split()[1].rstrip(",")) for line in result.stderr.splitlines() if line.startswith("  line ")]
    assert numbers == sorted(numbers)


def test_every_file_is_checked(tmp_path):
    for name, text in (("good", GOOD), ("bad", GOOD.replace("24 h", "x")), ("worse", "")):
        (tmp_path / f"{name}.toml").write_text(text)
    result = check(*sorted(tmp_path.glob("*.toml")))
    assert result.exit_code == 2
    assert "good.toml: good" in result.stdout
    assert "bad.toml: 1 fault" in result.stderr
    assert "worse.toml: 1 fault" in result.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"# only a comment\n", "duration: is missing"),
        (bytes(range(256)), "is not a text file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "is not a text file"),
        (b'duration = "24 h"\0', "is not a text file"),
        ('duration = "24 h"'.encode("utf-16"), "is not a text file"),
        (b"x" * 2_000_000, "longer than"),
        (b"Dear Sir or Madam,\n", "this is not TOML"),
    ],
)
def test_what_is_no_scenario(content, says, tmp_path):
    file = tmp_path / "thing.toml"
    file.write_bytes(content)
    result = check(file)
    assert result.exit_code == 2
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_windows_line_ends_and_a_byte_order_mark_are_fine(tmp_path):
    file = tmp_path / "windows.toml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert check(file).exit_code == 0


def test_a_directory(tmp_path):
    (tmp_path / "inside.toml").write_text(GOOD)
    result = check(tmp_path)
    assert result.exit_code == 2
    assert "is a directory" in result.stderr
    assert "inside.toml" in result.stderr


def test_a_file_that_is_not_there(tmp_path):
    (tmp_path / "my_day.toml").write_text(GOOD)
    result = check(tmp_path / "my_dya.toml")
    assert result.exit_code == 2
    assert "there is no such file" in result.stderr
    assert "my_day.toml" in result.stderr
    assert "Did you mean 'healthy_day'" in check("helthy_day").stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="an administrator may read every file")
def test_a_file_that_may_not_be_read(tmp_path):
    file = tmp_path / "secret.toml"
    file.write_text(GOOD)
    file.chmod(0)
    assert "cannot be read" in check(file).stderr


@pytest.mark.parametrize("name", list(shipped_scenarios()))
def test_every_shipped_scenario_is_good(name):
    result = check(name)
    assert result.exit_code == 0, result.stderr


def test_the_real_command(tmp_path):
    file = tmp_path / "wrong.toml"
    file.write_text(GOOD.replace("70 kg", "-70 kg"))
    command = [sys.executable, "-m", "insulin_abm.cli", "check", str(file)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parent.parent, check=False)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "line 7, person.weight" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["parameters", "person.wieght"], "Did you mean 'person.weight'"),
        (["foods", "ryce"], "Did you mean 'rice'"),
        (["cite", "dalla_man_207"], "Did you mean 'dalla_man_2007'"),
        (["check", "healthy_day", "--set", "seed"], "is not NAME=VALUE"),
    ],
)
def test_wrong_arguments(arguments, says):
    result = RUNNER.invoke(app, arguments)
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["parameters", "person"], "person.weight\t70\tkg"),
        (["parameters"], "muscle.receptor_count"),
        (["foods"], "white_rice"),
        (["foods", "rice"], "cooked rice"),
        (["scenarios"], "healthy_day"),
        (["cite"], "10.1109/TBME.2007.893506"),
        (["cite", "assumed_here"], "assumed here"),
        (["--help"], "check"),
    ],
)
def test_the_lists(arguments, says):
    result = RUNNER.invoke(app, arguments)
    assert result.exit_code == 0, result.stderr
    assert says in result.stdout
