from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.columns.explanation.models import by_definition, drawn, grown

from muster.columns.explanation import trees
from muster.columns.explanation.trees import TreeAttribution
from muster.columns.forms import Trees


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), depth=st.integers(1, 6), grouped=st.booleans())
def test_shares_are_the_shapley_values_of_the_definition(seed: int, depth: int, grouped: bool) -> None:
    rng = np.random.default_rng(seed)
    form = Trees(-0.3, tuple(grown(rng, 5, depth) for _ in range(3)))
    players = np.array([0, 1, 0, 2, 1]) if grouped else np.arange(5)
    background, rows = drawn(rng, 7, 5), drawn(rng, 3, 5)
    found = TreeAttribution(form, players, background)
    np.testing.assert_allclose(
        found.shares(rows), by_definition(form.margins, players, background, rows), rtol=0, atol=1e-12
    )
    assert found.baseline == pytest.approx(form.margins(background).mean(), abs=1e-12)


def test_shares_and_baseline_add_up_to_the_margin_in_rows_alone_and_in_batches() -> None:
    rng = np.random.default_rng(1)
    form = Trees(0.5, tuple(grown(rng, 9, 9) for _ in range(60)))
    background, rows = drawn(rng, 300, 9), drawn(rng, 700, 9)
    found = TreeAttribution(form, np.arange(9), background)
    shares = found.shares(rows)
    np.testing.assert_allclose(found.baseline + shares.sum(axis=1), form.margins(rows), rtol=0, atol=1e-12)
    assert found.shares(rows[3:4]).tobytes() == shares[3:4].tobytes()


def test_leaves_too_large_for_a_table_are_worked_out_row_by_row_with_equal_shares(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(2)
    form = Trees(0.0, tuple(grown(rng, 8, 8) for _ in range(10)))
    background, rows = drawn(rng, 50, 8), drawn(rng, 40, 8)
    tabled = TreeAttribution(form, np.arange(8), background).shares(rows)
    monkeypatch.setattr(trees, "MOST_ENTRIES", 500)
    np.testing.assert_allclose(TreeAttribution(form, np.arange(8), background).shares(rows), tabled, rtol=0, atol=1e-12)


def test_a_player_that_no_tree_reads_has_no_share_and_a_constant_tree_moves_the_baseline_only() -> None:
    rng = np.random.default_rng(3)
    constant = grown(rng, 2, 0)
    form = Trees(1.0, (grown(rng, 2, 3), constant))
    background = drawn(rng, 5, 3)
    found = TreeAttribution(form, np.arange(3), background)
    assert not found.shares(drawn(rng, 20, 3))[:, 2].any()
    assert TreeAttribution(Trees(1.0, (constant,)), np.arange(3), background).baseline == 1.0 + constant.value[0]
    assert not TreeAttribution(Trees(1.0, (constant,)), np.arange(3), background).shares(background).any()


def test_more_factors_on_a_path_than_a_pattern_has_bits_are_refused() -> None:
    width = 63
    tree = grown(np.random.default_rng(0), 1, 0)
    count = 2 * width + 1
    leaf = np.arange(count) >= width
    chain = type(tree)(
        feature=np.where(leaf, 0, np.arange(count)),
        threshold=np.zeros(count),
        missing_left=np.zeros(count, np.bool_),
        left=np.where(leaf, 0, np.arange(count) + width),
        right=np.where(leaf, 0, np.where(np.arange(count) == width - 1, count - 1, np.arange(count) + 1)),
        leaf=leaf,
        value=np.ones(count),
    )
    with pytest.raises(ValueError, match="63 factors stand on the path to one leaf; at most 62"):
        TreeAttribution(Trees(0.0, (chain,)), np.arange(width), np.zeros((1, width)))
