"""Releases: what they carry and leave out, and the gate asked again with just that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from muster.verifier.entries.dossier import Dossier
from muster.verifier.entries.signed import RELEASE, facts_of
from muster.verifier.gate.decide import SETTLED, decide
from muster.verifier.gate.facts import moment
from muster.verifier.proof.canonical import b64, canonical, digest, need, parse
from muster.verifier.proof.checkpoint import checkpoint
from muster.verifier.proof.envelope import holders, stated
from muster.verifier.proof.merkle import included

CARRIED = (  # a release may leave none of these out: any could speak against it
    "use-case.registered", "model-version.registered", "model-version.compiled", "evidence.recorded", "approval.signed",
    "approval.rejected", "approval.withdrawn", "delegation.ended", "waiver.withdrawn", "finding.opened",
    "finding.reopened",
)  # fmt: skip


def check_release(dossier: Dossier, place: int, seq: int, signed: Any) -> Any:
    """Require that a release is signed, that it is the one in the ledger, and check what it rests on."""
    what, root = f"releases/{place}.json", dossier.root_at(seq)
    raw = dossier.members[what]
    need(digest(raw) == signed["package"], f"{what} is not the package that entry {seq} names")
    package = parse(raw)
    envelope = parse(package["bundle"].encode())["dsseEnvelope"]
    subjects, release = stated(envelope, RELEASE, holders(root, "release"), what)
    need(release["question"] in dossier.questions, f"{what} answers another question than the dossier")
    asked = release["question"]
    about = {"model-version": asked["version"], "served-artifact": release["served"]}
    need(all(signed[name] == asked[name] for name in asked), f"{what} answers another question than entry {seq}")
    need(subjects == about, f"{what}: its subjects are not its version and served artifact")
    need(release["expires_at"] == signed["expires_at"], f"{what} expires otherwise than entry {seq} says")
    need(
        moment(release["issued_at"]) < moment(root["expires_at"]),
        f"{what} was signed under a trust root that had expired",
    )
    seen = checkpoint(release["checkpoint"], root, f"the checkpoint of {what}")
    dossier.check_continued(seen, what)
    check_package(dossier, what, package, release, seen, root)
    return release


def check_package(dossier: Dossier, what: str, package: Any, release: Any, tree: tuple[int, bytes], root: Any) -> None:
    """Require that a package carries exactly the proven entries that its release names, and those that it needs."""
    inside: dict[str, list[Any]] = {}
    rested, seqs = [], []
    for line in package["entries"]:
        raw, seq = b64(line["raw"]), line["seq"]
        need(dossier.raw.get(seq) == raw, f"{what}: entry {seq} is not the one in the dossier")
        need(included(raw, seq, tree[0], line["path"], tree[1]), f"{what}: entry {seq} is not proven")
        rested.append(digest(raw))
        seqs.append(seq)
        inside.setdefault(dossier.entries[seq]["kind"], []).append(dossier.entries[seq]["body"])
    need(sorted(rested) == sorted(release["evidence"]), f"{what} does not carry exactly the entries that it names")
    subjects = (f"version:{release['question']['version']}", f"use-case:{release['question']['use_case']}")
    before = ((seq, dossier.entries[seq]) for seq in sorted(dossier.raw) if seq < tree[0] and seq not in seqs)
    absent = [(seq, e["kind"]) for seq, e in before if e["kind"] in CARRIED and e["subject"] in subjects]
    need(not absent, f"{what} leaves out what was in the ledger when it was signed, and counts: {absent[:1]}")
    for kind in ("policy", "library"):
        named = {digest(canonical(body)) for body in inside.get(f"{kind}.adopted", [])}
        need(release[kind] in named, f"{what} names a {kind} that it does not carry")
    served = {body["served"] for body in inside.get("model-version.compiled", [])}
    need(release["served"] in served, f"{what}: nothing in it says what the served artifact is")
    check_gate(dossier, what, release, seqs, root)


def check_gate(dossier: Dossier, what: str, release: Any, seqs: list[int], root: Any) -> None:
    """Ask the gate again, with exactly what a release rests on: it must allow."""
    policy = dossier.body_of("policy.adopted", release["policy"])
    library = dossier.body_of("library.adopted", release["library"])
    issued = moment(release["issued_at"])
    life = timedelta(days=policy["release_life_days"])
    need(moment(release["expires_at"]) - issued <= life, f"{what} is good for longer than its policy allows")
    facts = [f for f in facts_of(dossier, seqs, root) if f.body.get("served", release["served"]) == release["served"]]
    saw = {seen for f in facts if f.kind == "approval.signed" for seen in f.body["evidence"]}
    need(saw <= set(release["evidence"]), f"{what} leaves out what an approver saw")
    verdict, demands = decide(policy, library, release["question"], facts, root.get("policy_sign_offs", []), issued)
    dossier.rulings[digest(dossier.members[what])] = release, verdict, demands
    still = ", ".join(f"{name} ({finding})" for name, finding in demands if finding not in SETTLED)
    still = "; ".join([still, *dict.fromkeys(dossier.rejected)])
    need(verdict == "allow", f"{what} was signed although its own evidence does not allow it: {still}")


def signed_by(dossier: Dossier, release: Any) -> str:
    """Say whether everybody signed a release off, or whether it was let out before that."""
    demands = next(demands for known, _, demands in dossier.rulings.values() if known is release)
    if any(name.startswith("sign-off:") and finding == "waived" for name, finding in demands):
        return "its sign-offs were still due: it was an EMERGENCY release, on the signed word of who may do that"
    return "everybody whom its policy asks has signed it off"
