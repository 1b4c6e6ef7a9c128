"""Releases forged by whoever holds the release key, the ledger's key, and the ledger."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.lifecycle.dossier.scene import NOTED, WATCHED, Scene
from tests.rules.gate.people.signed import rejection
from tests.rules.gate.people.test_emergency import URGENT, leave
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    FACTS_OF_THE_VERSION,
    MANIFEST,
    NOW,
    POLICY,
    QUESTION,
    ROOT,
    TICK,
    USE_CASE,
    VALIDATOR,
    VERSION,
    approval,
    auc,
    compilation,
    complete,
    entry,
    grant,
    inputs,
    waiver,
    without,
)  # fmt: skip
from tests.verifier.forged import Forged, note_of, published

from muster.records.canonical import digest
from muster.records.entry import Entry
from muster.records.governance.findings import OpenedFinding, ReopenedFinding
from muster.records.governance.signoffs import EndedDelegation, WithdrawnSignOff
from muster.records.governance.terms import FindingSeverity, Selector
from muster.records.governance.waivers import WithdrawnWaiver
from muster.records.model import ModelVersion
from muster.records.policy import Requirement
from muster.records.release import ProvenEntry, ReleasePackage
from muster.records.trust import Duty, PolicySeat
from muster.verifier.verify import verify

STAGING = replace(QUESTION, environment="staging")
OTHER = digest(b"other")
LIFE = timedelta(days=POLICY.release_life_days)
ABOUT = f"version:{VERSION}"
SERVES = {"model-version": VERSION, "served-artifact": digest(b"served")}


def test_a_sound_one_is_verified() -> None:
    said = Forged(told=({},)).verified()
    assert "rests on exactly 10 of these entries" in said
    assert "and everybody whom its policy asks has signed it off" in said


@pytest.mark.parametrize(
    ("forgery", "why"),
    [
        ({"members": {"releases/1.json": b"{}"}}, "releases/1.json is not the package that entry 10 names"),
        ({"members": {"releases/2.json": b"{}"}}, "the ledger names 1 releases, the dossier holds 2"),
        ({"chain": {"release_key": "orders"}}, "releases/1.json: 0 of 1 trusted keys signed it, 1 must"),
        ({"changes": {"question": STAGING}}, "answers another question than the dossier"),
        ({"changes": {"question": STAGING}, "questions": (QUESTION, STAGING)}, "nothing in the dossier answers"),
        ({"chain": {"subjects": SERVES | {"model-version": OTHER}}}, "its subjects are not its version and served"),
        ({"chain": {"subjects": SERVES | {"served-artifact": OTHER}}}, "its subjects are not its version and served"),
        ({"recorded": {"expires_at": NOW + LIFE - TICK}}, "expires otherwise than entry 10 says"),
        ({"changes": {"issued_at": ROOT.expires_at, "expires_at": ROOT.expires_at + TICK}}, "root that had expired"),
        ({"chain": {"ledger_key": "ledger-other"}}, "the checkpoint of releases/1.json is not signed by a key"),
        ({"changes": {"checkpoint": note_of(complete())}}, "does not continue the one that releases/1.json"),
        ({"chain": {"left_out": frozenset({3})}}, "does not carry exactly the entries that it names"),
        ({"chain": {"slipped_in": frozenset({3})}}, "does not carry exactly the entries that it names"),
        ({"changes": {"policy": OTHER}}, "names a policy that it does not carry"),
        ({"changes": {"library": OTHER}}, "names a library that it does not carry"),
        ({"changes": {"served": OTHER}}, "nothing in it says what the served artifact is"),
        ({"changes": {"expires_at": NOW + LIFE + TICK}}, "is good for longer than its policy allows"),
    ],
)
def test_what_is_forged_about_it_is_named(forgery: dict[str, Any], why: str) -> None:
    assert why in Forged(**forgery).problem()


def test_it_may_be_good_for_just_as_long_as_its_policy_allows() -> None:
    assert Forged(changes={"expires_at": NOW + LIFE}).problem() == ""


def test_it_may_be_signed_until_its_trust_root_expires_to_the_fraction_of_a_second() -> None:
    late = replace(ROOT, expires_at=NOW + TICK)
    entries = [published(late), *complete()]
    assert Forged(entries, roots=(late,)).problem() == ""
    assert "had expired" in Forged(entries, roots=(late,), changes={"issued_at": NOW + TICK}).problem()


def test_it_answers_what_the_ledger_says_that_it_answers() -> None:
    both = {"questions": (QUESTION, STAGING), "recorded": {"environment": "staging"}}
    decided = entry(asked_of(STAGING), "olga", NOW)
    said = Forged(**both, after=[entry(asked_of(QUESTION), "olga", NOW), decided]).problem()
    assert "answers another question than entry 10" in said


def asked_of(question: Any) -> Any:
    """Return a decision on a question, by rules that the verifier does not know: it only names what is there."""
    from tests.rules.scene import asked

    return replace(asked(complete()), question=question, rules=99, reasons=())


def with_path(package: ReleasePackage, place: int, **changes: Any) -> ReleasePackage:
    lines: list[ProvenEntry] = [*package.entries]
    lines[place] = replace(lines[place], **changes)
    return replace(package, entries=tuple(lines))


def test_each_of_its_entries_is_in_the_dossier_and_in_the_ledger_that_it_saw() -> None:
    other = base64.b64encode(entry(auc(0.9)).to_bytes()).decode()
    said = Forged(repack=lambda package: with_path(package, 5, raw=other)).problem()
    assert "entry 5 is not the one in the dossier" in said
    said = Forged(repack=lambda package: with_path(package, 5, path=("00" * 32,))).problem()
    assert "entry 5 is not proven" in said


AGAINST = [
    entry(USE_CASE, "owner"),
    entry(ModelVersion(VERSION, "loans", "loans", MANIFEST, "run-1", digest(b"training")), VALIDATOR),
    entry(compilation(), VALIDATOR),
    entry(auc(0.9)),
    approval(by=VALIDATOR),
    rejection(VALIDATOR),
    entry(WithdrawnSignOff(VERSION, OTHER, "x"), ANALYST),
    entry(EndedDelegation("loans", OTHER, "x"), ANALYST),
    entry(WithdrawnWaiver(VERSION, OTHER, "x"), ANALYST),
    entry(OpenedFinding("F-1", ABOUT, "loans", FindingSeverity.LOW, "Stale.", "", "bob", NOW), VALIDATOR),
    entry(ReopenedFinding("F-1", ABOUT, ""), VALIDATOR),
]


def left_out(each: Entry, *before: Entry, after: bool = False) -> Forged:
    """Let a release neither name nor carry an entry."""
    at = 8 + len(before)
    if after:
        return Forged(after=[each])
    return Forged([published(), *complete(), *before, each], chain={"left_out": {at}, "slipped_in": {at}})


@pytest.mark.parametrize("each", AGAINST, ids=lambda each: each.kind)
def test_it_leaves_out_nothing_that_could_speak_against_it(each: Entry) -> None:
    said = left_out(each).problem()
    assert f"leaves out what was in the ledger when it was signed, and counts: [(8, '{each.kind}')]" in said
    assert "leaves out" not in left_out(each, after=True).problem(), "what came later it could not know"
    assert "leaves out" not in Forged(between=(each,)).problem(), "nor what came after the tree that it saw"


def test_what_is_about_others_or_only_speaks_for_it_may_be_left_out() -> None:
    for each in (entry(replace(auc(0.4), version=OTHER)), entry(replace(USE_CASE, id="cards")), entry(waiver())):
        assert left_out(each).problem() == ""


def test_what_an_approver_saw_is_there() -> None:
    unseen = approval(by=VALIDATOR, evidence=(OTHER,))
    said = Forged([published(), *complete(), unseen]).problem()
    assert "leaves out what an approver saw" in said


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        (FACTS_OF_THE_VERSION, "sign-off:risk-analyst (missing)"),
        ((*FACTS_OF_THE_VERSION, approval(evidence=())), "sign-off:risk-analyst (missing)"),
        ((*FACTS_OF_THE_VERSION, approval(by=AUTHOR)), "sign-off:risk-analyst (missing)"),
        ((*complete(), rejection(at=NOW)), "sign-off:risk-analyst (not-met)"),
        ((*complete(), entry(auc(0.5), at=NOW)), "discrimination (not-met)"),
        ((*complete(), entry(compilation(differing=1), at=NOW)), "parity (not-met)"),
        (without("run.finished"), "authors (unknown)"),
        ((*complete(), entry(replace(USE_CASE, domain="insurance"), "owner", NOW)), "use-case (not-met)"),
    ],
)
def test_a_release_that_the_gate_would_not_allow_is_not_verified(entries: tuple[Entry, ...], why: str) -> None:
    said = Forged([published(), *entries]).problem()
    assert "was signed although its own evidence does not allow it: " in said
    assert why in said
    assert "(met)" not in said


def test_how_another_form_decides_that_is_not_served_says_nothing_about_this_one() -> None:
    other = entry(compilation(OTHER, differing=1), at=NOW)
    assert Forged([published(), *complete(), other]).problem() == ""


def test_why_a_sign_off_does_not_count_is_told_with_what_is_missing() -> None:
    foreign = approval(origin="elsewhere.example/house")
    said = Forged([published(), *FACTS_OF_THE_VERSION, foreign]).problem()
    assert "sign-off:risk-analyst (missing); entry 7 was signed for another house" in said


def test_the_people_who_sign_policies_must_have_signed_its_policy() -> None:
    root = replace(ROOT, policy_sign_offs=(PolicySeat("risk-analyst"),))
    said = Forged([published(root), *complete()], roots=(root,)).problem()
    assert "policy-sign-off:risk-analyst (missing)" in said


def test_the_trust_root_of_its_time_counts_and_not_a_later_one() -> None:
    left = tuple(each for each in ROOT.grants if each.duty not in (Duty.APPROVER, Duty.RELEASE))
    second = replace(ROOT, version=2, grants=(*left, grant(Duty.RELEASE, "release two")))
    assert Forged(roots=(ROOT, second), after=[published(second)]).problem() == ""
    early = Forged([published(), published(second), *complete()], roots=(ROOT, second))
    assert "releases/1.json: 0 of 1 trusted keys signed it" in early.problem()
    early.chain = {"release_key": "release two"}
    again = Forged(early.entries, roots=early.roots, chain=early.chain).problem()
    assert "the approval in entry 8: 0 of 0 trusted keys signed it" in again


def test_an_emergency_release_is_said_to_be_one() -> None:
    entries = [published(), *FACTS_OF_THE_VERSION, leave()]
    said = Forged(entries, policy=URGENT).verified()
    assert "its sign-offs were still due: it was an EMERGENCY release" in said
    assert "everybody whom its policy asks" not in said
    late = {"issued_at": NOW + timedelta(hours=72)}
    assert "sign-off:risk-analyst (missing)" in Forged(entries, policy=URGENT, changes=late).problem()


def test_what_was_waived_is_no_emergency() -> None:
    told = [*without("evidence.recorded", "approval.signed"), entry(inputs()), entry(auc(0.5))]
    given = entry(waiver(), ANALYST)
    said = Forged([published(), *told, given, approval([*told, given])]).verified()
    assert "and everybody whom its policy asks has signed it off" in said
    assert "EMERGENCY" not in said


def test_a_release_without_what_does_not_apply_is_verified(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.train(policy=replace(WATCHED, requirements=(*WATCHED.requirements, Requirement("elsewhere"))))
    elsewhere = replace(
        NOTED.controls[0], id="elsewhere", check="never.measured", applies_to=Selector(domains=("insurance",))
    )
    scene.as_(ANALYST).record(replace(NOTED, controls=(*NOTED.controls, elsewhere)))
    scene.enrol()
    scene.sign_off()
    scene.release()
    content = scene.dossier()
    scene.close()
    assert "everybody whom its policy asks has signed it off" in "\n".join(verify(content, scene.house.fingerprint))
