"""Sign-offs that are lent, tied to conditions, rejected, or signed by the platform, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.rules.scene import (
    ANALYST,
    FACTS_OF_THE_VERSION,
    NOW,
    ORIGIN,
    POLICY,
    QUESTION,
    ROOT,
    VERSION,
    approval,
    entry,
    grant,
    key,
    record,
)  # fmt: skip

from muster.adapters.signatures import verify
from muster.records.canonical import digest
from muster.records.decision import Approval, Condition
from muster.records.entry import Entry
from muster.records.governance.signoffs import Delegation, SignedDelegation, SignedRejection
from muster.records.people import Role
from muster.records.policy import SignOff
from muster.records.trust import Duty, TrustRoot
from muster.rules.envelope import IN_TOTO, envelope_text, seal, statement
from muster.rules.gate.facts import Facts, gather
from muster.rules.signing.statements import DELEGATION, REJECTION

ANALYSTS = SignOff(Role.RISK_ANALYST)
HOUR = timedelta(hours=1)
DAVE = "dave"
"""Holds a key as owner, no other role."""
WIDE = replace(
    ROOT,
    grants=(
        *ROOT.grants,
        grant(Duty.APPROVER, DAVE, Role.OWNER),
        replace(grant(Duty.PLATFORM, Duty.PLATFORM.value)),
    ),
)
LAX = replace(POLICY, own_keys_only=False)


def heard(*more: Entry, root: TrustRoot = WIDE) -> Facts:
    """Return what the gate hears where these entries follow those of the version."""
    return gather(QUESTION, record([*FACTS_OF_THE_VERSION, *more]), root, verify)


def named(each: Entry) -> str:
    return digest(each.to_bytes())


def lent(to: str = DAVE, *, by: str = ANALYST, signed_with: str = "", **changes: Any) -> Entry:
    said = Delegation(by, to, Role.RISK_ANALYST.value, "loans", NOW - HOUR, NOW + HOUR, ORIGIN)
    said = replace(said, **changes)
    pen = key(signed_with or by)
    sealed = seal(IN_TOTO, statement({"use-case": digest(b"loans")}, DELEGATION, said), [(pen.key, pen.sign)])
    return entry(SignedDelegation("loans", envelope_text(sealed)), by, NOW - HOUR)


def rejection(by: str = ANALYST, role: Role = Role.RISK_ANALYST, **when: Any) -> Entry:
    pen = key(by)
    said = Approval(QUESTION, by, role.value, "", (), "", NOW, "", ORIGIN)
    sealed = seal(IN_TOTO, statement({"model-version": VERSION}, REJECTION, said), [(pen.key, pen.sign)])
    return entry(SignedRejection(VERSION, envelope_text(sealed)), by, **when)


def conditional(due: Any = NOW + HOUR, **more: Any) -> Entry:
    return approval(conditions=(Condition("refresh the data", "omar", due),), **more)


def platform(by: str = "pia", *, policy: Any = LAX, actor: str = "", **changes: Any) -> Entry:
    signed = approval(by=by, signed_with=Duty.PLATFORM.value, policy=policy, platform=True, origin=ORIGIN, **changes)
    return replace(signed, actor=actor or by)
