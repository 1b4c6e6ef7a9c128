"""Risk tier: computed from the facts of a use case, with the reasons; exposure times purpose (SR 26-2, heading 1)."""

from __future__ import annotations

from muster.records.purpose import AiType, RiskTier, UseCase

VERSION = 1

HIGH_RISK_DOMAINS = frozenset(
    {"consumer-credit", "mortgage", "employment", "education", "insurance", "essential-services"}
)
"""Domains that EU AI Act Annex III or US fair-lending and fair-housing law single out."""

MANY_PEOPLE = 100_000
LARGE_EXPOSURE = 10_000_000.0


def tier(use_case: UseCase) -> tuple[RiskTier, tuple[str, ...]]:
    """Return the tier and one sentence for each fact that raised it."""
    high = tuple(sentence for holds, sentence in _high(use_case) if holds)
    if high:
        return RiskTier.HIGH, high
    medium = tuple(sentence for holds, sentence in _medium(use_case) if holds)
    if medium:
        return RiskTier.MEDIUM, medium
    return RiskTier.LOW, ("no fact of this use case raises its tier",)


def _high(case: UseCase) -> tuple[tuple[bool, str], ...]:
    return (
        (
            case.consequential and case.domain in HIGH_RISK_DOMAINS,
            f"it decides about people in {case.domain}, a domain that law singles out",
        ),
        (
            case.consequential and case.autonomy == "decides",
            "a decision of consequence to a person is made with nobody in between",
        ),
        (
            case.consequential and case.people_per_year >= MANY_PEOPLE,
            f"decisions of consequence reach {case.people_per_year:,} people a year, {MANY_PEOPLE:,} or more",
        ),
        (
            case.consequential and case.vulnerable_people,
            "decisions of consequence reach people who need more protection",
        ),
        (
            case.safety_component and case.autonomy == "decides",
            "a failure can hurt people, and nobody stands in between",
        ),
    )


def _medium(case: UseCase) -> tuple[tuple[bool, str], ...]:
    return (
        (case.consequential, "its decisions matter to the people concerned"),
        (
            case.exposure >= LARGE_EXPOSURE,
            f"{case.exposure:,.0f} {case.currency} a year are exposed, {LARGE_EXPOSURE:,.0f} or more",
        ),
        (case.people_per_year >= MANY_PEOPLE, f"it reaches {case.people_per_year:,} people a year"),
        (case.vulnerable_people, "it reaches people who need more protection"),
        (case.safety_component, "a failure can hurt people or stop what they depend on"),
        (case.ai_type is AiType.AGENT, "it acts by calling tools"),
        (case.autonomy == "decides", "it acts with nobody in between"),
        (case.third_party, "the model is a third party's, so that its making cannot be inspected"),
    )
