from dataclasses import replace

import pytest
from tests.rules.scene import POLICY

from muster.records.language.answers import AnswerRules
from muster.records.language.hosted import Budget
from muster.records.language.packages import Action, PackageRules
from muster.records.policy import Policy, Requirement
from muster.rules.language.answers import policy_answer_faults

GOOD = replace(
    POLICY,
    answers=AnswerRules(packages=PackageRules(actions={"unknown": Action.REDACT}), secrets=Action.BLOCK),
    budget=Budget(requests_per_minute=6),
)


def ruled(**changes: object) -> Policy:
    return replace(GOOD, answers=AnswerRules(packages=PackageRules(**changes)))  # type: ignore[arg-type]


def test_a_policy_that_makes_sense_has_no_faults() -> None:
    assert list(policy_answer_faults(GOOD)) == []
    assert list(policy_answer_faults(POLICY)) == []


@pytest.mark.parametrize(
    ("policy", "field", "words"),
    [
        (ruled(actions={"unkown": "block"}), "policy.answers.packages.actions.unkown", "did you mean unknown?"),
        (ruled(actions={"unknown": "drop"}), "policy.answers.packages.actions.unknown", "none of block, redact"),
        (ruled(actions={"zzz": "block"}), "policy.answers.packages.actions.zzz", "known are nonexistent"),
        (ruled(minimum_age_days=-1), "policy.answers.packages.minimum_age_days", "negative"),
        (ruled(maximum_list_age_days=float("inf")), "policy.answers.packages.maximum_list_age_days", "negative"),
        (ruled(allowed=("a",), denied=("a",)), "policy.answers.packages.denied", "allowed as well"),
        (ruled(first_party=("a", " ")), "policy.answers.packages.first_party[1]", "empty"),
        (replace(GOOD, answers=AnswerRules()), "policy.answers", "every guard is off"),
        (replace(GOOD, budget=Budget(money_per_day=-1)), "policy.budget.money_per_day", "0 means no limit"),
        (
            replace(GOOD, requirements=(Requirement("a", maximum_age_days=0.0),)),
            "policy.requirements[0].maximum_age_days",
            "more than 0",
        ),
    ],
)
def test_what_makes_no_sense_is_named_by_its_field(policy: Policy, field: str, words: str) -> None:
    ((path, what),) = policy_answer_faults(policy)
    assert path == field
    assert words in what
