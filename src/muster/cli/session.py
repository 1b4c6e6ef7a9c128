"""Session: the settings of one command, the desk that it asks, and the two streams that it writes on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muster.cli.printable import printable
from muster.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from muster.wiring.remote.client import Desk

PIPED_WIDTH = 160
"""Columns of a table that nobody looks at on a terminal."""


@dataclass(frozen=True)
class Session:
    """What a command works with."""

    settings: Settings
    as_json: bool = False
    only_digest: bool = False
    """Whether nothing but digests is printed, one a line: what scripts hand on to the next command."""
    output: Path | None = None
    """Where a download goes; by default its own name, in the current folder."""
    force: bool = False
    """Whether an existing file may be replaced by a download."""

    @cached_property
    def desk(self) -> Desk:
        """The control plane, or the home in this process, as the settings say."""
        from muster.wiring.remote.client import connect

        return connect(self.settings)

    @cached_property
    def screen(self) -> Console:
        """Where results are shown: standard output."""
        from rich.console import Console

        from muster.cli.clean import clean

        return clean(Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH))

    def close(self) -> None:
        """Let go of the desk, if it was used."""
        if "desk" in self.__dict__:
            self.desk.close()

    def call(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """Perform an action and show its progress meanwhile."""
        with progress() as tell:
            return self.desk.call(name, arguments, tell)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show lines of progress on standard error: live where it is a terminal, else one after the other."""
    if not sys.stderr.isatty():
        yield lambda words: print(f"  {printable(words)}", file=sys.stderr, flush=True)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True, highlight=False)
    with console.status("working ...") as status:

        def tell(words: str) -> None:
            shown = printable(words)
            console.print(f"  {shown}", style="dim", markup=False)
            status.update(Text(f"{shown} ..."))  # not as markup, which names of others would break

        yield tell
