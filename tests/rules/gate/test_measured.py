"""Evidence that is of something else, too old or not due yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.rules.scene import (
    FACTS_OF_THE_VERSION,
    LIFE,
    NOW,
    POLICY,
    TICK,
    VERSION,
    approval,
    asked,
    auc,
    entry,
    finding,
    inputs,
    without,
)

from muster.records.decision import Finding, Verdict
from muster.records.entry import Entry
from muster.records.evidence import Figure, Outcome
from muster.records.governance.terms import Monitoring
from muster.records.policy import Requirement
from muster.records.release import SignedRelease
from muster.rules.gate.measured import SKEW, WINDOW


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"outcome": Outcome.NOT_MEASURED, "reason": "no labels"}, Finding.NOT_MEASURED),
        ({"figures": ()}, Finding.MISSING),
        ({"figures": (Figure("gini", 0.9, 1000, 0.89, 0.91),)}, Finding.MISSING),
        ({"check": "other-check"}, Finding.MISSING),
        ({"parameters": {"bands": [1]}}, Finding.MISSING),
        ({"sample_role": "training"}, Finding.MISSING),
        ({"version": "sha256:other"}, Finding.MISSING),
    ],
)
def test_evidence_of_something_else_is_not_evidence(change: dict[str, Any], expected: Finding) -> None:
    entries = [*without("evidence.recorded"), entry(inputs()), entry(auc(**change))]

    assert finding(entries, "discrimination") is expected


WATCHED = replace(POLICY, requirements=(*POLICY.requirements, Requirement("discrimination", sample_role=WINDOW)))


def watched(*added: Entry, now: Any = NOW) -> Verdict:
    # Old enough to speak of windows alone: evidence before release is made anew.
    fresh = [
        replace(each, at=now - timedelta(hours=1)) if each.kind == "evidence.recorded" else each
        for each in FACTS_OF_THE_VERSION
    ]
    return asked([*fresh, approval(fresh, policy=WATCHED), *added], policy=WATCHED, now=now).verdict


RELEASED = entry(SignedRelease(VERSION, "loans", "production", "serve", "sha256:p", NOW + LIFE), "robot", NOW)


def test_windows_are_asked_for_once_a_release_has_been_out_for_the_life_of_evidence() -> None:
    assert watched() is Verdict.ALLOW
    assert watched(RELEASED, now=NOW + LIFE - TICK) is Verdict.ALLOW
    assert watched(RELEASED, now=NOW + LIFE) is Verdict.REFUSE


def test_a_window_is_judged_as_soon_as_there_is_one() -> None:
    bad = entry(auc(0.6, sample_role=WINDOW, name="credit"), "monitor", NOW)
    good = entry(auc(0.9, sample_role=WINDOW, name="credit"), "monitor", NOW + TICK)

    assert watched(RELEASED, bad) is Verdict.REFUSE
    assert watched(RELEASED, bad, good, now=NOW + TICK) is Verdict.ALLOW
    assert watched(RELEASED, bad, good, now=NOW + TICK + LIFE) is Verdict.REFUSE


def test_evidence_from_the_future_cannot_be_judged_beyond_what_clocks_may_differ() -> None:
    ahead = [*without("evidence.recorded"), entry(inputs()), entry(auc(), "robot", NOW + SKEW)]
    seen = [*ahead, approval(ahead)]

    assert finding(seen, "discrimination") is Finding.MET
    assert finding(seen, "discrimination", now=NOW - TICK) is Finding.UNKNOWN


def test_a_requirement_may_want_its_evidence_younger_than_the_policy() -> None:
    young = replace(POLICY, requirements=(Requirement("discrimination", maximum_age_days=2), *POLICY.requirements[1:]))
    old = replace(young, requirements=(Requirement("discrimination", maximum_age_days=400), *POLICY.requirements[1:]))
    measured = NOW - timedelta(hours=1)
    seen = [entry(auc(), at=measured), *without("evidence.recorded"), entry(inputs())]
    last = measured + timedelta(days=2)
    assert finding(seen, "discrimination", policy=young, now=last - TICK) is Finding.MET
    assert finding(seen, "discrimination", policy=young, now=last) is Finding.STALE
    assert finding(seen, "discrimination", policy=old, now=measured + LIFE) is Finding.STALE


def test_a_monitor_asks_windows_for_evidence_as_often_as_it_runs() -> None:
    weekly = replace(POLICY, monitors=(Monitoring("discrimination", 7.0, limit=0.6),))
    week, name = timedelta(days=7), f"discrimination ({WINDOW})"
    seen = [*FACTS_OF_THE_VERSION, RELEASED]
    window = entry(auc(0.65, sample_role=WINDOW, name="credit"), "monitor", NOW + week)
    assert finding(seen, name, policy=weekly, now=NOW + week - TICK) is Finding.MET
    assert finding(seen, name, policy=weekly, now=NOW + week) is Finding.MISSING
    assert finding([*seen, window], name, policy=weekly, now=NOW + 2 * week - TICK) is Finding.MET
    assert finding([*seen, window], name, policy=weekly, now=NOW + 2 * week) is Finding.STALE
    assert finding([*seen, window], name, policy=replace(weekly, monitors=()), now=NOW + 2 * week) is Finding.MET
