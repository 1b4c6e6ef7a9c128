"""Narrator: says what happens in plain words, shows the command that does it, and calls it as the actor named."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from muster.wiring.remote.client import Desk

WIDTH = 112
"""Characters a line, so that a recording looks the same everywhere."""


@dataclass(slots=True)
class Narrator:
    """Tells the story on standard output."""

    console: Console = field(default_factory=lambda: Console(highlight=False, soft_wrap=False, width=WIDTH))
    started: float = field(default_factory=time.monotonic)
    happened: list[tuple[str, str]] = field(default_factory=list)
    """What to say at the end, in order: what was done, and how it came out."""

    def act(self, title: str, *lines: str) -> None:
        """Begin an act."""
        self.console.print()
        self.console.rule(f"[bold]{title}", align="left")
        self.say(*lines)

    def scene(self, title: str) -> None:
        """Begin a scene, with the time since the start."""
        elapsed = time.monotonic() - self.started
        self.console.print(f"\n[bold cyan]{title}[/] [dim]({elapsed:.0f} s)[/]")

    def say(self, *lines: str) -> None:
        """Say lines in plain words."""
        for line in lines:
            wrapped = textwrap.wrap(line, WIDTH - 2, subsequent_indent="  ", break_on_hyphens=False) or [""]
            for part in wrapped:
                self.console.print(f"  {part}", markup=False, soft_wrap=True)

    def shell(self, actor: str, command: str) -> None:
        """Show the command that does what comes next."""
        self.console.print(f"  [green]{actor}$[/] [bold]muster {command}[/]", soft_wrap=True)

    def call(self, actor: str, desk: Desk, command: str, name: str, arguments: Mapping[str, Any]) -> Any:
        """Show the command, then do what it does, as this actor."""
        self.shell(actor, command)
        return desk.call(name, arguments, self.progress)

    def progress(self, line: str) -> None:
        """Show one line of progress."""
        self.console.print(f"    [dim]{line} ...[/]")

    def table(self, title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        """Show a table."""
        table = Table(title=title, title_justify="left", title_style="italic", header_style="bold", pad_edge=False)
        for place, column in enumerate(columns):
            table.add_column(column, overflow="fold", justify="left" if place == 0 else "default")
        for row in rows:
            table.add_row(*row)
        self.console.print(table)

    def note(self, what: str, outcome: str) -> None:
        """Keep a line for the table at the end."""
        self.happened.append((what, outcome))


def short(digest: str) -> str:
    """Shorten a digest for reading."""
    return digest.removeprefix("sha256:")[:12]
