"""Admission of what lapsed: for the grace of the policy in the package, and no longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.rules.scene import (
    ANALYST,
    FACTS_OF_THE_VERSION,
    LIBRARY,
    LIFE,
    NOW,
    ROOT,
    TICK,
    VALIDATOR,
    Chain,
    approval,
    auc,
    entry,
    waiver,
)
from tests.rules.standing.scene import kind as kind_of
from tests.rules.test_admission import let_in

from muster.records.decision import Condition
from muster.records.entry import Entry
from muster.records.release import Deployment

GRACE = timedelta(hours=24)
KIND = kind_of(hours=24.0)


def kind(*more: Entry) -> tuple[bytes, Deployment]:
    """Return a package under a policy that gives a day of grace."""
    signed = approval(policy=KIND)
    entries = [*FACTS_OF_THE_VERSION, *more, signed, entry(KIND, ANALYST), entry(LIBRARY, ANALYST)]
    return Chain(entries=entries, policy=KIND).build()


def test_what_time_made_lapse_is_served_for_the_grace_of_its_policy_and_not_a_moment_longer() -> None:
    content, deployment = kind()
    lapses = NOW - timedelta(hours=1) + LIFE

    fresh = let_in(content, deployment)
    assert (fresh.until, fresh.in_grace) == (lapses + GRACE, False)
    late = let_in(content, deployment, now=lapses + GRACE - TICK)
    assert (late.until, late.in_grace, late.decision.verdict) == (lapses + GRACE, True, "allow")
    assert (fresh.lapsed, late.lapsed.partition(": ")[0]) == ("", "discrimination")
    assert "older than the 30 days" in late.lapsed
    assert fresh.ends == late.ends == "what the gate counts has expired, 24 hours of grace by credit included"
    with pytest.raises(PermissionError, match="older than the 30 days .*the 24 hours of grace that credit gives are"):
        let_in(content, deployment, now=lapses + GRACE)


def test_a_waiver_that_ends_has_the_same_grace() -> None:
    expires = NOW + timedelta(days=9)
    low = entry(auc(0.6))
    facts = [each for each in FACTS_OF_THE_VERSION if each.body.get("check") != "auc-check"]
    excused = entry(waiver(expires=expires), VALIDATOR)
    signed = approval([*facts, low], policy=KIND)
    chained = Chain([*facts, low, excused, signed, entry(KIND, ANALYST), entry(LIBRARY, ANALYST)], policy=KIND)
    content, deployment = chained.build()

    assert let_in(content, deployment).until == expires + GRACE
    assert let_in(content, deployment, now=expires + GRACE - TICK).in_grace
    with pytest.raises(PermissionError, match="a waiver does not count: it expired"):
        let_in(content, deployment, now=expires + GRACE)


def test_there_is_no_grace_for_an_approver_whose_key_was_withdrawn_or_for_a_release_that_is_over() -> None:
    content, deployment = kind()
    without_her = replace(ROOT, grants=tuple(each for each in ROOT.grants if each.actor != ANALYST))
    with pytest.raises(PermissionError, match="sign-off of a risk-analyst is missing"):
        let_in(content, deployment, root=without_her)
    with pytest.raises(PermissionError, match="was revoked"):
        let_in(content, deployment, revoked=(deployment.package,))
    with pytest.raises(PermissionError, match="the release expired"):
        let_in(content, deployment, now=NOW + timedelta(days=90))


def test_orders_may_cut_the_grace_short_but_never_make_it_longer() -> None:
    content, deployment = kind()
    lapses, soon = NOW - timedelta(hours=1) + LIFE, NOW + timedelta(hours=1)

    assert let_in(content, replace(deployment, until=soon)).until == soon
    assert let_in(content, replace(deployment, until=soon)).ends == "the orders give it no longer"
    with pytest.raises(PermissionError, match="its grace is over"):
        let_in(content, replace(deployment, until=soon), now=soon)
    assert let_in(content, replace(deployment, until=lapses + 2 * GRACE)).until == lapses + GRACE


def test_a_sign_off_whose_condition_is_overdue_has_no_grace_however_early_it_was_admitted() -> None:
    due = NOW + timedelta(days=9)
    signed = approval(policy=KIND, conditions=(Condition("refresh the data", "omar", due),))
    entries = [*FACTS_OF_THE_VERSION, signed, entry(KIND, ANALYST), entry(LIBRARY, ANALYST)]
    content, deployment = Chain(entries=entries, policy=KIND).build()

    assert let_in(content, deployment).until == due, "what asking again would refuse, nobody is let in for"
    assert let_in(content, deployment, now=due - TICK).until == due
    with pytest.raises(PermissionError, match="sees to: refresh the data; it was due"):
        let_in(content, deployment, now=due)
