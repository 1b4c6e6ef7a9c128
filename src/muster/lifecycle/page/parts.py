"""Parts that several pages show: what a model is for, and what was demanded of it."""

from __future__ import annotations

from muster.lifecycle.page.markup import Html, facts, table, tag, text
from muster.records.decision import SETTLED, Decision
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


def demands(policy: Policy, decision: Decision) -> Html:
    """Return every demand of the policy and how it came out, what is open first."""
    rows = [
        (
            tag("strong", reason.finding.value, class_=f"finding {reason.finding.value}"),
            text(tag("b", reason.demand), tag("p", reason.statement)),
            reason.explanation,
        )
        for reason in sorted(decision.reasons, key=lambda reason: reason.finding in SETTLED)
    ]
    found = f"As the gate found on {decision.at:%d %B %Y, %H:%M} UTC, rules version {decision.rules}"
    when = f"{found}; what is open comes first"
    return tag(
        "section",
        tag("h2", "What was demanded"),
        tag("p", f"Policy “{policy.id}” for {policy.environment}: {policy.statement}"),
        table(("Finding", "Demand", "Because"), rows, when),
        id="demands",
    )
