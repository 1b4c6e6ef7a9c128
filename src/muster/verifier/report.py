"""What a verified dossier proves, what it says, and what it cannot prove."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from muster.verifier.entries.attested import check_attestations
from muster.verifier.entries.continued import witnessed
from muster.verifier.entries.dossier import Dossier
from muster.verifier.entries.releases import signed_by
from muster.verifier.entries.sealed import comments
from muster.verifier.entries.signed import approval, emergency, policy_approval, rejection, signer
from muster.verifier.gate.decide import RULES, SETTLED
from muster.verifier.proof.canonical import b64, need, read


def plain(line: str) -> str:
    """Replace whatever could move a terminal's cursor: names in a dossier must not write over the verdict."""
    return "".join(letter if letter.isprintable() else "?" for letter in line[:2000])


def subject_of(dossier: Dossier) -> list[str]:
    """Return what the dossier is about."""
    lines = [f"deployment     {dossier.deployment}"] if dossier.deployment else []
    for asked in dossier.questions:
        lines.append(f"model version  {asked['version']}")
        lines.append(f"question       may it {asked['scope']} {asked['use_case']} in {asked['environment']}?")
    return [*lines, ""]


def _people(dossier: Dossier) -> Iterator[str]:
    """Yield who signed what, with whose key."""
    for seq, entry in dossier.of("approval.signed"):
        try:
            said = approval(dossier, seq)
        except ValueError as error:
            said = read(b64(read(entry["body"]["envelope"].encode())["payload"]))["predicate"]
            by = signer(dossier, seq)
            key = "a key of the house" if by == "the house" else "a key of their own"
            yield f"- {said['approver']} ({said['role']}) signed, with {key}; by itself it does not count: {error}."
            continue
        yield f"- {said['approver']} ({said['role']}) signed, {_pen(said)}, on {said['signed_at'][:10]}."
    for seq, _ in dossier.of("approval.rejected"):
        said = rejection(dossier, seq)
        yield f"- {said['approver']} ({said['role']}) REJECTED it, {_pen(said)}, on {said['signed_at'][:10]}."
    for seq, _ in dossier.of("emergency.signed"):
        said = emergency(dossier, seq)
        why = f"before its sign-offs, with a key of their own: {said['reason']}"
        yield f"- {said['approver']} ({said['role']}) let it out in an EMERGENCY, {why}"
    for seq, _ in dossier.of("policy.signed"):
        said = policy_approval(dossier, seq)
        yield f"- {said['approver']} ({said['role']}) signed policy {said['name']}, with a key of their own."


def _pen(said: Any) -> str:
    """Say whose key signed, and whether the role was lent."""
    lent = " in a role that was lent to them" if said.get("delegation") else ""
    return ("by the platform in their name" if said.get("platform") else "with a key of their own") + lent


def what_is_proven(dossier: Dossier, signed: list[Any], orders: list[Any]) -> list[str]:
    """Return what is proven, after proving whatever is left to prove."""
    root, versions = dossier.roots[-1], {asked["version"] for asked in dossier.questions}
    sealed, erased = comments(dossier)
    bundles = check_attestations(dossier, len(signed))
    seen, witnesses = witnessed(dossier)
    own = [d for order in orders for d in order["deployments"] if d["version"] in versions]
    deployed = sorted({d["name"] for d in own})
    need(not dossier.deployment or dossier.deployment in deployed, "no orders deploy anything under that name")
    decided = len([1 for _, e in dossier.of("decision.made") if e["body"]["rules"] == RULES])
    lines = [
        "PROVEN",
        f"- Trust root version {root['version']} of ledger {root['origin']} follows from the fingerprint you gave.",
        f"- {len(dossier.raw)} entries are in the signed ledger of {dossier.size} entries, unchanged, in their place.",
    ]
    if witnesses:
        lines.append(f"- Its first {seen} entries were seen by: {', '.join(witnesses)}. They cosigned it.")
    lines.append("- The version is named by the digest of its manifest: its files, inputs and threshold.")
    lines += _people(dossier)
    if sealed or erased:
        lines.append(f"- What people said: {sealed} sealed here, unchanged; {erased} erased.")
    lines += [
        f"- A release was signed on {r['issued_at'][:10]}, good until {r['expires_at'][:10]}; it rests on exactly "
        f"{len(r['evidence'])} of these entries. Decided again from these alone, everything that its policy asks is "
        f"met or waived, and {signed_by(dossier, r)}."
        for r in signed
    ]
    if decided:
        lines.append(f"- Decided again from the entries before: {decided} recorded decisions come out as recorded.")
    if signed or orders:
        lines.append("- The ledger only grew since each release and each order: none of what they saw was rewritten.")
    if bundles:
        lines.append(f"- Attestations: {bundles} Sigstore bundles, each made of what is proven.")
    if orders:
        lines.append(f"- Orders to gateways: {len(orders)}, each signed; deployed as: {', '.join(deployed) or 'none'}.")
    return [*lines, "- No member was changed, added, left out or moved since the dossier was written.", ""]


def what_it_says(dossier: Dossier, question: Any) -> list[str]:
    """Say what the proven entries answer."""
    releases = dossier.of("release.signed", **question)
    packages = {entry["body"]["package"] for _, entry in releases}
    revoked = [e["body"] for _, e in dossier.of("release.revoked") if e["body"]["package"] in packages]
    many = f" OF {question['version'][7:19]}" if len(dossier.questions) > 1 else ""
    lines = [f"WHAT THE LEDGER SAYS{many}"]
    lines += [f"- release: {len(releases)} signed, {len(revoked)} revoked"] * bool(releases)
    lines += [f"- REVOKED: {body['reason']}" for body in revoked]
    for seq, entry in dossier.of("decision.made", question=question)[-1:]:
        lines += [f"- the gate said {entry['body']['verdict'].upper()} on {entry['at'][:10]} (entry {seq})"]
        if entry["body"]["rules"] != RULES:
            lines += [f"    by rules {entry['body']['rules']}, which this verifier does not know: NOT decided again"]
        told = sorted(entry["body"]["reasons"], key=lambda reason: reason["finding"] in SETTLED)  # what is open first
        lines += [f"    {r['finding']:>20}  {r['demand']}: {r['explanation']}" for r in told]
    return [*lines, ""]


def what_is_not_proven() -> list[str]:
    """Return what no dossier can prove."""
    return [
        "NOT PROVEN",
        "- That the figures are right: they were signed for, not measured again. The data is named by digest.",
        "- That nothing else about the version is in the ledger: ask for all of it, and for its newest checkpoint.",
        "- That its pages and papers (.html, .pdf) say the same: unsigned, for reading. What counts are the entries.",
        "- That this verifier is honest, if it came with the dossier: take verify.py from muster itself.",
    ]
