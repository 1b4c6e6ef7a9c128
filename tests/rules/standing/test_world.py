from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.rules.scene import LIBRARY, NOW, POLICY, TICK
from tests.rules.standing.scene import BEFORE, known, world

from muster.rules.backtest.trial import Terms
from muster.rules.gate.decide import record_digest
from muster.rules.standing.world import World

LATER = NOW + timedelta(hours=1)
NEWER = replace(POLICY, statement="Newer.")


def policy_at(made: World, moment: object) -> object:
    found = made.terms(known(), moment)  # type: ignore[arg-type]
    return found.policy if isinstance(found, Terms) else found


def test_a_policy_is_in_force_from_the_moment_of_its_adoption() -> None:
    made = world((BEFORE, POLICY), (LATER, NEWER))
    assert policy_at(made, LATER - TICK) is POLICY
    assert policy_at(made, LATER) is NEWER
    assert made.moments == (BEFORE, LATER, BEFORE)


def test_where_not_just_one_policy_covers_a_use_case_it_says_why() -> None:
    assert policy_at(world((LATER, POLICY)), NOW) == "no adopted policy covers it. See `muster policy list`"
    assert "2 policies cover it (credit, other)" in str(
        policy_at(world((BEFORE, POLICY), (BEFORE, replace(POLICY, id="other"))), NOW)
    )
    assert "adopt it first (muster library adopt)" in str(policy_at(World([(BEFORE, POLICY)], []), NOW))


def test_policies_of_other_environments_do_not_count() -> None:
    assert policy_at(world((BEFORE, POLICY), (BEFORE, replace(POLICY, id="x", environment="staging"))), NOW) is POLICY


def test_what_a_release_names_is_found_by_digest() -> None:
    made = world((BEFORE, POLICY), (LATER, NEWER))
    found = made.named(record_digest(POLICY), record_digest(LIBRARY))
    assert found is not None
    assert found.policy is POLICY
    assert made.named("sha256:x", record_digest(LIBRARY)) is None
