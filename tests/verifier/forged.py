"""Dossiers forged by somebody who holds every key of the house, and writes into its ledger and packages what they like.

Nothing here asks the gate: what does not hold is for the verifier to find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from tests.rules.scene import (
    ANALYST,
    LIBRARY,
    NOW,
    ORIGIN,
    POLICY,
    QUESTION,
    ROOT,
    VERSION,
    Chain,
    complete,
    entry,
    grant,
    key,
    record,
)
from tests.rules.scene import orders as orders_text

from muster.lifecycle.dossier.archive import pack
from muster.lifecycle.dossier.attestations import attestations
from muster.lifecycle.dossier.signing.attest import pem
from muster.records.canonical import canonical, digest
from muster.records.decision import Question
from muster.records.entry import Entry
from muster.records.policy import Policy
from muster.records.release import Deployment, IssuedOrders, ReleasePackage, SignedRelease
from muster.records.trust import Duty, TrustRoot
from muster.rules.admission import package_bytes
from muster.rules.merkle import Tree, leaf_hash
from muster.rules.note import Checkpoint, sign_checkpoint
from muster.rules.trust import fingerprint, sign_root
from muster.verifier.verify import verify

TOLD = complete()


def published(root: TrustRoot = ROOT) -> Entry:
    return entry(root, "admin")


def tree_of(entries: Iterable[Entry]) -> Tree:
    tree = Tree()
    tree.extend(leaf_hash(each.to_bytes()) for each in entries)
    return tree


def note_of(entries: Iterable[Entry], pen: str = Duty.LEDGER.value, origin: str = ORIGIN) -> str:
    tree, signer = tree_of(entries), key(pen)
    return sign_checkpoint(Checkpoint(origin, tree.size, tree.root()), signer.key, signer.sign)


@dataclass
class Forged:
    """A dossier of one release; change what is said, then see what the verifier says."""

    entries: list[Entry] = field(default_factory=lambda: [published(), *TOLD])
    """What the ledger holds before policy and library, on all of which the release rests."""
    policy: Policy = POLICY
    roots: tuple[TrustRoot, ...] = (ROOT,)
    changes: dict[str, Any] = field(default_factory=dict)
    """Fields of the release that differ."""
    recorded: dict[str, Any] = field(default_factory=dict)
    """Fields of the ledger's entry about the release that differ."""
    chain: dict[str, Any] = field(default_factory=dict)
    """What is wrong with the package, as a chain of the rules' scene takes it."""
    between: tuple[Entry, ...] = ()
    """What it holds between what the release saw and the entry about it."""
    after: list[Entry] = field(default_factory=list)
    """What the ledger holds after the release."""
    told: tuple[dict[str, Any], ...] = ()
    """Orders that deploy the version, one after the other, and how each differs."""
    numbered: tuple[int, ...] = ()
    """How the ledger's entries number these orders, where that is not what they say themselves."""
    members: dict[str, bytes | None] = field(default_factory=dict)
    """Members that are exchanged, or left out (None)."""
    deployment: str = ""
    questions: tuple[Question, ...] = (QUESTION,)
    adopts: bool = True
    """Whether policy and library are in the ledger."""
    repack: Callable[[ReleasePackage], ReleasePackage] = field(default=lambda package: package)

    def before(self) -> list[Entry]:
        adopted = [entry(self.policy, ANALYST), entry(LIBRARY, ANALYST)]
        return [*self.entries, *(adopted if self.adopts else [])]

    @cached_property
    def package(self) -> bytes:
        chain = Chain(self.before(), self.policy, self.changes, **self.chain)
        return package_bytes(self.repack(chain.package()))

    @cached_property
    def ledger(self) -> list[Entry]:
        ends = self.changes.get("expires_at", Chain(self.before(), self.policy).release().expires_at)
        asked = (VERSION, QUESTION.use_case, QUESTION.environment, QUESTION.scope)
        signed = replace(SignedRelease(*asked, digest(self.package), ends), **self.recorded)
        ledger = [*self.before(), *self.between, entry(signed, "olga", NOW)]
        for place, changes in enumerate(self.told):
            number = [*self.numbered, *range(len(self.numbered) + 1, len(self.told) + 1)][place]
            text = self.orders(ledger, {"number": place + 1, **changes})
            ledger.append(entry(IssuedOrders(changes.get("group", "default"), number, text), "olga", NOW))
        return [*ledger, *self.after]

    def orders(self, ledger: list[Entry], changes: dict[str, Any]) -> str:
        what = Deployment("credit", "loans", "production", "serve", VERSION, digest(b"served"), digest(self.package))
        return orders_text(**{"checkpoint": note_of(ledger), "deployments": (what,), **changes})

    def contents(self) -> dict[str, bytes]:
        ledger = self.ledger
        tree, found = tree_of(ledger), record(ledger)
        grown = {"releases/1.json": len(self.before())}
        grown |= {f"entries/{r.seq:08d}.json": r.seq for r in found if r.entry.kind == "orders.issued"}
        proofs = {name: [step.hex() for step in tree.consistency(size, tree.size)] for name, size in grown.items()}
        paths = {f"{r.seq:08d}": [step.hex() for step in tree.inclusion(r.seq, tree.size)] for r in found}
        documents = [sign_root(root, [(grant(Duty.ROOT, "root"), key("root").sign)]) for root in self.roots]
        keys = {each for root in self.roots for each in root.keys(Duty.RELEASE)}
        members: dict[str, bytes | None] = {
            "checkpoint.txt": note_of(ledger).encode(),
            "consistency.json": canonical(proofs),
            "proofs.json": canonical(paths),
            "dossier.html": b"<p>All is well.",
            "releases/1.json": self.package,
            **{f"entries/{r.seq:08d}.json": r.raw for r in found},
            **{f"roots/{place}.json": text.encode() for place, text in enumerate(documents, 1)},
            **{f"keys/{each.id[:12]}.pem": pem(each).encode() for each in keys},
            **{f"attestations/{name}": raw for name, raw in attestations(found, [self.package]).items()},
            **self.members,
        }
        return {name: raw for name, raw in members.items() if raw is not None}

    def problem(self) -> str:
        """Return why the dossier is not verified; empty if it is."""
        try:
            assert self.verified()
        except ValueError as error:
            return str(error)
        return ""

    def verified(self) -> str:
        """Return the report; raises where the dossier is not verified."""
        content = pack(self.questions, self.contents(), self.deployment)
        return "\n".join(verify(content, fingerprint(self.roots[0])))
