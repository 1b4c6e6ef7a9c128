"""Evidence that is of something else, too old or not due yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.rules.scene import (
    AUC,
    FACTS_OF_THE_VERSION,
    LIBRARY,
    LIFE,
    NOW,
    POLICY,
    QUESTION,
    ROOT,
    TICK,
    VERSION,
    approval,
    asked,
    auc,
    entry,
    finding,
    inputs,
    record,
    without,
)

from muster.adapters.signatures import verify
from muster.records.decision import Finding, Question, Verdict
from muster.records.entry import Entry
from muster.records.evidence import Figure, Outcome
from muster.records.governance.terms import Monitoring
from muster.records.policy import Comparison, Control, Library, Limit, Meets, Policy, Requirement
from muster.records.release import SignedRelease
from muster.rules.backtest.inventory import known_of
from muster.rules.backtest.trial import answer, terms_of
from muster.rules.gate.decide import record_digest
from muster.rules.gate.facts import gather
from muster.rules.gate.measured import SKEW, TRIAL, WINDOW, control_in, demand_of
from muster.rules.gate.sense import unadoptable


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"outcome": Outcome.NOT_MEASURED, "reason": "no labels"}, Finding.NOT_MEASURED),
        ({"figures": ()}, Finding.MISSING),
        ({"figures": (Figure("gini", 0.9, 1000, 0.89, 0.91),)}, Finding.MISSING),
        ({"check": "other-check"}, Finding.MISSING),
        ({"parameters": {"bands": [1]}}, Finding.MISSING),
        ({"sample_role": "training"}, Finding.MISSING),
        ({"version": "sha256:other"}, Finding.MISSING),
    ],
)
def test_evidence_of_something_else_is_not_evidence(change: dict[str, Any], expected: Finding) -> None:
    entries = [*without("evidence.recorded"), entry(inputs()), entry(auc(**change))]

    assert finding(entries, "discrimination") is expected


WATCHED = replace(POLICY, requirements=(*POLICY.requirements, Requirement("discrimination", sample_role=WINDOW)))


def watched(*added: Entry, now: Any = NOW) -> Verdict:
    # Old enough to speak of windows alone: evidence before release is made anew.
    fresh = [
        replace(each, at=now - timedelta(hours=1)) if each.kind == "evidence.recorded" else each
        for each in FACTS_OF_THE_VERSION
    ]
    return asked([*fresh, approval(fresh, policy=WATCHED), *added], policy=WATCHED, now=now).verdict


RELEASED = entry(SignedRelease(VERSION, "loans", "production", "serve", "sha256:p", NOW + LIFE), "robot", NOW)


def test_windows_are_asked_for_once_a_release_has_been_out_for_the_life_of_evidence() -> None:
    assert watched() is Verdict.ALLOW
    assert watched(RELEASED, now=NOW + LIFE - TICK) is Verdict.ALLOW
    assert watched(RELEASED, now=NOW + LIFE) is Verdict.REFUSE


def test_a_window_is_judged_as_soon_as_there_is_one() -> None:
    bad = entry(auc(0.6, sample_role=WINDOW, name="credit"), "monitor", NOW)
    good = entry(auc(0.9, sample_role=WINDOW, name="credit"), "monitor", NOW + TICK)

    assert watched(RELEASED, bad) is Verdict.REFUSE
    assert watched(RELEASED, bad, good, now=NOW + TICK) is Verdict.ALLOW
    assert watched(RELEASED, bad, good, now=NOW + TICK + LIFE) is Verdict.REFUSE


def test_evidence_from_the_future_cannot_be_judged_beyond_what_clocks_may_differ() -> None:
    ahead = [*without("evidence.recorded"), entry(inputs()), entry(auc(), "robot", NOW + SKEW)]
    seen = [*ahead, approval(ahead)]

    assert finding(seen, "discrimination") is Finding.MET
    assert finding(seen, "discrimination", now=NOW - TICK) is Finding.UNKNOWN


def test_a_requirement_may_want_its_evidence_younger_than_the_policy() -> None:
    young = replace(POLICY, requirements=(Requirement("discrimination", maximum_age_days=2), *POLICY.requirements[1:]))
    old = replace(young, requirements=(Requirement("discrimination", maximum_age_days=400), *POLICY.requirements[1:]))
    measured = NOW - timedelta(hours=1)
    seen = [entry(auc(), at=measured), *without("evidence.recorded"), entry(inputs())]
    last = measured + timedelta(days=2)
    assert finding(seen, "discrimination", policy=young, now=last - TICK) is Finding.MET
    assert finding(seen, "discrimination", policy=young, now=last) is Finding.STALE
    assert finding(seen, "discrimination", policy=old, now=measured + LIFE) is Finding.STALE


def test_a_monitor_asks_windows_for_evidence_as_often_as_it_runs() -> None:
    weekly = replace(POLICY, monitors=(Monitoring("discrimination", 7.0, limit=0.6),))
    week, name = timedelta(days=7), f"discrimination ({WINDOW})"
    seen = [*FACTS_OF_THE_VERSION, RELEASED]
    window = entry(auc(0.65, sample_role=WINDOW, name="credit"), "monitor", NOW + week)
    assert finding(seen, name, policy=weekly, now=NOW + week - TICK) is Finding.MET
    assert finding(seen, name, policy=weekly, now=NOW + week) is Finding.MISSING
    assert finding([*seen, window], name, policy=weekly, now=NOW + 2 * week - TICK) is Finding.MET
    assert finding([*seen, window], name, policy=weekly, now=NOW + 2 * week) is Finding.STALE
    assert finding([*seen, window], name, policy=replace(weekly, monitors=()), now=NOW + 2 * week) is Finding.MET


LATE = Control(
    "tried", "It was tried.", "traffic.beside_champion", {}, Limit("days", Comparison.AT_LEAST, 7, Meets.POINT)
)
BOOK = Library("muster", (*LIBRARY.controls, LATE))
CAREFUL = replace(POLICY, requirements=(*POLICY.requirements, Requirement("tried", sample_role=TRIAL)))
SHARE = replace(QUESTION, scope=TRIAL)


def tried(days: float, name: str = "production/default/credit") -> Any:
    return auc(check=LATE.check, sample_role=TRIAL, name=name, figures=(Figure("days", days, 900),))


def verdict(*added: Any, question: Question = QUESTION, policy: Policy = CAREFUL, now: Any = NOW) -> Verdict:
    """Decide as the gate does; the quicker answer, and the verifier's, are held against it."""
    fresh = [
        replace(each, at=now - timedelta(hours=1)) if each.kind == "evidence.recorded" else each
        for each in FACTS_OF_THE_VERSION
    ]
    happened = [*fresh, *added]
    signed = approval(happened, policy=policy, library=record_digest(BOOK), question=question)
    decision = asked([*happened, signed], policy=policy, library=BOOK, question=question, now=now)
    return decision.verdict


