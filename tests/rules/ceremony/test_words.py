from __future__ import annotations

from dataclasses import replace

from tests.rules.scene import ANALYST, NOW, ROOT, grant, key

from muster.records.trust import Duty, KeyGrant, PolicySeat
from muster.rules.ceremony.changes import Changes, next_root
from muster.rules.ceremony.words import CONSEQUENCES, changed, described


def said(changes: Changes) -> str:
    return "\n".join(changed(ROOT, next_root(ROOT, changes, NOW)))


def test_a_new_key_and_a_lost_one_are_told_with_what_follows() -> None:
    new = grant(Duty.RELEASE, "release-2")
    words = said(Changes(granted=(new,), withdrawn=(key("release").key.id,)))
    assert f"+ release key {new.key.id} (ecdsa-p256)" in words
    assert f"- release key {key('release').key.id}" in words
    assert CONSEQUENCES[Duty.RELEASE] in words


def test_every_duty_says_what_follows_from_withdrawing_its_key() -> None:
    assert set(CONSEQUENCES) == set(Duty)


def test_who_may_sign_what_is_told_whole() -> None:
    new = KeyGrant(Duty.APPROVER, key("eve").key, "eve", ("validator",), ("loans", "cards"))
    assert f"+ approver key of eve {new.key.id} (ecdsa-p256) for validator, use cases loans, cards only" in said(
        Changes(granted=(new,))
    )
    assert "named credit/g1" in described(KeyGrant(Duty.GATEWAY_LOG, key("g").key, name="credit/g1"))


def test_more_power_for_a_known_key_is_told() -> None:
    more = tuple(replace(g, roles=("executive", *g.roles)) if g.actor == ANALYST else g for g in ROOT.grants)
    words = "\n".join(changed(ROOT, replace(ROOT, version=2, grants=more)))
    assert "for risk-analyst becomes approver key" in words
    assert "for executive, risk-analyst" in words


def test_a_threshold_is_told_before_and_after_and_nothing_where_nothing_changes() -> None:
    shared = Changes(granted=(grant(Duty.ROOT, "root-2"), grant(Duty.ROOT, "root-3")), threshold=2)
    assert "root keys that must sign: 1 of 1 before, 2 of 3 after" in said(shared)
    assert "nobody is trusted with anything else than before" in said(Changes())
    assert "another house: elsewhere" in "\n".join(changed(ROOT, replace(ROOT, version=2, origin="elsewhere")))


def test_who_must_sign_policies_and_how_many_witnesses_are_told() -> None:
    words = said(Changes(policy_sign_offs=(PolicySeat("risk-analyst", 2),)))
    assert "who must sign a policy: nobody before, 2 risk-analyst after" in words
    assert "nobody is trusted with anything else" not in words
    more = "\n".join(changed(ROOT, replace(ROOT, version=2, witnesses_needed=1)))
    assert "witnesses needed: 0 before, 1 after" in more
