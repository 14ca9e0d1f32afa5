"""The scoreboard: what comes out, that it does not get worse unnoticed, and that its document says what is so."""

import csv
import math
from pathlib import Path

import pytest
from typer.testing import CliRunner

from insulin_abm.cli import app
from insulin_abm.parameters.targets import ASSUMED, EMERGENT, targets
from insulin_abm.results.names import (
    FIGURES,
    RIBBONS_PICTURE,
    SCOREBOARD,
    SCOREBOARD_PICTURE,
    SCOREBOARD_TEXT,
    VALIDATION,
)
from insulin_abm.validation import dish
from insulin_abm.validation.curves import PANELS
from insulin_abm.validation.lab import Lab
from insulin_abm.validation.measuring import measured_facts
from insulin_abm.validation.report import reason_of, reasons
from insulin_abm.validation.score import COLUMNS, Score, in_order, is_due, tallies
from insulin_abm.validation.scoreboard import measure, protocols

RUNNER = CliRunner()
DOCS = Path(__file__).parents[2] / "docs"
LEAST_INSIDE_OF_DISHES, LEAST_INSIDE = 0.8, 0.75
"""What must come out of the emergent facts of cells in culture, and of all that need no months and years."""


@pytest.fixture(scope="module")
def scores(compiled):
    """Everything, with one seed; the command takes five."""
    return measure(seeds=(1,), workers=2)


@pytest.fixture(scope="module")
def kept():
    """The scoreboard of the last version that was written down, by the ids of facts."""
    with (DOCS / "scoreboard.csv").open() as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def of_dishes(scores):
    return [score for score in scores if score.target.needs == "dish"]


def test_so_many_emergent_facts_come_out(scores):
    everything, published, assumed, years, every = tallies(scores)
    assert every.due == everything.due + years.due
    assert years.inside > 0.35 * years.due
    assert everything.inside >= LEAST_INSIDE * everything.due
    assert everything.due == published.due + assumed.due
    assert everything.due == sum(fact.role == EMERGENT and fact.needs != "years" for fact in targets().values())
    cells = tallies(of_dishes(scores))[0]
    assert cells.inside >= LEAST_INSIDE_OF_DISHES * cells.due


def test_no_fact_falls_out_unnoticed(scores, kept):
    """What was inside is inside. Who changes the model on purpose writes the scoreboard anew, and it is seen."""
    fallen = [one.target.id for one in scores if kept[one.target.id]["inside"] == "yes" and not one.inside]
    assert not fallen


def test_every_fact_has_its_row_in_the_scoreboard_that_is_written_down(kept):
    assert set(kept) == set(targets())
    document = (DOCS / "validation.md").read_text("utf-8")
    due = [fact for fact in targets().values() if is_due(fact)]
    inside = sum(kept[fact.id]["inside"] == "yes" for fact in due)
    assert f"| emergent facts | {inside} ({100 * inside / len(due):.0f} %) | {len(due)} |" in document
    for fact in due:
        assert f"| {fact.id} |" in document, fact.id
    missing = document[document.index("## Emergent facts that miss") : document.index("## Emergent facts that are not")]
    for fact in due:
        assert (f"| {fact.id} |" in missing) == (kept[fact.id]["inside"] == "no"), fact.id


def test_every_emergent_fact_of_a_dish_is_measured(scores):
    """What needs a dish and nothing else, none left out."""
    needed = {fact.id for fact in targets().values() if fact.needs == "dish" and fact.role == EMERGENT}
    assert {score.target.id for score in scores if score.simulated} >= needed
    assert measured_facts() <= set(targets())


def test_every_fact_that_is_due_and_misses_has_a_reason(scores):
    """So has every one that is not measured; and nobody gives a reason for a fact that there is not."""
    lacking = [one.target.id for one in scores if is_due(one.target) and not one.inside and not reason_of(one.target)]
    assert not lacking
    known = {name for fact in targets().values() for name in (fact.id, fact.group)}
    assert set(reasons()) <= known


def test_a_seed_changes_little(scores):
    """Half of the spread of a fact at most: what is told of cells in culture is not chance."""
    other = {score.target.id: score for score in measure("dish", seeds=(2,))}
    for score in of_dishes(scores):
        if score.simulated:
            assert abs(score.mean - other[score.target.id].mean) <= 0.5 * score.target.spread, score.target.id


def test_every_published_point_of_a_picture_is_a_fact_that_is_measured():
    for panel in PANELS:
        assert set(panel.facts) <= measured_facts()


def test_workers_change_no_score(compiled):
    """One process or two: the same values."""
    one, two = (measure("renal", seeds=(1, 2), workers=workers) for workers in (1, 2))
    assert [score.simulated for score in one] == [score.simulated for score in two]


def test_facts_with_an_assumed_band_stand_apart():
    ordered = in_order([Score(fact, ()) for fact in targets().values() if fact.protocol == "dish"])
    emergent = [score.target.spread_kind == ASSUMED for score in ordered if score.target.role == EMERGENT]
    assert emergent == sorted(emergent)
    assert [score.target.role == EMERGENT for score in ordered][: len(emergent)] == [True] * len(emergent)


