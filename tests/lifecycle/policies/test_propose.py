"""A policy comes into force by the signatures of others than who proposed it, and is worth nothing without them."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest
from tests.adopting import unchanged
from tests.lifecycle.govern.people import let_in
from tests.walk import USE_CASE, Walked, policy

from muster.lifecycle.policies.propose import Proposal
from muster.records.codec import encode
from muster.records.people import Role
from muster.records.policy import Comparison, Library, Limit, Meets, Policy
from muster.records.trust import Duty, KeyGrant, PolicySeat
from muster.rules.ceremony.changes import Changes, next_root
from muster.rules.gate.decide import record_digest
from muster.rules.trust import sign_root
from muster.wiring.keyring import load_signer
from muster.wiring.signing import sign_statement

STRICTER = replace(policy(), statement="Stricter.", release_life_days=30)


def demand(walked: Walked, people: int) -> None:
    """Publish a trust root by which so many risk analysts sign a policy."""
    current = walked.do("admin", "trust show").current
    seats = (PolicySeat("risk-analyst", people),)
    drafted = next_root(current, Changes(policy_sign_offs=seats), walked.clock())
    signer = load_signer(walked.home / "keys" / "root.pem")
    walked.publish(sign_root(drafted, [(KeyGrant(Duty.ROOT, signer.key), signer.sign)]))


def envelope(walked: Walked, actor: str, proposal: Proposal) -> str:
    asked = walked.do(actor, "policy request", digest_of=proposal.digest, role="risk-analyst")
    return sign_statement(base64.b64decode(asked.statement), walked.key(actor))


def sign(walked: Walked, actor: str, proposal: Proposal) -> Proposal:
    found: Proposal = walked.do(actor, "policy submit", signature=envelope(walked, actor, proposal))
    return found


def propose(walked: Walked, draft: Policy = STRICTER, actor: str = "ana") -> Proposal:
    found: Proposal = walked.do(actor, "policy propose", policy=encode(draft))
    return found


def in_force(walked: Walked) -> str:
    return record_digest(walked.do("mia", "policy list")[0])


def test_another_person_signs_and_the_policy_is_in_force(walked: Walked) -> None:
    demand(walked, 1)
    proposal = propose(walked)
    assert (proposal.state, proposal.proposed_by, len(proposal.missing)) == ("open", "ana", 1)
    assert in_force(walked) == record_digest(policy())
    done = sign(walked, "bob", proposal)
    assert (done.state, done.missing) == ("in-force", ())
    assert in_force(walked) == record_digest(STRICTER)
    assert [each.state for each in walked.do("mia", "policy proposals")] == ["in-force"]


def test_a_model_is_released_under_a_signed_policy_and_the_gateway_proves_it(walked: Walked) -> None:
    demand(walked, 1)
    with pytest.raises(PermissionError, match="policy-sign-off:risk-analyst"):
        walked.do("mia", "release sign", version=walked.version)
    sign(walked, "bob", propose(walked))
    walked.sign("ana")
    signed = walked.do("mia", "release sign", version=walked.version)
    standing = {each.package: each.state for each in walked.do("mia", "release list")}
    assert standing[signed.package] == "in-force"


def test_who_proposed_it_does_not_sign_it(walked: Walked) -> None:
    demand(walked, 1)
    proposal = propose(walked)
    with pytest.raises(PermissionError, match="ana proposed this policy and may not sign it"):
        sign(walked, "ana", proposal)
    assert in_force(walked) == record_digest(policy())


def test_one_signature_of_two_changes_nothing_yet(walked: Walked) -> None:
    demand(walked, 2)
    done = sign(walked, "bob", propose(walked))
    assert (done.state, len(done.missing)) == ("open", 1)
    assert in_force(walked) == record_digest(policy())


def test_nobody_hands_in_the_signature_of_another(walked: Walked) -> None:
    demand(walked, 1)
    signed = envelope(walked, "bob", propose(walked))
    with pytest.raises(PermissionError, match="approvers hand in their own"):
        walked.do("ana", "policy submit", signature=signed)


def test_an_old_signature_does_not_bring_an_easier_policy_back(walked: Walked) -> None:
    demand(walked, 1)
    easy = replace(policy(), statement="Easier.", requirements=policy().requirements[:1])
    proposal = propose(walked, easy)
    old = envelope(walked, "bob", proposal)
    walked.do("bob", "policy submit", signature=old)
    sign(walked, "bob", propose(walked))
    propose(walked, easy)
    with pytest.raises(PermissionError, match="was replaced since bob signed"):
        walked.do("bob", "policy submit", signature=old)
    assert in_force(walked) == record_digest(STRICTER)


def test_signatures_of_an_earlier_time_in_force_do_not_count_again(walked: Walked) -> None:
    """A policy went from strict to easy and back: whoever signed the easy one then has not signed it now."""
    let_in(walked, "eve", Role.RISK_ANALYST)
    demand(walked, 2)
    easy = replace(policy(), statement="Easier.", requirements=policy().requirements[:1])
    for draft in (STRICTER, easy, STRICTER):
        proposal = propose(walked, draft)
        assert (sign(walked, "bob", proposal).state, sign(walked, "eve", proposal).state) == ("open", "in-force")

    again = propose(walked, easy)
    assert (again.state, again.signed, len(again.missing)) == ("open", (), 1)
    alone = sign(walked, "bob", again)
    assert (alone.state, len(alone.missing)) == ("open", 1), "one of two is not enough, whatever was signed before"
    assert in_force(walked) == record_digest(STRICTER)


def test_a_policy_is_not_adopted_past_those_who_must_sign(walked: Walked) -> None:
    demand(walked, 1)
    unchanged(walked, PermissionError, "muster policy propose", "ana", "policy adopt", policy=encode(STRICTER))


@pytest.mark.parametrize(
    "changed", [{"limit": Limit("auc", Comparison.AT_LEAST, 0.1, Meets.POINT)}, {"in_force_until": "2026-01-01"}, None]
)
def test_a_library_does_not_make_a_signed_policy_demand_less(walked: Walked, changed: dict[str, Any] | None) -> None:
    """Limits stand in the library: whoever adopts one alone would undo what the others signed."""
    demand(walked, 1)
    known = walked.context().latest(Library, "library:muster")
    controls = [replace(each, **(changed or {})) if each.id == "discrimination" else each for each in known.controls]
    controls = [each for each in controls if changed or each.id != "discrimination"]
    softer = encode(replace(known, controls=tuple(controls)))
    said = "would change what consumer-credit demands by discrimination, and people sign policies here"
    unchanged(walked, PermissionError, said, "ana", "library adopt", library=softer)

    worded = [replace(each, statement="In other words.") for each in known.controls]
    walked.do("ana", "library adopt", library=encode(replace(known, controls=tuple(worded))))
    walked.do("ana", "library adopt", library={**softer, "name": "another"})


def test_where_nobody_need_sign_a_policy_is_adopted_at_once(walked: Walked) -> None:
    unchanged(walked, ValueError, "nobody need sign policies here", "ana", "policy propose", policy=encode(STRICTER))


def test_what_could_not_come_into_force_is_not_proposed(walked: Walked) -> None:
    demand(walked, 1)
    broken = replace(STRICTER, requirements=())
    unchanged(walked, ValueError, "demands no control", "ana", "policy propose", policy=encode(broken))


def test_whoever_lost_the_role_signs_no_policy_in_it(walked: Walked) -> None:
    demand(walked, 1)
    proposal = propose(walked)
    signed = envelope(walked, "bob", proposal)
    made = walked.do("admin", "role propose", actor="bob", role="owner", reason="as agreed")
    walked.do("ines", "role confirm", proposal=made.proposal)
    walked.do("admin", "role withdraw", actor="bob", role="risk-analyst", reason="moved")
    said = "bob does not hold the role risk-analyst"
    unchanged(walked, PermissionError, said, "bob", "policy submit", signature=signed)
    asked = {"digest_of": proposal.digest, "role": "risk-analyst"}
    unchanged(walked, PermissionError, said, "bob", "policy request", **asked)


def test_a_role_that_counts_in_places_signs_no_policy_of_the_whole_house(walked: Walked) -> None:
    demand(walked, 1)
    proposal = propose(walked)
    walked.do("admin", "role withdraw", actor="bob", role="risk-analyst", reason="moved")
    for asked in ({"role": "owner"}, {"role": "risk-analyst", "use_cases": [USE_CASE]}):
        made = walked.do("admin", "role propose", actor="bob", reason="as agreed", **asked)
        walked.do("ines", "role confirm", proposal=made.proposal)
    said = "about the whole house, and the role risk-analyst of bob counts in use case"
    unchanged(walked, PermissionError, said, "bob", "policy request", digest_of=proposal.digest, role="risk-analyst")
