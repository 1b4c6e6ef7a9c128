"""What a new version of the trust root would change, in words for those who are to sign it."""

from __future__ import annotations

from collections.abc import Iterator

from muster.records.trust import Duty, KeyGrant, TrustRoot

CONSEQUENCES = {
    Duty.ROOT: "it signs no version after this one",
    Duty.RELEASE: "releases that it signed are served no more: sign them again (muster release sign)",
    Duty.ORDERS: "orders that it signed are refused: issue new ones at once (muster orders issue)",
    Duty.LEDGER: "releases and orders that rest on its checkpoints are refused: sign and issue them again",
    Duty.APPROVER: "sign-offs by it count no more: releases that rest on them lapse until somebody else signs off",
    Duty.GATEWAY_LOG: "what it signs from now on is not believed",
    Duty.PLATFORM: "sign-offs that it signed in people's names count no more",
    Duty.WITNESS: "its cosignatures count no more",
}
"""What follows from withdrawing a key of each duty."""


def described(grant: KeyGrant) -> str:
    """Say what a key may do and whose it is."""
    whose = f" of {grant.actor}" if grant.actor else ""
    named = f" named {grant.name}" if grant.name else ""
    limits = f" for {', '.join(grant.roles)}" if grant.roles else ""
    limits += f", use cases {', '.join(grant.use_cases)} only" if grant.use_cases else ""
    return f"{grant.duty.value} key{whose}{named} {grant.key.id} ({grant.key.algorithm.value}){limits}"


def changed(current: TrustRoot, drafted: TrustRoot) -> tuple[str, ...]:
    """Say line by line what a draft changes, and what follows from that."""
    return tuple(_lines(current, drafted))


def _lines(current: TrustRoot, drafted: TrustRoot) -> Iterator[str]:
    yield f"Trust root of {current.origin}: version {current.version} becomes version {drafted.version}"
    if drafted.origin != current.origin:
        yield f"  ! it would be the trust root of another house: {drafted.origin}"
    before = {grant.key.id: grant for grant in current.grants}
    after = {grant.key.id: grant for grant in drafted.grants}
    for key, grant in after.items():
        if key not in before:
            yield f"  + {described(grant)}"
        elif grant != before[key]:
            yield f"  ~ {described(before[key])} becomes {described(grant)}"
    for key, grant in before.items():
        if key not in after:
            yield f"  - {described(grant)}"
            yield f"    {CONSEQUENCES[grant.duty]}"
    yield from _demands(current, drafted)
    if (before, _asked(current)) == (after, _asked(drafted)):
        yield "  nobody is trusted with anything else than before"
    yield f"  good until {drafted.expires_at:%Y-%m-%d}, before that {current.expires_at:%Y-%m-%d}"


def _asked(root: TrustRoot) -> tuple[object, ...]:
    return root.threshold, root.policy_sign_offs, root.witnesses_needed


def _demands(current: TrustRoot, drafted: TrustRoot) -> Iterator[str]:
    """Say how many must sign what, where that changes."""
    old, new = len(current.keys(Duty.ROOT)), len(drafted.keys(Duty.ROOT))
    if (current.threshold, old) != (drafted.threshold, new):
        yield f"  root keys that must sign: {current.threshold} of {old} before, {drafted.threshold} of {new} after"
    if current.policy_sign_offs != drafted.policy_sign_offs:
        yield f"  who must sign a policy: {_seats(current)} before, {_seats(drafted)} after"
    if current.witnesses_needed != drafted.witnesses_needed:
        yield f"  witnesses needed: {current.witnesses_needed} before, {drafted.witnesses_needed} after"


def _seats(root: TrustRoot) -> str:
    return ", ".join(f"{seat.count} {seat.role}" for seat in root.policy_sign_offs) or "nobody"
