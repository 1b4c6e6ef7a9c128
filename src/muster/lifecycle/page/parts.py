"""Parts that several pages show: what a model is for, and what was demanded of it."""

from __future__ import annotations

from collections.abc import Callable

from muster.lifecycle.page.markup import Html, facts, table, tag, text
from muster.records.decision import SETTLED, Decision, Question, Reason
from muster.records.model import ModelVersion
from muster.records.policy import Policy
from muster.records.purpose import UseCase
from muster.rules.tier import tier
from muster.rules.worth import outcomes_in_words


def purpose(case: UseCase) -> Html:
    """Return what a model is for, and how much can go wrong."""
    found, why = tier(case)
    named = {
        "Purpose": case.purpose,
        "Risk tier": f"{found.value}: {'; '.join(why)}",
        "Owner and sponsor": f"{case.owner}, {case.sponsor}",
        "Reach": f"{case.people_per_year:,} people and {case.exposure:,.0f} {case.currency} a year; it {case.autonomy}",
        "Jurisdictions": ", ".join(case.jurisdictions) or "none named",
        "Worth": f"{case.kpi}, target {case.kpi_target:g}",
    }
    named["An outcome is worth"] = outcomes_in_words(case.value)
    return tag("section", tag("h2", "What it is for"), facts(named), id="purpose")


def header(kicker: str, version: ModelVersion, question: Question, case: UseCase, answer: tuple[str, str]) -> Html:
    """Return the head of a page about a version: what it is called, what was asked of it, and the answer.

    Parameters
    ----------
    kicker
        What kind of page it is.
    answer
        In one word, and in a sentence.
    """
    word, sentence = answer
    asked = f"May this model version {question.scope} “{case.purpose}” in {question.environment}?"
    return tag(
        "header",
        tag("p", kicker, class_="kicker"),
        tag("h1", version.model),
        tag("p", asked, class_="question"),
        tag("p", tag("strong", word, class_=f"stamp {word}"), " ", sentence, class_="answer"),
        tag("p", "Version ", tag("code", question.version), class_="version"),
    )


def demands(policy: Policy, decision: Decision) -> Html:
    """Return every demand of the policy and how it came out, what is open first."""
    found = f"As the gate found on {decision.at:%d %B %Y, %H:%M} UTC, rules version {decision.rules}"
    shown = reasons(policy, decision, found, lambda reason: text(reason.explanation))
    return tag("section", tag("h2", "What was demanded"), shown, id="demands")


def reasons(policy: Policy, decision: Decision, when: str, because: Callable[[Reason], Html]) -> Html:
    """Return what a policy is for, and a row for every demand, what is open first.

    Parameters
    ----------
    when
        When the gate was asked; it stands below.
    because
        Says why a demand came out as it did.
    """
    rows = [
        (
            tag("strong", reason.finding.value.replace("-", " "), class_=f"finding {reason.finding.value}"),
            text(tag("b", reason.demand), tag("p", reason.statement)),
            because(reason),
        )
        for reason in sorted(decision.reasons, key=lambda reason: reason.finding in SETTLED)
    ]
    return text(
        tag("p", f"Policy “{policy.id}” for {policy.environment}: {policy.statement}"),
        table(("Finding", "Demand", "Because"), rows, f"{when}; what is open comes first"),
    )
