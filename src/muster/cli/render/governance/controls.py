"""The control library on a terminal: controls in words, versions of libraries, and what is for a use case."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from muster.cli.render.plain import rows, short
from muster.cli.render.registry import renders
from muster.lifecycle.library.applying import Applying, UseCasePage
from muster.lifecycle.library.controls import ControlLine, ControlPage
from muster.lifecycle.library.versions import LibraryLine


@renders((ControlLine,))
def render_controls(lines: Sequence[ControlLine], console: Console) -> None:
    """Show controls by family, a line each, and what nothing answers."""
    if not lines:
        console.print("the library has nothing of that kind")
        return
    for family in dict.fromkeys(line.family for line in lines):
        console.print(Text(family, "bold"))
        for line in lines:
            if line.family == family:
                _control_line(line, console)
    open_ones = sum(line.state == "not covered" for line in lines)
    console.print()
    console.print(f"{len(lines)} in all, {open_ones} of them not covered by anything here. muster control explain ID")


def _control_line(line: ControlLine, console: Console) -> None:
    told = line.limit or f"answered by {line.answered_by}"
    state = "" if line.state == "in force" else f"  [{line.state}]"
    console.print(Text.assemble("  ", (line.id, "bold"), f"{state}  {line.statement}"), soft_wrap=True)
    console.print(Text(f"      {told}; {', '.join(line.regimes) or 'no clause asks for it'}"), soft_wrap=True)


@renders(ControlPage)
def render_control(page: ControlPage, console: Console) -> None:
    """Show all that is known of a control."""
    console.print(Text(f"{page.id}: {page.statement}", "bold"), soft_wrap=True)
    console.print()
    told = {
        "family": page.family,
        "objective": page.objective,
        "measured by": page.measured_by,
        "limit": page.limit,
        "limit from": page.source,
        "what meets it": page.evidence,
        "for": page.applies_to,
        "asked for in": ", ".join(page.jurisdictions) or "anywhere",
        "stands": page.state,
        "came in place of": ", ".join(page.supersedes),
        "may be waived": ("yes" if page.waivable else "no") if page.limit else "",
        "clauses known": page.confidence,
    }
    console.print(rows({name: value for name, value in told.items() if value}))
    console.print()
    console.print(Text("Demanded here" if page.demanded_by else "No policy in force here demands it by this name."))
    for demand in page.demanded_by:
        console.print(Text(f"  {demand}"), soft_wrap=True)
    console.print()
    console.print(Text("Asked for by" if page.clauses else "No clause asks for it."))
    for clause in page.clauses:
        unsure = "" if clause.confidence == "read" else ", unverified"
        console.print(Text(f"  {clause.id} ({clause.standing}{unsure}): {clause.summary}"), soft_wrap=True)
        console.print(Text(f"      {clause.source}", "dim"), soft_wrap=True)
    for gap in page.not_covered:
        console.print()
        console.print(Text(f"Not covered: {gap.removeprefix('Not covered: ')}"), soft_wrap=True)
    console.print()
    console.print(Text(" ".join(page.notice.split())), soft_wrap=True)


@renders((LibraryLine,))
def render_libraries(lines: Sequence[LibraryLine], console: Console) -> None:
    """Show versions of libraries, each with what it changed."""
    if not lines:
        console.print("no library was adopted yet: muster library adopt FILE")
    for line in lines:
        head = f"{line.adopted_at:%Y-%m-%d %H:%M} UTC  {line.library}  {short(line.digest)}  adopted by {line.by}"
        console.print(Text(head, "bold"), soft_wrap=True)
        console.print(f"  {line.controls} controls, {line.clauses} clauses")
        for change in line.changes:
            console.print(Text(f"  {change}"), soft_wrap=True)


@renders(UseCasePage)
def render_use_case(page: UseCasePage, console: Console) -> None:
    """Show why a use case has its tier, and what is for it."""
    console.print(rows({"use case": page.use_case, "purpose": page.purpose, "tier": page.tier}))
    console.print()
    console.print(Text("What was weighed", "bold"))
    for each in page.facts:
        console.print(Text(f"  {each.fact}: {each.stated}"), soft_wrap=True)
        console.print(Text(f"      {each.effect}"), soft_wrap=True)
    for title, found in (("Policies", page.policies), ("Regimes", page.regimes), ("Controls", page.controls)):
        _applying(title, found, console)


def _applying(title: str, found: Sequence[Applying], console: Console) -> None:
    for holds, words in ((True, "that are for it"), (False, "that are not")):
        chosen = [each for each in found if each.applies is holds]
        if chosen:
            console.print()
            console.print(Text(f"{title} {words} ({len(chosen)})", "bold"))
        for each in chosen:
            asked = f"  demanded by {', '.join(each.demanded_by)};" if each.demanded_by else " "
            why = each.why.removeprefix(f"{each.id} is for every use case; ").removeprefix(f"{each.id} is ")
            console.print(Text(f"  {each.id}:{asked} {why}"), soft_wrap=True)
