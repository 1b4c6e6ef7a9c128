from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.scene import ANALYST, NOW, ROOT, VALIDATOR, grant, key

from muster.records.people import Role
from muster.records.trust import Duty, KeyGrant
from muster.rules.ceremony.changes import Changes, find_key, next_root
from muster.rules.trust import check_root

NEW = grant(Duty.RELEASE, "release-2")


def ids(duty: Duty, changes: Changes) -> list[str]:
    return [each.id for each in next_root(ROOT, changes, NOW).keys(duty)]


def test_a_renewal_changes_nothing_but_its_number_and_its_time() -> None:
    renewed = next_root(ROOT, Changes(), NOW + timedelta(days=300), timedelta(days=90))
    assert renewed == replace(
        ROOT, version=2, issued_at=NOW + timedelta(days=300), expires_at=NOW + timedelta(days=390)
    )


def test_a_key_is_granted_beside_the_old_one_replaces_it_or_outlives_it() -> None:
    old = key("release").key
    assert ids(Duty.RELEASE, Changes(granted=(NEW,))) == [old.id, NEW.key.id]
    assert ids(Duty.RELEASE, Changes(replaced=(NEW,))) == [NEW.key.id]
    assert ids(Duty.RELEASE, Changes(granted=(NEW,), withdrawn=(old.id[:12],))) == [NEW.key.id]


def test_the_new_key_of_an_approver_inherits_what_the_old_one_was_trusted_with() -> None:
    limited = tuple(replace(g, use_cases=("loans",)) if g.actor == VALIDATOR else g for g in ROOT.grants)
    before = replace(ROOT, grants=limited)
    new = KeyGrant(Duty.APPROVER, key("vic-2").key, VALIDATOR)
    (after,) = [g for g in next_root(before, Changes(replaced=(new,)), NOW).grants if g.actor == VALIDATOR]
    assert (after.key, after.roles, after.use_cases) == (new.key, ("risk-analyst", "validator"), ("loans",))
    narrowed = replace(new, roles=("validator",), use_cases=("cards",))
    (after,) = [g for g in next_root(before, Changes(replaced=(narrowed,)), NOW).grants if g.actor == VALIDATOR]
    assert (after.roles, after.use_cases) == (("validator",), ("cards",))


@pytest.mark.parametrize(
    ("changes", "error", "why"),
    [
        (Changes(withdrawn=("0" * 64,)), LookupError, "names no such key"),
        (Changes(withdrawn=(key("release").key.id[:7],)), LookupError, "at least 8 digits"),
        (Changes(withdrawn=(key("release").key.id,)), ValueError, "no key holds the duty release"),
        (Changes(replaced=(grant(Duty.APPROVER, "eve", Role.VALIDATOR),)), LookupError, "no key is yet approver eve"),
        (Changes(granted=(grant(Duty.RELEASE, "orders"),)), ValueError, "holds more than one duty"),
        (Changes(granted=(grant(Duty.LEDGER, "p256"),)), ValueError, "a key for ledger is ed25519, this one is"),
        (Changes(granted=(grant(Duty.ORDERS, "ledger-3"),)), ValueError, "a key for orders is ecdsa-p256"),
        (Changes(granted=(grant(Duty.WITNESS, "ledger-4"),)), ValueError, "needs the name that it signs under"),
        (Changes(granted=(replace(NEW, use_cases=("loans",)),)), ValueError, "only approvers' keys can"),
        (Changes(threshold=2), ValueError, "threshold 2 of 1 root keys"),
        (Changes(threshold=0), ValueError, "threshold 0 of 1 root keys"),
    ],
)
def test_what_makes_no_sense_is_not_drafted(changes: Changes, error: type[Exception], why: str) -> None:
    with pytest.raises(error, match=why):
        next_root(ROOT, changes, NOW)


def test_two_keys_of_a_duty_are_not_replaced_by_one_without_saying_which() -> None:
    two = next_root(ROOT, Changes(granted=(NEW,)), NOW)
    with pytest.raises(LookupError, match="2 keys are granted release: withdraw one and grant another"):
        next_root(two, Changes(replaced=(grant(Duty.RELEASE, "release-3"),)), NOW)


DUTIES = st.sampled_from([Duty.ROOT, Duty.RELEASE, Duty.ORDERS])


@given(st.lists(DUTIES, max_size=4), st.lists(st.sampled_from(ROOT.grants), max_size=3, unique=True))
def test_whatever_is_drafted_makes_sense_and_holds_what_was_said(added: list[Duty], gone: list[KeyGrant]) -> None:
    granted = tuple(grant(duty, f"{duty.value}-{place}-new") for place, duty in enumerate(added))
    changes = Changes(granted=granted, withdrawn=tuple(each.key.id for each in gone))
    try:
        drafted = next_root(ROOT, changes, NOW)
    except ValueError:
        left = {each.duty for each in (*ROOT.grants, *granted) if each not in gone}
        assert not {Duty.ROOT, Duty.RELEASE, Duty.ORDERS, Duty.LEDGER} <= left
        return
    check_root(drafted)
    assert set(drafted.grants) == (set(ROOT.grants) | set(granted)) - set(gone)


def test_a_key_is_found_by_the_beginning_of_its_id() -> None:
    analyst = key(ANALYST).key.id
    assert find_key(ROOT, analyst[:8]).actor == find_key(ROOT, analyst.upper()).actor == ANALYST
