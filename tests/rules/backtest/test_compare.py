from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.rules.scene import (
    ANALYST,
    FACTS_OF_THE_VERSION,
    LIBRARY,
    NOW,
    POLICY,
    QUESTION,
    ROOT,
    TICK,
    VERSION,
    approval,
    auc,
    entry,
    record,
)

from muster.adapters.signatures import verify
from muster.records.entry import Entry
from muster.records.governance.terms import Selector
from muster.records.policy import Policy, Requirement
from muster.records.release import SignedRelease
from muster.rules.backtest.compare import Comparison, backtest
from muster.rules.backtest.inventory import take_stock

ADOPTED = (entry(LIBRARY, ANALYST), entry(POLICY, ANALYST))
SIGNED = replace(approval(), at=NOW)
RELEASED = entry(SignedRelease(VERSION, "loans", "production", "serve", "sha256:p", NOW), "robot", NOW + TICK)
STRICT = replace(POLICY, requirements=(Requirement("discrimination", limit=0.9), *POLICY.requirements[1:]))


def tried(draft: Policy, *more: Entry) -> tuple[Comparison, Comparison]:
    entries = record([*ADOPTED, *FACTS_OF_THE_VERSION, SIGNED, RELEASED, *more])
    return backtest(draft, take_stock(entries, QUESTION.environment, ROOT, verify), NOW + timedelta(hours=1))


def test_the_policy_in_force_changes_nothing() -> None:
    for found in tried(POLICY):
        assert (found.judged, found.covered, found.changes, found.still_open) == (1, 1, (), ())
        assert found.before == found.after == {"allow": 1}


def test_a_stricter_draft_names_what_it_would_refuse_and_why() -> None:
    for found in tried(STRICT):
        (change,) = found.changes
        assert (change.version, change.model, change.before, change.after) == (VERSION, "loans", "allow", "refuse")
        assert change.reasons[0].startswith("discrimination (not-met): on held-out: auc at least 0.9")
        assert found.demands == {"discrimination": 1}


def test_releases_are_judged_by_what_was_known_and_in_force_when_they_were_signed() -> None:
    worse = entry(auc(0.5), "robot", NOW + timedelta(minutes=1))
    stricter = entry(STRICT, ANALYST, NOW + timedelta(minutes=2))
    today, past = tried(POLICY, worse, stricter)
    assert today.before == {"refuse": 1}
    assert past.before == past.after == {"allow": 1}


def test_a_draft_that_eases_the_policy_says_what_is_no_longer_open() -> None:
    easy = replace(POLICY, requirements=POLICY.requirements[1:])
    worse = entry(auc(0.5), "robot", NOW + timedelta(minutes=1))
    (change,) = tried(easy, worse)[0].changes
    assert (change.before, change.after, change.resolved) == ("refuse", "allow", ("discrimination",))


def test_a_second_policy_for_the_same_use_cases_leaves_nothing_to_decide() -> None:
    (change,) = tried(replace(POLICY, id="second"))[0].changes
    assert change.reasons == ("policy (unknown): 2 policies cover it (credit, second); exactly one must",)


def test_a_draft_for_other_use_cases_leaves_them_with_no_policy() -> None:
    today, _ = tried(replace(POLICY, applies_to=Selector(domains=("mortgage",))))
    assert (today.covered, today.changes[0].reasons) == (0, ("policy (unknown): no policy covers it",))


def test_an_empty_house_has_nothing_to_judge() -> None:
    today, past = backtest(POLICY, take_stock((), "production", ROOT, verify), NOW)
    assert (today.judged, past.judged) == (0, 0)
