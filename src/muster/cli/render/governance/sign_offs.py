"""Sign-offs that were taken back: what counts no more, what that does to releases, and what the gate says now."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from muster.cli.render.decisions import render as render_decision
from muster.cli.render.plain import short
from muster.cli.render.registry import renders
from muster.lifecycle.govern.taking_back import Withdrawn


@renders(Withdrawn)
def render(back: Withdrawn, console: Console) -> None:
    """Show what was taken back, and the decision of the gate without it."""
    console.print(Text(f"taken back: {', '.join(short(name) for name in back.sign_offs)}"))
    for package in back.releases:
        console.print(Text(f"release {short(package)} stands only if the gate still allows it", "yellow"))
    if back.releases:
        console.print(Text("gateways hear of it with the next orders: muster orders issue"))
    console.print()
    render_decision(back.decision, console)
