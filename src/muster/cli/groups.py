"""Groups: one that is a command, too: what is typed after it and names none of its commands goes to one of them."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


def meant(command: str) -> type[TyperGroup]:
    """Return the class of a group in which ``command`` is meant wherever none of its commands is named."""

    class Meant(TyperGroup):
        """A group that is also one of its commands."""

        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            """Put the command's name before arguments that begin with none."""
            if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
                args = [command, *args]
            parsed: list[str] = super().parse_args(ctx, args)
            return parsed

    return Meant
