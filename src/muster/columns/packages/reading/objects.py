"""JSON: the dependencies in package.json, the commands in its scripts, and the cells of notebooks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from muster.columns.packages.reading import commands, specs
from muster.columns.packages.reading.grammar import TOOLS
from muster.columns.packages.reading.python import Python
from muster.columns.packages.reading.reader import Trigger, ended
from muster.columns.packages.reference import Means, Reference
from muster.records.language.packages import Ecosystem

_SECTIONS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies", "resolutions", "overrides")
_CODE = ("source", "code", "content")
"""Keys under which code stands."""
_WORDS = (*_SECTIONS, *_CODE, "registry", "args", "pip", "bundleDependencies", "bundledDependencies")
_TOOLS = "|".join(TOOLS)
_TRIGGER = Trigger(
    rf"[\"'](?:{'|'.join(_WORDS)})[\"']|\b(?:{'|'.join(_SECTIONS)})\s*:|(?<![\w./-])(?:{_TOOLS})(?=[\s\"\\])|\\u00",
    (*(f'"{word}"' for word in _WORDS), *(f"'{word}'" for word in _WORDS), *_SECTIONS, *TOOLS, "\\u00"),
)
_RANGE = re.compile(r"[\^~<>=]*\s*v?\d[\w.+-]*(?:\s.*)?|\*|latest|workspace:.*|npm:.*")
_NEVER = frozenset({"version", "node", "npm", "yarn", "pnpm", "lockfileVersion", "schemaVersion", "target", "vscode"})
"""Keys of a manifest whose value is a version, though they name no package."""
_BEGUN = re.compile(rf"""["'](?:{_TOOLS})["']\s*,[^\]]*\Z|"(?:args|pip)"\s*:\s*\[?[^\]]*\Z""")
_ARGS = re.compile(r'"args"\s*:\s*\[([^\]]*)')
_LISTED = re.compile(r'"(?:pip|bundledDependencies|bundleDependencies)"\s*:\s*\[([^\]]*)')
_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_TOKEN = re.compile(r'"((?:[^"\\\n]|\\.)*)"(\s*:)?|[{}\[\]]')


class Objects:
    """Reads JSON token by token, whatever its layout, also where it is cut off."""

    comment = ""
    within = True

    def __init__(self, *, manifest: bool = False) -> None:
        """Take whether this is a part of package.json, where an entry may stand without its section."""
        self._manifest = manifest
        self._tool = ""
        self._given: list[str] = []
        self._section = ""
        self._depth = 0
        self._key = ""

    def first(self, line: str, since: int) -> int:
        """Return where a section of packages, an entry of one, code or a command begins."""
        if self._section:
            return max(since, len(line) - len(line.lstrip())) if line.strip() else -1
        if self._manifest and (begin := len(line) - len(line.lstrip())) < len(line) and line[begin] in "\"'":
            return max(since, begin)
        return _TRIGGER.first(line, since, ended=ended(line))

    def more(self, statement: str, since: int) -> bool:
        """Whether the words of a command go on; else every line is judged by itself."""
        return not self._section and statement.count("\n") < 100 and bool(_BEGUN.search(statement, since))

    def passed(self, line: str) -> None:
        """Nothing that matters outside the sections."""

    def read(self, statement: str, since: int) -> list[Reference]:
        """Return the packages of a line."""
        found: list[Reference] = [*self._started(statement), *_pip(statement)]
        for token in _TOKEN.finditer(statement, since if statement[since : since + 1] == '"' else 0):
            if token[0] in "{}[]":
                self._nest(token[0])
            elif token[2]:
                self._named(token, statement, found)
            else:
                found.extend(self._valued(token))
                self._key = ""
        return list({each.start: each for each in found if each.start >= since}.values())

    def _started(self, statement: str) -> Iterator[Reference]:
        """Yield what a server or task installs whose command and arguments stand apart, in whatever order."""
        if command := re.search(rf'"command"\s*:\s*"((?:[^"\s]*/)?(?:{_TOOLS}))"', statement):
            self._tool = command[1]
            words = [commands.Word(self._tool, command.start(1)), *(commands.Word(w, 0) for w in self._given)]
            yield from (
                replace(each, start=command.start(1), end=command.end(1), text=command[1])
                for each in commands.listed(words)
            )
        if given := _ARGS.search(statement):
            strings = list(_STRING.finditer(given[1]))
            words = [commands.Word(each[1], given.start(1) + each.start(1)) for each in strings]
            if self._tool:
                yield from commands.listed([commands.Word(self._tool, 0), *words])
            self._given = [] if self._tool else [word.text for word in words]
            self._tool = "" if not command else self._tool
        bare = statement.lstrip()[:1] not in '"{[}]'  # a command in a block that only says it is JSON
        yield from commands.read(statement) if bare or re.search(rf'"(?:{_TOOLS})"\s*,', statement) else ()

    def _nest(self, bracket: str) -> None:
        if self._section:
            self._depth += 1 if bracket in "{[" else -1
            if self._depth <= 0:
                self._section, self._depth = "", 0

    def _named(self, token: re.Match[str], statement: str, found: list[Reference]) -> None:
        """Take a key: the beginning of a section, or a package within one."""
        name = self._key = _plain(token[1])
        opened = re.match(r"\s*[{\[]|\s*$", statement[token.end() :])
        if not self._section:
            self._section = name if opened and name in (*_SECTIONS, *_CODE) else ""
            value = re.match(r'\s*"([^"\n]*)"', statement[token.end() :])
            if self._manifest and value and name not in _NEVER and _RANGE.fullmatch(value[1]):
                found.extend(_entry(name, token.start(1), statement[token.end() :]))
        elif self._section not in _CODE and not name.startswith("."):
            found.extend(_entry(name, token.start(1), statement[token.end() :]))

    def _valued(self, token: re.Match[str]) -> list[Reference]:
        """Read a string that is a value: code of a notebook, a command, or an index."""
        raw, start = token[1], token.start(1)
        if self._section in _CODE or (self._key in _CODE and "\\n" in raw):
            return _cell(raw, start)
        if self._section:
            return []
        if self._key == "registry":
            return [Reference(Ecosystem.NPM, Means.REQUIREMENT, "", raw, start, start + len(raw), 0, raw)]
        if "\\" in raw:
            end = start + len(raw)
            return [replace(each, start=start, end=end, text=raw) for each in commands.read(_plain(raw))]
        return [reference.moved(start, 0) for reference in commands.read(raw)]


def _plain(raw: str) -> str:
    """Return a string without its escapes."""
    try:
        return str(json.loads(f'"{raw}"')) if "\\" in raw else raw
    except ValueError:
        return raw


def _pip(statement: str) -> Iterator[Reference]:
    """Yield what stands in a list of packages, such as ``"pip": [...]``."""
    for listed in _LISTED.finditer(statement):
        kind = Ecosystem.PYPI if "pip" in listed[0][:6] else Ecosystem.NPM
        for each in _STRING.finditer(listed[1]):
            if found := specs.of(kind, each[1], listed.start(1) + each.start(1), Means.REQUIREMENT):
                yield found


def _entry(name: str, start: int, after: str) -> list[Reference]:
    """Read ``"name": "specification"``; an alias means another name, and an address says where it comes from."""
    value = re.match(r'\s*"((?:[^"\\\n]|\\.)*)"', after)
    read = specs.npm(f"{name}@{value[1]}" if value else name, start, Means.REQUIREMENT)
    if read is None:
        return []
    alias = value is not None and value[1].startswith("npm:")
    return [
        Reference(
            Ecosystem.NPM,
            Means.REQUIREMENT,
            read.name if alias else name,
            name,
            start,
            start + len(name),
            0,
            read.index,
        )
    ]


def _cell(raw: str, start: int) -> list[Reference]:
    """Read the lines of a cell; offsets are those of the names as they stand in the JSON."""
    try:
        code = str(json.loads(f'"{raw}"'))
    except ValueError:
        code = raw
    found = []
    for line in code.splitlines(keepends=True):
        reader = Python()
        since = reader.first(line, 0)
        for reference in reader.read(line, 0) if since >= 0 else ():
            at = max(raw.find(reference.text), 0)
            found.append(reference.moved(start + at - reference.start, 0))
    return found
