"""Admission, on a real chain: keys, trust root, ledger tree, approval, release and package; then every way to cheat."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    FACTS_OF_THE_VERSION,
    LIBRARY,
    LIFE,
    NOW,
    POLICY,
    QUESTION,
    ROOT,
    SERVED,
    TICK,
    VALIDATOR,
    approval,
    auc,
    compilation,
    complete,
    deployed,
    entry,
    grant,
    inputs,
    waiver,
)
from tests.rules.scene import Chain as _Chain

from muster.adapters.signatures import verify
from muster.records.canonical import digest
from muster.records.decision import Question
from muster.records.entry import Entry
from muster.records.release import Deployment, ProvenEntry, ReleasePackage
from muster.records.trust import Duty
from muster.rules.admission import SKEW, Admission, admit, open_package, package_bytes
from muster.rules.gate.decide import record_digest

GOOD, HERE = _Chain().build()
DECIDED_ON = (entry(POLICY, ANALYST), entry(LIBRARY, ANALYST))


def chain(*entries: Entry, **options: Any) -> _Chain:
    """Return a chain over these entries and the policy's and library's."""
    return _Chain(entries=[*(entries or complete()), *DECIDED_ON], **options)


def let_in(content: bytes, deployment: Deployment, **changes: Any) -> Admission:
    asked: dict[str, Any] = {"root": ROOT, "now": NOW, "revoked": (), **changes}
    return admit(content, deployment, asked["root"], verify, asked["now"], asked["revoked"])


def refused(content: bytes, deployment: Deployment, **changes: Any) -> str:
    with pytest.raises(PermissionError) as raised:
        let_in(content, deployment, **changes)
    return str(raised.value)


def test_a_release_that_holds_is_admitted() -> None:
    admission = let_in(GOOD, HERE)

    assert admission.release.question == QUESTION
    assert admission.release.served == SERVED
    assert admission.policy == POLICY
    assert {reason.finding.value for reason in admission.decision.reasons} == {"met"}


def test_until_is_the_first_moment_at_which_asking_again_refuses() -> None:
    measured = NOW - timedelta(hours=1)
    assert let_in(GOOD, HERE).until == measured + LIFE

    brief = chain(changes={"expires_at": NOW + timedelta(days=1)}).build()
    assert let_in(*brief).until == NOW + timedelta(days=1)
    closing = replace(ROOT, expires_at=NOW + timedelta(hours=2))
    assert let_in(GOOD, HERE, root=closing).until == closing.expires_at
    excused = [each for each in FACTS_OF_THE_VERSION if each.body.get("check") != "auc-check"]
    excused += [entry(auc(0.6)), entry(waiver(expires=NOW + timedelta(days=3)), ANALYST)]
    assert let_in(*chain(*excused, approval(excused)).build()).until == NOW + timedelta(days=3)


def test_expiry_is_exact() -> None:
    end = NOW + timedelta(days=1)
    brief = chain(changes={"expires_at": end}).build()

    let_in(*brief, now=end - TICK)
    assert "expired" in refused(*brief, now=end)
    let_in(GOOD, HERE, now=let_in(GOOD, HERE).until - TICK)
    assert "older than" in refused(GOOD, HERE, now=let_in(GOOD, HERE).until)
    let_in(GOOD, HERE, now=NOW - SKEW)
    assert "in the future" in refused(GOOD, HERE, now=NOW - SKEW - TICK)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_one_flipped_byte_anywhere_is_refused(place: int, mask: int) -> None:
    changed = bytearray(GOOD)
    changed[place] ^= mask

    assert "exchanged" in refused(bytes(changed), HERE)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_not_even_whoever_may_write_orders_gains_from_a_flipped_byte(place: int, mask: int) -> None:
    changed = bytearray(GOOD)
    changed[place] ^= mask
    content = bytes(changed)

    try:
        admission = let_in(content, deployed(content))
    except PermissionError:
        return
    # Only what nobody relies on may differ, such as the key hint of the bundle.
    assert (admission.release, admission.decision) == (let_in(GOOD, HERE).release, let_in(GOOD, HERE).decision)


@pytest.mark.parametrize("place", range(len(_Chain().entries)))
@pytest.mark.parametrize("field", ["actor", "at", "body"])
def test_an_edited_entry_is_refused(place: int, field: str) -> None:
    package = _Chain().package()
    was = Entry.from_bytes(base64.b64decode(package.entries[place].raw))
    edits = {"actor": "mallory", "at": was.at - TICK, "body": {**was.body, "extra": 1}}
    raw = base64.b64encode(replace(was, **{field: edits[field]}).to_bytes()).decode()
    entries = [*package.entries]
    entries[place] = replace(entries[place], raw=raw)
    content = package_bytes(replace(package, entries=tuple(entries)))

    assert f"entry {place} is not in the ledger" in refused(content, deployed(content))


@pytest.mark.parametrize("seq", [0, 3, 99])
def test_an_inserted_approval_is_refused(seq: int) -> None:
    package = chain(*FACTS_OF_THE_VERSION).package()
    raw = base64.b64encode(approval().to_bytes()).decode()
    made_up = ProvenEntry(seq, raw, package.entries[0].path)
    content = package_bytes(replace(package, entries=(*package.entries, made_up)))

    assert f"entry {seq} is not in the ledger" in refused(content, deployed(content))


def test_a_package_carries_exactly_what_its_release_names() -> None:
    slipped = chain(*FACTS_OF_THE_VERSION, approval(), slipped_in=frozenset({6})).build()
    missing = chain(left_out=frozenset({4})).build()
    package = _Chain().package()
    twice = package_bytes(replace(package, entries=(*package.entries, package.entries[0])))

    assert "slipped in" in refused(*slipped)
    assert "1 of which are not in its package" in refused(*missing)
    assert "slipped in" in refused(twice, deployed(twice))


def test_an_author_is_no_approver() -> None:
    assert "is an author" in refused(*chain(*FACTS_OF_THE_VERSION, approval(by=AUTHOR)).build())


@pytest.mark.parametrize(
    "wrong",
    [
        {"signed_with": "stranger"},
        {"signed_with": VALIDATOR},
        {"library": record_digest(replace(LIBRARY, controls=LIBRARY.controls[:1]))},
        {"policy": replace(POLICY, statement="another")},
        {"question": replace(QUESTION, scope="shadow")},
    ],
)
def test_the_gateway_judges_approvals_itself(wrong: dict[str, Any]) -> None:
    assert "sign-off:risk-analyst" in refused(*chain(*FACTS_OF_THE_VERSION, approval(**wrong)).build())


def test_a_release_without_sign_off_or_on_bad_evidence_is_refused_though_it_is_signed() -> None:
    poor = [each for each in FACTS_OF_THE_VERSION if each.body.get("check") != "auc-check"] + [entry(auc(0.6))]
    aged = [each for each in FACTS_OF_THE_VERSION if each.body.get("check") != "inputs-check"] + [entry(inputs(1))]

    assert "says wait" in refused(*chain(*FACTS_OF_THE_VERSION).build())
    assert "discrimination" in refused(*chain(*poor, approval(poor)).build())
    assert "no-age" in refused(*chain(*aged, approval(aged)).build())


def test_a_revoked_release_is_refused() -> None:
    assert "revoked" in refused(GOOD, HERE, revoked={HERE.package})
    assert let_in(GOOD, HERE, revoked={"sha256:other"})


@pytest.mark.parametrize("place", ["environment", "use_case", "scope", "version"])
def test_a_release_replayed_elsewhere_is_refused(place: str) -> None:
    assert "another question" in refused(GOOD, replace(HERE, **{place: "elsewhere"}))


def test_another_artifact_than_the_release_names_is_refused() -> None:
    other = digest(b"other bytes")

    assert "the deployment names" in refused(GOOD, replace(HERE, served=other))
    assert "no proof of parity" in refused(*chain(changes={"served": other}).build(served=other))


def test_parity_of_another_artifact_proves_nothing() -> None:
    other = digest(b"other bytes")
    entries = [*FACTS_OF_THE_VERSION, entry(compilation(other, differing=7)), approval()]
    newer = entry(compilation(), at=NOW)

    assert "parity" in refused(*chain(*entries, newer, changes={"served": other}).build(served=other))
    assert let_in(*chain(*entries, newer).build())


def test_another_root_refuses() -> None:
    def changed(duty: Duty, name: str) -> Any:
        return replace(ROOT, grants=(*(g for g in ROOT.grants if g.duty is not duty), grant(duty, name)))

    assert "trusted keys" in refused(GOOD, HERE, root=changed(Duty.RELEASE, "other"))
    assert "no trusted key has signed the note" in refused(GOOD, HERE, root=changed(Duty.LEDGER, "ledger-2"))
    assert "sign-off" in refused(GOOD, HERE, root=changed(Duty.APPROVER, "other"))
    assert "no trusted key" in refused(GOOD, HERE, root=replace(ROOT, origin="bank.example/other"))


def test_keys_keep_to_their_duty() -> None:
    assert "trusted keys" in refused(*chain(release_key=Duty.ORDERS.value).build())
    assert "no trusted key" in refused(*chain(ledger_key="ledger-2").build())


def test_a_swapped_policy_or_library_is_refused() -> None:
    lax = replace(POLICY, sign_offs=())
    missing = chain(policy=lax).build()
    there = _Chain(entries=[*complete(), entry(lax, AUTHOR), *DECIDED_ON], policy=lax, changes={})
    unnamed = chain(changes={"library": record_digest(replace(LIBRARY, name="other"))}).build()

    assert "names a policy" in refused(*missing)
    assert "names a library" in refused(*unnamed)
    # A lax policy that is in the ledger does change the gate's answer: who may adopt policies is guarded elsewhere.
    assert let_in(*there.build()).policy == lax


def test_a_release_may_not_outlive_what_its_policy_allows() -> None:
    assert "longer than" in refused(*chain(changes={"expires_at": NOW + timedelta(days=90) + TICK}).build())


def test_evidence_that_a_requirement_wants_young_was_so_when_the_package_was_signed() -> None:
    """What is measured later is not in a package: orders, which the control plane issues daily, tell whether it is."""
    young = replace(POLICY, requirements=tuple(replace(each, maximum_age_days=1.0) for each in POLICY.requirements))
    kept = [each for each in complete() if each.kind != "approval.signed"]
    there = _Chain(
        entries=[*kept, approval(policy=young), entry(young, AUTHOR), entry(LIBRARY)], policy=young, changes={}
    )
    admitted = let_in(*there.build(), now=NOW + timedelta(days=3))
    assert admitted.policy == young
    assert admitted.decision.policy == record_digest(young)


def test_subjects_of_the_statement_are_those_of_the_release() -> None:
    wrong = {"model-version": QUESTION.version, "served-artifact": digest(b"other")}

    assert "subjects" in refused(*chain(subjects=wrong).build())


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"bundle":"","entries":[]}'])
def test_what_is_no_package_is_refused(content: bytes) -> None:
    assert "cannot be read" in refused(content, deployed(content))


def test_a_package_opens_to_its_release_and_proven_entries() -> None:
    release, entries = open_package(GOOD, ROOT, verify)

    assert [recorded.seq for recorded in entries] == list(range(9))
    assert set(release.evidence) == {digest(recorded.raw) for recorded in entries}
    assert isinstance(_Chain().package(), ReleasePackage)
    assert release.question == Question(QUESTION.version, "loans", "production")
