from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.columns.encoding.coded import Coded
from muster.guards.decisions.consistent import Consistent
from muster.guards.guard import REFERRED, Context, Decisions, Outcome, Rows, Ruling
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


def test_arrays_are_held_against_their_scores_as_lists_are() -> None:
    guard = Consistent()
    guard.open(Context((), decision=DecisionRule(0.5, Favourable.AT_LEAST)))
    labels = (REFERRED, "refuse", "approve")

    def fed(favoured: list[int], codes: list[int], decided: dict[int, bool | None]) -> Ruling | None:
        column = Coded(labels, np.array(codes, np.int32))
        return guard.feed(Decisions([0.7, 0.2, 0.9], np.array(favoured, np.int8), column, decided))

    right = fed([1, 0, -1], [2, 1, 0], {2: None})
    assert right
    assert right.outcome is Outcome.ALLOW
    for favoured, codes, decided in (
        ([1, 1, -1], [2, 2, 0], {2: None}),
        ([1, 0, 1], [2, 1, 1], {}),
        ([1, 0, 1], [2, 1, 2], {2: None}),
        ([1, 0, 1], [2, 1, 2], {0: False}),
    ):
        wrong = fed(favoured, codes, decided)
        assert wrong
        assert wrong.outcome is Outcome.REFUSE
    listed = guard.feed(Decisions([0.7], np.array([1], np.int8), ["favourable"], {}))
    assert listed
    assert listed.outcome is Outcome.REFUSE
