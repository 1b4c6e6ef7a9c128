"""The paper that goes round: a drafted trust root with the chain before it and the signatures that it has so far."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from muster.records.canonical import canonical, digest, parse
from muster.records.codec import decode, encode
from muster.records.trust import Duty, Envelope, PublicKey, Signature, TrustRoot
from muster.rules.ceremony.words import changed
from muster.rules.envelope import Sign, Verify, envelope_text, seal, signers_of
from muster.rules.trust import ROOT_TYPE, check_root, follow_root

AGELESS = datetime.min.replace(tzinfo=UTC)
"""A chain is followed as of then to make its next version: one that has expired may be followed by a new one."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What holders of root keys hand round. Nothing in it is believed but what follows from their own fingerprint."""

    chain: tuple[str, ...]
    """Trust-root documents before it, oldest first."""
    envelope: Envelope
    """The drafted root, signed by some, or by nobody yet."""
    words: tuple[str, ...] = ()
    """What it changes, for whoever opens the file; those who sign are told from the draft itself."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A paper that was read against a fingerprint: before, after, and who has signed."""

    current: TrustRoot
    drafted: TrustRoot
    signed: frozenset[str]
    """Ids of the root keys, of either version, that have signed."""

    @property
    def digest(self) -> str:
        """Digest of the draft, for those who sign to compare over the telephone."""
        return digest(canonical(encode(self.drafted)))

    @property
    def lacking(self) -> tuple[str, ...]:
        """Say whose signatures are missing; empty when it may be published."""
        return tuple(
            f"version {root.version}: {have} of the {root.threshold} signatures that its root keys must give"
            for root in (self.current, self.drafted)
            if (have := len(self.signed & {key.id for key in root.keys(Duty.ROOT)})) < root.threshold
        )


def drafted_paper(chain: Sequence[str], current: TrustRoot, drafted: TrustRoot) -> Paper:
    """Return the paper of a draft that nobody has signed."""
    envelope = seal(ROOT_TYPE, canonical(encode(drafted)), [])
    return Paper(tuple(chain), envelope, changed(current, drafted))


def paper_text(paper: Paper) -> str:
    """Write a paper as a file that people may open."""
    written = encode(paper)
    return json.dumps({"words": written.pop("words"), **written}, indent=2, ensure_ascii=False) + "\n"


def read_paper(text: str) -> Paper:
    """Read a paper; raise ValueError if it is none."""
    return decode(Paper, parse(text.encode()), "draft of a trust root")


def document_in(text: str) -> str:
    """Return the signed document in a file: a paper, or the bare document; raise ValueError if it is neither."""
    content = parse(text.encode())
    if isinstance(content, dict) and "chain" in content:
        return envelope_text(read_paper(text).envelope)
    return envelope_text(decode(Envelope, content, "trust-root document"))


def read_against(paper: Paper, pinned: str, verify: Verify) -> Reading:
    """Follow the chain from the fingerprint, and read the draft as its next version.

    Raises
    ------
    PermissionError
        If the chain does not follow, or the draft is not its next version.
    ValueError
        If the draft makes no sense.
    """
    current = follow_root(pinned, paper.chain, verify, AGELESS)
    payload = base64.b64decode(paper.envelope.payload, validate=True)
    drafted = decode(TrustRoot, parse(payload), "draft of a trust root")
    check_root(drafted)
    if drafted.version != current.version + 1 or drafted.origin != current.origin:
        msg = (
            f"the draft is version {drafted.version} for {drafted.origin!r}; next for {current.origin!r} comes version "
            f"{current.version + 1}: draft it again from the newest chain (muster trust draft)"
        )
        raise PermissionError(msg)
    if canonical(encode(drafted)) != payload:
        msg = "the draft holds something beside what it says in words: it is not signed"
        raise PermissionError(msg)
    keys = {key.id: key for root in (current, drafted) for key in root.keys(Duty.ROOT)}
    _, signed = signers_of(paper.envelope, ROOT_TYPE, tuple(keys.values()), verify)
    return Reading(current, drafted, signed)


def with_signature(paper: Paper, reading: Reading, key: PublicKey, sign: Sign) -> Paper:
    """Add one root key's signature to a paper; raise PermissionError if the key may not sign it."""
    holders = {known.id for root in (reading.current, reading.drafted) for known in root.keys(Duty.ROOT)}
    if key.id not in holders:
        msg = f"key {key.id[:16]} is no root key: neither version {reading.current.version} nor the draft names it"
        raise PermissionError(msg)
    if key.id in reading.signed:
        msg = f"key {key.id[:16]} has signed this draft already"
        raise PermissionError(msg)
    payload = base64.b64decode(paper.envelope.payload)
    new: tuple[Signature, ...] = seal(ROOT_TYPE, payload, [(key, sign)]).signatures
    envelope = replace(paper.envelope, signatures=(*paper.envelope.signatures, *new))
    return replace(paper, envelope=envelope)
