"""Decisions of a gate: the verdict, how each demand came out, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from muster.cli.render.plain import short
from muster.cli.render.registry import renders
from muster.records.decision import SETTLED, Decision, Finding, Reason, Verdict
from muster.rules.gate.measured import TRIAL
from muster.rules.gate.people.waived import without

_VERDICTS = {
    Verdict.ALLOW: ("ALLOWED", "bold green"),
    Verdict.WAIT: ("WAITS FOR PEOPLE", "bold yellow"),
    Verdict.REFUSE: ("REFUSED", "bold red"),
}

_STYLES = {
    Finding.MET: "green",
    Finding.NOT_APPLICABLE: "dim",
    Finding.WAIVED: "yellow",
    Finding.MISSING: "yellow",
    Finding.STALE: "yellow",
}

ANSWER = "muster questionnaire answer"
"""What is answered by people, as the gate names it where nobody has."""

_NEXT = {
    Finding.NOT_MET: "change the model, its inputs or its threshold; where it may be waived: muster waiver request",
    Finding.NOT_ENOUGH_EVIDENCE: "the figure may be right or wrong: assess on a larger sample (muster model assess)",
    Finding.MISSING: "nobody has measured it on this version: muster model assess",
    Finding.STALE: "what was measured is too old for the policy: muster model assess",
    Finding.NOT_MEASURED: "the check could not measure, and says why: mend that, then muster model assess",
    Finding.UNKNOWN: "it cannot be decided, and so refuses: mend the policy, the library or the installation",
}


@renders(Decision)
def render(decision: Decision, console: Console) -> None:
    """Show a decision with a line for every demand."""
    question = decision.question
    word, style = _VERDICTS[decision.verdict]
    asked = f"{short(question.version)} for {question.use_case} in {question.environment}, to {question.scope}"
    console.print(Text.assemble((word, style), f"  {asked}"))
    if waived := [reason.demand for reason in decision.reasons if reason.finding is Finding.WAIVED]:
        instead, _ = _VERDICTS[without(decision)]
        console.print(Text(f"only because {', '.join(waived)} is waived; without that: {instead}", "yellow"))
    console.print()
    laid = Table(box=None, header_style="bold", pad_edge=False)
    laid.add_column("demand", no_wrap=True)
    laid.add_column("finding", no_wrap=True)
    laid.add_column("why", overflow="fold")
    for reason in sorted(decision.reasons, key=lambda reason: reason.finding in SETTLED):
        laid.add_row(
            Text(reason.demand), Text(reason.finding.value, _STYLES.get(reason.finding, "red")), Text(_why(reason))
        )
    console.print(laid)


def advise(decision: Decision, console: Console) -> None:
    """Say what can be done now, a line for each sort of thing that is missing."""
    if decision.verdict is Verdict.ALLOW:
        return
    console.print()
    console.print("What next:", style="bold")
    for line in _advice(decision):
        console.print(Padding(Text(line), (0, 0, 0, 2)))


TRY = (
    "let it be seen beside the version that answers for as long as that takes (muster traffic set, muster canary start)"
    " and measure it: muster traffic measure NAME {}; where it is worse there, change it"
)
"""What to do about a trial that is missing, or does not show enough."""


def _advice(decision: Decision) -> Iterator[str]:
    """Yield a line for each sort of thing that is open: what people can do first, then what models must."""
    version = short(decision.question.version)
    by_finding: dict[Finding | None, list[str]] = {}
    for reason in decision.reasons:
        if reason.finding in SETTLED:
            continue
        if said := _of_people(reason, version):
            yield said
        elif reason.demand.endswith(f" ({TRIAL})"):
            by_finding.setdefault(None, []).append(reason.demand)
        else:
            by_finding.setdefault(reason.finding, []).append(reason.demand)
    for finding, demands in by_finding.items():
        yield f"{', '.join(demands)}: {_NEXT[finding] if finding else TRY.format(version)}"


def _of_people(reason: Reason, version: str) -> str:
    """Say what people can do about a demand of its own kind; empty where it is about what was measured."""
    demand, _, role = reason.demand.partition(":")
    if demand == "sign-off":
        if reason.finding is Finding.NOT_MET:
            return f"whoever rejected takes that back, or approves: muster approval withdraw {version} REASON"
        return f"a {role} signs: muster sign-off {version} --role {role} --key FILE"
    if ANSWER in reason.explanation:
        return f"{reason.demand}: people answer it: {ANSWER} QUESTIONNAIRE {version} FILE"
    return {
        "policy-sign-off": "people sign the policy, with keys of their own: muster policy propose, muster policy sign",
        "findings": f"its owner sees to each, and a validator closes it: muster finding list --version {version}",
        "parity": f"prove that its served form decides the same: muster model compile {version} DATASET",
    }.get(demand, "")


def _why(reason: Reason) -> str:
    return short(reason.explanation or reason.statement)
