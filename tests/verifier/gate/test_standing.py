"""What must hold before anything is measured, for the verifier as for the gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    MANIFEST,
    NOW,
    ORIGIN,
    POLICY,
    ROOT,
    USE_CASE,
    VALIDATOR,
    VERSION,
    compilation,
    complete,
    entry,
    key,
    without,
)  # fmt: skip
from tests.verifier.agreeing import outcome

from muster.records.adoption.policies import PolicyApproval, SignedPolicy
from muster.records.canonical import digest
from muster.records.entry import Entry
from muster.records.governance.terms import Selector
from muster.records.model import ModelVersion, Run
from muster.records.trust import PolicySeat, TrustRoot
from muster.rules.envelope import IN_TOTO, envelope_text, seal, statement
from muster.rules.gate.adopted import POLICY_APPROVAL
from muster.rules.gate.decide import record_digest

OTHER = digest(b"other")
ARCHIVED = replace(USE_CASE, domain="insurance")


def test_the_newest_word_on_the_use_case_counts() -> None:
    assert outcome(complete(), "use-case") == "met"
    assert outcome(without("use-case.registered"), "use-case") == "missing"
    assert outcome([*complete(), entry(ARCHIVED, "owner", NOW)], "use-case") == "not-met"
    assert outcome([*complete(), entry(ARCHIVED, "owner", NOW - timedelta(hours=2))], "use-case") == "met"


def test_a_version_and_who_made_it_are_known() -> None:
    assert outcome(without("model-version.registered"), "version") == "missing"
    assert outcome(complete(), "version") == ""
    assert outcome(without("run.finished"), "authors") == "unknown"
    for kind in ("run.finished", "model-version.registered"):
        for actor in ("", "system", "local:", "/nightly"):
            told = [replace(each, actor=actor) if each.kind == kind else each for each in complete()]
            assert outcome(told, "authors") == "unknown"
    other = entry(Run("run-2", "loans", OTHER, MANIFEST.recipe, {}, {}), "system")
    assert outcome([*complete(), other], "authors") == ""
    again = entry(ModelVersion(VERSION, "loans", "loans", MANIFEST, "run-2", OTHER))
    assert outcome([*complete(), again], "authors") == "unknown"
    assert outcome([*complete(), again, replace(other, actor=AUTHOR)], "authors") == ""


def test_a_policy_is_for_an_environment_and_demands_something() -> None:
    assert outcome(complete(), "environment", policy=replace(POLICY, environment="staging")) == "not-met"
    assert outcome(complete(), "environment") == ""
    assert outcome(complete(), "requirements", policy=replace(POLICY, requirements=())) == "unknown"
    assert outcome(complete(), "requirements") == ""


@pytest.mark.parametrize(
    ("changes", "came_out"),
    [
        ({}, "met"),
        ({"decisions_differing": 1}, "not-met"),
        ({"rows": 1, "adversarial_rows": 1}, "met"),
        ({"rows": 0}, "not-met"),
        ({"adversarial_rows": 0}, "not-met"),
        ({"original": "muster cannot compile SVC"}, "met"),
    ],
)
def test_what_serves_must_decide_as_what_was_assessed(changes: dict[str, Any], came_out: str) -> None:
    told = [*without("model-version.compiled"), entry(replace(compilation(), **changes))]
    assert outcome(told, "parity") == came_out
    forms = replace(POLICY, originals="refuse", parity=False)
    assert outcome(told, "parity", policy=forms) == ("not-met" if "original" in changes else came_out)
    assert outcome(told, "parity", policy=replace(POLICY, parity=False)) == ""


def test_the_newest_proof_of_that_counts() -> None:
    assert outcome(without("model-version.compiled"), "parity") == "missing"
    for at, came_out in ((NOW, "not-met"), (NOW - timedelta(hours=2), "met")):
        assert outcome([*complete(), entry(compilation(differing=1), at=at)], "parity") == came_out


SEATED = replace(ROOT, policy_sign_offs=(PolicySeat("risk-analyst", 2), PolicySeat("validator")))


def signed(by: str, role: str = "risk-analyst", policy: Any = POLICY) -> Entry:
    said = PolicyApproval(record_digest(policy), POLICY.id, "", by, role, "owner", NOW, ORIGIN)
    sealed = seal(IN_TOTO, statement({"policy": said.policy}, POLICY_APPROVAL, said), [(key(by).key, key(by).sign)])
    return entry(SignedPolicy(POLICY.id, said.policy, envelope_text(sealed)), by)


def adopted(*more: Entry, root: TrustRoot = SEATED) -> tuple[str, str]:
    told = [*complete(), *more]
    found = [outcome(told, f"policy-sign-off:{role}", root=root) for role in ("risk-analyst", "validator")]
    return found[0], found[1]


def test_as_many_people_of_each_role_have_signed_the_policy_as_the_trust_root_wants() -> None:
    assert adopted(root=ROOT) == ("", "")
    assert adopted() == ("missing", "missing")
    assert adopted(signed(ANALYST)) == ("missing", "missing")
    assert adopted(signed(ANALYST), signed(ANALYST)) == ("missing", "missing")
    assert adopted(signed(ANALYST), signed(AUTHOR)) == ("met", "missing")
    assert adopted(signed(ANALYST), signed(AUTHOR), signed(VALIDATOR, "validator")) == ("met", "met")
    other = replace(POLICY, applies_to=Selector())
    assert adopted(signed(ANALYST), signed(AUTHOR, policy=other)) == ("missing", "missing")


def test_one_person_has_one_seat_in_whatever_roles_they_sign() -> None:
    both = signed(VALIDATOR), signed(VALIDATOR, "validator")
    assert "missing" in adopted(signed(ANALYST), *both)
    assert adopted(signed(ANALYST), signed(AUTHOR), *both) == ("met", "met")
