from dataclasses import replace
from datetime import timedelta

from tests.rules.coverage.scene import known
from tests.rules.scene import NOW, POLICY, USE_CASE, complete, entry, waiver, without

from muster.records.people import Role
from muster.records.policy import SignOff
from muster.rules.coverage.house import deciding

UNSIGNED = without("approval.signed")


def test_a_version_is_in_the_inventory_with_its_owner() -> None:
    assert "owner owner, acts in EU" in deciding.registered(known()).why
    assert not deciding.registered(known(without("model-version.registered"))).holds
    nobody = known(use_case=replace(USE_CASE, owner=" "))
    assert "without owner" in deciding.registered(nobody).why


def test_the_tier_is_told_with_the_day_of_its_facts() -> None:
    assert deciding.tiered(known()).why.startswith(f"tier high, from facts stated on {NOW:%Y-%m-%d}")
    assert not deciding.tiered(known(without("use-case.registered"))).holds


def test_duties_are_apart_where_the_policy_says_so_and_somebody_else_has_signed() -> None:
    assert "made by bob; signed by ann" in deciding.duties_separated(known()).why
    assert not deciding.duties_separated(known(UNSIGNED)).holds
    lax = replace(POLICY, separation_of_duties=False)
    assert "lets authors sign off" in deciding.duties_separated(known(policy=lax)).why


def test_sign_offs_are_there_when_all_that_are_asked_for_are() -> None:
    assert deciding.signed_off(known()).holds
    assert "is missing" in deciding.signed_off(known(UNSIGNED)).why
    assert not deciding.signed_off(known(policy=replace(POLICY, sign_offs=()))).holds


def test_waivers_are_told_with_what_they_let_pass_today() -> None:
    assert "nothing is let pass" in deciding.waivers_sound(known()).why
    idle = known([*complete(), entry(waiver(), "chief")])
    assert "waived today: nothing; 1 that were granted count for nothing today" in deciding.waivers_sound(idle).why


def test_a_validation_is_there_when_a_validator_has_signed() -> None:
    assert not deciding.validated(known()).holds
    asked = replace(POLICY, sign_offs=(SignOff(Role.VALIDATOR),))
    assert not deciding.validated(known(policy=asked)).holds, "asked for is not signed"


def test_evidence_is_young_until_it_is_older_than_the_policy_allows() -> None:
    assert deciding.evidence_young(known()).holds
    assert "nothing was measured" in deciding.evidence_young(known(without("evidence.recorded"))).why
    short = replace(POLICY, maximum_evidence_age_days=timedelta(minutes=1) / timedelta(days=1))
    assert "older than the policy allows: discrimination, no-age" in deciding.evidence_young(known(policy=short)).why
