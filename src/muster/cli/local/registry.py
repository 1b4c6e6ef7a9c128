"""The registry of local commands: ``@local("key new")`` on a function whose first parameter is the session."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Function = TypeVar("Function", bound="Callable[..., int | None]")


@dataclass(frozen=True, slots=True)
class LocalCommand:
    """A command that only the command line has: its name of one or two words, and the function that does it."""

    name: str
    function: Callable[..., int | None]

    @property
    def summary(self) -> str:
        """First line of the docstring."""
        return self.description.partition("\n")[0]

    @property
    def description(self) -> str:
        """The whole docstring."""
        return inspect.getdoc(self.function) or ""


LOCAL: dict[str, LocalCommand] = {}
"""Every local command by its name."""


def local(name: str) -> Callable[[Function], Function]:
    """Declare a local command.

    The function takes the :class:`~muster.cli.session.Session` first and then parameters that typer reads
    (``Annotated[..., typer.Argument(...)]``); it returns the exit code, or None for 0.
    """

    def register(function: Function) -> Function:
        if name in LOCAL:
            msg = f"two local commands are called {name!r}"
            raise ValueError(msg)
        LOCAL[name] = LocalCommand(name, function)
        return function

    return register
