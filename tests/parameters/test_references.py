"""The sources: each can be cited."""

import re

import pytest

from insulin_abm.parameters import references


@pytest.mark.parametrize("reference", references().values(), ids=lambda reference: reference.key)
def test_every_source_can_be_cited(reference):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", reference.key)
    assert reference.title in reference.citation
    assert reference.doi == "" or re.fullmatch(r"10\.\d{4,9}/\S+", reference.doi)
    if reference.authors:
        assert 1900 < reference.year < 2100
    else:
        assert reference.note


def test_what_is_not_a_publication_says_what_it_is():
    for key in ("model_budget", "fitted_here", "assumed_here", "definition"):
        assert references()[key].note in references()[key].citation
