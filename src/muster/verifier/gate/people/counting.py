"""Which sign-offs count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from muster.verifier.gate.controls import asked_in, control_of, spared
from muster.verifier.gate.facts import Fact, moment
from muster.verifier.gate.people.lineage import makers
from muster.verifier.proof.canonical import canonical, digest


def counts(said: Fact, policy: Any, library: Any, known: dict[str, list[Fact]], now: datetime) -> bool:
    """Tell whether an approval counts: by nobody who made the version, under these rules, on what was seen."""
    body = said.body
    checks = {k.digest: k.body["check"] for k in known.get("evidence.recorded", [])}
    excused = {k.body["control"] for k in known.get("waiver.granted", [])}
    before = [r for r in policy["requirements"] if r["sample_role"] != "window"]
    asked = [control_of(library, r["control"]) for r in before if asked_in(r, body["question"]["scope"])]
    must_see = {c["check"] for c in asked if c is not None and c["id"] not in excused and not spared(c, known, now)}
    made = makers(policy, known) if policy["separation_of_duties"] else set()
    due = [moment(each["due"]) for each in open_conditions(said, known)]
    return (
        body["approver"] not in made
        and not (body.get("platform") and policy.get("own_keys_only", True))
        and (body["policy"], body["library"]) == (digest(canonical(policy)), digest(canonical(library)))
        and checks.keys() >= set(body["evidence"])
        and must_see <= {checks[each] for each in body["evidence"]}
        and (not body.get("delegation") or in_place(said, known, made))
        and all(now < each for each in due)
    )


def in_place(said: Fact, known: dict[str, list[Fact]], made: set[str]) -> bool:
    """Tell whether somebody signed in a role that was lent to them, for this, while the loan lasted."""
    body = said.body
    lent = {k.digest: k.body for k in known.get("approval.delegated", [])}.get(body["delegation"])
    if lent is None or (lent["delegate"], lent["role"]) != (body["approver"], body["role"]):
        return False
    ends = [end.at for end in known.get("delegation.ended", []) if end.body["delegation"] == body["delegation"]]
    at = moment(body["signed_at"])
    lasts = moment(lent["signed_at"]) <= at <= max(at, said.at) < moment(lent["expires_at"])
    return lent["principal"] not in made and lasts and all(said.at < end for end in ends)


def principal(said: Fact, known: dict[str, list[Fact]]) -> str:
    """Return in whose role somebody signed: their own, or that of whoever lent it."""
    lent = {k.digest: k.body["principal"] for k in known.get("approval.delegated", [])}
    return str(lent.get(said.body.get("delegation", ""), said.body["approver"]))


def withdrawn(known: dict[str, list[Fact]]) -> Iterator[str]:
    """Yield the digests of what was taken back by whoever signed it, or lent the role."""
    for said in known.get("approval.signed", []) + known.get("approval.rejected", []):
        may = {said.body["approver"], principal(said, known)}
        if any(k.body["approval"] == said.digest and k.person in may for k in known.get("approval.withdrawn", [])):
            yield said.digest


def open_conditions(said: Fact, known: dict[str, list[Fact]]) -> list[Any]:
    """Return the conditions of a sign-off that whoever gave it has not called met."""
    about = [k for k in known.get("condition.met", []) if k.body["approval"] == said.digest]
    met = {k.body["number"] for k in about if k.person == said.body["approver"]}
    return [each for number, each in enumerate(said.body.get("conditions", []), 1) if number not in met]
