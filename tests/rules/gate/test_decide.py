"""The laws of the gate, each as a property, and each demand one by one."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    FACTS_OF_THE_VERSION,
    LIBRARY,
    LIFE,
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
    asked,
    auc,
    compilation,
    complete,
    entry,
    finding,
    inputs,
    record,
    waiver,
    without,
)

from muster.adapters.signatures import verify
from muster.records.decision import Finding, Verdict
from muster.records.entry import Entry
from muster.records.evidence import Figure, Outcome
from muster.records.governance.terms import Selector
from muster.records.model import ModelVersion, Run
from muster.records.people import Role
from muster.records.policy import Requirement, SignOff
from muster.rules.gate.decide import decide, good_until, record_digest
from muster.rules.gate.facts import Facts, gather


def test_everything_met_and_signed_is_allowed() -> None:
    decision = asked(complete())

    assert decision.verdict is Verdict.ALLOW
    assert {reason.demand for reason in decision.reasons} == {
        "use-case",
        "discrimination",
        "no-age",
        "parity",
        "sign-off:risk-analyst",
    }


def test_everything_met_but_not_signed_waits() -> None:
    assert asked(FACTS_OF_THE_VERSION).verdict is Verdict.WAIT


def test_a_decision_names_policy_and_library_by_what_they_say() -> None:
    decision = asked(complete())

    assert (decision.policy, decision.library) == (record_digest(POLICY), record_digest(LIBRARY))
    assert record_digest(POLICY) != record_digest(replace(POLICY, statement="other words"))


# Laws --------------------------------------------------------------------------------------------------------------

good_evidence = st.builds(
    lambda value, spread, name, minutes: entry(
        auc(value, spread=spread, name=name), "monitor", NOW - timedelta(minutes=minutes)
    ),
    st.floats(0.75, 0.99),
    st.floats(0, 0.04),
    st.sampled_from(["held-out", "second", "third"]),
    st.integers(0, 60 * 24 * 20),
)
any_evidence = st.builds(
    lambda value, spread, name, minutes, outcome: entry(
        auc(value, spread=spread, name=name, outcome=outcome), "monitor", NOW - timedelta(minutes=minutes)
    ),
    st.floats(0.5, 0.99),
    st.floats(0, 0.2),
    st.sampled_from(["held-out", "second", "third"]),
    st.integers(0, 60 * 24 * 60),
    st.sampled_from(Outcome),
)


@given(st.lists(good_evidence, max_size=5))
def test_evidence_that_meets_a_requirement_never_turns_an_allow_into_a_refusal(added: list[Entry]) -> None:
    assert asked([*complete(), *added]).verdict is Verdict.ALLOW


@given(st.lists(any_evidence, max_size=5), good_evidence)
def test_good_evidence_never_makes_any_verdict_worse(before: list[Entry], added: Entry) -> None:
    rank = [Verdict.REFUSE, Verdict.WAIT, Verdict.ALLOW]
    # A sample of its own, so that nothing is replaced: replacing good by older good is time's doing, not evidence's.
    fresh = replace(added, body={**added.body, "sample_name": "fourth"}, at=NOW)

    was, now = asked([*complete(), *before]).verdict, asked([*complete(), *before, fresh]).verdict

    assert rank.index(now) >= rank.index(was)


@given(st.lists(any_evidence, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_records_never_matters(added: list[Entry], rnd: random.Random) -> None:
    entries = [*complete(), *added, entry(waiver(), ANALYST), approval(by=VALIDATOR), approval(by=AUTHOR)]
    shuffled = rnd.sample(entries, len(entries))

    assert asked(entries) == asked(shuffled)


@given(any_evidence)
def test_of_evidence_of_one_moment_the_worst_speaks(added: Entry) -> None:
    same_moment = replace(added, at=NOW - timedelta(hours=1), body={**added.body, "sample_name": "held-out"})
    alone = [each for each in complete() if each.body.get("check") != "auc-check"] + [same_moment]

    assert finding([*complete(), same_moment], "discrimination") == finding(alone, "discrimination")


def test_a_worse_sample_speaks_even_beside_a_better_one() -> None:
    entries = [*complete(), entry(auc(0.55, name="other rows"))]

    assert finding(entries, "discrimination") is Finding.NOT_MET


# Expiry ------------------------------------------------------------------------------------------------------------


def test_evidence_expires_to_the_microsecond() -> None:
    made = NOW - timedelta(hours=1)

    assert asked(complete(), now=made + LIFE - TICK).verdict is Verdict.ALLOW
    assert finding(complete(), "discrimination", now=made + LIFE) is Finding.STALE


def test_good_until_is_the_first_moment_of_refusal() -> None:
    weak = [entry(auc(0.6), "robot", NOW - timedelta(days=3))]
    entries = [*without("evidence.recorded", "approval.signed"), *weak, entry(inputs()), entry(waiver(), ANALYST)]
    entries.append(approval(entries))
    facts = gather(QUESTION, record(entries), ROOT, verify)
    decision = decide(POLICY, LIBRARY, QUESTION, facts, NOW)
    until = min(good_until(POLICY, facts, decision))

    assert decision.verdict is Verdict.ALLOW
    assert asked(entries, now=until - TICK).verdict is Verdict.ALLOW
    assert asked(entries, now=until).verdict is Verdict.REFUSE


# What cannot be decided refuses --------------------------------------------------------------------------------------


def test_a_policy_that_demands_nothing_allows_nothing() -> None:
    empty = replace(POLICY, requirements=(), sign_offs=(), parity=False)

    assert asked(complete(), policy=empty).verdict is Verdict.REFUSE


def test_an_unknown_control_refuses_and_is_named() -> None:
    policy = replace(POLICY, requirements=(*POLICY.requirements, Requirement("no-such")))
    decision = asked([*FACTS_OF_THE_VERSION, approval(policy=policy)], policy=policy)

    assert decision.verdict is Verdict.REFUSE
    assert [r.finding for r in decision.reasons if r.demand == "no-such"] == [Finding.UNKNOWN]


def test_a_figure_that_is_not_a_number_is_unknown_and_cannot_be_waived() -> None:
    facts = gather(QUESTION, record([*complete(), entry(waiver(), ANALYST)]), ROOT, verify)
    wrong = auc(figures=(Figure("auc", float("nan"), 1000, 0.7, 0.9),))
    evidence = tuple(replace(f, record=wrong) if f.record.check == "auc-check" else f for f in facts.evidence)

    decision = decide(POLICY, LIBRARY, QUESTION, replace(facts, evidence=evidence), NOW)

    assert decision.verdict is Verdict.REFUSE
    assert Finding.UNKNOWN in {reason.finding for reason in decision.reasons}


@pytest.mark.parametrize(
    ("missing", "demand"),
    [
        ("use-case.registered", "use-case"),
        ("model-version.registered", "version"),
        ("run.finished", "authors"),
        ("model-version.compiled", "parity"),
        ("evidence.recorded", "no-age"),
    ],
)
def test_what_is_missing_refuses(missing: str, demand: str) -> None:
    decision = asked(without(missing))

    assert decision.verdict is Verdict.REFUSE
    assert demand in {r.demand for r in decision.reasons if r.finding in (Finding.MISSING, Finding.UNKNOWN)}


def test_no_facts_at_all_refuse() -> None:
    assert decide(POLICY, LIBRARY, QUESTION, Facts(), NOW).verdict is Verdict.REFUSE


@pytest.mark.parametrize(
    "policy",
    [
        replace(POLICY, environment="staging"),
        replace(POLICY, applies_to=Selector(domains=("mortgage",))),
        replace(POLICY, applies_to=Selector(tiers=("low",))),
        replace(POLICY, applies_to=Selector(jurisdictions=("US",))),
    ],
)
def test_a_policy_for_something_else_refuses(policy: Any) -> None:
    assert asked([*FACTS_OF_THE_VERSION, approval(policy=policy)], policy=policy).verdict is Verdict.REFUSE


def test_the_newest_facts_of_a_use_case_count() -> None:
    moved = entry(replace(USE_CASE, domain="mortgage"), "owner", NOW)

    assert finding([*complete(), moved], "use-case") is Finding.NOT_MET


def test_a_version_must_be_named_by_its_manifest() -> None:
    swapped = [
        replace(each, body={**each.body, "manifest": {**each.body["manifest"], "files": {}}})
        if each.kind == "model-version.registered"
        else each
        for each in complete()
    ]

    assert finding(swapped, "version") is Finding.MISSING


def test_a_served_form_that_decides_otherwise_refuses() -> None:
    entries = [*complete(), entry(compilation(differing=1), at=NOW)]

    assert finding(entries, "parity") is Finding.NOT_MET
    assert finding(entries, "parity", policy=replace(POLICY, parity=False)) is Finding.MET


def test_an_original_that_is_served_by_its_own_library_is_met_and_says_so() -> None:
    proof = replace(compilation(), original="muster cannot compile SVC")
    facts = gather(QUESTION, record([*complete(), entry(proof, at=NOW)]), ROOT, verify)
    decision = decide(POLICY, LIBRARY, QUESTION, facts, NOW)
    (reason,) = [reason for reason in decision.reasons if reason.demand == "parity"]
    assert reason.finding is Finding.MET
    assert reason.explanation.endswith("it was not compiled, its own library serves it: muster cannot compile SVC")


def test_a_policy_may_take_compiled_forms_only() -> None:
    strict = replace(POLICY, originals="refuse")
    served_by_its_library = [*complete(), entry(replace(compilation(), original="muster cannot compile SVC"), at=NOW)]
    assert finding(served_by_its_library, "parity") is Finding.MET
    assert finding(served_by_its_library, "parity", policy=strict) is Finding.NOT_MET
    assert finding(served_by_its_library, "parity", policy=replace(strict, parity=False)) is Finding.NOT_MET
    assert finding(complete(), "parity", policy=strict) is Finding.MET


# Local mode ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("local", range(len(complete())))
def test_where_a_policy_asks_for_a_server_entries_made_without_one_do_not_count(local: int) -> None:
    strict = replace(POLICY, local_mode=False)
    entries = [*FACTS_OF_THE_VERSION, approval(policy=strict)]
    entries[local] = replace(entries[local], actor=f"local:{entries[local].actor}")

    assert asked(entries, policy=strict).verdict is not Verdict.ALLOW
    assert asked([*entries[:-1], replace(approval(entries[:-1]), actor="local:ann")]).verdict is Verdict.ALLOW


@pytest.mark.parametrize("place", ["version", "use_case", "environment", "scope"])
def test_another_question_gets_another_answer(place: str) -> None:
    assert asked(complete(), question=replace(QUESTION, **{place: "other"})).verdict is not Verdict.ALLOW


def test_runs_and_registrations_of_others_make_them_authors_too() -> None:
    again = [
        entry(Run("run-1", "loans", "sha256:t", MANIFEST.recipe, {}, {}), ANALYST),
        entry(ModelVersion(VERSION, "loans", "loans", MANIFEST, "run-1", "sha256:t"), ANALYST),
    ]

    for added in again:
        assert finding([*complete(), added], "sign-off:risk-analyst") is Finding.MISSING


def test_the_policy_names_how_many_sign() -> None:
    two = replace(POLICY, sign_offs=(SignOff(Role.RISK_ANALYST), SignOff(Role.RISK_ANALYST)))
    one = approval(policy=two)

    assert asked([*FACTS_OF_THE_VERSION, one], policy=two).verdict is Verdict.WAIT
    assert asked([*FACTS_OF_THE_VERSION, one, one], policy=two).verdict is Verdict.WAIT
    assert asked([*FACTS_OF_THE_VERSION, one, approval(by=VALIDATOR, policy=two)], policy=two).verdict is Verdict.ALLOW
