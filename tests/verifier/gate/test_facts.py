"""Which entries the verifier hears, as the gate does: about this version, use case, environment and question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.rules.gate.people.signed import rejection
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    FACTS_OF_THE_VERSION,
    MANIFEST,
    NOW,
    POLICY,
    QUESTION,
    USE_CASE,
    VALIDATOR,
    VERSION,
    approval,
    auc,
    complete,
    entry,
    waiver,
    without,
)  # fmt: skip
from tests.verifier.agreeing import outcome

from muster.records.canonical import digest
from muster.records.codec import encode
from muster.records.governance.findings import ClosedFinding, OpenedFinding, ReopenedFinding
from muster.records.governance.terms import FindingSeverity
from muster.records.model import ModelVersion, Run
from muster.verifier.gate.facts import Fact, age, concerns, fact, heard, moment, person_of

OTHER = digest(b"other")
FOUND = OpenedFinding("F-1", f"version:{VERSION}", "loans", FindingSeverity.HIGH, "Stale.", "", AUTHOR, NOW)
BLOCKING = replace(POLICY, blocking_findings=(FindingSeverity.HIGH,))


@pytest.mark.parametrize(
    ("record", "demand", "came_out"),
    [
        (replace(USE_CASE, id="cards", domain="insurance"), "use-case", "met"),
        (replace(auc(0.4), version=OTHER), "discrimination", "met"),
        (Run("run-9", "loans", OTHER, MANIFEST.recipe, {}, {}), "authors", ""),
        (ModelVersion(OTHER, "loans", "loans", MANIFEST, "run-9", OTHER), "authors", ""),
        (ModelVersion(VERSION, "loans", "cards", MANIFEST, "run-9", OTHER), "authors", ""),
        (ModelVersion(VERSION, "loans", "loans", replace(MANIFEST, files={}), "run-9", OTHER), "authors", ""),
        (ModelVersion(VERSION, "loans", "loans", MANIFEST, "run-9", OTHER), "authors", "unknown"),
        (replace(FOUND, about=f"version:{OTHER}"), "findings", "met"),
        (replace(FOUND, about="use-case:cards"), "findings", "met"),
        (replace(FOUND, about="use-case:loans"), "findings", "not-met"),
        (FOUND, "findings", "not-met"),
    ],
)
def test_only_what_is_about_the_question_is_heard(record: Any, demand: str, came_out: str) -> None:
    told = [*FACTS_OF_THE_VERSION, approval(policy=BLOCKING), entry(record, VALIDATOR, NOW)]
    assert outcome(told, demand, policy=BLOCKING) == came_out


@pytest.mark.parametrize("changes", [{"environment": "staging"}, {"scope": "shadow"}, {"use_case": "cards"}])
def test_a_sign_off_or_a_rejection_of_another_question_is_of_no_use(changes: dict[str, str]) -> None:
    elsewhere = replace(QUESTION, **changes)
    signed = approval(question=elsewhere)
    assert outcome([*FACTS_OF_THE_VERSION, signed], "sign-off:risk-analyst") == "missing"
    assert outcome([*complete(), rejection(at=NOW)], "sign-off:risk-analyst") == "not-met"


def test_waivers_are_for_one_environment_and_version() -> None:
    bad = [*without("evidence.recorded"), entry(auc(0.6))]
    for changes, came_out in (({}, "waived"), ({"environment": "staging"}, "not-met"), ({"version": OTHER}, "not-met")):
        given = entry(replace(waiver(), **changes), ANALYST)
        assert outcome([*bad, given], "discrimination") == came_out


def test_closing_and_reopening_another_finding_changes_nothing() -> None:
    for record in (ClosedFinding("F-1", f"version:{OTHER}", ""), ClosedFinding("F-2", FOUND.about, "")):
        told = [*complete(), entry(FOUND, VALIDATOR), entry(record, VALIDATOR, NOW)]
        assert outcome(told, "findings", policy=BLOCKING) == "not-met"
    closed = [*complete(), entry(FOUND, VALIDATOR), entry(ClosedFinding("F-1", FOUND.about, ""), VALIDATOR, NOW)]
    assert outcome(closed, "findings", policy=BLOCKING) == "met"
    for about, came_out in ((f"version:{OTHER}", "met"), (FOUND.about, "not-met")):
        again = entry(ReopenedFinding("F-1", about, ""), VALIDATOR, NOW)
        assert outcome([*closed, again], "findings", policy=BLOCKING) == came_out


def test_facts_of_local_mode_count_only_where_the_policy_says_so_but_findings_always() -> None:
    strict = replace(BLOCKING, local_mode=False)
    measured = [replace(each, actor="local:bob") for each in FACTS_OF_THE_VERSION if each.kind == "evidence.recorded"]
    told = [*without("evidence.recorded"), *measured]
    assert outcome(told, "discrimination") == "met"
    assert outcome(told, "discrimination", policy=strict) == "missing"
    found = entry(FOUND, f"local:{VALIDATOR}")
    assert outcome([*complete(), found], "findings", policy=strict) == "not-met"
    mended = entry(ClosedFinding("F-1", FOUND.about, ""), f"local:{VALIDATOR}", NOW)
    assert outcome([*complete(), found, mended], "findings", policy=strict) == "not-met"
    assert outcome([*complete(), found, mended], "findings", policy=BLOCKING) == "met"


@pytest.mark.parametrize(
    ("actor", "person"),
    [("ann", "ann"), ("local:ann", "ann"), ("ann/nightly", "ann"), ("local:ann/nightly", "ann"), ("", ""), ("/x", "")],
)
def test_a_person_answers_for_each_actor(actor: str, person: str) -> None:
    assert person_of(actor) == person
    said = {"kind": "k", "actor": actor, "at": "2026-11-23T12:00:00Z", "body": {"a": 1}}
    found = fact(said, b"raw")
    assert (found.person, found.local) == (person, actor.startswith("local:"))
    assert (found.at, found.digest, found.body) == (NOW, digest(b"raw"), {"a": 1})
    assert fact(said, b"raw", {}).body == {}, "what was signed, even if it says nothing"


def test_facts_of_one_moment_are_sorted_by_digest() -> None:
    said = {"kind": "k", "actor": "ann", "at": "2026-11-23T12:00:00Z", "body": {}}
    later = {**said, "at": "2026-11-23T12:00:00.000001Z"}
    found = sorted([fact(later, b"0"), fact(said, b"b"), fact(said, b"a")], key=age)
    assert [each.digest for each in found] == [*sorted([digest(b"a"), digest(b"b")]), digest(b"0")]
    assert moment("2026-11-23T12:00:00.000001Z") > moment("2026-11-23T12:00:00Z")


HERE = {"version": VERSION, "use_case": "loans", "environment": "production", "scope": "serve"}
ASKED = {"question": HERE}
PLACED = {"version": VERSION, "environment": "production"}
BODIES: dict[str, dict[str, Any]] = {
    "use-case.registered": {"id": "loans"},
    "finding.opened": {"about": f"version:{VERSION}"},
    "finding.closed": {"about": f"version:{VERSION}"},
    "finding.reopened": {"about": "use-case:loans"},
    "approval.signed": ASKED,
    "approval.rejected": ASKED,
    "emergency.signed": ASKED,
    "approval.delegated": {"use_case": "loans"},
    "delegation.ended": {"use_case": "loans"},
    "waiver.granted": PLACED,
    "waiver.requested": PLACED,
    "release.signed": HERE,
    "run.finished": {},
    "policy.signed": {},
    "dataset.snapshotted": {},
    "evidence.recorded": {"version": VERSION},
    "model-version.compiled": {"version": VERSION},
    "waiver.withdrawn": {"version": VERSION},
}


def told_of(kind: str, body: Any, name: str = "x") -> Fact:
    return Fact(kind, body, name, "ann", False, NOW)


@pytest.mark.parametrize("kind", BODIES)
def test_each_kind_says_itself_what_it_is_about(kind: str) -> None:
    body = BODIES[kind]
    assert concerns(told_of(kind, body), HERE)
    for name, value in body.items():
        other = {**value, "scope": "shadow"} if name == "question" else "use-case:cards" if name == "about" else "other"
        assert not concerns(told_of(kind, {**body, name: other}), HERE)
    assert not concerns(told_of("orders.issued", {}), HERE)


def test_data_is_heard_along_the_line_of_the_version_only_even_in_a_circle() -> None:
    version = {"digest": VERSION, "use_case": "loans", "manifest": encode(MANIFEST), "run": "r", "training": "c"}
    links = {"a": "", "b": "a", "c": "b", "x": "", "y": "c"}
    data = [told_of("dataset.snapshotted", {"digest": own, "parent": up}) for own, up in links.items()]
    told = [told_of("model-version.registered", version), *data]
    kept = heard({"local_mode": True}, HERE, told)
    assert [each.body["digest"] for each in kept["dataset.snapshotted"]] == ["a", "b", "c"]
    circle = [told_of("dataset.snapshotted", {"digest": own, "parent": up}) for own, up in (("c", "b"), ("b", "c"))]
    assert len(heard({"local_mode": True}, HERE, [told[0], *circle])["dataset.snapshotted"]) == 2
    broken = [told_of("dataset.snapshotted", {"digest": own, "parent": up}) for own, up in (("c", "b"), ("a", ""))]
    assert len(heard({"local_mode": True}, HERE, [told[0], *broken])["dataset.snapshotted"]) == 1
    nameless = told_of("model-version.registered", {**version, "training": ""})
    empty = told_of("dataset.snapshotted", {"digest": "", "parent": ""})
    assert heard({"local_mode": True}, HERE, [nameless, empty])["dataset.snapshotted"] == []


def test_runs_are_heard_where_a_version_names_them() -> None:
    version = {"digest": VERSION, "use_case": "loans", "manifest": encode(MANIFEST), "run": "r", "training": ""}
    runs = [told_of("run.finished", {"id": name}) for name in ("r", "s")]
    kept = heard({"local_mode": True}, HERE, [*runs, told_of("model-version.registered", version)])
    assert [each.body["id"] for each in kept["run.finished"]] == ["r"]
    assert heard({"local_mode": True}, HERE, runs)["run.finished"] == []
