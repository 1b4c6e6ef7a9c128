"""Decisions of a gate: the verdict, how each demand came out, and what can be done about it."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from muster.cli.render.plain import short
from muster.cli.render.registry import renders
from muster.records.decision import Decision, Finding, Reason, Verdict

_VERDICTS = {
    Verdict.ALLOW: ("ALLOWED", "bold green"),
    Verdict.WAIT: ("WAITS FOR PEOPLE", "bold yellow"),
    Verdict.REFUSE: ("REFUSED", "bold red"),
}

_STYLES = {Finding.MET: "green", Finding.WAIVED: "yellow", Finding.MISSING: "yellow", Finding.STALE: "yellow"}

_NEXT = {
    Finding.NOT_MET: "change the model, inputs or threshold and assess again; or get a waiver (muster waiver grant)",
    Finding.NOT_ENOUGH_EVIDENCE: "the figure may be right or wrong: assess on a larger sample, or ask for a waiver",
    Finding.MISSING: "nobody has measured it on this version: assess it",
    Finding.STALE: "what was measured is too old for the policy: assess again",
    Finding.NOT_MEASURED: "the check could not measure; it says why above",
    Finding.UNKNOWN: "this cannot be decided, and so refuses: mend the policy, the library or the installation",
}


@renders(Decision)
def render(decision: Decision, console: Console) -> None:
    """Show a decision with a line for every demand."""
    question = decision.question
    word, style = _VERDICTS[decision.verdict]
    asked = f"{short(question.version)} for {question.use_case} in {question.environment}, to {question.scope}"
    console.print(Text.assemble((word, style), f"  {asked}"))
    console.print()
    laid = Table(box=None, header_style="bold", pad_edge=False)
    laid.add_column("demand", no_wrap=True)
    laid.add_column("finding", no_wrap=True)
    laid.add_column("why", overflow="fold")
    for reason in sorted(decision.reasons, key=lambda reason: reason.finding in {Finding.MET, Finding.WAIVED}):
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
    for line in dict.fromkeys(_advice(decision, reason) for reason in decision.reasons):
        if line:
            console.print(Text(f"  {line}"))


def _advice(decision: Decision, reason: Reason) -> str:
    if reason.finding in {Finding.MET, Finding.WAIVED}:
        return ""
    if reason.demand.startswith("sign-off:"):
        role = reason.demand.partition(":")[2]
        return f"a {role} signs: muster sign-off {short(decision.question.version)} --role {role} --key FILE"
    return f"{reason.demand}: {_NEXT[reason.finding]}"


def _why(reason: Reason) -> str:
    return short(reason.explanation or reason.statement)