def test_a_score_counts_its_error_in_spreads():
    fact = targets()["R16_02"]  # 300 min, 240 to 360
    assert Score(fact, (240.0, 260.0)).mean == 250.0
    assert Score(fact, (250.0,)).error == pytest.approx(50.0 / 60.0)
    assert Score(fact, (250.0,)).inside
    assert not Score(fact, (239.0,)).inside
    assert Score(fact, ()).row()["inside"] == ""
    assert Score(fact, (math.nan, 300.0)).error == math.inf
    assert Score(fact, (math.nan, 300.0)).row()["inside"] == "no"
    limit = targets()["R12_01"]  # at most 10 min
    assert (Score(limit, (4.0,)).error, Score(limit, (15.0,)).error) == (0.0, 1.0)


def test_without_a_mechanism_the_scoreboard_tells():
    """Receptors that are never degraded: what is about loss falls out, what is about the way inside stays."""
    scores = measure("dish", seeds=(1, 2), changes={"mechanism.receptor_loss": 0})
    frozen = {score.target.id: score for score in scores}
    assert not any(frozen[name].inside for name in ("R13_01", "R14_03", "R16_01", "R18_01"))
    assert all(frozen[name].inside for name in ("R9_01", "R9_03", "R9_04", "R9_05", "R9_06", "R12_01"))
    assert frozen["R13_01"].row()["simulated_sd"] != frozen["R13_01"].row()["simulated_sd"]
    assert tallies(scores)[0].inside < 0.6 * tallies(scores)[0].due


def test_without_insulin_driven_endocytosis_nothing_goes_inside():
    scores = measure("dish", seeds=(1,), changes={"mechanism.insulin_driven_endocytosis": 0})
    moved = {score.target.id: score.mean for score in scores}
    assert moved["R1_01"] < 100.0
    assert abs(moved["R9_05"]) < 0.01


def test_what_a_measurement_depends_on_is_its_own_and_numbers_are_those_that_were_set():
    lab = Lab(1, changes={"liver.insulin_degraded_share": 0.2, "receptor.dissociation_rate": "0.2 1/min"})
    assert dish.MEASURES["R10_01"](lab) == pytest.approx(0.05, rel=0.05)
    assert dish.MEASURES["R6_02"](lab) == 0.2


def test_the_command_writes_the_table(compiled, tmp_path):
    out = tmp_path / "board"
    result = RUNNER.invoke(app, ["validate", "--protocol", "dish", "--seeds", "1-2", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "emergent facts: " in result.output
    assert "not medical advice" in result.output
    assert {path.name for path in out.iterdir()} == set(VALIDATION.files)
    assert "## Emergent facts that miss (2)" in (out / SCOREBOARD_TEXT).read_text()
    assert [path.name for path in (out / FIGURES).iterdir()] == [SCOREBOARD_PICTURE]
    with (out / SCOREBOARD).open() as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == sum(fact.protocol == "dish" for fact in targets().values())
    first = next(row for row in rows if row["id"] == "R9_03")
    assert float(first["simulated_sd"]) > 0.0
    assert first["inside"] == "yes"
    again = RUNNER.invoke(app, ["validate", "--out", str(out)])
    assert (again.exit_code, "holds a scoreboard already; use --overwrite" in again.output) == (2, True)


def test_people_are_drawn_beside_published_points(compiled, tmp_path):
    out = tmp_path / "board"
    result = RUNNER.invoke(app, ["validate", "--protocol", "insulin_withdrawal", "--seeds", "1-2", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert {path.name for path in (out / FIGURES).iterdir()} == {SCOREBOARD_PICTURE, RIBBONS_PICTURE}
    with (out / SCOREBOARD).open() as file:
        assert {row["protocol"] for row in csv.DictReader(file)} == {"insulin_withdrawal"}
    assert "insulin_withdrawal" in protocols()


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--protocol", "dsh"], "unknown protocol 'dsh'. Did you mean 'dish'?"),
        (["--set", "visits=[]"], "--set visits: is part of the experiments"),
        (["--seeds", ""], "--seeds: there is none"),
        (["--seeds", "one"], "'one' is not a seed"),
        (["--set", "receptor.recycling=1"], "unknown parameter 'receptor.recycling'"),
        (["--set", "receptor.recycling_rate=-1 1/min"], "out of range"),
        (["--set", "dish.line=im9"], "--set dish.line: is part of the experiments"),
        (["--set", "changes[1].insulin=1 nmol/L"], "is part of the experiments"),
        (["--set", "seed=7"], "is part of the experiments"),
        (["--set", "record.every=10 min"], "is part of the experiments"),
    ],
)
def test_what_cannot_be_measured_is_refused_before(tmp_path, options, problem):
    result = RUNNER.invoke(app, ["validate", *options, "--out", str(tmp_path / "board")])
    assert (result.exit_code, problem in result.output) == (2, True), result.output
    assert not (tmp_path / "board").exists()
