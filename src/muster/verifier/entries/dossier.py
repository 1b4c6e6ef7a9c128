"""The proven entries of a dossier, and the trust roots of their times."""

from __future__ import annotations

from typing import Any

from muster.verifier.proof.canonical import canonical, digest, need, parse
from muster.verifier.proof.checkpoint import checkpoint
from muster.verifier.proof.manifest import check_manifest
from muster.verifier.proof.merkle import continues, included
from muster.verifier.proof.roots import follow


class Dossier:
    """What is proven about a version, entry by entry; every step raises ValueError where it does not hold."""

    def __init__(self, members: dict[str, bytes], pinned: str) -> None:
        self.members = members
        self.deployment, self.questions = check_manifest(members)
        self.roots = follow(members, pinned)
        self.size, tree = checkpoint(members["checkpoint.txt"].decode(), self.roots[-1], "the checkpoint")
        self.tree = self.size, tree
        paths = parse(members["proofs.json"])
        self.raw = {int(name[8:16]): raw for name, raw in members.items() if name.startswith("entries/")}
        need(set(paths) == {f"{seq:08d}" for seq in self.raw}, "proofs.json proves other entries than there are")
        for seq, raw in self.raw.items():
            proven = included(raw, seq, self.size, paths[f"{seq:08d}"], tree)
            need(proven, f"entry {seq} is not in the ledger that the checkpoint is of: it was changed or made up")
        self.entries = {seq: parse(raw) for seq, raw in self.raw.items()}
        self.named = {digest(raw) for raw in self.raw.values()}
        self.rejected: list[str] = []
        self.rulings: dict[str, tuple[Any, str, list[tuple[str, str]]]] = {}
        self.continuations = parse(members["consistency.json"])
        bodies = {canonical(entry["body"]): seq for seq, entry in self.of("trust-root.published")}
        for place, root in enumerate(self.roots, 1):
            need(canonical(root) in bodies, f"roots/{place}.json was never published in the ledger")
        self.since = [(bodies[canonical(root)], root) for root in self.roots]

    def of(self, kind: str, **body: Any) -> list[tuple[int, Any]]:
        """Return the entries of a kind, in order, whose body has these fields."""
        found = [(seq, entry) for seq, entry in sorted(self.entries.items()) if entry["kind"] == kind]
        return [(seq, entry) for seq, entry in found if body.items() <= entry["body"].items()]

    def root_at(self, seq: int) -> Any:
        """Return the trust root that was in force when an entry was written."""
        return max((pair for pair in self.since if pair[0] <= seq), key=lambda pair: pair[0])[1]

    def require_known(self, names: Any, what: str) -> None:
        """Require that entries named by digest are among the proven ones."""
        absent = sorted(set(names) - self.named)
        need(not absent, f"{what} rests on entries that are not in the dossier ({absent[:1]})")

    def bodies(self, kind: str) -> set[str]:
        """Return the digests of the bodies of a kind: how decisions name policies and libraries."""
        return {digest(canonical(entry["body"])) for _, entry in self.of(kind)}

    def body_of(self, kind: str, name: str) -> Any:
        """Return the body of a kind that has this digest."""
        return next(entry["body"] for _, entry in self.of(kind) if digest(canonical(entry["body"])) == name)

    def check_continued(self, seen: tuple[int, bytes], what: str) -> None:
        """Require that the ledger continues an earlier one of itself."""
        continued = continues(seen, self.tree, self.continuations.pop(what, []))
        need(continued, f"the ledger does not continue the one that {what} was signed on: it was forked or rewritten")
