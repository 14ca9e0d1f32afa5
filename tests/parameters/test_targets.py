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
            narrow, wide = sorted((0.8 * fact.value, 1.2 * fact.value))
            is_cut = fact.high == 1.0 and fact.value <= 1.0 < wide
            assert fact.low == pytest.approx(narrow, rel=0.01), fact.id
            assert is_cut or fact.high == pytest.approx(wide, rel=0.01), fact.id