def test_a_version_that_was_not_tried_may_be_tried_and_may_not_serve() -> None:
    assert verdict() is Verdict.REFUSE
    assert verdict(question=SHARE) is Verdict.ALLOW
    assert verdict(question=replace(QUESTION, scope="shadow")) is Verdict.ALLOW
    assert verdict(question=replace(QUESTION, scope="anything")) is Verdict.ALLOW, "gateways serve no such scope"
    decision = asked(FACTS_OF_THE_VERSION, policy=CAREFUL, library=BOOK)
    (reason,) = (each for each in decision.reasons if each.demand == "tried (trial)")
    assert reason.finding is Finding.MISSING
    assert "muster traffic measure" in reason.explanation


@pytest.mark.parametrize(("days", "expected"), [(6.9, Verdict.REFUSE), (7.0, Verdict.ALLOW)])
def test_how_long_it_was_tried_decides(days: float, expected: Verdict) -> None:
    assert verdict(entry(tried(days))) is expected


def test_the_newest_measurement_of_a_trial_counts_and_every_deployment_has_its_own() -> None:
    early, late = (entry(tried(days), at=NOW - timedelta(hours=hours)) for days, hours in ((3, 2), (8, 1)))
    assert verdict(early, late) is Verdict.ALLOW
    assert verdict(early, late, entry(tried(3, "production/default/other"))) is Verdict.REFUSE


