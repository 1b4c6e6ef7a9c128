"""What an attacker can do who has got hold of files, keys or the database of a house."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.walk import Walked

from muster.adapters.keys import KeyFile
from muster.gateway.admission.table import Table, report
from muster.lifecycle.release import KINDS_KEPT
from muster.lifecycle.serve.publish import DOCUMENT
from muster.records.canonical import digest, parse
from muster.records.codec import decode
from muster.records.entry import Recorded
from muster.records.release import Deployment, Orders, ProvenEntry, Release, ReleasePackage
from muster.records.trust import Duty
from muster.rules.admission import RELEASE, package_bytes
from muster.rules.envelope import IN_TOTO, bundle_text, read_bundle, read_envelope, read_statement, seal, statement
from muster.rules.merkle import leaf_hash
from muster.rules.orders import sign_orders

ORDERS = DOCUMENT.format("default")


class Attacker:
    """Somebody on the machine of a house; nothing here asks the house for leave."""

    def __init__(self, walked: Walked) -> None:
        self.walked = walked
        self.outbox = walked.home / "outbox"

    def key(self, duty: Duty) -> KeyFile:
        """Steal a key."""
        return KeyFile.load(self.walked.home / "keys" / f"{duty.value}.pem")

    def blob(self, digest: str, store: str = "outbox") -> Path:
        text = digest.removeprefix("sha256:")
        return self.walked.home / store / "sha256" / text[:2] / text

    def flip(self, path: Path, place: float = 0.5) -> None:
        """Flip one bit of a file."""
        content = bytearray(path.read_bytes())
        content[int(len(content) * place)] ^= 1
        path.write_bytes(content)

    def read_orders(self) -> str:
        return (self.outbox / "named" / ORDERS).read_text()

    def put_orders(self, text: str) -> None:
        (self.outbox / "named" / ORDERS).write_text(text)

    def orders(self) -> Orders:
        envelope = read_envelope(self.read_orders())
        return decode(Orders, parse(base64.b64decode(envelope.payload)), "orders")

    def forge_orders(self, *deployments: Deployment, duty: Duty = Duty.ORDERS, **changes: Any) -> None:
        """Sign the next orders with a stolen key and put them into the outbox."""
        now, key = self.walked.clock(), self.key(duty)
        orders = self.orders()
        told = {each.name for each in changes.get("guards", orders.guards)}
        deployments = tuple(d if d.guards in told else replace(d, guards="") for d in deployments)
        changes = {"number": orders.number + 1, "issued_at": now, "expires_at": now + timedelta(hours=24), **changes}
        self.put_orders(sign_orders(replace(orders, deployments=deployments, **changes), [(key.key, key.sign)]))

    def forge_release(
        self, change: Callable[[Release], Release], keep: Callable[[Recorded], bool] = lambda _: True
    ) -> Deployment:
        """Sign a changed release with the stolen release key, over true entries, and lay it into the outbox."""
        deployment = self.orders().deployments[0]
        release, ledger = change(self.release(deployment)), self.walked.house.ledger
        size = ledger.refresh()
        entries = [entry for entry in self.entries(release.question.version) if keep(entry)]
        named = tuple(sorted(digest(entry.raw) for entry in entries))
        release = replace(release, evidence=named, checkpoint=ledger.checkpoint(size))
        name = self.package(release, self.proven(entries, size))
        return replace(deployment, version=release.question.version, served=release.served, package=name)

    def release(self, deployment: Deployment) -> Release:
        """Read the release that a package holds."""
        package = decode(ReleasePackage, parse(self.blob(deployment.package).read_bytes()), "package")
        payload = base64.b64decode(read_bundle(package.bundle).payload)
        return decode(Release, read_statement(payload, RELEASE)[1], "release")

    def package(self, release: Release, entries: tuple[ProvenEntry, ...]) -> str:
        """Seal a release with the stolen release key; return the digest of its package in the outbox."""
        key = self.key(Duty.RELEASE)
        about = {"model-version": release.question.version, "served-artifact": release.served}
        bundle = bundle_text(seal(IN_TOTO, statement(about, RELEASE, release), [(key.key, key.sign)]))
        return self.walked.house.outbox.put(package_bytes(ReleasePackage(bundle, entries)))

    def entries(self, version: str) -> list[Recorded]:
        """Return what the ledger holds for a gate to read about a version."""
        read = self.walked.house.ledger.read
        about = [*read(subject=f"version:{version}"), *read(subject="use-case:consumer-credit")]
        kinds = ("run.finished", "policy.adopted", "library.adopted", "dataset.snapshotted")
        named = [entry for kind in kinds for entry in read(kind=kind)]
        return sorted((entry for entry in [*about, *named] if entry.entry.kind in KINDS_KEPT), key=lambda e: e.seq)

    def proven(self, entries: list[Recorded], size: int) -> tuple[ProvenEntry, ...]:
        """Prove entries as the control plane does."""
        path = self.walked.house.ledger.inclusion
        return tuple(
            ProvenEntry(e.seq, base64.b64encode(e.raw).decode(), tuple(step.hex() for step in path(e.seq, size)))
            for e in entries
        )

    def sql(self, statement: str, *values: Any) -> list[Any]:
        """Change the database behind the ledger's back."""
        with closing(sqlite3.connect(self.walked.home / "ledger.sqlite")) as database, database:
            return database.execute(statement, values).fetchall()

    def edit(self, seq: int, old: bytes, new: bytes, *, rehash: bool) -> None:
        """Edit the bytes of an entry, and its hash too if asked."""
        ((raw,),) = self.sql("SELECT entry FROM ledger WHERE seq = ?", seq)
        assert raw.count(old) >= 1
        self.put_row(seq, raw.replace(old, new, 1), rehash=rehash)

    def put_row(self, seq: int, raw: bytes, *, rehash: bool = True) -> None:
        """Write a row; with the hash that belongs to it, or with the one that stands there."""
        if rehash:
            self.sql("INSERT OR REPLACE INTO ledger(seq, entry, leaf) VALUES (?, ?, ?)", seq, raw, leaf_hash(raw))
        else:
            self.sql("UPDATE ledger SET entry = ? WHERE seq = ?", raw, seq)


def refused(table: Table, walked: Walked, alert: str = "") -> str:
    """Return what a gateway's operator reads, having made sure that nothing is served, and that people hear of it."""
    assert table.serving(walked.clock()) == ()
    assert walked.heard.names, "a refusal that nobody hears of"
    assert not alert or walked.heard.names[-1] == alert
    return "\n".join(report(table))
