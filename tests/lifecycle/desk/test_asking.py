from dataclasses import replace
from typing import Any

import pytest
from tests.walk import USE_CASE, Walked, policy

from muster.lifecycle.desk.asking import ask, find_version, library_of, policy_for, refusal, require_heard
from muster.lifecycle.desk.posture.board import standing_of
from muster.records.codec import encode
from muster.records.decision import Question
from muster.records.governance.terms import Selector
from muster.records.policy import Library, Policy
from muster.records.purpose import UseCase
from muster.records.release import SignedRelease
from muster.rules.standing.state import State
from muster.wiring import shipped


def adopt(walked: Walked, **changed: Any) -> None:
    walked.do("ana", "policy adopt", policy=encode(replace(policy(), **changed)))


def case(walked: Walked) -> UseCase:
    found: UseCase = walked.context().latest(UseCase, f"use-case:{USE_CASE}")
    return found


def test_a_version_is_found_by_an_unambiguous_beginning(walked: Walked) -> None:
    context = walked.context()
    for beginning in (walked.version, walked.version[7:], walked.version[:15]):
        assert find_version(context, beginning).digest == walked.version
    sibling = walked.sibling()
    shared = "" if sibling[7] != walked.version[7] else sibling[7]
    for unclear in (shared, "sha256:", "sha256:zz", walked.version + "0"):
        with pytest.raises(LookupError, match="`muster model list` shows them"):
            find_version(context, unclear)


def test_exactly_one_policy_covers_a_use_case(walked: Walked) -> None:
    context = walked.context()
    assert policy_for(context, case(walked), "production")[0] == policy()
    with pytest.raises(LookupError, match="'consumer-credit' in 'moon': no adopted policy covers it"):
        policy_for(context, case(walked), "moon")
    adopt(walked, id="other", applies_to=Selector(domains=("mortgage",)))
    assert policy_for(context, case(walked), "production")[0] == policy()
    adopt(walked, id="other")
    with pytest.raises(LookupError, match=r"2 policies cover it \(consumer-credit, other\); exactly one must"):
        policy_for(context, case(walked), "production")
    adopt(walked, id="other", applies_to=Selector(domains=("mortgage",)))
    assert policy_for(context, case(walked), "production")[1].entry.body["id"] == "consumer-credit"


def test_the_newest_library_of_the_name_is_taken(walked: Walked) -> None:
    newer = {**shipped.value(Library, "controls/controls.yaml"), "notice": "Newer."}
    walked.do("ana", "library adopt", library=newer)
    assert library_of(walked.context(), policy())[0].notice == "Newer."
    with pytest.raises(LookupError, match="'consumer-credit' needs library 'none': adopt it first"):
        library_of(walked.context(), replace(policy(), library="none"))


def test_a_decision_comes_with_all_that_it_was_made_from(walked: Walked) -> None:
    question = Question(walked.version, USE_CASE, "production")
    asked = ask(walked.context(), question)
    assert asked.decision.verdict == "allow"
    kinds = {recorded.entry.kind for recorded in asked.entries}
    assert kinds >= {"use-case.registered", "run.finished", "policy.adopted", "library.adopted", "approval.signed"}
    assert asked.facts.authors == {"mia"}
    assert isinstance(asked.policy, Policy)


def test_a_refusal_tells_what_is_open_and_only_that(walked: Walked) -> None:
    decision = ask(walked.context(), Question(walked.sibling(), USE_CASE, "production")).decision
    said = refusal(decision)
    assert said.startswith("the gate says refuse; not met:")
    assert "  parity (missing): the version was not compiled; `muster model compile` does it" in said
    assert "use-case (" not in said


def test_a_release_stands_while_the_gate_would_still_allow_it(walked: Walked) -> None:
    context = walked.context()
    ((_, release),) = context.history(SignedRelease)
    assert standing_of(context, release).state is State.IN_FORCE
    adopt(walked, statement="Newer, so that nobody has signed under it.")
    assert standing_of(context, release).state is State.LAPSED
    walked.do("ana", "release revoke", package=walked.package, reason="x")
    assert standing_of(context, release).state is State.REVOKED


def test_local_mode_is_heard_where_every_policy_says_so(walked: Walked) -> None:
    context = walked.context("ana")
    known = replace(context, identity=replace(context.identity, local=False))
    strict = replace(policy(), local_mode=False)
    require_heard(context, [policy()])
    require_heard(known, [policy(), strict])
    with pytest.raises(PermissionError, match="policy 'consumer-credit' does not count what is done in local mode"):
        require_heard(context, [policy(), strict])
