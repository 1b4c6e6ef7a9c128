from __future__ import annotations

from collections.abc import Callable

import pytest

from muster.cli.local.ci.outcome import Outcome, passed
from muster.records.decision import Finding, Reason, Verdict


@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_allow_allows(outcome: Callable[..., Outcome], verdict: Verdict) -> None:
    assert outcome(verdict).allowed == (verdict is Verdict.ALLOW)
    assert not Outcome("abab", "production", "serve", None, "no such house").allowed


def test_a_control_that_is_demanded_twice_has_two_names(outcome: Callable[..., Outcome]) -> None:
    names = [name for name, _ in outcome().demands()]
    assert names[1:3] == ["impact-ratio-sex", "impact-ratio-sex (2)"]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("finding", [Finding.NOT_MET, Finding.MISSING, Finding.STALE, Finding.UNKNOWN])
def test_what_is_open_has_not_passed(finding: Finding) -> None:
    assert not passed(Reason("x", finding, "", ""))
