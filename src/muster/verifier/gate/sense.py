"""Policies that cannot be judged at all."""

from __future__ import annotations

from typing import Any

HUNDRED_YEARS = 36_500  # in days
GUARDS = ("prohibited", "schema", "envelope", "plausible", "consistent", "reasons")
TERMS = {
    "largest_rows": "size", "rate": "rate", "rules": "business", "abstain": "abstain", "log": "log", "review": "review",
}  # fmt: skip


def standing_guards(policy: Any) -> set[str]:
    """Return the guards that can stand before a model of tables under a policy."""
    terms = policy.get("serving") or {}
    return {*GUARDS, *(name for field, name in TERMS.items() if terms.get(field) not in (None, [], ""))}


def nonsense(policy: Any) -> bool:
    """Tell whether a policy cannot be judged at all."""
    hours = HUNDRED_YEARS * 24
    longest = {"maximum_evidence_age_days": HUNDRED_YEARS, "release_life_days": HUNDRED_YEARS}
    longest["orders_life_hours"] = hours
    watched, selector = policy.get("monitors", []), policy["applies_to"]
    lapse, emergency = policy.get("on_lapse"), policy.get("emergency")
    guards = standing_guards(policy) if policy.get("answers") is None else ("answers",)
    most_people, most_money = selector.get("maximum_people_per_year"), selector.get("maximum_exposure")
    return (
        any(not 0 < policy[name] <= most for name, most in longest.items())
        or any(asked.get("maximum_age_days", 1) <= 0 for asked in policy["requirements"])
        or any(wanted["count"] < 1 for wanted in policy["sign_offs"])
        or sum(wanted["count"] for wanted in policy["sign_offs"]) > 100
        or any(guard not in guards for guard in policy.get("guards", []))
        or any(not 0 < monitor["every_days"] <= HUNDRED_YEARS for monitor in watched)
        or (most_people is not None and most_people < selector.get("minimum_people_per_year", 0))
        or (most_money is not None and most_money < selector.get("minimum_exposure", 0))
        or (lapse is not None and not 0 <= lapse["grace_hours"] <= hours)
        or (
            emergency is not None and not (0 < emergency["sign_off_within_hours"] <= hours and emergency["released_by"])
        )
    )
