"""Attestations: what was signed, each as a file of its own that other tools read, and that the ledger only grew since.

Whatever is an in-toto Statement in a DSSE envelope stands here in a Sigstore bundle v0.3: releases, sign-offs of every
kind, what the house attests. Nothing in them is new: the verifier makes them again out of entries and packages, and
compares bytes.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress

from muster.lifecycle.desk.context import Context
from muster.ports.ledger import Ledger
from muster.records.canonical import parse
from muster.records.codec import decode
from muster.records.entry import Recorded
from muster.records.release import Orders, ReleasePackage
from muster.records.trust import Duty, TrustRoot
from muster.rules.admission import RELEASE
from muster.rules.envelope import IN_TOTO, bundle_text, read_bundle, read_envelope, read_statement
from muster.rules.note import Checkpoint, open_checkpoint, size_of
from muster.rules.witness.cosignature import cosigned_by

SUFFIX = ".sigstore.json"
CHECKPOINT = "checkpoint.txt"
"""Name in the outbox of the newest checkpoint that was put out."""


def attestations(entries: Iterable[Recorded], packages: Sequence[bytes]) -> dict[str, bytes]:
    """Return the bundles of releases, by their number, and of signed statements, by the place and kind of their entry.

    A model's signature is a bundle already.
    """
    found = {f"release-{place}{SUFFIX}": bundle_of(package).encode() for place, package in enumerate(packages, 1)}
    for recorded in entries:
        body, name = recorded.entry.body, f"{recorded.seq:08d}-{recorded.entry.kind}{SUFFIX}"
        if isinstance(body.get("bundle"), str):
            found[name] = body["bundle"].encode()
        elif isinstance(body.get("envelope"), str) and json.loads(body["envelope"]).get("payloadType") == IN_TOTO:
            found[name] = bundle_text(read_envelope(body["envelope"])).encode()
    return found


def continuations(
    ledger: Ledger, packages: Sequence[bytes], told: Iterable[tuple[Recorded, Orders]], witnessed: str, size: int
) -> dict[str, list[str]]:
    """Return the proofs (hex) that the ledger of ``size`` entries continues those that were signed before.

    They are named by what those stand in: a release, orders, the newest checkpoint that witnesses have seen.
    """
    seen = {f"releases/{place}.json": _seen(package) for place, package in enumerate(packages, 1)}
    seen |= {f"entries/{recorded.seq:08d}.json": size_of(orders.checkpoint) for recorded, orders in told}
    if witnessed:
        seen["witnessed.txt"] = size_of(witnessed)
    return {name: [step.hex() for step in ledger.consistency(old, size)] for name, old in seen.items()}


def witnessed(context: Context, root: TrustRoot, told: Iterable[tuple[Recorded, Orders]], size: int) -> str:
    """Return the newest checkpoint of this ledger that a witness has cosigned; empty if there is none.

    It is looked for in orders, and where gateways and auditors are told of it, where anybody may have put another.
    """
    notes = [orders.checkpoint for _, orders in told]
    with suppress(KeyError, UnicodeDecodeError):
        notes.append(context.house.outbox.published(CHECKPOINT).decode())
    found = {note: opened.size for note in notes if (opened := _cosigned(context, root, note)) and opened.size <= size}
    return max(found, key=lambda note: (found[note], note), default="")


def bundle_of(package: bytes) -> str:
    """Return the bundle in a release package."""
    return decode(ReleasePackage, parse(package), "release package").bundle


def _cosigned(context: Context, root: TrustRoot, note: str) -> Checkpoint | None:
    """Return a checkpoint if the ledger of today was once just that, and a witness said so."""
    ledger, grants = context.house.ledger, [grant for grant in root.grants if grant.duty is Duty.WITNESS]
    try:
        found = open_checkpoint(note, root.origin, root.keys(Duty.LEDGER), context.house.verify)
        own = open_checkpoint(ledger.checkpoint(found.size), root.origin, root.keys(Duty.LEDGER), context.house.verify)
        return found if found == own and cosigned_by(note, grants, context.house.verify) else None
    except (PermissionError, ValueError, LookupError):
        return None


def _seen(package: bytes) -> int:
    """Return the size of the ledger that a release was signed on."""
    _, release = read_statement(base64.b64decode(read_bundle(bundle_of(package)).payload), RELEASE)
    return int(release["checkpoint"].split("\n")[1])
