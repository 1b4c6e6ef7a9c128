from __future__ import annotations

import numpy as np
from tests.columns.explanation.models import by_definition

from muster.columns.explanation.linear import LinearAttribution
from muster.columns.forms import Linear


def test_shares_are_the_shapley_values_of_the_definition() -> None:
    rng = np.random.default_rng(0)
    form = Linear(rng.normal(size=5), 0.7)
    background, rows = rng.normal(size=(11, 5)), rng.normal(size=(4, 5))
    for players in (np.arange(5), np.array([1, 0, 1, 2, 0])):
        found = LinearAttribution(form, players, background)
        np.testing.assert_allclose(
            found.shares(rows), by_definition(form.margins, players, background, rows), rtol=0, atol=1e-12
        )
        np.testing.assert_allclose(
            found.baseline + found.shares(rows).sum(axis=1), form.margins(rows), rtol=0, atol=1e-12
        )
