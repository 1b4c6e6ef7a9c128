from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from tests.rules.scene import POLICY

from muster.records.codec import decode
from muster.records.governance.serving import (
    Abstain,
    BusinessRule,
    Condition,
    Effect,
    Holds,
    LogTerms,
    Rate,
    ServingTerms,
)
from muster.records.language.answers import AnswerRules
from muster.records.policy import Policy
from muster.rules.gate.guarding import standing_guards
from muster.rules.gate.serving import serving_faults

RULE = BusinessRule("large", (Condition("loan", Holds.ABOVE, 5e5),), Effect.REFER, "Large loans go to a person")
SOUND = ServingTerms(100, Rate(10.0, 20), (RULE,), Abstain(0.1), LogTerms(), "https://review.example/{decision_id}")


def test_sound_terms_and_none_have_no_faults() -> None:
    assert not list(serving_faults(POLICY))
    assert not list(serving_faults(replace(POLICY, serving=SOUND)))


@pytest.mark.parametrize(
    ("terms", "path"),
    [
        (replace(SOUND, largest_rows=0), "serving.largest_rows"),
        (replace(SOUND, rate=Rate(0.0, 1)), "serving.rate.rows_per_second"),
        (replace(SOUND, rate=Rate(float("nan"), 1)), "serving.rate.rows_per_second"),
        (replace(SOUND, rate=Rate(1.0, 0)), "serving.rate.burst"),
        (replace(SOUND, rules=(RULE, RULE)), "serving.rules"),
        (replace(SOUND, rules=(replace(RULE, id=" "),)), "serving.rules[0].id"),
        (replace(SOUND, rules=(replace(RULE, words=""),)), "serving.rules[0].words"),
        (replace(SOUND, rules=(replace(RULE, when=()),)), "serving.rules[0].when"),
        (
            replace(SOUND, rules=(replace(RULE, when=(Condition("loan", Holds.ABOVE),)),)),
            "serving.rules[0].when[0].value",
        ),
        (
            replace(SOUND, rules=(replace(RULE, when=(Condition("job", Holds.ABOVE, "smith"),)),)),
            "serving.rules[0].when[0].holds",
        ),
        (replace(SOUND, abstain=Abstain(0.0)), "serving.abstain.band"),
        (replace(SOUND, abstain=Abstain(0.1, ("luck",))), "serving.abstain.marks"),
        (replace(SOUND, log=LogTerms(wait_seconds=31.0)), "serving.log.wait_seconds"),
        (replace(SOUND, log=LogTerms(share=1.1)), "serving.log.share"),
        (replace(SOUND, review="https://review.example"), "serving.review"),
        (replace(SOUND, review="javascript:{decision_id}"), "serving.review"),
    ],
)
def test_what_makes_no_sense_is_named_by_its_field(terms: ServingTerms, path: str) -> None:
    assert [found for found, _ in serving_faults(replace(POLICY, serving=terms))] == [path]


def test_a_policy_is_for_tables_or_for_language() -> None:
    assert [path for path, _ in serving_faults(replace(POLICY, serving=SOUND, answers=AnswerRules()))] == ["serving"]


HOW_TO = Path(__file__).parents[3] / "docs" / "how-to"
PLAIN = {
    "id": "p",
    "environment": "production",
    "statement": "s",
    "applies_to": {},
    "requirements": [],
    "sign_offs": [],
    "library": "muster",
}


def read(page: str) -> Policy:
    (block,) = re.findall(r"```yaml\n(.*?)```", (HOW_TO / page).read_text(encoding="utf-8"), re.DOTALL)
    return decode(Policy, PLAIN | yaml.safe_load(block))


@pytest.mark.parametrize("page", ["guards-and-business-rules.md", "keep-the-log.md"])
def test_what_a_page_puts_into_a_policy_makes_sense(page: str) -> None:
    policy = read(page)
    assert policy.serving
    assert not list(serving_faults(policy))


def test_the_page_names_every_guard_in_the_order_in_which_they_judge() -> None:
    page = (HOW_TO / "guards-and-business-rules.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([a-z]+)` \|", page, re.MULTILINE)
    assert tuple(named) == standing_guards(read("guards-and-business-rules.md"))[: len(named)]
    assert len(named) == 9
