"""Seals: what a gateway says, with its own key, of each segment of its log when it closes it.

Seals of one gateway make a chain: each has the next number and names the digest of the one before. So a segment that
was altered, exchanged, put in another place, or taken out of the middle is noticed by whoever knows the gateway's key.
What the chain cannot show is that its last seals were taken away together with their segments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from muster.records.access.alert import Suspicious
from muster.records.canonical import canonical, digest, parse
from muster.records.codec import decode, encode
from muster.records.trust import Envelope, KeyGrant, PublicKey
from muster.rules.envelope import Sign, Verify, envelope_text, open_envelope, read_envelope, seal

SEAL_TYPE = "application/vnd.muster.log-segment+json"

CHANGED = "log-changed"
"""Alert of a log that is not what gateways wrote."""


@dataclass(frozen=True, slots=True)
class SegmentSeal:
    """What a gateway says of one closed segment."""

    gateway: str
    number: int
    """From 1, by gateway, over all deployments."""
    segment: str
    """Path of the file in the folder of the log, with ``/``."""
    digest: str
    rows: int
    previous: str
    """Digest of the gateway's seal before; empty in the first."""
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class OpenedSeal:
    """A seal whose signature holds, with the digest by which the next names it."""

    seal: SegmentSeal
    digest: str


def write_seal(said: SegmentSeal, key: PublicKey, sign: Sign) -> tuple[str, str]:
    """Return a seal as JSON text of its envelope, and the digest by which the next one names it."""
    payload = canonical(encode(said))
    return envelope_text(seal(SEAL_TYPE, payload, [(key, sign)])), digest(payload)


def open_seal(text: str, grants: Sequence[KeyGrant], verify: Verify) -> OpenedSeal:
    """Return a seal that one of the gateway-log keys has signed, for the gateway that the key is granted to.

    Raises
    ------
    Suspicious
        If it is not.
    """
    try:
        envelope = read_envelope(text)
        for grant in grants:
            payload = _signed_by(envelope, grant, verify)
            if payload is None:
                continue
            said = decode(SegmentSeal, parse(payload), "seal")
            if grant.name in ("", said.gateway, _gateway_of(said.gateway)):
                return OpenedSeal(said, digest(payload))
    except ValueError as error:
        msg = f"a seal of the log cannot be read: {error}"
        raise Suspicious(msg, CHANGED) from error
    msg = "a seal of the log is signed by no gateway-log key of the trust root, or for another gateway than the key's"
    raise Suspicious(msg, CHANGED)


def require_chains(seals: Iterable[OpenedSeal], removed: Iterable[str] = ()) -> Mapping[str, SegmentSeal]:
    """Return the seals by segment, if those of each gateway are a chain from its first on.

    Parameters
    ----------
    removed
        Segments that were removed for good, whose seals may be gone with them.

    Raises
    ------
    Suspicious
        If a seal is missing, doubled, or does not follow from the one before.
    """
    chains: defaultdict[str, list[OpenedSeal]] = defaultdict(list)
    for opened in seals:
        chains[opened.seal.gateway].append(opened)
    excused = any(True for _ in removed)
    for gateway, chain in chains.items():
        _require_chain(gateway, sorted(chain, key=lambda opened: opened.seal.number), excused=excused)
    return {opened.seal.segment: opened.seal for chain in chains.values() for opened in chain}


def _require_chain(gateway: str, chain: Sequence[OpenedSeal], *, excused: bool) -> None:
    number, previous = 0, ""
    for place, opened in enumerate(chain):
        said = opened.seal
        late = place == 0 and excused  # what retention removed stood at the beginning
        if not late and (said.number, said.previous) != (number + 1, previous):
            problem = "is missing" if said.number > number + 1 else "is there twice, or does not follow"
            msg = (
                f"the log of gateway {gateway} was changed: seal {number + 1} {problem} (after it comes number "
                f"{said.number}, of {said.segment}). Restore the folder of the log from a copy"
            )
            raise Suspicious(msg, CHANGED)
        number, previous = said.number, opened.digest


def worker_name(gateway: str, worker: int) -> str:
    """Return the name under which one worker of a gateway seals: each writes a chain of its own, by the one key."""
    return f"{gateway}#{worker}"


def _gateway_of(name: str) -> str:
    """Return the gateway of a worker's name; the name itself where it is none."""
    gateway, mark, number = name.rpartition("#")
    return gateway if mark and number.isascii() and number.isdigit() else name


def _signed_by(envelope: Envelope, grant: KeyGrant, verify: Verify) -> bytes | None:
    try:
        return open_envelope(envelope, SEAL_TYPE, [grant.key], verify)
    except PermissionError:
        return None
