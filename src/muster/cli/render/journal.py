"""The ledger as a journal: a line for each entry."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from muster.cli.render.plain import short
from muster.cli.render.registry import renders
from muster.lifecycle.desk.journal import Line


@renders((Line,))
def render(lines: tuple[Line, ...], console: Console) -> None:
    """Show entries without their bodies, which --json has."""
    laid = Table(box=None, header_style="bold", pad_edge=False)
    laid.add_column("seq", justify="right", no_wrap=True)
    for name in ("at", "actor", "kind", "subject"):
        laid.add_column(name, no_wrap=name == "at", overflow="fold")
    for line in lines:
        at = line.at[:19].replace("T", " ")
        laid.add_row(str(line.seq), at, Text(line.actor), Text(line.kind), Text(short(line.subject)))
    console.print(laid)
