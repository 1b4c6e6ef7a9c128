"""The verifier knows days, as the gate does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.rules.scene import AUC, FACTS_OF_THE_VERSION, INPUTS, NOW, POLICY, QUESTION, ROOT, approval
from tests.verifier.agreeing import agree

from muster.records.policy import Control, Library, Requirement
from muster.rules.gate.decide import record_digest

TODAY, TOMORROW = (f"{NOW + timedelta(days=days):%Y-%m-%d}" for days in (0, 1))
UNMEASURED = [each for each in FACTS_OF_THE_VERSION if each.body.get("check") != AUC.check]


@pytest.mark.parametrize(
    ("controls", "verdict"),
    [
        ((replace(AUC, in_force_from=TOMORROW), INPUTS), "allow"),
        ((replace(AUC, in_force_from=TODAY), INPUTS), "refuse"),
        ((replace(AUC, in_force_until=TODAY), INPUTS), "allow"),
        ((replace(AUC, in_force_until=TOMORROW), INPUTS), "refuse"),
        ((replace(AUC, in_force_until=TODAY), INPUTS, replace(AUC, id="newer", supersedes=(AUC.id,))), "refuse"),
        ((replace(AUC, in_force_from=TOMORROW), replace(INPUTS, in_force_from=TOMORROW)), "refuse"),
    ],
)
def test_it_decides_as_the_gate_does_where_controls_have_days(controls: tuple[Control, ...], verdict: str) -> None:
    library = Library("muster", controls)
    signed = approval(UNMEASURED, library=record_digest(library))
    assert agree(POLICY, library, QUESTION, [*UNMEASURED, signed], ROOT) == verdict


def test_one_that_came_in_the_place_of_another_closes_the_hole() -> None:
    newer = replace(AUC, id="newer", supersedes=(AUC.id,))
    library = Library("muster", (replace(AUC, in_force_until=TODAY), INPUTS, newer))
    policy = replace(POLICY, requirements=(*POLICY.requirements, Requirement("newer")))
    signed = approval(library=record_digest(library), policy=policy)
    assert agree(policy, library, QUESTION, [*FACTS_OF_THE_VERSION, signed], ROOT) == "allow"
