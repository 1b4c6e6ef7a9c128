"""Orders in words, and what became of checkpoints that were anchored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import Console

from muster.cli.render.plain import columns, short
from muster.cli.render.registry import renders
from muster.lifecycle.desk.checkpoints import Anchored
from muster.lifecycle.desk.journal import AlertLine
from muster.records.release import Deployment, GuardOrder, GuardSet, Orders, Part
from muster.rules.gate.measured import SERVE, TRIAL
from muster.rules.note import signatures_of, size_of


@renders(Orders)
def render_orders(orders: Orders, console: Console) -> None:
    """Say what a gateway group is told, sentence by sentence."""
    for line in _words(orders):
        console.print(line, markup=False, soft_wrap=True)


@renders((Anchored,))
def render_anchored(places: tuple[Anchored, ...], console: Console) -> None:
    """Show where a checkpoint is kept, and where not."""
    lines = [
        {
            "place": each.place,
            "entries": each.entries,
            "cosigned by": each.cosigned,
            "kept": "yes" if not each.problem else f"NO: {each.problem}",
        }
        for each in places
    ]
    console.print(columns(lines))


@renders((AlertLine,))
def render_alerts(alerts: tuple[AlertLine, ...], console: Console) -> None:
    """Show alerts as they were told: a line of what and when, and the words below it."""
    for alert in alerts:
        at = alert.at[:19].replace("T", " ")
        console.print(f"{at}  {alert.severity.value}  {alert.what}  {alert.about}", markup=False, soft_wrap=True)
        console.print(f"    {alert.words}", markup=False, soft_wrap=True)


def _words(orders: Orders) -> Iterator[str]:
    yield f"Orders {orders.number} for gateway group {orders.group}"
    yield f"  good from {orders.issued_at:%Y-%m-%d %H:%M:%S} UTC until {orders.expires_at:%Y-%m-%d %H:%M:%S} UTC"
    yield f"  by trust root version {orders.root_version}, {_ledger(orders.checkpoint)}"
    yield ""
    guards = {each.name: each for each in orders.guards}
    for deployment in orders.deployments:
        yield from _deployment(deployment, guards)
    for name in orders.stopped:
        yield f"{name} was STOPPED: nothing answers there until somebody else resumes it."
    if not orders.deployments:
        yield "Nothing is deployed: a gateway of this group answers nothing."
    for named in orders.reasons:
        yield f"Whoever {named.name} refuses is told reasons of the map {short(named.digest)}."
    for named in orders.lists:
        yield f"Answers are held against the list {named.name}, {short(named.digest)}."
    for package in orders.revoked:
        yield f"Release {short(package)} is withdrawn for good."


def _deployment(deployment: Deployment, guards: Mapping[str, GuardSet]) -> Iterator[str]:
    part = "" if deployment.part is Part.CHAMPION else f" as {deployment.part}"
    trial = " on trial" if deployment.scope == TRIAL else ""
    unseen = deployment.part is Part.SHADOW or deployment.scope not in (SERVE, TRIAL)
    does = "runs as shadow" if unseen else f"answers{part}{trial}"
    share = f", {deployment.share * 100:.4g}% of the traffic" if deployment.share != 1.0 else ""
    yield f"{deployment.name} {does} for {deployment.use_case} in {deployment.environment}{share}"
    yield f"  version   {deployment.version}"
    yield f"  artifact  {deployment.served}"
    yield f"  release   {deployment.package}"
    if deployment.until is not None:
        yield f"  LAPSED    gateways stop serving it at {deployment.until:%Y-%m-%d %H:%M:%S} UTC, when its grace ends"
    if deployment.cut_seconds:
        yield f"  log       closed every {deployment.cut_seconds:g} seconds, for its figures are looked at"
    told = guards.get(deployment.guards)
    words = "; ".join(map(_guard, told.guards)) if told else "those that its policy demands"
    yield f"  guards    {words}"


def _guard(guard: GuardOrder) -> str:
    told = [f"{name} {', '.join(v) if isinstance(v, list) else v}" for name, v in guard.parameters.items()]
    return f"{guard.name} ({'; '.join(told)})" if told else guard.name


def _ledger(checkpoint: str) -> str:
    try:
        witnesses = len(signatures_of(checkpoint)[1]) - 1
        seen = f", cosigned by {witnesses}" if witnesses else ""
        return f"on a ledger of {size_of(checkpoint)} entries{seen}"
    except ValueError:
        return "on a checkpoint that cannot be read"
