"""The verifier's copy of the rules about sign-offs, against the rules: on what people do at random."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st
from tests.rules.gate.people.signed import DAVE, HOUR, WIDE, conditional, heard, lent, named, platform, rejection
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    FACTS_OF_THE_VERSION,
    LIBRARY,
    NOW,
    POLICY,
    QUESTION,
    VALIDATOR,
    VERSION,
    approval,
    entry,
)
from tests.verifier.agreeing import told

from muster.records.codec import encode
from muster.records.governance.signoffs import EndedDelegation, MetCondition, WithdrawnSignOff
from muster.records.people import Role
from muster.records.policy import SignOff
from muster.rules.gate.decide import record_digest
from muster.rules.gate.people.signoff import sign_offs
from muster.verifier.gate.facts import heard as heard_again
from muster.verifier.gate.people.signoff import sign_offs as sign_offs_again

LOAN, LOAN_TO_AUTHOR, SHORT = lent(), lent(AUTHOR), lent(expires_at=NOW)
YES, NO = approval(), rejection(at=NOW)
ON = conditional()
FOR_ANN = approval(by=DAVE, delegation=named(LOAN))
POOL = (
    YES,
    NO,
    ON,
    LOAN,
    SHORT,
    LOAN_TO_AUTHOR,
    FOR_ANN,
    approval(by=DAVE, delegation=named(SHORT)),
    approval(by=AUTHOR, delegation=named(LOAN_TO_AUTHOR)),
    approval(by=VALIDATOR),
    approval(by=AUTHOR),
    rejection(VALIDATOR),
    platform(policy=POLICY),
    platform(ANALYST, policy=POLICY),
    entry(WithdrawnSignOff(VERSION, named(YES), "x"), ANALYST),
    entry(WithdrawnSignOff(VERSION, named(NO), "x"), ANALYST),
    entry(WithdrawnSignOff(VERSION, named(FOR_ANN), "x"), VALIDATOR),
    entry(MetCondition(VERSION, named(ON), 1, "x"), ANALYST),
    entry(EndedDelegation("loans", named(LOAN), "x"), ANALYST, NOW),
)


@given(st.sets(st.integers(0, len(POOL) - 1), max_size=9), st.integers(1, 2), st.sampled_from([NOW, NOW + HOUR]))
def test_the_order_of_entries_never_matters_and_the_verifier_of_dossiers_agrees(
    places: set[int], number: int, now: datetime
) -> None:
    chosen = [POOL[place] for place in sorted(places)]
    policy = replace(POLICY, sign_offs=(SignOff(Role.RISK_ANALYST, number),))
    facts = heard(*chosen)
    # They were signed under the policy of the scene; as if under that of the trial, so that all else is tried.
    signed = tuple(replace(f, record=replace(f.record, policy=record_digest(policy))) for f in facts.approvals)
    facts = replace(facts, approvals=signed)
    (reason,) = sign_offs(policy, LIBRARY, facts, now)
    turned = {name: getattr(facts, name)[::-1] for name in ("approvals", "rejections", "withdrawals", "delegations")}
    assert next(iter(sign_offs(policy, LIBRARY, replace(facts, **turned), now))) == reason
    said = [
        each._replace(body={**each.body, "policy": record_digest(policy)}) if each.kind == "approval.signed" else each
        for each in told([*FACTS_OF_THE_VERSION, *chosen], WIDE)
    ]
    known = heard_again(encode(policy), encode(QUESTION), said)
    found = list(sign_offs_again(encode(policy), encode(LIBRARY), known, now))
    assert found == [(reason.demand, reason.finding.value)]
