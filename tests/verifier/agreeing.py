"""The verifier's decision beside the gate's, on the same entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from tests.rules.scene import NOW, QUESTION, asked, record

from muster.adapters.signatures import verify
from muster.records.codec import encode
from muster.records.decision import Decision, Question
from muster.records.entry import Entry
from muster.records.policy import Library, Policy
from muster.records.trust import TrustRoot
from muster.rules.gate.decide import decide
from muster.rules.gate.facts import gather
from muster.verifier.entries.dossier import Dossier
from muster.verifier.entries.signed import facts_of
from muster.verifier.gate.decide import decide as decide_again
from muster.verifier.gate.facts import Fact, heard
from muster.verifier.gate.people.signoff import sign_offs
from muster.verifier.proof import envelope
from muster.verifier.proof.canonical import parse

envelope.p256 = cache(envelope.p256)  # every signature once: pure Python is slow, and tests share most of theirs


def told(entries: Sequence[Entry], root: TrustRoot) -> list[Fact]:
    """Return entries as the verifier's facts, beginning with their bytes and signatures."""
    dossier = Dossier.__new__(Dossier)
    found = record(entries)
    dossier.raw = {each.seq: each.raw for each in found}
    dossier.entries = {each.seq: parse(each.raw) for each in found}
    dossier.roots, dossier.rejected = [encode(root)], []
    return facts_of(dossier, sorted(dossier.raw), encode(root))


def require_agreement(
    decision: Decision, policy: Policy, library: Library, entries: Sequence[Entry], root: TrustRoot
) -> None:
    """Require that the verifier comes to this decision too, demand by demand."""
    seats = encode(root).get("policy_sign_offs", [])
    asked = encode(policy), encode(library), encode(decision.question), told(entries, root), seats, decision.at
    verdict, demands = decide_again(*asked)
    ours = sorted((reason.demand, reason.finding.value) for reason in decision.reasons)
    assert (verdict, sorted(demands)) == (decision.verdict.value, ours)


def agree(
    policy: Policy, library: Library, question: Question, entries: Sequence[Entry], root: TrustRoot, now: datetime = NOW
) -> str:
    """Decide with both; require that they agree, and return the verdict."""
    decision = decide(policy, library, question, gather(question, record(entries), root, verify), now)
    require_agreement(decision, policy, library, entries, root)
    return decision.verdict.value


def outcome(entries: Iterable[Entry], demand: str, **options: Any) -> str:
    """Return how one demand came out, as both say; empty where neither has anything to say."""
    found = {reason.demand: reason.finding.value for reason in asked(entries, **options).reasons}
    return found.get(demand, "")


def sign_offs_told(
    policy: Policy, library: Library, entries: Sequence[Entry], root: TrustRoot, now: datetime = NOW
) -> list[tuple[str, str]]:
    """Return how the sign-offs came out, as the verifier says."""
    known = heard(encode(policy), encode(QUESTION), told(entries, root))
    return list(sign_offs(encode(policy), encode(library), known, now))
