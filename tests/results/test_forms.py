"""Pictures for print: SVG and PDF beside PNG, the same bytes for the same data."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from insulin_abm import run
from insulin_abm.cli import app
from insulin_abm.scenario import Scenario

BEGINS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("runs")
    scenario = Scenario.from_text('duration = "3 h"\ncells = 40')
    return [run(scenario, folder / str(seed), seed=seed).folder for seed in (1, 2)]


def invoke(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def test_plot_keeps_each_form_once_and_the_same_bytes_again(runs: list[Path]) -> None:
    kept = []
    for _ in range(2):
        said = invoke("plot", str(runs[0]), "--format", "svg", "--format", "pdf", "--format", "svg")
        assert said.count("drawn") == 2
        kept.append([(runs[0] / "figures" / f"overview.{form}").read_bytes() for form in ("svg", "pdf")])
    assert kept[0] == kept[1]
    assert kept[0][0].startswith(BEGINS["svg"])
    assert kept[0][1].startswith(BEGINS["pdf"])


@pytest.mark.parametrize("form", BEGINS)
def test_compare_keeps_its_pictures_in_the_form_that_was_asked_for(runs: list[Path], tmp_path: Path, form: str) -> None:
    invoke("compare", *map(str, runs), "--out", str(tmp_path / "out"), "--format", form)
    pictures = [path for path in (tmp_path / "out").rglob("*") if path.suffix[1:] in BEGINS]
    assert len(pictures) == 2
    assert all(path.suffix == f".{form}" and path.read_bytes().startswith(BEGINS[form]) for path in pictures)


def test_an_unknown_form_is_refused(runs: list[Path]) -> None:
    result = CliRunner().invoke(app, ["plot", str(runs[0]), "--format", "bmp"])
    assert result.exit_code == 2
    assert "png" in result.output
