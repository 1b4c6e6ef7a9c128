"""Decisions decided again, and what the verifier says of those that it cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.rules.scene import (
    AUTHOR,
    MANIFEST,
    NOW,
    POLICY,
    QUESTION,
    ROOT,
    VERSION,
    asked,
    auc,
    entry,
)  # fmt: skip
from tests.verifier.forged import TOLD, Forged, published

from muster.records.canonical import digest
from muster.records.decision import Decision, Finding, Question, Reason, Verdict
from muster.records.entry import Entry
from muster.records.model import ModelVersion
from muster.records.trust import Duty, PolicySeat
from muster.verifier.gate.decide import RULES

OTHER = digest(b"other")
DECISION = asked(TOLD)
WAITING = asked(TOLD[:-1])


def decided(made: Decision, *after: Entry, **forgery: Any) -> Forged:
    """Let the ledger hold a decision behind the release."""
    return Forged(after=[entry(made, "olga", NOW), *after], **forgery)


def with_finding(finding: Finding) -> tuple[Reason, ...]:
    first, *rest = DECISION.reasons
    return (replace(first, finding=finding), *rest)


def test_one_that_follows_from_what_was_there_is_told() -> None:
    said = decided(DECISION).verified()
    assert "Decided again from the entries before: 1 recorded decisions come out as recorded." in said
    assert "the gate said ALLOW on 2026-11-23 (entry 11)" in said


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": Verdict.REFUSE},
        {"verdict": Verdict.WAIT},
        {"reasons": DECISION.reasons[1:]},
        {"reasons": ()},
        {"reasons": with_finding(Finding.WAIVED)},
        {"reasons": with_finding(Finding.NOT_MET)},
        {"reasons": (*DECISION.reasons, replace(DECISION.reasons[0], demand="more"))},
        {"at": NOW + timedelta(days=POLICY.maximum_evidence_age_days)},
    ],
)
def test_one_that_does_not_follow_is_not_verified(changes: dict[str, Any]) -> None:
    said = decided(replace(DECISION, **changes)).problem()
    assert "the decision in entry 11 does not follow from the entries before it" in said


def test_what_came_later_does_not_bear_on_it() -> None:
    assert decided(DECISION, entry(auc(0.4), at=NOW)).problem() == ""
    late = Forged(after=[entry(auc(0.4), AUTHOR, NOW), entry(DECISION, "olga", NOW)])
    assert "does not follow" in late.problem()


def test_the_trust_root_of_its_time_counts() -> None:
    left = tuple(each for each in ROOT.grants if each.duty is not Duty.APPROVER)
    second = replace(ROOT, version=2, grants=left)
    assert Forged(roots=(ROOT, second), after=[entry(DECISION, "olga", NOW), published(second)]).problem() == ""
    later = Forged(roots=(ROOT, second), after=[published(second), entry(DECISION, "olga", NOW)])
    assert "does not follow" in later.problem()
    seated = replace(ROOT, version=2, policy_sign_offs=(PolicySeat("risk-analyst"),))
    later = Forged(roots=(ROOT, seated), after=[published(seated), entry(DECISION, "olga", NOW)])
    assert "does not follow" in later.problem()


@pytest.mark.parametrize("kind", ["policy", "library"])
def test_no_decision_is_by_a_policy_or_a_library_that_is_not_there(kind: str) -> None:
    for rules in (RULES, RULES + 1):
        said = decided(replace(DECISION, rules=rules, **{kind: OTHER})).problem()
        assert f"names a {kind} that is not in the dossier" in said


def test_no_decision_rests_on_what_is_not_there_by_whatever_rules() -> None:
    for rules in (RULES, RULES + 1):
        reason = replace(DECISION.reasons[0], evidence=(OTHER,))
        made = replace(DECISION, rules=rules, reasons=(reason, *DECISION.reasons[1:]))
        assert f"rests on entries that are not in the dossier (['{OTHER}'])" in decided(made).problem()


def test_one_by_rules_that_it_does_not_know_is_said_to_be_taken_on_its_word() -> None:
    """Whoever writes to the ledger can name any rules: what was not decided again must not look as if it were."""
    made = replace(WAITING, rules=RULES + 1, verdict=Verdict.ALLOW)
    said = decided(made).verified()
    assert "the gate said ALLOW" in said
    assert f"by rules {RULES + 1}, which this verifier does not know: NOT decided again" in said
    assert "Decided again from the entries before" not in said
    both = Forged(after=[entry(DECISION, "olga", NOW), entry(made, "olga", NOW)]).verified()
    assert "Decided again from the entries before: 1 recorded" in both


def test_a_decision_on_another_question_is_not_judged() -> None:
    staging = replace(DECISION, question=replace(QUESTION, environment="staging"), verdict=Verdict.REFUSE)
    assert decided(staging).problem() == ""


def test_every_question_is_answered_by_a_decision_or_a_release() -> None:
    staging = Question(VERSION, "loans", "staging")
    assert "nothing in the dossier answers its question" in Forged(questions=(QUESTION, staging)).problem()
    there = decided(asked(TOLD, question=staging), questions=(QUESTION, staging))
    assert there.problem() == ""
    assert "OF " in there.verified()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"use_case": "cards"}, "the version is not registered for the use case"),
        ({"digest": OTHER}, "the version is not registered for the use case"),
    ],
)
def test_the_version_is_registered_for_the_use_case(changes: dict[str, str], why: str) -> None:
    odd = replace(ModelVersion(VERSION, "loans", "loans", MANIFEST, "run-1", digest(b"training")), **changes)
    told = [entry(odd) if each.kind == "model-version.registered" else each for each in TOLD]
    assert why in Forged([published(), *told]).problem()


def test_no_other_manifest_is_registered_under_the_version_s_name() -> None:
    other = ModelVersion(VERSION, "loans", "loans", replace(MANIFEST, files={}), "run-1", digest(b"training"))
    said = Forged(after=[entry(other)]).problem()
    assert "entry 11 names the version by another digest than its manifest's" in said
