"""Groups: one that is a command, too: what is typed after it and names none of its commands goes to one of them."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


def meant(command: str, *, alone: bool = False) -> type[TyperGroup]:
    """Return the class of a group in which ``command`` is meant wherever none of its commands is named.

    Parameters
    ----------
    alone
        Whether the group's name alone means it, too; otherwise that shows help.
    """

    class Meant(TyperGroup):
        """A group that is also one of its commands."""

        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            """Put the command's name before arguments that begin with none."""
            named = args[0] in (*self.commands, *ctx.help_option_names) if args else not alone
            if not named:
                args = [command, *args]
            parsed: list[str] = super().parse_args(ctx, args)
            return parsed

    return Meant
