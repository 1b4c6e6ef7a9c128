from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from muster.guards.guard import Context, Outcome, Rows, Scores
from muster.guards.plausible import Plausible


@given(st.lists(st.floats(), min_size=1))
def test_exactly_probabilities_pass(values: list[float]) -> None:
    guard = Plausible()
    guard.open(Context(()))
    ruling = guard.feed(Scores(values))
    assert ruling
    assert (ruling.outcome is Outcome.ALLOW) == all(value >= 0 and value <= 1 for value in values)
    assert not any(repr(value) in ruling.reason for value in values if value not in range(len(values)))


def test_rows_are_not_its_business() -> None:
    assert Plausible().feed(Rows(1, {}, {})) is None
