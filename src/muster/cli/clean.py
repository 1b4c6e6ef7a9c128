"""Clean: a hook for rich by which nothing that others wrote reaches a terminal as anything but visible text."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.segment import Segment

from muster.cli.printable import printable


@dataclass(frozen=True, slots=True)
class _Visible:
    """Something to be shown, whose text is made printable after it was laid out; rich's own control codes stay."""

    inner: ConsoleRenderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for text, style, control in console.render(self.inner, options):
            yield Segment(text if control else printable(text), style, control)


class Clean(RenderHook):
    """Makes all that a console prints printable: a renderer that forgot to would let a name give orders to it."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """Wrap each of them."""
        return [_Visible(renderable) for renderable in renderables]


def clean(console: Console) -> Console:
    """Return the console, from now on with this hook."""
    console.push_render_hook(Clean())
    return console
