"""What the pages about guards and the log put into a policy is read as a policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from muster.records.codec import decode
from muster.records.governance.serving import ServingTerms
from muster.records.policy import Policy
from muster.rules.gate.guarding import standing_guards
from muster.rules.gate.serving import serving_faults

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
POLICY = {
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
    return decode(Policy, POLICY | yaml.safe_load(block))


@pytest.mark.parametrize("page", ["guards-and-business-rules.md", "keep-the-log.md"])
def test_what_a_page_puts_into_a_policy_makes_sense(page: str) -> None:
    policy = read(page)
    assert isinstance(policy.serving, ServingTerms)
    assert not list(serving_faults(policy))


def test_the_page_names_every_guard_in_the_order_in_which_they_judge() -> None:
    page = (HOW_TO / "guards-and-business-rules.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([a-z]+)` \|", page, re.MULTILINE)
    assert tuple(named) == standing_guards(read("guards-and-business-rules.md"))[: len(named)]
    assert len(named) == 9
