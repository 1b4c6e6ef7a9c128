"""The glossary: every noun of ``muster.records`` in the words of its own docstring, with its fields."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import itertools
import pkgutil
import re
import textwrap
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType

from muster.records import codec

HEAD = """# Glossary

The nouns of muster, in the words of the code: this page is written by `./run docs` from the docstrings of
`muster.records`. Kinds of ledger entries carry the name under which they are recorded.
"""


def glossary() -> str:
    """Return the page: one section for each file of records, in order of the alphabet."""
    found = pkgutil.walk_packages([str(Path(codec.__file__).parent)], "muster.records.")
    modules = (importlib.import_module(name) for name in sorted(module.name for module in found))
    sections = ("\n".join(_section(module)) for module in modules if any(_nouns(module)))
    return "\n".join([HEAD, *sections])


def _nouns(module: ModuleType) -> Iterator[type]:
    for value in vars(module).values():
        if inspect.isclass(value) and value.__module__ == module.__name__ and not value.__name__.startswith("_"):
            yield value


def _section(module: ModuleType) -> Iterator[str]:
    title = module.__name__.rpartition(".")[2].capitalize()
    yield f"## {title}\n\n{_prose(module)}\n"
    for noun in _nouns(module):
        yield f"### {noun.__name__}\n"
        yield f"{_prose(noun)}\n"
        yield from _members(noun)


def _members(noun: type) -> Iterator[str]:
    if name := _kind(noun):
        yield f"Recorded as `{name}`.\n"
    if issubclass(noun, Enum):
        yield "One of: " + ", ".join(f"`{member.value}`" for member in noun) + ".\n"
    elif dataclasses.is_dataclass(noun):
        words = said(noun)
        yield from (
            f"- `{field.name}`: `{field.type}`{words.get(field.name, '')}" for field in dataclasses.fields(noun)
        )
        yield ""


def _prose(documented: object) -> str:
    return _plain(inspect.getdoc(documented) or "")


def _plain(text: str) -> str:
    """Turn the roles and double backticks of reStructuredText into Markdown."""
    return re.sub(r":\w+:`~?(?:[\w.]*\.)?(\w+)`", r"`\1`", text).replace("``", "`")


def said(noun: type) -> dict[str, str]:
    """Return what the text below a field says of it, by field."""
    body = ast.parse(textwrap.dedent(inspect.getsource(noun))).body[0].body
    return {
        field.target.id: f". {_plain(inspect.cleandoc(text.value.value))}".replace("\n", " ")
        for field, text in itertools.pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
    }


def _kind(noun: type) -> str:
    return next((name for name, known in codec.KINDS.items() if known is noun), "")
