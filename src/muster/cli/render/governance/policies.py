"""A policy in words on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from muster.cli.render.plain import rows
from muster.cli.render.registry import renders
from muster.lifecycle.policies.show import PolicyPage


@renders(PolicyPage)
def render_page(page: PolicyPage, console: Console) -> None:
    """Show what a policy says, a line for each thing, and where those come from that are not its own."""
    console.print(rows({"policy": page.policy, "digest": page.digest, "extends": page.parents or "nothing"}))
    console.print()
    for line in page.lines:
        origin = "" if line.origin == "its own" else f"  (from {line.origin})"
        console.print(Text(f"{line.says}{origin}"), soft_wrap=True)
