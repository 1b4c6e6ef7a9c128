"""What entries say, and which of them are about a question."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from muster.verifier.proof.canonical import canonical, digest

SKEW = timedelta(minutes=5)


class Fact(NamedTuple):
    """What an entry says; of signed ones, what was signed."""

    kind: str
    body: Any
    digest: str
    person: str
    local: bool
    at: datetime


def fact(entry: Any, raw: bytes, body: Any = None) -> Fact:
    """Return an entry as a fact; ``body`` takes the place of its own where that is an envelope."""
    local = entry["actor"].startswith("local:")
    person, named = person_of(entry["actor"]), entry["body"] if body is None else body
    return Fact(entry["kind"], named, digest(raw), person, local, moment(entry["at"]))


def person_of(actor: str) -> str:
    """Return who answers for an actor: without the mark of local mode, and of a service account its person."""
    return actor[len("local:") * actor.startswith("local:") :].partition("/")[0]


def moment(text: str) -> datetime:
    """Read a moment."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))  # noqa: FURB162 - Python before 3.11


def age(known: Fact) -> tuple[datetime, str]:
    """Sort facts by age."""
    return known.at, known.digest


def heard(policy: Any, question: Any, facts: list[Fact]) -> dict[str, list[Fact]]:
    """Return the facts about a question by kind, without those of local mode where the policy does not count them."""
    kept: dict[str, list[Fact]] = {}
    for known in facts:
        if concerns(known, question):
            kept.setdefault(known.kind, []).append(known)
    runs = {known.body["run"] for known in kept.get("model-version.registered", [])}
    kept["run.finished"] = [known for known in kept.get("run.finished", []) if known.body["id"] in runs]
    parents = {known.body["digest"]: known.body["parent"] for known in kept.get("dataset.snapshotted", [])}
    line: set[str] = set()
    for version in kept.get("model-version.registered", []):
        name = version.body["training"]
        while name and name not in line:
            line.add(name)
            name = parents.get(name, "")
    kept["dataset.snapshotted"] = [k for k in kept.get("dataset.snapshotted", []) if k.body["digest"] in line]
    whole = (*kept,) if policy["local_mode"] else ("finding.opened",)
    return {kind: [k for k in some if kind in whole or not k.local] for kind, some in kept.items()}


def concerns(known: Fact, question: Any) -> bool:
    """Tell whether a fact is about a question."""
    body, version = known.body, question["version"]
    if known.kind == "use-case.registered":
        return bool(body["id"] == question["use_case"])
    if known.kind == "model-version.registered":
        named = (body["digest"], body["use_case"]) == (version, question["use_case"])
        return named and digest(canonical(body["manifest"])) == version
    if known.kind in ("finding.opened", "finding.closed", "finding.reopened"):
        return body["about"] in (f"version:{version}", f"use-case:{question['use_case']}")
    if known.kind in ("approval.signed", "approval.rejected", "emergency.signed"):
        return bool(body["question"] == question)
    if known.kind in ("approval.delegated", "delegation.ended"):
        return bool(body["use_case"] == question["use_case"])
    if known.kind in ("waiver.granted", "waiver.requested"):
        return (body["version"], body["environment"]) == (version, question["environment"])
    if known.kind == "release.signed":
        return all(body[name] == question[name] for name in question)
    return known.kind in ("run.finished", "policy.signed", "dataset.snapshotted") or body.get("version") == version
