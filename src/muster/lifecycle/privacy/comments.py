"""Comments of approvers: sealed when they sign, read here by those who may, gone once they are erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.lifecycle.desk.action import view
from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.ports.vault import Erased
from muster.records.decision import SignedApproval
from muster.records.governance.signoffs import SignedRejection
from muster.records.people import Role
from muster.rules.personal import Words
from muster.rules.signing.statements import claimed

READERS = (Role.VALIDATOR, Role.RISK_ANALYST, Role.OWNER, Role.EXECUTIVE, Role.AUDITOR, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Comment:
    """What an approver said with a sign-off, and whether it can still be read."""

    approver: str
    role: str
    signed_at: datetime
    state: str
    """``readable``, ``erased`` or ``none``."""
    words: str


@view("approval list", roles=READERS)
def listed(context: Context, version: str) -> tuple[Comment, ...]:
    """List the sign-offs and rejections of a version with what people said; what was erased is shown as erased.

    Parameters
    ----------
    version
        Digest of the model version, or its beginning.
    """
    context.house.ledger.refresh()
    found = find_version(context, version)
    about = f"version:{found.digest}"
    said: list[tuple[int, SignedApproval | SignedRejection]] = [
        *((at.seq, each) for at, each in context.history(SignedApproval, about)),
        *((at.seq, each) for at, each in context.history(SignedRejection, about)),
    ]
    return tuple(_read(context, each) for _, each in sorted(said, key=lambda pair: pair[0]))


def _read(context: Context, signed: SignedApproval | SignedRejection) -> Comment:
    _, approval = claimed(signed.envelope)  # verified when it was handed in
    state, words = "none", ""
    if signed.comment:
        state, words = _words(context, signed.comment, approval.comment_digest)
    return Comment(approval.approver, approval.role, approval.signed_at, state, words)


def _words(context: Context, sealed: str, commitment: str) -> tuple[str, str]:
    try:
        words = Words.from_bytes(context.house.vault.open(sealed))
    except Erased:
        return "erased", ""
    if words.commitment != commitment:
        msg = f"the comment {sealed} is not the one that was signed: restore the vault from a copy"
        raise ValueError(msg)
    return "readable", words.words
