"""Tool calls: the packages in the arguments that a model gives to a tool; whole, since half of one cannot be judged."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from muster.columns.packages.layout.languages import of_file
from muster.columns.packages.layout.markdown import File, Markdown
from muster.columns.packages.layout.marked import Patch
from muster.columns.packages.reading import commands, specs
from muster.columns.packages.reading.reader import Reader
from muster.columns.packages.reading.shell import Shell
from muster.columns.packages.reference import Means, Reference
from muster.columns.packages.stream import LONGEST, Stream
from muster.columns.packages.verdict import Judgement, Report
from muster.records.language.packages import Action, Ecosystem

DEEPEST = 64
"""Levels of nesting that are looked into; deeper arguments cannot be judged."""
LARGEST = 16 * LONGEST

_INSTALLS = re.compile(
    r"(?<!un)install|(?:add|require|manage)[-_]?(?:package|dep)|package[-_]?(?:add|r(?:$|[-_]))"
    r"|(?:^|[-_./])(?:pip|npm|yarn|pnpm|uv|poetry|conda|node)(?:$|[-_./])",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"(?:packages?|pkgs?|dependenc(?:y|ies)|deps?|requirements?|modules?|librar(?:y|ies)|spec(?:ifier)?s?|names?"
    r"|add|args|value)(?:names?|list)?"
)
"""Keys of an installing tool, in small letters without underscores."""
_BESIDE_CODE = re.compile(r"(?:pip|python|npm|extra)?(?:packages|requirements|dependencies|libraries)")
"""Keys that say what is installed before code is run."""
_PATHS = frozenset({"path", "file", "filename", "filepath", "targetfile", "uri", "url", "notebookpath", "name"})
_SCRIPT = re.compile(r"npm|yarn|pnpm|bun|node|javascript|typescript|js\b", re.IGNORECASE)
_CODE = re.compile(r"code|script|source|snippet|cell|program|python|repl|expression", re.IGNORECASE)
_SAID = re.compile(
    r"query|question|prompt|message|descri|title|body|explan|thought|reason|comment|summary|instruction"  # typos:ignore
)
"""Keys under which somebody speaks: names end where a sentence goes on."""
_ARGUMENTS = ("verb", "action", "subcommand", "args", "arguments", "argv", "params", "packages", "package")
_KIND = re.compile(r"manager|ecosystem|lang|system|runtime", re.IGNORECASE)
_PATCH = re.compile(r"^(?:\*\*\* (?:Begin Patch|Update File|Add File)|diff --git |--- \S|\+\+\+ \S|@@ )", re.MULTILINE)

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
        return json.loads(arguments, object_pairs_hook=_once)
    except RecursionError:
        msg = f"arguments nested deeper than {DEEPEST} levels cannot be judged"
        raise OverflowError(msg) from None
    except ValueError:
        return arguments


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; refuse one in which a key stands twice, for tools differ in which of them they take."""
    if len(found := dict(pairs)) < len(pairs):
        msg = "arguments in which a key stands twice cannot be judged"
        raise OverflowError(msg)
    return found


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
        if value[:1] in ("{", "[") and not isinstance(inner := _parsed(value), str):
            yield from _arguments(inner, key, beside, depth + 1)
    elif isinstance(value, Mapping):
        yield from _fields(value, key, beside, depth)
    elif isinstance(value, list):
        words = [item for item in value if isinstance(item, str)]
        if len(words) > 1:
            yield _Argument("command", " ".join(words), beside)
        for item in value:
            yield from _arguments(item, key, beside, depth + 1)


def _fields(value: Mapping[str, Any], key: str, beside: Mapping[str, Any], depth: int) -> Iterator[_Argument]:
    """Yield the texts of an object, its keys, and the command that its fields make together."""
    if command := _command(value):
        yield _Argument("command", command, {})
    for name, item in value.items():
        yield _Argument(key, name, beside)  # {"packages": {"left-pad": "1"}}
        yield from _arguments(item, name, value, depth + 1)


def _command(value: Mapping[str, Any]) -> str:
    """Return the command of an object that has an installer in one field and its words in others."""
    called = [text for text in value.values() if isinstance(text, str) and commands.called(text)]
    if not called:
        return ""
    rest: list[str] = []
    for name in _ARGUMENTS:
        given = value.get(name)
        words = given if isinstance(given, list) else [given]
        rest.extend(word for word in words if isinstance(word, str) and word not in called)
    return " ".join((called[0], *rest)) if rest else ""


def _judged(tool: str, argument: _Argument, judge: Judging) -> list[Judgement]:
    key = _folded(argument.key)
    beside_code = _BESIDE_CODE.fullmatch(key) and any(_CODE.search(name) for name in argument.beside)
    if beside_code or key.startswith("pippackage") or (_INSTALLS.search(tool) and _NAMES.fullmatch(key)):
        return _named(tool, argument, judge)
    reader = _reader(tool, argument)
    found = _streamed(File(reader) if reader else Markdown(), argument.text, judge)
    if reader is None and _SAID.search(key):
        found.extend(judge(each, ()) for each in commands.read(argument.text, prose=True))
    elif reader is None:
        found.extend(judge(each, ()) for each in commands.read(argument.text))
        found.extend(_streamed(File(Shell(of_file)), argument.text, judge))
    return found


def _streamed(layout: File | Markdown, text: str, judge: Judging) -> list[Judgement]:
    found: list[Judgement] = []

    def note(reference: Reference, own: Collection[str]) -> Judgement:
        found.append(judge(reference, own))
        return replace(found[-1], action=Action.ALLOW)  # everything is to be found, not only the first

    stream = Stream(layout, note)
    stream.feed(text)
    stream.close()
    if stream.refusal:
        raise OverflowError(stream.refusal)
    return found


def _named(tool: str, argument: _Argument, judge: Judging) -> list[Judgement]:
    """Judge what an installing tool is given by name."""
    said = " ".join(str(value) for name, value in argument.beside.items() if _KIND.search(name))
    kind = Ecosystem.NPM if _SCRIPT.search(f"{tool} {said}") else Ecosystem.PYPI
    words = (word for word in re.finditer(r"[^\s,]+", argument.text) if not word[0].startswith("-"))
    found = (specs.of(kind, word[0], word.start(), Means.CALL) for word in words)
    return [judge(reference, ()) for reference in found if reference]


def _reader(tool: str, argument: _Argument) -> Reader | None:
    """Return how a text is read: by the file that it is for, or as code where tool or key say so."""
    if _PATCH.search(argument.text):
        return Patch(of_file)
    paths = (value for name, value in argument.beside.items() if _folded(name) in _PATHS and name != argument.key)
    path = next((path for path in paths if isinstance(path, str)), "")
    if path and (reader := of_file(path)):
        return reader
    if not _CODE.search(f"{tool} {argument.key}"):
        return None
    said = " ".join(str(value) for name, value in argument.beside.items() if _KIND.search(name))
    return of_file("x.ts" if _SCRIPT.search(f"{tool} {said}") else "x.py")


def _folded(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")
