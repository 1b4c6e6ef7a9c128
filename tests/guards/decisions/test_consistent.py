from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.guards.decisions.consistent import Consistent
from muster.guards.guard import Context, Decisions, Outcome, Rows
from muster.records.model import DecisionRule, Favourable

LABELS = {True: "approve", False: "refuse", None: "refer"}


def opened(side: Favourable = Favourable.BELOW) -> Consistent:
    guard = Consistent()
    guard.open(Context((), decision=DecisionRule(0.5, side)))
    return guard


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), st.sampled_from(Favourable), st.data())
def test_what_follows_passes_and_any_other_decision_is_refused(
    scores: list[float], side: Favourable, data: st.DataObject
) -> None:
    guard = opened(side)
    favourable: list[bool | None] = [s < 0.5 if side is Favourable.BELOW else s >= 0.5 for s in scores]
    decided = data.draw(st.dictionaries(st.integers(0, len(scores) - 1), st.sampled_from([None, False])))
    for row, found in decided.items():
        favourable[row] = found
    right = Decisions(scores, favourable, [LABELS[one] for one in favourable], decided)
    row = data.draw(st.integers(0, len(scores) - 1))
    other = data.draw(st.sampled_from([one for one in LABELS if one is not favourable[row]]))
    wrong = [*favourable[:row], other, *favourable[row + 1 :]]
    renamed = [*right.decisions[:row], "perhaps", *right.decisions[row + 1 :]]
    for event, outcome in (
        (right, Outcome.ALLOW),
        (replace(right, favourable=wrong), Outcome.REFUSE),
        (replace(right, favourable=wrong, decisions=[LABELS[one] for one in wrong]), Outcome.REFUSE),
        (replace(right, decisions=renamed), Outcome.REFUSE),
        (replace(right, decisions=right.decisions[1:]), Outcome.REFUSE),
    ):
        ruling = guard.feed(event)
        assert ruling
        assert ruling.outcome is outcome


def test_rows_are_not_its_business() -> None:
    assert opened().feed(Rows(1, {}, {})) is None


@pytest.mark.parametrize(
    "rule",
    [None, DecisionRule(float("nan"), Favourable.BELOW), DecisionRule(0.5, Favourable.BELOW, "yes", "refer")],
)
def test_without_a_rule_that_can_be_told_apart_nothing_opens(rule: DecisionRule | None) -> None:
    with pytest.raises(ValueError, match=r"rule|decisions"):
        Consistent().open(Context((), decision=rule))
