from __future__ import annotations

import numpy as np
import pytest

from muster.columns.explanation.shapley import MOST_PLAYERS, leaf_shares


@pytest.mark.parametrize(
    ("row", "background", "shares"),
    [
        (0b00, 0b11, [0.5, 0.5]),  # both bring the row in, together
        (0b00, 0b01, [1.0, 0.0]),  # one alone does
        (0b01, 0b00, [-1.0, 0.0]),  # and keeps it out alone
        (0b01, 0b10, [-0.5, 0.5]),  # one lets in, the other keeps out: the leaf is reached by one order of two
        (0b01, 0b01, [0.0, 0.0]),  # a player keeps both out: never reached
        (0b00, 0b00, [0.0, 0.0]),  # always reached
    ],
)
def test_games_of_two_players_by_hand(row: int, background: int, shares: list[float]) -> None:
    found = leaf_shares(np.array([row]), np.array([background]), np.array([3]), 2)
    assert found.tolist() == [shares]


def test_shares_add_up_to_what_changes_between_background_and_row() -> None:
    rng = np.random.default_rng(0)
    for players in (1, 5, MOST_PLAYERS):
        rows, background = (rng.integers(0, 2**players, 50) & rng.integers(0, 2**players, 50) for _ in range(2))
        found = leaf_shares(rows, background, np.ones(50, np.int64), players)
        np.testing.assert_allclose(found.sum(axis=1), (rows == 0) - (background == 0).mean(), rtol=0, atol=1e-12)
