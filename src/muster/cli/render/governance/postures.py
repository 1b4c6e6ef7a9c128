"""Posture on a terminal: a line for each release, and below it what fell out, whose it is, and what happens next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from rich.console import Console
from rich.text import Text

from muster.cli.render.plain import MOST, columns, short
from muster.cli.render.registry import renders
from muster.lifecycle.watch.posture import DemandLine, PostureChange, PostureLine, PosturePage
from muster.records.governance.standing import StandingChanged
from muster.rules.standing.state import Fall

FELL, GOOD = "bold red", "green"

SHOWN = 4
"""Demands that will be open from a moment on, of those that are named."""


@renders((PostureLine,))
def render_posture(lines: tuple[PostureLine, ...], console: Console) -> None:
    """Show how releases stand, those that fell out first."""
    for line in lines:
        _put(line, console)
    fallen = sum(line.since is not None for line in lines)
    soon = sum(bool(line.ahead) for line in lines)
    console.print()
    console.print(f"{_many(len(lines))}: {fallen} fell out, {soon} will within the days asked for", soft_wrap=True)


@renders(PosturePage)
def render_page(page: PosturePage, console: Console) -> None:
    """Show every demand on a version, and when each will be open."""
    asked = f"{short(page.version)} for {page.use_case} in {page.environment} ({page.scope}), by {page.policy}"
    console.print(Text(asked), soft_wrap=True)
    told = f"gate today: {page.verdict}; without waivers: {page.without_waivers}"
    console.print(Text(told, style=GOOD if page.verdict == "allow" else FELL), soft_wrap=True)
    if not page.standing:
        console.print("not released for this yet: muster release sign")
    for line in page.standing:
        _put(line, console)
    console.print()
    console.print(columns([_row(demand) for demand in page.demands], longest=MOST))


@renders((PostureChange,))
def render_history(changes: tuple[PostureChange, ...], console: Console) -> None:
    """Show what was recorded, a line for each change and its reasons below."""
    for each in changes:
        console.print(Text(f"{_minute(each.at)}  {_headline(each.change)}"), soft_wrap=True)
        for line in _reasons(each.change):
            console.print(Text(f"    {line}"), soft_wrap=True)


@renders((StandingChanged,))
def render_changes(changes: tuple[StandingChanged, ...], console: Console) -> None:
    """Show what has just been recorded."""
    for said in changes:
        console.print(Text(_headline(said)), soft_wrap=True)
        for line in _reasons(said):
            console.print(Text(f"    {line}"), soft_wrap=True)


def _headline(said: StandingChanged) -> str:
    where = f", answering as {', '.join(said.deployments)}" if said.deployments else ""
    return f"{said.before} -> {said.after}  {short(said.version)}, {said.use_case}, {said.environment}{where}"


def _reasons(said: StandingChanged) -> Iterator[str]:
    yield from said.reasons
    if said.action:
        ends = f"grace until {_minute(said.ends)}" if said.ends else "no grace"
        since = f", since {_minute(said.since)}" if said.since else ""
        yield f"{said.action}, {ends}{since}; owner {said.owner or 'nobody'}"


def _put(line: PostureLine, console: Console) -> None:
    name = f"{line.model} {short(line.version)}".strip()
    head = Text()
    head.append(f"{line.state:<9}", style=GOOD if line.since is None else FELL)
    head.append(f" {name}  {line.use_case}, {line.environment} ({line.scope})")
    if line.deployments:
        head.append(f"  {', '.join(line.deployments)}")
    if line.since is None and line.by is not None:
        head.append(f"  until {_minute(line.by)}  owner {line.owner}")
    console.print(head, soft_wrap=True)
    for label, words in _below(line):
        console.print(Text(f"          {label:<8} {words}"), soft_wrap=True)


def _below(line: PostureLine) -> Iterator[tuple[str, str]]:
    for lapse in line.lapses:
        why = f"{lapse.demand}: {lapse.why}" if lapse.demand else lapse.why
        yield "fell out", f"{_minute(lapse.since)}  {why}"
    if line.since is not None:
        yield "whose", line.owner or "nobody is named"
        yield "next", f"{line.next}{f', by {_minute(line.by)} UTC' if line.by else ''}"
    for at, those in _together(line.ahead):
        demands = list(dict.fromkeys(fall.demand for fall in those))
        more = f" and {len(demands) - SHOWN} more" if len(demands) > SHOWN else ""
        yield "ahead", f"{at}  {', '.join(demands[:SHOWN])}{more}: {those[0].why}"


def _together(falls: tuple[Fall, ...]) -> Iterator[tuple[str, list[Fall]]]:
    """Put together what falls out within the same minute."""
    found: dict[str, list[Fall]] = {}
    for fall in falls:
        found.setdefault(_minute(fall.at), []).append(fall)
    yield from found.items()


def _row(demand: DemandLine) -> dict[str, object]:
    changed = demand.without_waivers if demand.without_waivers != demand.finding else ""
    return {
        "demand": demand.demand,
        "today": demand.finding,
        "without waivers": changed,
        "open from": _minute(demand.until) if demand.until else "",
        "why": demand.explanation,
    }


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _many(count: int) -> str:
    return f"{count} release{'' if count == 1 else 's'}"
