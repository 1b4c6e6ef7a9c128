"""Recorded decisions: decided again from the entries before them."""

from __future__ import annotations

from typing import Any

from muster.verifier.entries.dossier import Dossier
from muster.verifier.entries.signed import facts_of
from muster.verifier.entries.statements import findings
from muster.verifier.gate.decide import RULES, decide
from muster.verifier.gate.facts import moment
from muster.verifier.proof.canonical import canonical, digest, need


def check_version(dossier: Dossier, question: Any) -> None:
    """Require that the version is registered under the digest of its manifest, for this use case."""
    version = question["version"]
    found = dossier.of("model-version.registered", digest=version, use_case=question["use_case"])
    need(found, "the version is not registered for the use case")
    for seq, entry in found:
        named = digest(canonical(entry["body"]["manifest"]))
        need(named == version, f"entry {seq} names the version by another digest than its manifest's")


def check_decision(dossier: Dossier, seq: int, body: Any) -> None:
    """Require that a decision names policy, library and evidence that are here."""
    what = f"the decision in entry {seq}"
    need(body["policy"] in dossier.bodies("policy.adopted"), f"{what} names a policy that is not in the dossier")
    need(body["library"] in dossier.bodies("library.adopted"), f"{what} names a library that is not in the dossier")
    dossier.require_known((name for reason in body["reasons"] for name in reason["evidence"]), what)
    if body["rules"] != RULES:
        return  # rules of another time: what they asked is not known here
    policy = dossier.body_of("policy.adopted", body["policy"])
    library = dossier.body_of("library.adopted", body["library"])
    root = dossier.root_at(seq)
    facts = facts_of(dossier, [known for known in sorted(dossier.raw) if known < seq], root)
    seats = root.get("policy_sign_offs", [])
    verdict, mine = decide(policy, library, body["question"], facts, seats, moment(body["at"]))
    said = findings(body)
    other = [each for each in [*mine, *said] if each not in mine or each not in said][:1]
    need(verdict == body["verdict"] and not other, f"{what} does not follow from the entries before it: {other}")
