"""Shares of mixed rows are Shapley values, within a budget, and the same whenever they are asked for."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest

from muster.columns.arrow import Bools, Floats
from muster.columns.explanation.sampling.coalitions import MOST, Coalitions, margins, orders_of

REFERENCES = 8


def game(factors: int, seed: int = 0) -> tuple[Floats, Floats]:
    """Return a bent game: its weights, and its products of neighbours."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=factors), rng.normal(size=factors)


def played(factors: int, row: Floats, references: Floats, taken: Bools, behind: int) -> float:
    plain, bent = game(factors)
    mixed = np.where(taken, row, references[behind])
    return float(mixed @ plain + (bent * mixed * np.roll(mixed, 1)).sum())


def by_definition(factors: int, row: Floats, references: Floats) -> Floats:
    def worth(members: tuple[int, ...]) -> float:
        taken = np.isin(np.arange(factors), members)
        return float(np.mean([played(factors, row, references, taken, at) for at in range(len(references))]))

    made = np.zeros(factors)
    for factor in range(factors):
        others = [other for other in range(factors) if other != factor]
        for size in range(factors):
            weight = 1 / (factors * comb(factors - 1, size))
            made[factor] += sum(weight * (worth((*s, factor)) - worth(s)) for s in combinations(others, size))
    return made


def shares(factors: int) -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(1)
    row, references = rng.normal(size=factors), rng.normal(size=(REFERENCES, factors))
    found = Coalitions(factors, REFERENCES, orders_of(factors, REFERENCES))
    mixed = [played(factors, row, references, *each) for each in zip(found.swapped, found.behind, strict=True)]
    everything, nothing = np.ones(factors, bool), np.zeros(factors, bool)
    theirs = np.array([played(factors, row, references, nothing, at) for at in range(REFERENCES)])
    own = played(factors, row, references, everything, 0)
    return found.shares(np.array(mixed), own, theirs), own - theirs.mean(), by_definition(factors, row, references)


@pytest.mark.parametrize("factors", [1, 2, 5])
def test_few_factors_have_exact_shapley_values(factors: int) -> None:
    found, moved, exact = shares(factors)
    np.testing.assert_allclose(found, exact, atol=1e-12)
    assert found.sum() == pytest.approx(moved)


def test_more_are_near_them_and_add_up_exactly() -> None:
    found, moved, exact = shares(8)
    assert found.sum() == pytest.approx(moved, abs=1e-12)
    assert np.abs(found - exact).max() < 0.35
    assert np.corrcoef(found, exact)[0, 1] > 0.98


@pytest.mark.parametrize("factors", [1, 2, 6, 7, 9, 20, 33, 60, 257, 300])
def test_the_budget_holds_and_the_same_rows_are_asked_for_always(factors: int) -> None:
    orders, again = (orders_of(factors, REFERENCES) for _ in range(2))
    assert np.array_equal(orders, again) if orders is not None else again is None
    found = Coalitions(factors, REFERENCES, orders)
    assert len(found) <= max(MOST, 2 * (factors - 1))
    assert len(found) == len(set(zip(map(bytes, found.swapped), found.behind.tolist(), strict=True)))
    assert (found.swapped.sum(axis=1) < factors).all()


def test_certain_scores_have_margins() -> None:
    assert np.isfinite(margins(np.array([0.0, 1.0]))).all()
    assert margins(np.array([0.5])).tolist() == [0.0]
