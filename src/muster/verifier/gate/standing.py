"""What must hold before anything is measured, and that what serves decides as what was assessed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from muster.verifier.gate.applicability import meant
from muster.verifier.gate.controls import asked_in
from muster.verifier.gate.facts import Fact, age
from muster.verifier.gate.people.lineage import nameless
from muster.verifier.gate.people.seats import assign
from muster.verifier.proof.canonical import canonical, digest


def standing(policy: Any, question: Any, known: dict[str, list[Fact]]) -> Iterator[tuple[str, str]]:
    """Yield what must hold before anything is measured."""
    newest = max(known.get("use-case.registered", []), key=age, default=None)
    covered = newest is not None and meant(policy["applies_to"], newest.body)
    yield "use-case", "missing" if newest is None else "met" if covered else "not-met"
    versions = known.get("model-version.registered", [])
    if not versions:
        yield "version", "missing"
    runs = known["run.finished"]
    if {k.body["run"] for k in versions} - {k.body["id"] for k in runs} or any(map(nameless, [*versions, *runs])):
        yield "authors", "unknown"
    if policy["environment"] != question["environment"]:
        yield "environment", "not-met"
    if not any(asked_in(asked, question["scope"]) for asked in policy["requirements"]):
        yield "requirements", "unknown"


def adopted(policy: Any, known: dict[str, list[Fact]], wanted: Any) -> Iterator[tuple[str, str]]:
    """Yield, for each role that must sign policies, whether enough people of it signed this one."""
    signed: dict[str, set[str]] = {}
    for said in known.get("policy.signed", []):
        if said.body["policy"] == digest(canonical(policy)):
            signed.setdefault(said.body["approver"], set()).add(said.body["role"])
    seats = [seat["role"] for seat in wanted for _ in range(seat["count"])]
    taken = assign(seats, signed)
    for role in dict.fromkeys(seats):
        met = sum(seats[seat] == role for seat in taken) == seats.count(role)
        yield f"policy-sign-off:{role}", "met" if met else "missing"


def parity(policy: Any, known: dict[str, list[Fact]]) -> Iterator[tuple[str, str]]:
    """Yield whether the form that is served decides as the model that was assessed, where that is asked for."""
    compiled_only = policy.get("originals", "allow") != "allow"
    if not policy["parity"] and not compiled_only:
        return
    newest = max(known.get("model-version.compiled", []), key=age, default=None)
    if newest is None:
        yield "parity", "missing"
        return
    proof = newest.body
    proven = proof["decisions_differing"] == 0 and min(proof["rows"], proof["adversarial_rows"]) > 0
    proven = proven and not (compiled_only and proof.get("original"))
    yield "parity", "met" if proven else "not-met"
