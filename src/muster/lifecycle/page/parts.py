"""Parts that several pages show: what a model is for, and what was demanded of it."""

from __future__ import annotations

from muster.lifecycle.page.markup import Html, facts, table, tag, text
from muster.records.decision import Decision
from muster.records.policy import Policy
from muster.records.purpose import UseCase, Value
from muster.rules.tier import tier


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
    if case.value is not None:
        named["An outcome is worth"] = _worths(case.value)
    return tag("section", tag("h2", "What it is for"), facts(named), id="purpose")


def _worths(value: Value) -> str:
    outcomes = ("true_positive", "false_positive", "true_negative", "false_negative")
    return ", ".join(f"{name.replace('_', ' ')} {getattr(value, name):,g}" for name in outcomes) + (
        f", each call {value.per_call:,g} {value.currency}" if value.per_call else f" {value.currency}"
    )


def demands(policy: Policy, decision: Decision) -> Html:
    """Return every demand of the policy and how it came out."""
    rows = [
        (
            tag("strong", reason.finding.value, class_=f"finding {reason.finding.value}"),
            text(tag("b", reason.demand), tag("p", reason.statement)),
            reason.explanation,
        )
        for reason in decision.reasons
    ]
    when = f"As the gate found on {decision.at:%d %B %Y, %H:%M} UTC, rules version {decision.rules}"
    return tag(
        "section",
        tag("h2", "What was demanded"),
        tag("p", f"Policy “{policy.id}” for {policy.environment}: {policy.statement}"),
        table(("Finding", "Demand", "Because"), rows, when),
        id="demands",
    )
