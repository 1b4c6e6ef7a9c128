"""What language models answered: probes, canaries, and what guards stopped; --json has all of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from muster.cli.render import evidence
from muster.cli.render.plain import columns, rows, short
from muster.cli.render.registry import renders
from muster.lifecycle.language.canary import CanaryRun
from muster.lifecycle.language.probe import Probe
from muster.lifecycle.language.stopped import AnswersReport, AnswersWindow

_MOST = 15
"""Names shown."""


@renders(Probe)
def probe(found: Probe, console: Console) -> None:
    """Show what a probe measured, and the names that no list knows."""
    shown = {"version": found.version, "prompts": f"{found.name} ({found.prompts})", "answers": found.answers}
    console.print(rows({**shown, "packages named": found.references, "kept": found.kept or "no answer"}))
    console.print(Text(short(found.lists), "dim"))
    console.print()
    evidence.render(found.evidence, console)
    if found.inventions:
        console.print()
        lines = [{"not known to exist": each.name, "questions": each.questions} for each in found.inventions]
        _most(lines, console)
    console.print(Text(f"what the gate makes of it: muster gate ask {short(found.version)}", "dim"))


@renders(CanaryRun)
def canary(run: CanaryRun, console: Console) -> None:
    """Show what changed since the canaries were first asked, and the gate's verdict with it."""
    since = "made now: this was the first run" if run.first else "kept from the first run"
    changed = ", ".join(run.changed) or "none"
    shown = {"version": run.version, "canaries": run.prompts, "reference": since, "changed": changed}
    console.print(rows({**shown, "the gate now says": run.decision.verdict.value}))
    console.print()
    evidence.render(run.evidence, console)


@renders(AnswersWindow)
def window(found: AnswersWindow, console: Console) -> None:
    """Show what a window of live answers measured, and the gate's verdict with it."""
    shown = {"deployment": found.deployment, "version": found.version, "answers": found.answers}
    recurring = ", ".join(found.recurring) or "none"
    verdict = found.decision.verdict.value
    console.print(rows({**shown, "names that come up again": recurring, "the gate now says": verdict}))
    console.print()
    evidence.render(found.evidence, console)


@renders(AnswersReport)
def report(found: AnswersReport, console: Console) -> None:
    """Show what became of answers, what guards did, and to which packages."""
    shown = {
        "deployment": found.deployment,
        "since": found.since,
        "answers": f"{found.answers:,}: {found.stopped:,} ended by a guard, {found.touched:,} touched by one",
        "not answered": f"{found.failed:,} failed at the provider, {found.left:,} left by the client",
        "tokens": f"{found.input_tokens:,} in, {found.output_tokens:,} out",
        "cost": found.cost,
    }
    console.print(rows(shown))
    if found.found:
        console.print()
        _most([{"guard": f.guard, "found": f.what, "done": f.action, "times": f.times} for f in found.found], console)
    if found.names:
        console.print()
        _most(
            [
                {"package": n.name, "found": n.verdict, "done": n.action, "answers": n.answers, "last": n.last}
                for n in found.names
            ],
            console,
        )


def _most(lines: Sequence[dict[str, Any]], console: Console) -> None:
    console.print(columns(lines[:_MOST], console.width))
    if len(lines) > _MOST:
        console.print(Text(f"and {len(lines) - _MOST:,} more: --json", "dim"))
