"""The verifier holds evidence against limits as the gate does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.rules.scene import (
    AUC,
    AUTHOR,
    INPUTS,
    LIBRARY,
    NOW,
    POLICY,
    TICK,
    VALIDATOR,
    VERSION,
    approval,
    auc,
    entry,
    inputs,
    waiver,
    without,
)  # fmt: skip
from tests.verifier.agreeing import outcome

from muster.records.canonical import digest
from muster.records.codec import encode
from muster.records.evidence import ATTESTED, Evidence, Figure, Outcome
from muster.records.governance.terms import Monitoring
from muster.records.policy import Comparison, Library, Limit, Meets, Requirement
from muster.records.release import SignedRelease
from muster.verifier.gate.facts import Fact
from muster.verifier.gate.measured import demanded

LIFE = timedelta(days=POLICY.maximum_evidence_age_days)
REST = [*without("evidence.recorded"), entry(inputs())]
LEAST, MOST, EQUALS = Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.EQUALS


def found(*evidence: Evidence, **options: Any) -> str:
    return outcome([*REST, *(entry(each) for each in evidence)], "discrimination", **options)


@pytest.mark.parametrize(
    ("comparison", "meets", "figure", "came_out"),
    [
        (LEAST, Meets.POINT, (0.7, None, None), "met"),
        (LEAST, Meets.POINT, (0.69, None, None), "not-met"),
        (MOST, Meets.POINT, (0.7, None, None), "met"),
        (MOST, Meets.POINT, (0.71, None, None), "not-met"),
        (EQUALS, Meets.POINT, (0.7, None, None), "met"),
        (EQUALS, Meets.POINT, (0.71, None, None), "not-met"),
        (LEAST, Meets.INTERVAL, (0.75, 0.7, 0.8), "met"),
        (LEAST, Meets.INTERVAL, (0.75, 0.69, 0.8), "not-enough-evidence"),
        (LEAST, Meets.INTERVAL, (0.6, 0.5, 0.69), "not-met"),
        (LEAST, Meets.INTERVAL, (0.75, None, 0.8), "not-enough-evidence"),
        (LEAST, Meets.INTERVAL, (0.75, 0.7, None), "not-enough-evidence"),
        (LEAST, Meets.INTERVAL, (0.9, 0.7, 0.8), "not-enough-evidence"),
        (LEAST, Meets.INTERVAL, (0.65, 0.7, 0.8), "not-enough-evidence"),
        (LEAST, Meets.INTERVAL, (0.7, 0.7, 0.7), "met"),
        (MOST, Meets.INTERVAL, (0.65, 0.6, 0.7), "met"),
        (MOST, Meets.INTERVAL, (0.65, 0.6, 0.71), "not-enough-evidence"),
        (MOST, Meets.INTERVAL, (0.75, 0.71, 0.8), "not-met"),
        (EQUALS, Meets.INTERVAL, (0.7, 0.7, 0.7), "met"),
        (EQUALS, Meets.INTERVAL, (0.7, 0.6, 0.8), "not-enough-evidence"),
        (EQUALS, Meets.INTERVAL, (0.7, 0.7, 0.8), "not-enough-evidence"),
        (EQUALS, Meets.INTERVAL, (0.8, 0.75, 0.9), "not-met"),
        (EQUALS, Meets.INTERVAL, (0.6, 0.5, 0.65), "not-met"),
    ],
)
def test_a_figure_is_held_against_a_limit(comparison: Comparison, meets: Meets, figure: Any, came_out: str) -> None:
    control = replace(AUC, limit=Limit("auc", comparison, 0.7, meets))
    evidence = auc(figures=(Figure("auc", figure[0], 1000, figure[1], figure[2]),))
    assert found(evidence, library=replace(LIBRARY, controls=(control, INPUTS))) == came_out


def test_figures_of_too_few_and_of_another_name_do_not_count() -> None:
    few = replace(AUC, limit=replace(AUC.limit, minimum_n=1000))
    library = replace(LIBRARY, controls=(few, INPUTS))
    assert found(auc(), library=library) == "met"
    assert found(auc(figures=(Figure("auc", 0.9, 999, 0.8, 1.0),)), library=library) == "not-enough-evidence"
    assert found(auc(figures=(Figure("gini", 0.9, 999, 0.8, 1.0),))) == "missing"
    assert found(auc(figures=())) == "missing"


def test_the_worst_figure_and_the_worst_sample_speak_and_the_newest_of_each() -> None:
    good, bad, few = (Figure("auc", value, 1000, value - 0.02, value + 0.02) for value in (0.8, 0.5, 0.71))
    assert found(auc(figures=(good, bad))) == "not-met"
    assert found(auc(figures=(good, few))) == "not-enough-evidence"
    assert found(auc(figures=(few, bad))) == "not-met"
    assert found(auc(), auc(0.5, name="elsewhere")) == "not-met"
    older, newer = entry(auc(0.5), at=NOW - 2 * TICK), entry(auc(), at=NOW - TICK)
    assert outcome([*REST, older, newer], "discrimination") == "met"
    assert outcome([*REST, replace(older, at=NOW), newer], "discrimination") == "not-met"
    assert outcome([*REST, older, replace(newer, at=older.at)], "discrimination") == "not-met", "both are the newest"


@pytest.mark.parametrize(
    ("at", "came_out"),
    [
        (NOW - LIFE, "stale"),
        (NOW - LIFE + TICK, "met"),
        (NOW + timedelta(minutes=5), "met"),
        (NOW + timedelta(minutes=5) + TICK, "unknown"),
    ],
)
def test_evidence_is_neither_too_old_nor_of_tomorrow(at: Any, came_out: str) -> None:
    assert outcome([*REST, entry(auc(), at=at)], "discrimination") == came_out


@pytest.mark.parametrize(("own", "days", "came_out"), [(2, 2, "stale"), (2, 1.9, "met"), (500, 1.9, "met")])
def test_a_requirement_may_want_it_younger_never_older(own: float, days: float, came_out: str) -> None:
    policy = replace(POLICY, requirements=(Requirement("discrimination", maximum_age_days=own),))
    told = [*REST, entry(auc(), at=NOW - timedelta(days=days))]
    assert outcome(told, "discrimination", policy=policy) == came_out
    assert outcome([*REST, entry(auc(), at=NOW - LIFE)], "discrimination", policy=policy) == "stale"


def test_what_was_not_measured_or_measured_otherwise_is_no_evidence() -> None:
    assert found(auc(outcome=Outcome.NOT_MEASURED)) == "not-measured"
    assert found(auc(sample_role="window")) == "missing"
    assert found(auc(parameters={"bootstrap": 9})) == "missing"
    assert found(replace(auc(), check="other-check")) == "missing"
    overlaid = replace(POLICY, requirements=(Requirement("discrimination", parameters={"bootstrap": 9}),))
    assert found(auc(parameters={"bootstrap": 9}), policy=overlaid) == "met"
    assert found(auc(), policy=overlaid) == "missing"


def test_what_must_be_independent_is_no_author_s_word() -> None:
    for by, came_out in ((AUTHOR, "not-measured"), (f"{AUTHOR}/nightly", "not-measured"), (VALIDATOR, "met")):
        said = entry(replace(auc(), independent=True), by)
        assert outcome([*REST, said], "discrimination") == came_out
        assert outcome([*REST, replace(said, body={**said.body, "independent": False})], "discrimination") == "met"


def test_a_policy_may_set_another_limit() -> None:
    for limit, came_out in ((0.9, "not-met"), (0.5, "met"), (0.0, "met")):
        policy = replace(POLICY, requirements=(Requirement("discrimination", limit=limit),))
        assert found(auc(0.6), policy=policy) == came_out


WINDOWED = replace(POLICY, requirements=(*POLICY.requirements, Requirement("discrimination", sample_role="window")))


def test_windows_are_due_once_a_release_is_out_for_long_enough() -> None:
    sound = [*REST, entry(auc())]
    assert outcome(sound, "discrimination (window)", policy=WINDOWED) == "met"
    for out, scope, came_out in ((NOW - LIFE, "serve", "missing"), (NOW - LIFE + TICK, "serve", "met"), (
        NOW - LIFE, "shadow", "met")):  # fmt: skip
        release = entry(SignedRelease(VERSION, "loans", "production", scope, digest(b"p"), NOW), "olga", out)
        assert outcome([*sound, release], "discrimination (window)", policy=WINDOWED) == came_out
    assert (
        outcome([*sound, entry(auc(0.4, sample_role="window"))], "discrimination (window)", policy=WINDOWED)
        == "not-met"
    )


def test_a_monitor_wants_windows_as_often_as_it_says() -> None:
    watched = replace(POLICY, monitors=(Monitoring("discrimination", 7.0),))
    for days, came_out in ((7, "stale"), (6.9, "met")):
        seen = entry(auc(sample_role="window"), at=NOW - timedelta(days=days))
        assert outcome([*REST, entry(auc()), seen], "discrimination (window)", policy=watched) == came_out


def test_what_people_attest_says_itself_how_long_it_holds() -> None:
    asks = replace(POLICY, requirements=(Requirement("discrimination", sample_role=ATTESTED),))
    old = NOW - LIFE - timedelta(days=1)
    for ends, came_out in ((NOW, "stale"), (NOW + TICK, "met"), (None, "stale")):
        said = entry(replace(auc(sample_role=ATTESTED), valid_until=ends), VALIDATOR, old)
        assert outcome([*REST, said], "discrimination", policy=asks) == came_out
    own = replace(POLICY, requirements=(Requirement("discrimination", sample_role=ATTESTED, maximum_age_days=2),))
    said = replace(auc(sample_role=ATTESTED), valid_until=NOW + LIFE)
    for days, came_out in ((2, "stale"), (1.9, "met")):
        told = [*REST, entry(said, VALIDATOR, NOW - timedelta(days=days))]
        assert outcome(told, "discrimination", policy=own) == came_out
    measured = entry(replace(auc(), valid_until=NOW + LIFE), VALIDATOR, old)
    assert outcome([*REST, measured], "discrimination") == "stale", "only people's word holds that long"


def test_a_control_that_nobody_knows_is_unknown() -> None:
    signed = approval()
    assert outcome([*REST, entry(auc()), signed], "discrimination", library=Library("muster", (INPUTS,))) == "unknown"


def test_what_is_met_needs_no_waiver() -> None:
    given = entry(waiver(), VALIDATOR)
    assert outcome([*REST, entry(auc()), given], "discrimination") == "met"
    assert outcome([*REST, entry(auc(0.6)), given], "discrimination") == "waived"


def test_neither_who_trained_nor_who_registered_is_independent() -> None:
    told = [replace(each, actor="rob") if each.kind == "model-version.registered" else each for each in REST]
    for by, came_out in ((AUTHOR, "not-measured"), ("rob", "not-measured"), (VALIDATOR, "met")):
        assert outcome([*told, entry(replace(auc(), independent=True), by)], "discrimination") == came_out


TRIED = {"control": "discrimination", "sample_role": "trial", "parameters": {}}


@pytest.mark.parametrize(
    ("days", "own", "came_out"), [(400, None, "met"), (40_000, None, "stale"), (3, 2, "stale"), (1, 2, "met")]
)
def test_a_trial_was_once_and_stays_unless_the_policy_wants_it_younger(days: int, own: Any, came_out: str) -> None:
    body = encode(auc(sample_role="trial", name="production/credit"))
    seen = Fact("evidence.recorded", body, "d", "vic", False, NOW - timedelta(days=days))
    asked = {**TRIED, "maximum_age_days": own} if own else TRIED
    known = {"evidence.recorded": [seen]}
    assert demanded(asked, encode(POLICY), encode(LIBRARY), known, NOW) == ("discrimination (trial)", came_out)
    staging = {"evidence.recorded": [seen._replace(body={**body, "sample_name": "staging/credit"})]}
    for elsewhere in ({}, staging):
        found_ = demanded(TRIED, encode(POLICY), encode(LIBRARY), elsewhere, NOW)
        assert found_ == ("discrimination (trial)", "missing")
