"""The quick answer is the gate's answer, whatever is known and whatever is demanded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rules.scene import (
    ANALYST,
    AUC,
    FACTS_OF_THE_VERSION,
    INPUTS,
    LIBRARY,
    NOW,
    POLICY,
    QUESTION,
    ROOT,
    USE_CASE,
    approval,
    auc,
    compilation,
    entry,
    inputs,
    record,
    waiver,
)

from muster.adapters.signatures import verify
from muster.records.decision import SETTLED, Verdict
from muster.records.governance.terms import Monitoring, Selector
from muster.records.people import Role
from muster.records.policy import Library, Policy, Requirement, SignOff
from muster.rules.backtest.inventory import take_stock
from muster.rules.backtest.trial import answer, terms_of
from muster.rules.gate.decide import decide
from muster.rules.gate.facts import gather

DAYS = st.floats(0, 40).map(lambda days: timedelta(days=days))

ENTRIES = st.one_of(
    st.builds(
        lambda value, spread, age, name, role: entry(
            auc(value, spread=spread, name=name, sample_role=role), "robot", NOW - age
        ),
        st.floats(0.6, 0.9),
        st.sampled_from([0.0, 0.02, 0.2]),
        DAYS,
        st.sampled_from(["held-out", "other"]),
        st.sampled_from(["held-out", "window"]),
    ),
    st.builds(lambda count, age: entry(inputs(count), "robot", NOW - age), st.integers(0, 1), DAYS),
    st.builds(lambda differing: entry(compilation(differing=differing)), st.integers(0, 1)),
    st.just(entry(replace(compilation(), original="muster cannot compile SVC"))),
    st.builds(
        lambda days, by: entry(waiver(expires=NOW + timedelta(days=days)), by),
        st.integers(-2, 2),
        st.sampled_from([ANALYST, "owner", "local:ann"]),
    ),
    st.just(entry(replace(USE_CASE, jurisdictions=("US",)), "owner", NOW)),
)

POLICIES = st.builds(
    lambda **changes: replace(POLICY, **changes),
    requirements=st.lists(
        st.sampled_from(
            [
                Requirement("discrimination"),
                Requirement("discrimination", limit=0.85),
                Requirement("discrimination", sample_role="window"),
                Requirement("no-age", maximum_age_days=2),
                Requirement("no-such"),
                Requirement("no-age", parameters={"columns": ["sex"]}),
            ]
        ),
        max_size=4,
    ).map(tuple),
    monitors=st.sampled_from([(), (Monitoring("discrimination", 7.0),)]),
    parity=st.booleans(),
    originals=st.sampled_from(["allow", "refuse"]),
    local_mode=st.booleans(),
    sign_offs=st.sampled_from([(), POLICY.sign_offs, (SignOff(Role.EXECUTIVE),)]),
    applies_to=st.sampled_from([Selector(), Selector(jurisdictions=("EU",))]),
    maximum_evidence_age_days=st.sampled_from([30.0, 10.0, -1.0]),
)

LIBRARIES = st.sampled_from(
    [LIBRARY, Library("muster", (replace(AUC, applies_to=Selector(jurisdictions=("US",))), INPUTS))]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ENTRIES, max_size=5), POLICIES, LIBRARIES, st.integers(0, 6), st.booleans())
def test_it_answers_as_the_gate_does(
    more: list[object], policy: Policy, library: Library, kept: int, signed: bool
) -> None:
    facts = (*FACTS_OF_THE_VERSION[:3], *FACTS_OF_THE_VERSION[3 : 3 + kept], *more)
    entries = record([*facts, approval(facts, policy=policy)] if signed else facts)  # type: ignore[arg-type,list-item]
    said = decide(policy, library, QUESTION, gather(QUESTION, entries, ROOT, verify), NOW)
    known = take_stock(entries, QUESTION.environment, ROOT, verify).versions[0]
    found = answer(terms_of(policy, library), known, NOW)
    open_there = [reason for reason in said.reasons if reason.finding not in SETTLED]
    assert found.verdict is said.verdict
    assert sorted(map(repr, found.open)) == sorted(map(repr, open_there))


def test_sign_offs_are_carried_over_from_the_policy_that_they_were_given_under_alone() -> None:
    entries = record([*FACTS_OF_THE_VERSION, approval()])
    known = take_stock(entries, QUESTION.environment, ROOT, verify).versions[0]
    force, draft = terms_of(POLICY, LIBRARY), terms_of(replace(POLICY, statement="Other words."), LIBRARY)
    other = terms_of(replace(POLICY, statement="Yet others."), LIBRARY)
    assert answer(force, known, NOW).verdict is Verdict.ALLOW
    assert answer(draft, known, NOW).verdict is Verdict.WAIT
    assert answer(draft, known, NOW, signed_under=force).verdict is Verdict.ALLOW
    assert answer(draft, known, NOW, signed_under=other).verdict is Verdict.WAIT
