"""Tables hold what the data dictionary says, in a fixed form."""

import json

import numpy as np
import pytest

from insulin_abm.readings import _spread
from insulin_abm.results import Results, names
from insulin_abm.results.errors import PlaceError
from insulin_abm.results.recorder import _moments
from insulin_abm.results.tables import column_notes, headings, written

PROMISED = """time_min, plasma_glucose_mmol_per_l, plasma_insulin_pmol_per_l, plasma_glucagon_pmol_per_l,
plasma_ffa_mmol_per_l, plasma_triglyceride_mmol_per_l, glucose_appearance_mmol_per_min,
endogenous_glucose_production_mmol_per_min, insulin_secretion_pmol_per_min, muscle_glucose_uptake_mmol_per_min,
fat_glucose_uptake_mmol_per_min, liver_glucose_uptake_mmol_per_min, brain_glucose_uptake_mmol_per_min,
urinary_glucose_mmol_per_min, liver_glycogen_mmol_per_l, muscle_receptors_per_cell, fat_receptors_per_cell,
liver_receptors_per_cell, body_weight_kg, systolic_pressure_mmhg, egfr_ml_per_min_per_1p73m2""".replace("\n", " ")


def test_every_file_is_there_and_every_column_is_explained(short):
    assert {path.name for path in short.folder.iterdir()} == set(names.RUN.files)
    explained = short.columns
    for file in names.TABLES:
        table = short.read(file)
        assert list(table.columns) == list(explained[explained["file"] == file]["name"])
    assert explained["meaning"].notna().all()
    notes = [(note.file, note.name) for note in column_notes()]
    assert len(set(notes)) == len(notes)


def test_the_promised_columns_of_the_time_series():
    promised = PROMISED.split(", ")
    assert [heading for heading in headings(names.TIMESERIES) if heading in promised] == promised


def test_rows_are_at_the_recordings_and_at_the_end(short):
    assert list(short.timeseries["time_min"]) == [0, 20, 40, 60, 80, 90]
    assert list(short.ledger["time_min"]) == [0, 20, 40, 60, 80, 90]
    assert sorted(set(short.cells["time_min"])) == [0, 60, 90]
    kinds = short.tissues.groupby("tissue")["time_min"].count()
    assert set(kinds) == {6}


@pytest.mark.parametrize(
    ("after", "end", "steps", "visits", "moments"),
    [
        (-1, 10, (5, 10), (), [0, 5, 10]),
        (-1, 7, (5, 3), (), [0, 3, 5, 6, 7]),
        (3, 7, (5, 3), (), [5, 6, 7]),
        (5, 7, (5, 3), (), [6, 7]),
        (-1, 2, (100, 100, 50), (), [0, 2]),
        (-1, 7, (5,), (0, 4, 5, 7), [0, 4, 5, 7]),
        (4, 7, (5,), (0, 4, 6), [5, 6, 7]),
    ],
)
def test_moments(after, end, steps, visits, moments):
    assert list(_moments(after, end, steps, visits)) == moments


def test_a_cell_keeps_its_identity_and_its_numbers(short):
    cells = short.cells
    first, last = (set(cells[cells["time_min"] == time]["cell"]) for time in (0, 90))
    assert first == last
    muscle = cells[(cells["kind"] == "muscle") & (cells["time_min"] == 90)]
    surface = muscle["surface_receptors"] + muscle["bound_receptors"]
    np.testing.assert_allclose(surface.mean(), short.timeseries["muscle_receptors_per_cell"].iloc[-1], rtol=1e-6)
    assert muscle["suppression"].isna().all()


def test_events_say_what_was_eaten(short):
    (event,) = [row for row in short.events.itertuples() if row.event == "eat"]
    assert (event.time_min, event.clock) == (10, "00:10")
    assert json.loads(event.details) == {"foods": {"white_rice": 150.0}}
    assert 30 < event.carbohydrate_g < 60


def test_numbers_are_written_in_one_way():
    assert [written(value) for value in (1 / 3, 5.0, 1e-12, float("nan"), 7, "text")] == [
        "0.333333333",
        "5",
        "1e-12",
        "",
        "7",
        "text",
    ]


def test_the_summary_is_one_row_in_the_promised_order(short):
    first = ["scenario", "seed", "fasting_glucose_mmol_per_l", "fasting_insulin_pmol_per_l", "homa_ir", "quicki"]
    assert list(short.summary.index)[:8] == [*first, "mean_glucose_mmol_per_l", "hba1c_percent"]
    assert short.summary["scenario"] == "short"


def test_a_folder_without_results_is_refused(tmp_path):
    with pytest.raises(PlaceError, match=r"no results of a run \(there is no timeseries.csv or wells.csv in it\)"):
        Results(tmp_path)


def test_percentiles_are_those_of_numpy():
    chance = np.random.default_rng(1)
    for cells in (1, 2, 3, 10, 11, 299, 300, 301, 4097):
        values = chance.lognormal(0.0, 2.0, (5, cells))
        values[1] = np.floor(values[1])
        expected = [[row.mean(), *np.percentile(row, [10, 90])] for row in values]
        assert _spread(values.copy()) == [float(one) for row in expected for one in row]
    assert np.isnan(_spread(np.array([[1.0, np.nan, 2.0]]))).all()
