from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from muster.lifecycle.policies.backtest import PolicyTrial
from muster.rules.backtest.compare import Change, Comparison

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHANGE = Change("sha256:" + "a" * 64, "loans", "credit", AT, "allow", "refuse", ("auc (not-met): 0.7",), ("age",))
NOTHING = Comparison(0, 0, {}, {}, (), (), {})


def trial(today: Comparison) -> PolicyTrial:
    return PolicyTrial("credit", "production", "sha256:" + "b" * 64, "", AT, today, NOTHING)


def test_changes_come_with_counts_names_and_reasons(shown: Callable[..., str]) -> None:
    found = Comparison(2, 2, {"allow": 2}, {"allow": 1, "refuse": 1}, (CHANGE,), (), {"auc": 1})
    said = shown(trial(found))
    for words in (
        "allowed -> refused",
        "auc (not-met): 0.7",
        "no longer open: age",
        "1 would change",
    ):
        assert words in said
    assert "Every release, at its time: 0 judged" in said
    assert "Nothing was written" in said


def test_of_many_changes_the_first_are_shown_and_the_rest_counted(shown: Callable[..., str]) -> None:
    found = Comparison(25, 25, {"allow": 25}, {"refuse": 25}, (CHANGE,) * 25, (), {"auc": 25})
    assert "and 5 more" in shown(trial(found))


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("", "it is the first of its id"),
        ("sha256:" + "b" * 64, "the very same"),
        ("sha256:" + "c" * 64, "cccccccccccc"),
    ],
)
def test_it_is_said_what_the_draft_replaces(shown: Callable[..., str], before: str, words: str) -> None:
    assert words in shown(replace(trial(NOTHING), replaces=before))
