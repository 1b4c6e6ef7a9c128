"""Sense: whether a policy can be judged at all; one that cannot would stop the gate, or ask for less than it seems."""

from __future__ import annotations

from muster.records.policy import Policy

LONGEST = {"maximum_evidence_age_days": 36_500, "release_life_days": 36_500, "orders_life_hours": 876_000}
"""A hundred years: beyond, moments leave the calendar."""

MOST_SIGNERS = 100
"""Of one policy; seats are told out one by one."""


def nonsense(policy: Policy) -> str:
    """Say what of a policy makes no sense; empty where all does.

    Files are read more strictly (with line and field), but a policy also comes as JSON, and from a ledger.
    """
    for field, longest in LONGEST.items():
        if not 0 < getattr(policy, field) <= longest:
            return f"{field} is {getattr(policy, field):g}: it must be more than 0, and at most {longest:,}"
    for requirement in policy.requirements:
        age = requirement.maximum_age_days
        if age is not None and age <= 0:
            return f"{requirement.control} asks for evidence of at most {age:g} days: it must be more than 0"
    for wanted in policy.sign_offs:
        if wanted.count < 1:
            return f"it asks for {wanted.count} sign-offs of a {wanted.role.value}: leave it out if nobody need sign"
    if sum(wanted.count for wanted in policy.sign_offs) > MOST_SIGNERS:
        return f"it asks for more than {MOST_SIGNERS} sign-offs"
    return ""
