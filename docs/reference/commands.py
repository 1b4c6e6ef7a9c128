"""The command line: every command with its arguments and options, from the very tree that ``muster`` runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from muster.cli.main import build
from muster.lifecycle.catalogue import CATALOGUE

HEAD = """# Commands

Written by `./run docs` from the commands themselves. `./run muster ARGS` runs them from a clone; an installed muster is
called `muster`.

Exit codes: 0 done or allowed, 1 refused, 2 could not tell (an error), 130 interrupted. Results go to standard output,
progress and errors to standard error. Wherever a digest is asked for, its beginning is enough if it is the only one. A
file may be `-` for standard input.

Every command takes these options:

- `--home FOLDER`: folder of the control plane; by default `.muster`
- `--url URL`: ask the control plane that answers there, with the token in `MUSTER_TOKEN`
- `--as ACTOR`: who acts, where no control plane is asked (local mode)
- `--json`: print the result as JSON

Further settings: [settings](settings.md).
"""

SHARED = {"home", "url", "as_", "as_json", "help"}


def commands() -> str:
    """Return the page: one section for each group of commands, in the order of the help."""
    root = typer.main.get_command(build())
    return "\n".join([HEAD, *_section("muster", root)])


def _section(path: str, group: Any) -> Iterator[str]:
    groups = {name: each for name, each in group.commands.items() if hasattr(each, "commands")}
    yield from (_command(f"{path} {name}", each) for name, each in group.commands.items() if name not in groups)
    for name, each in groups.items():
        yield f"## {name}\n\n{each.help}\n"
        yield from _section(f"{path} {name}", each)


def _command(path: str, command: Any) -> str:
    own = [parameter for parameter in command.params if parameter.name not in SHARED]
    arguments = [parameter for parameter in own if parameter.param_type_name == "argument"]
    usage = " ".join([path, *(_argument(each) for each in arguments), "[OPTIONS]"])
    lines = [f"### {path}", "", f"```text\n{usage}\n```", "", (command.help or "").strip(), ""]
    lines += [_line(f"`{each.metavar}`", each) for each in arguments]
    lines += [_line(_flag(each), each) for each in own if each.param_type_name == "option"]
    roles = getattr(CATALOGUE.get(path.removeprefix("muster ")), "roles", ())
    if roles:
        lines += ["", f"Roles: {', '.join(sorted(roles))}."]
    return "\n".join(lines).rstrip() + "\n"


def _argument(argument: Any) -> str:
    return str(argument.metavar) if argument.required else f"[{argument.metavar}]"


def _flag(option: Any) -> str:
    names = "/".join([*option.opts, *option.secondary_opts])
    return f"`{names} {option.metavar}`" if option.metavar else f"`{names}`"


def _line(name: str, parameter: Any) -> str:
    default = parameter.show_default if isinstance(parameter.show_default, str) else parameter.default
    shown = "" if parameter.required or default in (None, False, "", (), []) else f" Default: `{default}`."
    return f"- {name}: {parameter.help or ''}{shown}".rstrip(" :")
