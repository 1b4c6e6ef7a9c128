"""The gate, decided again: the verdict on a question, and how each demand came out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from muster.verifier.gate.controls import demands_of, outlived
from muster.verifier.gate.facts import Fact, heard
from muster.verifier.gate.measured import demanded
from muster.verifier.gate.people.emergency import excused
from muster.verifier.gate.people.findings import wrong
from muster.verifier.gate.people.lineage import lineage
from muster.verifier.gate.people.signoff import sign_offs
from muster.verifier.gate.sense import nonsense
from muster.verifier.gate.standing import adopted, parity, standing

RULES = 1
SETTLED = ("met", "waived", "not-applicable")


def decide(
    policy: Any, library: Any, question: Any, facts: list[Fact], seats: Any, now: datetime
) -> tuple[str, list[tuple[str, str]]]:
    """Return the verdict on a question, and how each demand came out; ``seats`` are those who sign policies."""
    if nonsense(policy):
        return "refuse", [("policy", "unknown")]
    known = heard(policy, question, facts)
    demands = [
        *standing(policy, question, known),
        *adopted(policy, known, seats),
        *outlived(policy, library, now),
        *(demanded(asked, policy, library, known, now) for asked in demands_of(policy, question["scope"])),
        *parity(policy, known),
        *lineage(policy, known),
        *wrong(policy, known),
        *excused(sign_offs(policy, library, known, now), policy, library, known, now),
    ]
    return verdict_of(demands), demands


def verdict_of(demands: list[tuple[str, str]]) -> str:
    """Return the answer that findings make."""
    still = [(name, finding) for name, finding in demands if finding not in SETTLED]
    if not still:
        return "allow"
    return "wait" if all(n.startswith("sign-off:") and finding == "missing" for n, finding in still) else "refuse"
