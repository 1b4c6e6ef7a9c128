from dataclasses import replace

from tests.walk import Walked, policy

from muster.records.codec import encode
from muster.rules.gate.decide import record_digest


def test_a_policy_in_force_is_shown_in_words_with_what_it_inherited(walked: Walked) -> None:
    child = replace(policy(), statement="Stricter.", release_life_days=7, parents=(record_digest(policy()),))
    walked.do("ana", "policy adopt", policy=encode(child))
    page = walked.do("mia", "policy show", id=policy().id)
    origins = {line.says: line.origin for line in page.lines}
    assert origins["A release is good for 7 days."] == "its own"
    assert origins["Nobody signs off a model of their own."] == policy().id
    assert page.digest == record_digest(child)


def test_a_parent_that_was_never_adopted_is_said_to_be_unknown(walked: Walked) -> None:
    child = replace(policy(), statement="Other.", parents=("sha256:none",))
    walked.do("ana", "policy adopt", policy=encode(child))
    page = walked.do("mia", "policy show", id=policy().id)
    assert {line.origin for line in page.lines} == {"its own, or of a policy that was never adopted here"}
