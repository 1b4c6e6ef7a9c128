"""A policy counts where people signed it, if the trust root asks for that; also at a gateway."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    LIBRARY,
    NOW,
    ORIGIN,
    POLICY,
    ROOT,
    VALIDATOR,
    Chain,
    approval,
    asked,
    complete,
    entry,
    finding,
    key,
)

from muster.adapters.signatures import verify
from muster.records.adoption.policies import PolicyApproval, SignedPolicy
from muster.records.decision import Finding, Verdict
from muster.records.entry import Entry
from muster.records.policy import Policy, Requirement
from muster.records.trust import PolicySeat
from muster.rules.admission import admit
from muster.rules.envelope import IN_TOTO, envelope_text, seal, statement
from muster.rules.gate.adopted import POLICY_APPROVAL, policy_approval
from muster.rules.gate.decide import record_digest
from muster.rules.trust import check_root

STRICT_ROOT = replace(ROOT, policy_sign_offs=(PolicySeat("risk-analyst", 2),))
DEMAND = "policy-sign-off:risk-analyst"


def signed(by: str = ANALYST, policy: Policy = POLICY, *, with_key: str = "", **changes: Any) -> Entry:
    named = record_digest(policy)
    said = PolicyApproval(named, policy.id, "", by, "risk-analyst", "polly", NOW, ORIGIN)
    said = replace(said, **changes)
    pen = key(with_key or by)
    sealed = seal(IN_TOTO, statement({"policy": said.policy}, POLICY_APPROVAL, said), [(pen.key, pen.sign)])
    return entry(SignedPolicy(policy.id, named, envelope_text(sealed)), by)


TWO = (signed(ANALYST), signed(VALIDATOR))


def test_a_policy_that_enough_people_signed_counts() -> None:
    assert asked([*complete(), *TWO], root=STRICT_ROOT).verdict is Verdict.ALLOW


def test_where_the_root_asks_for_nobody_all_is_as_before() -> None:
    decision = asked([*complete(), *TWO])
    assert decision.verdict is Verdict.ALLOW
    assert DEMAND not in {reason.demand for reason in decision.reasons}


@pytest.mark.parametrize(
    "signatures",
    [
        (),
        TWO[:1],
        (signed(ANALYST), signed(ANALYST)),
        (signed(ANALYST), signed(VALIDATOR, replace(POLICY, statement="Another."))),
        (signed(ANALYST), signed(VALIDATOR, with_key=ANALYST)),
        (signed(ANALYST), signed(VALIDATOR, origin="elsewhere")),
        (signed(ANALYST), signed(VALIDATOR, role="executive")),
        (signed(ANALYST), signed(VALIDATOR, proposed_by=VALIDATOR)),
        (signed(ANALYST), signed("nobody")),
    ],
)
def test_whatever_is_not_enough_refuses_and_nobody_waits_for_it(signatures: tuple[Entry, ...]) -> None:
    entries = [*complete(), *signatures]
    assert finding(entries, DEMAND, root=STRICT_ROOT) is Finding.MISSING
    assert asked(entries, root=STRICT_ROOT).verdict is Verdict.REFUSE


def test_an_approver_for_some_use_cases_signs_no_policy() -> None:
    grants = tuple(
        replace(grant, use_cases=("loans",)) if grant.actor == ANALYST else grant for grant in STRICT_ROOT.grants
    )
    record = SignedPolicy(**signed(ANALYST).body)
    with pytest.raises(PermissionError, match="signs for some use cases only"):
        policy_approval(record, replace(STRICT_ROOT, grants=grants), verify)


def test_a_gateway_takes_a_release_only_under_a_policy_that_was_signed() -> None:
    entries = [*complete(), entry(POLICY, ANALYST), entry(LIBRARY, ANALYST)]
    bare, deployment = Chain(entries=entries).build()
    with pytest.raises(PermissionError, match=DEMAND):
        admit(bare, deployment, STRICT_ROOT, verify, NOW)
    content, deployment = Chain(entries=[*entries, *TWO]).build()
    assert admit(content, deployment, STRICT_ROOT, verify, NOW).decision.verdict is Verdict.ALLOW


def test_an_easier_policy_that_nobody_signed_helps_nobody() -> None:
    easy = replace(POLICY, requirements=(Requirement("no-age"),), sign_offs=())
    facts = [each for each in complete() if each.kind != "approval.signed"]
    entries = [*facts, approval(facts, by=AUTHOR, policy=easy), entry(easy, AUTHOR), entry(LIBRARY, ANALYST), *TWO]
    content, deployment = Chain(entries=entries, policy=easy).build()
    with pytest.raises(PermissionError, match=DEMAND):
        admit(content, deployment, STRICT_ROOT, verify, NOW)


def test_a_release_stays_bound_to_the_policy_that_it_was_made_under() -> None:
    easy = replace(POLICY, requirements=(Requirement("no-age"),), sign_offs=())
    chain = Chain()
    chain.entries.append(entry(easy, ANALYST))
    content, deployment = chain.build()
    assert admit(content, deployment, ROOT, verify, NOW).policy == POLICY
    unmeasured = [each for each in chain.entries if each.body.get("check") != "auc-check"]
    content, deployment = Chain(entries=unmeasured).build()
    with pytest.raises(PermissionError, match="discrimination: no evidence"):
        admit(content, deployment, ROOT, verify, NOW)


@pytest.mark.parametrize("seat", [PolicySeat("risk-analyst", 0), PolicySeat("", 1), PolicySeat("owner", 10**9)])
def test_a_root_that_asks_for_what_cannot_be_is_refused(seat: PolicySeat) -> None:
    with pytest.raises(ValueError, match="cannot sign a policy"):
        check_root(replace(ROOT, policy_sign_offs=(seat,)))
