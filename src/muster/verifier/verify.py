"""All of it, in order."""

from __future__ import annotations

from muster.verifier.entries.continued import all_orders
from muster.verifier.entries.decisions import check_decision, check_version
from muster.verifier.entries.dossier import Dossier
from muster.verifier.entries.releases import check_release
from muster.verifier.proof.archive import unpack
from muster.verifier.proof.canonical import need
from muster.verifier.report import subject_of, what_is_not_proven, what_is_proven, what_it_says


def verify(content: bytes, pinned: str) -> list[str]:
    """Verify a dossier; return the lines of the report, or raise where anything does not hold."""
    dossier = Dossier(unpack(content), pinned)
    for question in dossier.questions:
        check_version(dossier, question)
    asked = dossier.questions
    releases = [(seq, e) for seq, e in dossier.of("release.signed") if {n: e["body"][n] for n in asked[0]} in asked]
    decisions = [(seq, e) for seq, e in dossier.of("decision.made") if e["body"]["question"] in asked]
    answered = [{name: e["body"][name] for name in asked[0]} for _, e in releases]
    answered += [entry["body"]["question"] for _, entry in decisions]
    for question in asked:
        need(question in answered, "nothing in the dossier answers its question: neither a decision nor a release")
    for seq, entry in decisions:
        check_decision(dossier, seq, entry["body"])
    packages = sum(name.startswith("releases/") for name in dossier.members)
    need(packages == len(releases), f"the ledger names {len(releases)} releases, the dossier holds {packages}")
    signed = [check_release(dossier, at, seq, entry["body"]) for at, (seq, entry) in enumerate(releases, 1)]
    lines = [*subject_of(dossier), *what_is_proven(dossier, signed, all_orders(dossier))]
    need(not dossier.continuations, f"consistency.json proves what is not here: {sorted(dossier.continuations)[:1]}")
    for question in asked:
        lines += what_it_says(dossier, question)
    return [*lines, *what_is_not_proven()]
