from __future__ import annotations

from dataclasses import replace

import pytest
from tests.rules.scene import POLICY

from muster.records.policy import Policy
from muster.rules.policies.soft import soft_spots

STRICT = replace(POLICY, separation_along_lineage=True, local_mode=False)


def fields(policy: Policy) -> list[str]:
    return [field for field, _ in soft_spots(policy)]


def test_a_strict_policy_has_none() -> None:
    assert fields(STRICT) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"separation_along_lineage": False}, ["separation_along_lineage"]),
        ({"separation_of_duties": False}, ["separation_of_duties"]),
        ({"separation_of_duties": False, "separation_along_lineage": False}, ["separation_of_duties"]),
        ({"sign_offs": ()}, ["sign_offs"]),
        ({"own_keys_only": False}, ["own_keys_only"]),
        ({"local_mode": True}, ["local_mode"]),
        ({"local_mode": True, "environment": "staging"}, []),
    ],
)
def test_each_is_named_with_its_field_and_what_closes_it(changes: dict[str, object], named: list[str]) -> None:
    assert fields(replace(STRICT, **changes)) == named  # type: ignore[arg-type]
