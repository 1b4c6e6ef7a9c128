"""Commands: one for every action and view of the catalogue, and one for every local command."""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from muster.cli.arguments import parameters_of, values_of
from muster.cli.session import Session
from muster.cli.show import show
from muster.lifecycle.desk.action import Action, Download
from muster.settings import read_settings
from muster.wiring.remote.client import returned

_WHERE = "Where, who, how"

_HOME = typer.Option("--home", metavar="FOLDER", help="Folder of the control plane.", rich_help_panel=_WHERE)
_URL = typer.Option("--url", metavar="URL", help="Control plane to ask instead.", rich_help_panel=_WHERE)
_AS = typer.Option("--as", metavar="ACTOR", help="Who acts, without a control plane.", rich_help_panel=_WHERE)
_JSON = typer.Option("--json", help="Print the result as JSON.", rich_help_panel=_WHERE)
_DIGEST = typer.Option("--digest", help="Print nothing but the digest, for scripts.", rich_help_panel=_WHERE)
_OUTPUT = typer.Option("--output", "-o", metavar="FILE", help="Write the file there.", rich_help_panel=_WHERE)
_FORCE = typer.Option("--force", help="Replace an existing file.", rich_help_panel=_WHERE)

Command = Callable[..., int]

Options = dict[str, tuple[Any, Any]]
"""Annotation and default of an option, by its name."""


def command_of(asked: Action) -> Command:
    """Return the command of an action: it reads files, asks the desk, shows the result, and returns the exit code."""

    def run(session: Session, **typed: Any) -> int:
        return show(session.call(asked.name, values_of(asked, typed)), session)

    return _with_session(run, parameters_of(asked), _more(returned(asked)))


def local_command(function: Callable[..., int | None]) -> Command:
    """Return the command of a local function, whose first parameter is the :class:`Session` and the rest typer's."""
    _, *own = inspect.signature(function, eval_str=True).parameters.values()

    def run(session: Session, **typed: Any) -> int:
        return function(session, **typed) or 0

    return _with_session(run, own, {})


def session_of(typed: Mapping[str, Any]) -> Session:
    """Take the options that every command has out of what was typed, and read the settings with them."""
    flags = {"home": typed.get("home"), "url": typed.get("url"), "actor": typed.get("as_")}
    settings = read_settings(flags)
    if typed.get("as_") and settings.url:
        msg = f"--as is for local mode, but {settings.url} is asked, where the token says who you are: drop one of them"
        raise ValueError(msg)
    output = typed.get("output")
    return Session(
        settings,
        bool(typed.get("as_json")),
        bool(typed.get("only_digest")),
        Path(output) if output else None,
        bool(typed.get("force")),
    )


def _with_session(run: Callable[..., int], own: list[inspect.Parameter], more: Options) -> Command:
    """Give a command the options that all have; refuse parameters that would take their names."""
    every = _shared(more)
    if taken := {parameter.name for parameter in own} & {parameter.name for parameter in every}:
        msg = f"parameter {', '.join(sorted(taken))} would hide an option that every command has: rename it"
        raise ValueError(msg)

    def command(**typed: Any) -> int:
        session = session_of({parameter.name: typed.pop(parameter.name) for parameter in every})
        with contextlib.closing(session):
            return run(session, **typed)

    ordered = [*own, *every]
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in ordered]
    )
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in ordered}
    return command


def _more(result: Any) -> Options:
    """Return the options that fit the type of a result: where a file goes, or that its digest is enough."""
    if result is Download:
        return {
            "output": (Annotated[str | None, _OUTPUT], None),
            "force": (Annotated[bool, _FORCE], False),
        }
    one = next(iter(typing.get_args(result)), None) if typing.get_origin(result) is tuple else result
    has_digest = dataclasses.is_dataclass(one) and any(field.name == "digest" for field in dataclasses.fields(one))
    return {"only_digest": (Annotated[bool, _DIGEST], False)} if has_digest else {}


def _shared(more: Options) -> list[inspect.Parameter]:
    wanted: Options = {
        "home": (Annotated[str | None, _HOME], None),
        "url": (Annotated[str | None, _URL], None),
        "as_": (Annotated[str | None, _AS], None),
        "as_json": (Annotated[bool, _JSON], False),
        **more,
    }
    return [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in wanted.items()
    ]
