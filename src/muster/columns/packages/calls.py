"""Tool calls: the packages in the arguments that a model gives to a tool; whole, since half of one cannot be judged."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from muster.columns.packages.layout.languages import of_file
from muster.columns.packages.layout.markdown import File, Markdown
from muster.columns.packages.reading import commands, specs
from muster.columns.packages.reading.reader import Reader
from muster.columns.packages.reference import Means, Reference
from muster.columns.packages.stream import LONGEST, Stream
from muster.columns.packages.verdict import Judgement, Report
from muster.records.language.packages import Action, Ecosystem

DEEPEST = 64
"""Levels of nesting that are looked into; deeper arguments cannot be judged."""
LARGEST = 16 * LONGEST

_INSTALLS = re.compile(
    r"install|add[-_]?(?:package|dep)|package[-_]?add|(?:^|[-_])(?:pip|npm|yarn|pnpm|uv|poetry|conda)(?:$|[-_])",
    re.IGNORECASE,
)
_KEYS = "package packages package_name package_names dependencies requirements names name modules libraries specs spec"
_NAMES = frozenset(_KEYS.split())
_PATHS = ("path", "file", "filename", "file_path", "filepath", "target_file", "file_name", "name")
_SCRIPT = re.compile(r"npm|yarn|pnpm|bun|node|javascript|typescript|js\b", re.IGNORECASE)
_CODE = re.compile(r"code|script|source|snippet|cell|program|python", re.IGNORECASE)

Judging = Callable[[Reference, Collection[str]], Judgement]


@dataclass(frozen=True, slots=True)
class _Argument:
    """One text among the arguments, the key that it is under and what stands beside it."""

    key: str
    text: str
    beside: Mapping[str, Any]


def check_call(tool: str, arguments: str, judge: Judging) -> Report:
    """Judge the arguments of one tool call.

    A call is passed on as it is or not at all: what a tool would make of arguments with names cut out, nobody knows.
    So redaction refuses here, as blocking does.

    Parameters
    ----------
    tool
        Name of the tool.
    arguments
        Its arguments as the model wrote them: JSON, or else taken as one text.
    """
    if len(arguments) > LARGEST:
        return Report((), "", f"arguments of more than {LARGEST:,} characters cannot be judged")
    try:
        judged = _distinct(tool, _parsed(arguments), judge)
    except OverflowError as error:
        return Report((), "", str(error))
    stopped = [judgement for judgement in judged if judgement.action.stops]
    reason = "; ".join(dict.fromkeys(judgement.explanation or judgement.verdict.value for judgement in stopped))
    return Report(judged, "" if stopped else arguments, reason)


def _parsed(arguments: str) -> Any:
    try:
        return json.loads(arguments)
    except RecursionError:
        msg = f"arguments nested deeper than {DEEPEST} levels cannot be judged"
        raise OverflowError(msg) from None
    except ValueError:
        return arguments


def _distinct(tool: str, value: Any, judge: Judging) -> tuple[Judgement, ...]:
    """Return the judgements, each package and verdict once: a text is read in more than one way."""
    found: dict[tuple[str, str, str], Judgement] = {}
    for argument in _arguments(value, "", {}, 0):
        for judgement in _judged(tool, argument, judge):
            reference = judgement.reference
            found.setdefault((reference.ecosystem.value, reference.name, judgement.verdict.value), judgement)
    return tuple(found.values())


def _arguments(value: Any, key: str, beside: Mapping[str, Any], depth: int) -> Iterator[_Argument]:
    """Yield every text; a list of words also as one command."""
    if depth > DEEPEST:
        msg = f"arguments nested deeper than {DEEPEST} levels cannot be judged"
        raise OverflowError(msg)
    if isinstance(value, str):
        yield _Argument(key, value, beside)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield _Argument(key, name, beside)  # {"packages": {"left-pad": "1"}}
            yield from _arguments(item, name, value, depth + 1)
    elif isinstance(value, list):
        words = [item for item in value if isinstance(item, str)]
        if len(words) > 1:
            yield _Argument("command", " ".join(words), beside)
        for item in value:
            yield from _arguments(item, key, beside, depth + 1)


def _judged(tool: str, argument: _Argument, judge: Judging) -> list[Judgement]:
    if _INSTALLS.search(tool) and argument.key.lower() in _NAMES:
        return _named(tool, argument, judge)
    reader = _reader(tool, argument)
    found: list[Judgement] = []

    def note(reference: Reference, own: Collection[str]) -> Judgement:
        found.append(judge(reference, own))
        return replace(found[-1], action=Action.ALLOW)  # everything is to be found, not only the first

    stream = Stream(File(reader) if reader else Markdown(), note)
    stream.feed(argument.text)
    stream.close()
    if stream.refusal:
        raise OverflowError(stream.refusal)
    if reader is None:
        found.extend(judge(each, ()) for each in commands.read(argument.text))
    return found


def _named(tool: str, argument: _Argument, judge: Judging) -> list[Judgement]:
    """Judge what an installing tool is given by name."""
    said = " ".join(
        str(argument.beside.get(key, "")) for key in ("manager", "package_manager", "ecosystem", "language")
    )
    kind = Ecosystem.NPM if _SCRIPT.search(f"{tool} {said}") else Ecosystem.PYPI
    found = (specs.of(kind, word[0], word.start(), Means.CALL) for word in re.finditer(r"[^\s,]+", argument.text))
    return [judge(reference, ()) for reference in found if reference]


def _reader(tool: str, argument: _Argument) -> Reader | None:
    """Return how a text is read: by the file that it is for, or as code where tool or key say so."""
    paths = (argument.beside.get(name) for name in _PATHS if name != argument.key)
    path = next((path for path in paths if isinstance(path, str)), "")
    if path and (reader := of_file(path)):
        return reader
    if not _CODE.search(f"{tool} {argument.key}"):
        return None
    return of_file("x.ts" if _SCRIPT.search(f"{tool} {argument.beside.get('language', '')}") else "x.py")
