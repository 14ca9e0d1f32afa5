"""The commands for studies: what they say, write and refuse."""

import pytest
from typer.testing import CliRunner

from insulin_abm.cli import app
from insulin_abm.results import names

RUNNER = CliRunner()


def invoke(*arguments):
    result = RUNNER.invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


@pytest.fixture
def file(tiny, tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(
        'title = "Two weights"\nscenarios = ["tiny.toml"]\nseeds = 2\n'
        '[sample]\nmethod = "random"\nsize = 1\n[sample.between]\n'
        '"person.weight" = ["60 kg", "90 kg"]\n"person.beta_cell_mass" = [0.5, 1.0]\n'
    )
    return path


def test_a_study_is_run_told_and_summarised(compiled, file, tmp_path):
    out = tmp_path / "out"
    code, said = invoke("batch", file, "--out", out, "--workers", "2", "--seeds", "1-3", "--timeseries")
    assert code == 0, said
    assert said.startswith("Two weights: 3 runs, 2 at a time: about ")
    assert "3 done, 0 failed. Model output" in said
    assert (out / names.TIMESERIES).exists()
    code, said = invoke("batch", file, "--out", out, "--workers", "2", "--seeds", "1-4", "--timeseries")
    assert "1 runs (3 are done)" in said
    code, said = invoke("summarise", out, "--measure", "mean_glucose_mmol_per_l")
    assert code == 0, said
    assert "mean_glucose_mmol_per_l\ttiny\t4" in said
    assert "ribbons.png: drawn" in said


def test_a_sensitivity_is_run_and_drawn(compiled, file, tmp_path):
    out = tmp_path / "morris"
    asked = ("sensitivity", file, "--out", out, "--size", "2", "--measure", "mean_glucose_mmol_per_l")
    code, said = invoke(*asked)
    assert code == 2
    assert "one scenario with one seed is varied" in said
    file.write_text(file.read_text().replace("seeds = 2\n", ""))
    code, said = invoke(*asked)
    assert code == 0, said
    assert "mean_glucose_mmol_per_l\tperson.weight\t" in said
    assert (out / "figures" / "tornado.png").exists()
    code, said = invoke(*asked[:-1], "mean_glucose")
    assert code == 2
    assert "unknown measure 'mean_glucose'" in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("batch", "healthy_day", "--timeseries"), "--timeseries: is for a study"),
        (("batch", "healthy_day", "--scheduler", "tcp://127.0.0.1:9"), "--scheduler: is for a study"),
        (("batch", "STUDY", "--compare"), "--compare: is for scenarios"),
        (("batch", "STUDY", "--scheduler", "nonsense"), "no scheduler can be reached there"),
        (("batch", "STUDY", "--seeds", "x"), "not a seed"),
        (("summarise", "nowhere"), "'insulin-abm batch STUDY' makes one"),
        (("sensitivity", "healthy_day", "--measure", "homa_ir"), "there is no such file"),
        (("sensitivity", "STUDY", "--measure", "homa_ir", "--method", "guess"), "unknown method 'guess'"),
    ],
)
def test_what_means_nothing_is_refused(file, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    code, said = invoke(*(file if one == "STUDY" else one for one in arguments), *_out(arguments))
    assert code == 2, said
    assert says in said
    assert [path for path in sorted(tmp_path.rglob("*")) if path not in before and path.suffix == ".csv"] == []


def _out(arguments):
    return ("--out", "out") if arguments[0] != "summarise" else ()