def test_a_trial_does_not_grow_old_unless_the_policy_wants_it_young() -> None:
    seen = entry(tried(8), at=NOW)
    assert verdict(seen, now=NOW + 10 * LIFE) is Verdict.ALLOW
    young = replace(
        POLICY, requirements=(*POLICY.requirements, Requirement("tried", sample_role=TRIAL, maximum_age_days=40))
    )
    assert verdict(seen, policy=young, now=NOW + timedelta(days=40) - TICK) is Verdict.ALLOW
    assert verdict(seen, policy=young, now=NOW + timedelta(days=40)) is Verdict.REFUSE


def test_a_trial_in_another_environment_says_nothing_about_this_one() -> None:
    assert verdict(entry(tried(8, "staging/default/credit"))) is Verdict.REFUSE
    bad, good = entry(tried(1, "staging/default/credit")), entry(tried(8))
    assert verdict(bad, good) is Verdict.ALLOW


def test_what_is_measured_otherwise_says_nothing_about_a_trial() -> None:
    assert verdict(entry(replace(tried(8), sample_role="held-out"))) is Verdict.REFUSE
    assert verdict(entry(replace(tried(8), sample_role="window"))) is Verdict.REFUSE


def test_whoever_signs_for_serving_must_have_seen_the_trial() -> None:
    happened = [*FACTS_OF_THE_VERSION, entry(tried(8))]
    blind = approval(FACTS_OF_THE_VERSION, policy=CAREFUL, library=record_digest(BOOK))
    decision = asked([*happened, blind], policy=CAREFUL, library=BOOK)
    assert decision.verdict is Verdict.WAIT
    assert "without having seen a measurement of traffic.beside_champion" in decision.reasons[-1].explanation


def test_a_policy_that_asks_for_trials_only_lets_nothing_be_tried() -> None:
    only = replace(POLICY, requirements=(Requirement("tried", sample_role=TRIAL),))
    assert verdict(question=SHARE, policy=only) is Verdict.REFUSE
    assert verdict(entry(tried(8)), policy=only) is Verdict.ALLOW


@pytest.mark.parametrize("scope", ["serve", TRIAL, "shadow"])
@pytest.mark.parametrize("place", ["production", "staging"])
@pytest.mark.parametrize("days", [None, 3.0, 8.0])
def test_the_quick_answer_is_that_of_the_gate(scope: str, days: float | None, place: str) -> None:
    question = replace(QUESTION, scope=scope)
    happened = [*FACTS_OF_THE_VERSION, *([] if days is None else [entry(tried(days, f"{place}/default/credit"))])]
    whole = asked(happened, policy=CAREFUL, library=BOOK, question=question)
    facts = gather(question, record(happened), ROOT, verify)
    quick = answer(terms_of(CAREFUL, BOOK), known_of(question, "loans", facts), NOW)
    assert quick.verdict is whole.verdict
    assert {each.demand for each in quick.open} == {
        each.demand for each in whole.reasons if each.finding is not Finding.MET
    }


def test_controls_are_asked_of_what_they_measure() -> None:
    assert unadoptable(CAREFUL, BOOK) == ""
    beside = replace(CAREFUL, requirements=(*POLICY.requirements, Requirement("tried")))
    assert "is measured beside a champion, not on held-out" in unadoptable(beside, BOOK)
    other = replace(CAREFUL, requirements=(*POLICY.requirements, Requirement(AUC.id, sample_role=TRIAL)))
    assert "is not measured beside a champion" in unadoptable(other, BOOK)


def test_a_demand_names_where_it_is_asked() -> None:
    for role, said in (("held-out", "tried"), (TRIAL, "tried (trial)"), ("window", "tried (window)")):
        assert demand_of(Requirement("tried", sample_role=role)) == said
        assert control_in(said) == "tried"
