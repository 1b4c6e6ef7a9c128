"""Where a person looks again is said of whoever was not decided favourably."""

from __future__ import annotations

import pytest

from muster.gateway.decided import Decided


@pytest.mark.parametrize(
    ("favourable", "review", "said"),
    [
        (False, "https://bank.example/review/{decision_id}", "https://bank.example/review/d-1"),
        (None, "https://bank.example/review/{decision_id}", "https://bank.example/review/d-1"),
        (True, "https://bank.example/review/{decision_id}", ""),
        (False, "", ""),
    ],
)
def test_a_review_names_the_decision(favourable: bool | None, review: str, said: str) -> None:
    decided = Decided("loans", "v", "r", ["d-0", "d-1"], [0.1, 0.9], [True, favourable], ["a", "b"], review=review)
    assert decided.review_of(1) == said
