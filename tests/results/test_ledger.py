"""The balance of the body closes: nothing appears, nothing vanishes."""

import numpy as np

from insulin_abm.ledger import balance, totals
from insulin_abm.scenario import Scenario
from insulin_abm.tissue.tissue import Tissue


def test_glucose_insulin_and_receptors_balance_over_a_day(compiled):
    body = Scenario.load("healthy_day").body(seed=1)
    start = totals(body)
    receptors_made = receptors_degraded = 0.0
    tissues = body.populations[Tissue].columns
    for minute in range(1, 1441):
        body.run_until(minute)
        receptors_made += float((tissues["receptors_made"] * tissues["scale"]).sum())
        receptors_degraded += float((tissues["receptors_degraded"] * tissues["scale"]).sum())
    now = totals(body)
    row = balance(start, now)
    assert row["glucose_entered_mmol"] > 1000
    assert row["insulin_entered_pmol"] > 10_000
    assert abs(row["glucose_difference_mmol"]) < 1e-9 * row["glucose_entered_mmol"]
    assert abs(row["insulin_difference_pmol"]) < 1e-9 * row["insulin_entered_pmol"]
    assert receptors_made > 0
    np.testing.assert_allclose(now.receptors - start.receptors, receptors_made - receptors_degraded, rtol=1e-9)


def test_totals_hold_what_tissues_and_blood_hold(healthy):
    before = totals(healthy)
    healthy.blood.plasma_glucose += 1.0
    volume = totals(healthy).glucose_mmol - before.glucose_mmol
    assert 5.0 < volume < 15.0  # litres of plasma and what mixes with it within a minute
    healthy.blood.portal_insulin += 7.0
    np.testing.assert_allclose(totals(healthy).insulin_pmol - before.insulin_pmol, 7.0, rtol=1e-9)


def test_the_ledger_of_a_run_begins_at_zero_and_closes(short):
    ledger = short.ledger
    assert list(ledger.loc[0, ["glucose_entered_mmol", "insulin_entered_pmol"]]) == [0.0, 0.0]
    assert ledger["glucose_difference_mmol"].abs().max() < 1e-9 * ledger["glucose_mmol"].max()
    assert ledger["insulin_difference_pmol"].abs().max() < 1e-9 * ledger["insulin_pmol"].max()
