from __future__ import annotations

from datetime import timedelta

from tests.rules.scene import FACTS_OF_THE_VERSION, NOW, POLICY, TICK, VERSION, asked, complete

from muster.records.release import SignedRelease
from muster.rules.standing.state import State, standing

END = NOW + timedelta(days=90)
RELEASE = SignedRelease(VERSION, "loans", "production", "serve", "sha256:package", END)


def test_a_release_stands_while_the_gate_allows_it() -> None:
    found = standing(RELEASE, asked(complete()), POLICY, (), NOW)

    assert (found.state, found.reasons) == (State.IN_FORCE, ())
    assert found.until == NOW + timedelta(days=POLICY.maximum_evidence_age_days)


def test_it_lapses_with_every_open_demand_as_a_reason() -> None:
    found = standing(RELEASE, asked(FACTS_OF_THE_VERSION[:-2]), POLICY, (), NOW)

    assert found.state is State.LAPSED
    assert [reason.partition(":")[0] for reason in found.reasons] == ["discrimination", "no-age", "sign-off"]


def test_it_expires_to_the_microsecond_and_revocation_comes_first() -> None:
    allowed = asked(complete())

    assert standing(RELEASE, allowed, POLICY, (), END - TICK).state is State.IN_FORCE
    assert standing(RELEASE, allowed, POLICY, (), END).state is State.EXPIRED
    assert standing(RELEASE, allowed, POLICY, {"sha256:package"}, END).state is State.REVOKED
    assert standing(RELEASE, allowed, POLICY, {"sha256:other"}, NOW).state is State.IN_FORCE
