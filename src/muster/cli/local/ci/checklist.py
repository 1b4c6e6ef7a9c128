"""Checklist: every demand with a box that is ticked or not, and what was found; for the plain log of a pipeline."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from muster.cli.local.ci.outcome import passed
from muster.cli.render.plain import short
from muster.records.decision import Decision, Finding, Reason, Verdict
from muster.rules.gate.people.waived import without

_WORDS = {Verdict.ALLOW: "ALLOWED", Verdict.WAIT: "WAITS FOR PEOPLE", Verdict.REFUSE: "REFUSED"}
_STYLES = {Verdict.ALLOW: "bold green", Verdict.WAIT: "bold yellow", Verdict.REFUSE: "bold red"}
_MARKS = {"met": ("[x]", "green"), "waived": ("[~]", "yellow"), "not-applicable": ("[-]", "dim")}
_OPEN = ("[ ]", "red")
_INDENT = "    "


def checklist(decision: Decision, console: Console) -> None:
    """Write a decision as a checklist, what is open first."""
    question = decision.question
    console.print(
        Text.assemble(
            (_WORDS[decision.verdict], _STYLES[decision.verdict]),
            f"  {question.version}\n",
            f"may it {question.scope} {question.use_case} in {question.environment}? ",
            f"Policy {short(decision.policy)}, library {short(decision.library)}, rules {decision.rules}.\n",
        ),
        soft_wrap=True,
    )
    for reason in sorted(decision.reasons, key=passed):
        console.print(_line(reason), soft_wrap=True)
    console.print(Text(f"\n{_count(decision)}"), soft_wrap=True)
    if waived := [reason.demand for reason in decision.reasons if reason.finding is Finding.WAIVED]:
        instead = without(decision)
        told = f"Without what is WAIVED ({', '.join(waived)}): {_WORDS[instead]}"
        console.print(Text(told, _STYLES[instead]), soft_wrap=True)


def _line(reason: Reason) -> Text:
    mark, style = _MARKS.get(reason.finding.value, _OPEN)
    waived = reason.finding is Finding.WAIVED
    finding = "" if reason.finding is Finding.MET else f" {'WAIVED' if waived else reason.finding.value}"
    # What is demanded and what was found are two sentences, of which neither may read as the end of the other.
    said = f"\n{_INDENT}".join(part for part in (reason.statement, short(reason.explanation)) if part)
    return Text.assemble((mark, style), f" {reason.demand}", (finding, style), f": {said}")


def _count(decision: Decision) -> str:
    return f"{len(decision.reasons)} demands: " + ", ".join(_counts(decision))


def _counts(decision: Decision) -> Iterator[str]:
    found = [reason.finding.value for reason in decision.reasons]
    yield f"{found.count('met')} met"
    for finding, words in (("waived", "WAIVED"), ("not-applicable", "not applicable")):
        if number := found.count(finding):
            yield f"{number} {words}"
    yield f"{sum(not passed(reason) for reason in decision.reasons)} open"
