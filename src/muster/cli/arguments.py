"""Parameters of an action as arguments and options, and what was typed there as JSON values."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from muster.lifecycle.desk.action import Action, Parameter, Upload
from muster.lifecycle.desk.typed import choices, is_document, is_sequence, plain, value_of
from muster.records.codec import encode

_SECTION = re.compile(r"^[A-Z][A-Za-z ]+\n-{3,}$", re.MULTILINE)
_NAMES = {int: "NUMBER", float: "NUMBER"}

WORDS = {
    "version": "Digest of the model version, or its beginning.",
    "dataset": "Digest of the dataset version, or its beginning.",
    "use_case": "Id of the use case.",
    "environment": "Environment whose policy is asked.",
    "scope": "What it may do there: serve, or shadow.",
    "group": "Gateway group.",
    "deployment": "Name of the deployment.",
    "waiver": "Id of the waiver, or its beginning, as `muster waiver list` shows it.",
    "name": "Its name.",
    "id": "Its id.",
    "actor": "Id of the actor.",
    "seq": "Number of the entry, as in `muster ledger show`.",
    "library": "The controls and clauses.",
    "policy": "The policy.",
    "control": "Id of the control.",
    "reason": "Why, in words that others will read.",
    "compensating_control": "What is done instead, meanwhile.",
}
"""What parameters mean that many actions have, where a docstring adds nothing to it."""


def parameters_of(asked: Action) -> list[inspect.Parameter]:
    """Return the command's parameters: what must be given as arguments, the rest as options."""
    helps = described(asked.description)
    return [_parameter(parameter, helps.get(parameter.name, "")) for parameter in asked.parameters]


def values_of(asked: Action, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Turn what was typed into JSON values and uploads, reading the files that it names.

    Raises
    ------
    OSError
        If a file cannot be read.
    ValueError
        If a file does not hold what the parameter takes, with its line.
    """
    return {
        parameter.name: _value(parameter, typed[parameter.name])
        for parameter in asked.parameters
        if typed.get(parameter.name) not in (None, [], ())
    }


def prose(description: str) -> str:
    """Return the paragraphs of a docstring before its sections."""
    return _SECTION.split(description, maxsplit=1)[0].strip()


def described(description: str) -> dict[str, str]:
    """Return what a numpy docstring says about each parameter."""
    _, found, rest = description.partition("Parameters\n----------\n")
    section = _SECTION.split(rest, maxsplit=1)[0] if found else ""
    texts: dict[str, str] = {}
    names: list[str] = []
    for line in section.splitlines():
        if line and not line[0].isspace():
            names = [name.strip() for name in line.partition(":")[0].split(",")]
        for name in names if line.startswith(" ") else ():
            texts[name] = f"{texts.get(name, '')} {line.strip()}".strip()
    return texts


def _parameter(parameter: Parameter, text: str) -> inspect.Parameter:
    text = _with_choices(parameter, text or WORDS.get(parameter.name, ""))
    flag = "--" + parameter.name.replace("_", "-")
    metavar = _metavar(parameter)
    if plain(parameter.type) is bool and not parameter.required:
        shown = typer.Option(f"{flag}/--no-{flag[2:]}", help=text, show_default=str(parameter.default).lower())
        return _keyword(parameter.name, Annotated[bool | None, shown])
    if is_sequence(parameter.type) and not is_document(parameter.type):
        option = typer.Option(flag, metavar=metavar, help=f"{text} Repeat it, or separate by commas.".strip())
        if parameter.required:
            return _keyword(parameter.name, Annotated[list[str], option], inspect.Parameter.empty)
        return _keyword(parameter.name, Annotated[list[str] | None, option])
    if parameter.required:
        argument = typer.Argument(metavar=metavar, help=text)
        return _keyword(parameter.name, Annotated[str, argument], inspect.Parameter.empty)
    option = typer.Option(flag, metavar=metavar, help=text, show_default=_default(parameter))
    return _keyword(parameter.name, Annotated[str | None, option])


def _with_choices(parameter: Parameter, text: str) -> str:
    """Add the words that are allowed, unless the text names them already."""
    words = choices(parameter.type)
    return text if all(word in text for word in words) else f"{text} One of {', '.join(words)}.".strip()


def _keyword(name: str, annotation: Any, default: Any = None) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _metavar(parameter: Parameter) -> str:
    if plain(parameter.type) is Upload or is_document(parameter.type):
        return "FILE" if not parameter.required else f"{parameter.name.upper()}-FILE".replace("_", "-")
    if (words := choices(parameter.type)) and len(words) <= 4:
        return "|".join(words)
    if parameter.required and not is_sequence(parameter.type):
        return parameter.name.upper().replace("_", "-")
    return _NAMES.get(plain(parameter.type), "TEXT")


def _default(parameter: Parameter) -> str | bool:
    """Return the default as it is typed; False where there is nothing to show."""
    value = encode(parameter.default)
    return False if value in (None, "", [], {}) else str(value)


def _value(parameter: Parameter, typed: Any) -> Any:
    if plain(parameter.type) is Upload:
        content = _read(typed)
        return Upload("standard input" if typed == "-" else Path(typed).name, content)
    if is_document(parameter.type):
        from muster.wiring.documents import read_value

        name = "standard input" if typed == "-" else typed
        try:
            return read_value(parameter.type, _read(typed).decode(), name)
        except UnicodeDecodeError as error:
            msg = f"{name}: not UTF-8 text (byte {error.start}): is it the right file?"
            raise ValueError(msg) from None
    if isinstance(typed, bool):
        return typed
    return value_of(parameter.type, typed if isinstance(typed, list | tuple) else [typed])


def _read(typed: str) -> bytes:
    return sys.stdin.buffer.read() if typed == "-" else Path(typed).read_bytes()
