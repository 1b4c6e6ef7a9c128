from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.rules.scene import FACTS_OF_THE_VERSION, LIBRARY, LIFE, NOW, POLICY, VALIDATOR, approval, auc, entry, waiver
from tests.rules.standing.scene import known

from muster.records.evidence import Figure
from muster.records.governance.terms import Monitoring
from muster.records.policy import Comparison, Control, Limit, Meets, Policy, Requirement
from muster.rules.backtest.trial import Terms, terms_of
from muster.rules.standing.falls import edges, falls

MEASURED = NOW - timedelta(hours=1)


def terms(policy: Policy = POLICY) -> Terms:
    return terms_of(policy, LIBRARY)


def test_evidence_falls_out_when_it_is_too_old() -> None:
    found = falls(terms(), known(), NOW)
    assert [(fall.demand, fall.at) for fall in found] == [
        ("discrimination", MEASURED + LIFE),
        ("no-age", MEASURED + LIFE),
    ]
    assert "older than the 30 days" in found[0].why


def test_what_is_open_already_falls_out_no_more() -> None:
    assert falls(terms(), known(), MEASURED + LIFE) == ()


def test_a_waiver_falls_out_at_its_end_and_only_the_last_of_two() -> None:
    low = [each for each in FACTS_OF_THE_VERSION if each.body.get("check") != "auc-check"]
    ends = [NOW + timedelta(days=5), NOW + timedelta(days=9)]
    leave = [entry(waiver(expires=end), VALIDATOR) for end in ends]
    measured = [*low, entry(auc(0.6))]
    there = known((*measured, *leave, approval(measured)))
    assert {fall.at for fall in falls(terms(), there, NOW) if fall.demand == "discrimination"} == {ends[1]}
    assert set(ends) < edges(terms(), there)


def test_the_first_window_is_due_so_long_after_the_release() -> None:
    policy = replace(POLICY, monitors=(Monitoring("discrimination", 7),))
    there = known((*FACTS_OF_THE_VERSION, approval(policy=policy)))
    (window,) = [fall for fall in falls(terms(policy), there, NOW) if fall.demand == "discrimination (window)"]
    assert window.at == NOW + timedelta(days=7)
    assert "no evidence of check auc-check on a window sample" in window.why


def test_the_day_of_a_law_is_an_edge() -> None:
    dated = tuple(replace(control, in_force_until="2027-01-01") for control in LIBRARY.controls)
    found = edges(terms_of(POLICY, replace(LIBRARY, controls=dated)), known())
    assert datetime(2027, 1, 1, tzinfo=UTC) in found


def test_what_people_attested_falls_out_when_it_says_or_when_it_is_wanted_younger() -> None:
    limit = Limit("blocking_answers", Comparison.AT_MOST, 0, Meets.POINT)
    library = replace(LIBRARY, controls=(*LIBRARY.controls, Control("ready", "Ready.", "attested.ready", {}, limit)))
    ends = NOW + timedelta(days=200)
    answered = replace(auc(), check="attested.ready", sample_role="attested", sample_name="ready", valid_until=ends)
    told = known((*FACTS_OF_THE_VERSION, entry(replace(answered, figures=(Figure("blocking_answers", 0, 3),)))))
    for younger, end in ((None, ends), (90.0, MEASURED + timedelta(days=90))):
        wanted = Requirement("ready", sample_role="attested", maximum_age_days=younger)
        asked = terms_of(replace(POLICY, requirements=(*POLICY.requirements, wanted)), library)
        assert [fall.at for fall in falls(asked, told, NOW) if fall.demand == "ready"] == [end]
