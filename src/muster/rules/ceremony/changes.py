"""Changes to the trust root: who is granted what, whose key is withdrawn, and what the next version says then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from muster.records.trust import Algorithm, Duty, KeyGrant, PolicySeat, TrustRoot
from muster.rules.trust import check_root

LIFE = timedelta(days=365)
"""How long a version of the trust root is good for, unless its holders say otherwise."""

ALGORITHMS = {Duty.LEDGER: Algorithm.ED25519, Duty.WITNESS: Algorithm.ED25519}
"""Checkpoints and cosignatures are C2SP signed notes, which ask for Ed25519; all else is ECDSA P-256."""

_FEWEST_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Changes:
    """What shall be other in the next version; nothing at all only renews it."""

    granted: tuple[KeyGrant, ...] = ()
    replaced: tuple[KeyGrant, ...] = ()
    """Each takes the place of the one key that has its duty (for an approver: of that actor)."""
    withdrawn: tuple[str, ...] = ()
    """Ids of keys, or beginnings of at least 8 digits."""
    threshold: int | None = None
    """How many root keys must sign the version after."""
    policy_sign_offs: tuple[PolicySeat, ...] | None = None
    """Who must sign policies from then on; empty: nobody; None: as before."""


def next_root(current: TrustRoot, changes: Changes, at: datetime, life: timedelta = LIFE) -> TrustRoot:
    """Return the next version of a trust root, which nobody has signed yet.

    Raises
    ------
    LookupError
        If a key to be withdrawn or replaced is not there, or could be more than one.
    ValueError
        If the outcome makes no sense: a duty without a key, a key with two, a key of the wrong kind.
    """
    grants = list(current.grants)
    for beginning in changes.withdrawn:
        grants.remove(find_key(current, beginning))
    for new in changes.replaced:
        old = _predecessor(grants, new)
        grants[grants.index(old)] = _in_place_of(old, new)
    grants += changes.granted
    for new in (*changes.granted, *changes.replaced):
        _require_usable(new)
    threshold = current.threshold if changes.threshold is None else changes.threshold
    drafted = replace(
        current,
        version=current.version + 1,
        grants=tuple(grants),
        threshold=threshold,
        policy_sign_offs=current.policy_sign_offs if changes.policy_sign_offs is None else changes.policy_sign_offs,
        issued_at=at,
        expires_at=at + life,
    )
    check_root(drafted)
    return drafted


def find_key(root: TrustRoot, beginning: str) -> KeyGrant:
    """Return the grant of the key whose id begins so; raise LookupError if there is none, or more than one."""
    found = [grant for grant in root.grants if grant.key.id.startswith(beginning.lower())]
    if len(found) == 1 and len(beginning) >= _FEWEST_DIGITS:
        return found[0]
    what = "give at least 8 digits of its id" if found else "the trust root names no such key"
    msg = f"key {beginning!r}: {what}; `muster trust show` lists them"
    raise LookupError(msg)


def _predecessor(grants: list[KeyGrant], new: KeyGrant) -> KeyGrant:
    """Return the one grant that a new key takes the place of."""
    of_duty = [grant for grant in grants if grant.duty is new.duty]
    own = [grant for grant in of_duty if grant.actor == new.actor] if new.duty is Duty.APPROVER else of_duty
    if len(own) == 1:
        return own[0]
    whose = f"{new.duty.value}{f' {new.actor}' if new.actor else ''}"
    what = f"{len(own)} keys are granted {whose}: withdraw one and grant another" if own else f"no key is yet {whose}"
    msg = f"nothing to replace: {what}"
    raise LookupError(msg)


def _in_place_of(old: KeyGrant, new: KeyGrant) -> KeyGrant:
    """Return a grant of the new key that says of its holder what the old one said, unless it says otherwise."""
    return KeyGrant(
        old.duty,
        new.key,
        new.actor or old.actor,
        new.roles or old.roles,
        new.use_cases or old.use_cases,
        new.name or old.name,
    )


def _require_usable(grant: KeyGrant) -> None:
    """Refuse a key that could never do what it is granted."""
    wanted = ALGORITHMS.get(grant.duty, Algorithm.ECDSA_P256)
    if grant.key.algorithm is not wanted and grant.duty is not Duty.GATEWAY_LOG:
        msg = f"a key for {grant.duty.value} is {wanted.value}, this one is {grant.key.algorithm.value}: make another"
        raise ValueError(msg)
    if grant.duty in (Duty.WITNESS, Duty.GATEWAY_LOG) and not grant.name:
        msg = f"a {grant.duty.value} key needs the name that it signs under (--name)"
        raise ValueError(msg)
    if grant.use_cases and grant.duty is not Duty.APPROVER:
        msg = f"a {grant.duty.value} key cannot be kept to some use cases: only approvers' keys can"
        raise ValueError(msg)
