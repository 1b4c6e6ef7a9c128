from __future__ import annotations

from dataclasses import replace

import pytest
from tests.rules.scene import POLICY, USE_CASE

from muster.records.policy import Selector
from muster.rules.gate.applicability import applies


@pytest.mark.parametrize(
    ("selector", "covered"),
    [
        (Selector(), True),
        (Selector(domains=("consumer-credit", "mortgage")), True),
        (Selector(domains=("mortgage",)), False),
        (Selector(tiers=("high",)), True),
        (Selector(tiers=("medium", "low")), False),
        (Selector(jurisdictions=("US", "EU")), True),
        (Selector(jurisdictions=("US",)), False),
        (Selector(("consumer-credit",), ("high",), ("US",)), False),
    ],
)
def test_every_part_of_the_selector_must_cover_the_use_case(selector: Selector, covered: bool) -> None:
    found, why = applies(replace(POLICY, applies_to=selector), USE_CASE)

    assert found is covered
    assert POLICY.id in why
    assert USE_CASE.id in why
