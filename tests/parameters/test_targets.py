"""Published facts: each has a number, a band around it, and says where it comes from."""

import pytest

from insulin_abm.parameters.targets import ASSUMED, targets


def test_every_fact_is_in_its_own_band_and_has_a_source():
    for fact in targets().values():
        assert fact.low <= fact.value <= fact.high, fact.id
        assert fact.source, fact.id
        assert fact.unit, fact.id
        assert fact.role in ("emergent", "input", "reference_model", "not_simulated"), fact.id


def test_an_assumed_band_is_a_fifth_of_the_value():
    """On both sides; a share is cut at 1, and rounded as the values are."""
    for fact in targets().values():
        if fact.spread_kind == ASSUMED:
            assert fact.low == pytest.approx(0.8 * fact.value, rel=0.01), fact.id
            assert fact.high == pytest.approx(min(1.2 * fact.value, max(1.0, 1.2 * fact.value)), rel=0.12), fact.id
