from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.guards.decisions.abstain import NEAR, Abstain
from muster.guards.guard import Context, Outcome, Rows, Scores
from muster.records.governance.serving import Abstain as Terms
from muster.records.model import DecisionRule, Favourable

RULE = DecisionRule(0.5, Favourable.BELOW)


def opened(band: float = 0.1, *marks: str) -> Abstain:
    guard = Abstain()
    guard.open(Context((), decision=RULE, abstain=Terms(band, marks)))
    return guard


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_exactly_scores_within_the_band_go_to_a_person(values: list[float]) -> None:
    ruling = opened().feed(Scores(values))
    assert ruling
    assert set(ruling.referred) == {row for row, value in enumerate(values) if abs(value - 0.5) <= 0.1}
    assert (ruling.outcome is Outcome.ABSTAIN) == bool(ruling.referred)
    assert set(ruling.flags) == set(ruling.referred)


def test_rows_unlike_those_of_the_training_go_to_a_person_where_the_policy_says_so() -> None:
    marks = {0: ["outside-range:AGE"], 1: ["rule:large"], 2: ["unknown-category:JOB", "outside-range:AGE"]}
    ruling = opened(0.0, "outside-range").feed(Scores([0.5] * 3, marks))
    assert ruling
    assert ruling.referred == {0: "outside-range:AGE", 2: "outside-range:AGE"}
    assert not ruling.flags
    both = opened(0.1, "outside-range").feed(Scores([0.5], marks))
    assert both
    assert both.referred == {0: NEAR, 2: "outside-range:AGE"}


def test_rows_alone_are_not_its_business() -> None:
    assert opened().feed(Rows(1, {}, {})) is None


@pytest.mark.parametrize(
    ("terms", "rule"),
    [
        (None, RULE),
        (Terms(0.1), None),
        (Terms(0.0), RULE),
        (Terms(1.0), RULE),
        (Terms(float("nan")), RULE),
        (Terms(0.1, ("unlucky",)), RULE),
    ],
)
def test_terms_that_make_no_sense_close_the_gate(terms: Terms | None, rule: DecisionRule | None) -> None:
    with pytest.raises(ValueError, match=r"abstain|band|marks"):
        Abstain().open(Context((), decision=rule, abstain=terms))
