from __future__ import annotations

import pytest

from muster.guards.guard import Context, Outcome, Rows, Scores
from muster.guards.limits.size import Size


def test_exactly_so_many_rows_pass() -> None:
    guard = Size()
    guard.open(Context((), largest_rows=3))
    said = [ruling.outcome for rows in (1, 3, 4) if (ruling := guard.feed(Rows(rows, {}, {})))]
    assert said == [Outcome.ALLOW, Outcome.ALLOW, Outcome.REFUSE]
    assert guard.feed(Scores([1.0])) is None


@pytest.mark.parametrize("most", [None, 0, -1])
def test_without_a_limit_it_does_not_open(most: int | None) -> None:
    with pytest.raises(ValueError, match="must be 1 or more"):
        Size().open(Context((), largest_rows=most))
