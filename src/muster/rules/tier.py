"""Risk tier: computed from the facts of a use case, with the reasons; exposure times purpose (SR 26-2, heading 1)."""

from __future__ import annotations

from dataclasses import dataclass

from muster.records.purpose import AiType, RiskTier, UseCase

VERSION = 1

HIGH_RISK_DOMAINS = frozenset(
    {"consumer-credit", "mortgage", "employment", "education", "insurance", "essential-services"}
)
"""Domains that EU AI Act Annex III or US fair-lending and fair-housing law single out."""

MANY_PEOPLE = 100_000
LARGE_EXPOSURE = 10_000_000.0


@dataclass(frozen=True, slots=True)
class Weighed:
    """One fact of a use case, and what it does to the tier."""

    fact: str
    stated: str
    effect: str
    """``high: ...`` or ``medium: ...`` with the reason, or why it raises nothing."""


def tier(use_case: UseCase) -> tuple[RiskTier, tuple[str, ...]]:
    """Return the tier and one sentence for each fact that raised it."""
    high = tuple(sentence for _, holds, sentence in _high(use_case) if holds)
    if high:
        return RiskTier.HIGH, high
    medium = tuple(sentence for _, holds, sentence in _medium(use_case) if holds)
    if medium:
        return RiskTier.MEDIUM, medium
    return RiskTier.LOW, ("no fact of this use case raises its tier",)


def weighed(use_case: UseCase) -> tuple[Weighed, ...]:
    """Return every fact with what it does to the tier, or why it does nothing."""
    said: dict[str, list[str]] = {}
    for level, found in (("high", _high(use_case)), ("medium", _medium(use_case))):
        for facts, holds, sentence in found:
            for fact in facts if holds else ():
                said.setdefault(fact, []).append(f"{level}: {sentence}")
    return tuple(
        Weighed(fact, stated, "; ".join(said.get(fact, ())) or f"raises nothing: {otherwise}")
        for fact, stated, otherwise in _stated(use_case)
    )


def _stated(case: UseCase) -> tuple[tuple[str, str, str], ...]:
    """Return each fact with what is stated of it, and what is to be said where it raises nothing."""
    kind = case.ai_type.value if case.ai_type else "not stated"
    matters = "yes" if case.consequential else "no"
    return (
        ("purpose", case.purpose, "it is for people to read; the domain says what is decided about"),
        ("domain", case.domain, "it counts where decisions are of consequence, in domains that law singles out"),
        ("consequential decision", matters, "nobody's life is granted or denied anything by it"),
        ("people affected", f"{case.people_per_year:,} a year", f"fewer than {MANY_PEOPLE:,}"),
        ("vulnerable people", "yes" if case.vulnerable_people else "no", "none are said to be among them"),
        ("exposure", f"{case.exposure:,.0f} {case.currency} a year", f"less than {LARGE_EXPOSURE:,.0f}"),
        ("type of AI", kind, "only agents, which act by themselves, are riskier for their type"),
        ("autonomy", case.autonomy, "a person stands between the model and what is done"),
        ("third party", "yes" if case.third_party else "no", "its making can be inspected"),
        ("safety", "yes" if case.safety_component else "no", "a failure hurts nobody"),
        ("jurisdictions", ", ".join(case.jurisdictions), "they say which rules bind it, not how much can go wrong"),
    )


Weighing = tuple[tuple[str, ...], bool, str]
"""The facts that make it up, whether it holds, and the sentence."""


def _high(case: UseCase) -> tuple[Weighing, ...]:
    return (
        (
            ("domain", "consequential decision"),
            case.consequential and case.domain in HIGH_RISK_DOMAINS,
            f"it decides about people in {case.domain}, a domain that law singles out",
        ),
        (
            ("consequential decision", "autonomy"),
            case.consequential and case.autonomy == "decides",
            "a decision of consequence to a person is made with nobody in between",
        ),
        (
            ("consequential decision", "people affected"),
            case.consequential and case.people_per_year >= MANY_PEOPLE,
            f"decisions of consequence reach {case.people_per_year:,} people a year, {MANY_PEOPLE:,} or more",
        ),
        (
            ("consequential decision", "vulnerable people"),
            case.consequential and case.vulnerable_people,
            "decisions of consequence reach people who need more protection",
        ),
        (
            ("safety", "autonomy"),
            case.safety_component and case.autonomy == "decides",
            "a failure can hurt people, and nobody stands in between",
        ),
    )


def _medium(case: UseCase) -> tuple[Weighing, ...]:
    return (
        (("consequential decision",), case.consequential, "its decisions matter to the people concerned"),
        (
            ("exposure",),
            case.exposure >= LARGE_EXPOSURE,
            f"{case.exposure:,.0f} {case.currency} a year are exposed, {LARGE_EXPOSURE:,.0f} or more",
        ),
        (
            ("people affected",),
            case.people_per_year >= MANY_PEOPLE,
            f"it reaches {case.people_per_year:,} people a year",
        ),
        (("vulnerable people",), case.vulnerable_people, "it reaches people who need more protection"),
        (("safety",), case.safety_component, "a failure can hurt people or stop what they depend on"),
        (("type of AI",), case.ai_type is AiType.AGENT, "it acts by calling tools"),
        (("autonomy",), case.autonomy == "decides", "it acts with nobody in between"),
        (("third party",), case.third_party, "the model is a third party's, so that its making cannot be inspected"),
    )
