"""Attestations: what was signed, each as a file of its own that other tools read, and that the ledger only grew since.

Release and sign-offs are in-toto Statements in DSSE envelopes; here each stands in a Sigstore bundle v0.3. Nothing in
them is new: the verifier makes them again out of entries and packages, and compares bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence

from muster.ports.ledger import Ledger
from muster.records.canonical import parse
from muster.records.codec import decode
from muster.records.decision import SignedApproval
from muster.records.entry import Recorded
from muster.records.release import ReleasePackage
from muster.rules.admission import RELEASE
from muster.rules.envelope import bundle_text, read_bundle, read_envelope, read_statement

SUFFIX = ".sigstore.json"


def attestations(entries: Iterable[Recorded], packages: Sequence[bytes]) -> dict[str, bytes]:
    """Return the bundles of releases, by their number, and of sign-offs, by the place of their entry."""
    found = {f"release-{place}{SUFFIX}": _bundle(package).encode() for place, package in enumerate(packages, 1)}
    for recorded in entries:
        if recorded.entry.kind == "approval.signed":
            signed = decode(SignedApproval, recorded.entry.body)
            found[f"approval-{recorded.seq:08d}{SUFFIX}"] = bundle_text(read_envelope(signed.envelope)).encode()
    return found


def continuations(ledger: Ledger, packages: Sequence[bytes], size: int) -> dict[str, list[str]]:
    """Return the proofs (hex) that the ledger of ``size`` entries continues the one that each release saw."""
    return {
        str(place): [step.hex() for step in ledger.consistency(_seen(package), size)]
        for place, package in enumerate(packages, 1)
    }


def _bundle(package: bytes) -> str:
    return decode(ReleasePackage, parse(package), "release package").bundle


def _seen(package: bytes) -> int:
    """Return the size of the ledger that a release was signed on."""
    _, release = read_statement(base64.b64decode(read_bundle(_bundle(package)).payload), RELEASE)
    return int(release["checkpoint"].split("\n")[1])
