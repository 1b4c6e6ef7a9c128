"""What was found of packages: one line each, as compilers tell it, and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from muster.cli.packages.findings import Finding, ListUsed, Outcome, PackagesChecked
from muster.cli.render.plain import columns
from muster.cli.render.registry import renders
from muster.wiring.packages.lists import NamesTaken


@renders(PackagesChecked)
def checked(result: PackagesChecked, console: Console) -> None:
    """Show findings by file and line, what could not be read, what it comes to, and the lists that it rests on."""
    for finding in result.findings:
        console.print(_line(finding), soft_wrap=True)
    for problem in result.problems:
        console.print(Text(problem, style="yellow"), soft_wrap=True)
    if result.findings or result.problems:
        console.print()
    noted = len(result.findings) - len(result.stopped)
    console.print(
        f"{_count(result.packages, 'package')} named in {_count(result.files, 'file')}: "
        f"{len(result.stopped):,} stopped, {noted:,} noted; {result.outcome.value}"
    )
    kinds = {finding.ecosystem for finding in result.findings}
    for used in result.lists:
        if used.ecosystem in kinds or not kinds:
            console.print(Text(_used(used), style="dim"), soft_wrap=True)
    unknown = any(not used.complete and used.ecosystem in kinds for used in result.lists)
    if result.outcome is not Outcome.FINE and unknown:
        step = "a partial list cannot tell what does not exist: muster packages sync, muster packages import, or --ask"
        console.print(Text(step, style="dim"), soft_wrap=True)


@renders((NamesTaken,))
def lists(found: Sequence[NamesTaken], console: Console) -> None:
    """Show lists of names, one a line."""
    lines = [
        {
            "ecosystem": each.ecosystem,
            "in use": each.in_use,
            "names": each.names,
            "complete": each.complete,
            "taken at": f"{each.taken_at:%Y-%m-%d %H:%M} UTC",
            "source": each.source,
            "digest": each.digest,
        }
        for each in found
    ]
    console.print(columns(lines, console.width))


def _line(finding: Finding) -> Text:
    text = Text(f"{finding.file}:{finding.line}:{finding.column}: ", style="bold")
    text.append(*(("stopped", "red") if finding.action.stops else ("noted", "yellow")))
    text.append(f" {finding.verdict.value}: ", "cyan")
    text.append(finding.explanation or finding.text, "not bold")
    return text


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _used(used: ListUsed) -> str:
    kind = "complete" if used.complete else "partial"
    return f"{used.ecosystem.value}: {kind} list of {used.taken_at:%Y-%m-%d %H:%M} UTC, {used.digest[:19]}"
