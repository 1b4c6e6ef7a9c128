"""Applicability: whether a policy is for a use case, and why."""

from __future__ import annotations

from muster.records.policy import Policy
from muster.records.purpose import UseCase
from muster.rules.tier import tier


def applies(policy: Policy, use_case: UseCase) -> tuple[bool, str]:
    """Tell whether the policy's selector covers the use case, with a sentence saying why or why not."""
    selector = policy.applies_to
    computed, _ = tier(use_case)
    places = ", ".join(use_case.jurisdictions)
    if selector.domains and use_case.domain not in selector.domains:
        return False, f"{policy.id} is for {', '.join(selector.domains)}; {use_case.id} is {use_case.domain}"
    if selector.tiers and computed.value not in selector.tiers:
        return False, f"{policy.id} is for tier {', '.join(selector.tiers)}; {use_case.id} is {computed.value}"
    if selector.jurisdictions and not set(selector.jurisdictions) & set(use_case.jurisdictions):
        return False, f"{policy.id} is for {', '.join(selector.jurisdictions)}; {use_case.id} acts in {places}"
    return True, f"{policy.id} covers {use_case.id}: {use_case.domain}, tier {computed.value}, {places}"
