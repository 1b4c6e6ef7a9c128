"""JSON: the dependencies in package.json, the commands in its scripts, and the cells of notebooks."""

from __future__ import annotations

import json
import re

from muster.columns.packages.reading import commands, specs
from muster.columns.packages.reading.grammar import TOOLS
from muster.columns.packages.reading.python import Python
from muster.columns.packages.reading.reader import Trigger, ended
from muster.columns.packages.reference import Means, Reference
from muster.records.language.packages import Ecosystem

_SECTIONS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies", "resolutions", "overrides")
_TRIGGER = Trigger(
    rf"\"(?:{'|'.join((*_SECTIONS, 'source', 'registry'))})\"|(?<![\w./-])(?:{'|'.join(TOOLS)})(?=\s)",
    (*(f'"{word}"' for word in (*_SECTIONS, "source", "registry")), *TOOLS),
)
_TOKEN = re.compile(r'"((?:[^"\\\n]|\\.)*)"(\s*:)?|[{}\[\]]')


class Objects:
    """Reads JSON token by token, whatever its layout, also where it is cut off."""

    comment = ""
    within = True

    def __init__(self) -> None:
        self._section = ""
        self._depth = 0
        self._key = ""

    def first(self, line: str, since: int) -> int:
        """Return where a section of packages, an entry of one, code or a command begins."""
        if self._section:
            return max(since, len(line) - len(line.lstrip())) if line.strip() else -1
        return _TRIGGER.first(line, since, ended=ended(line))

    def more(self, statement: str, since: int) -> bool:  # noqa: ARG002 - the state says which section a line is in
        """Every line is judged by itself."""
        return False

    def passed(self, line: str) -> None:
        """Nothing that matters outside the sections."""

    def read(self, statement: str, since: int) -> list[Reference]:
        """Return the packages of a line."""
        found: list[Reference] = []
        for token in _TOKEN.finditer(statement):
            if token[0] in "{}[]":
                self._nest(token[0])
            elif token[2]:
                self._named(token, statement, found)
            else:
                found.extend(self._valued(token))
                self._key = ""
        return [reference for reference in found if reference.start >= since]

    def _nest(self, bracket: str) -> None:
        if self._section:
            self._depth += 1 if bracket in "{[" else -1
            if self._depth <= 0:
                self._section, self._depth = "", 0

    def _named(self, token: re.Match[str], statement: str, found: list[Reference]) -> None:
        """Take a key: the beginning of a section, or a package within one."""
        name = self._key = token[1]
        opened = re.match(r"\s*[{\[]|\s*$", statement[token.end() :])
        if not self._section:
            self._section = name if opened and name in (*_SECTIONS, "source") else ""
        elif self._section != "source" and not name.startswith("."):
            found.extend(_entry(name, token.start(1), statement[token.end() :]))

    def _valued(self, token: re.Match[str]) -> list[Reference]:
        """Read a string that is a value: code of a notebook, a command, or an index."""
        raw, start = token[1], token.start(1)
        if self._section == "source":
            return _cell(raw, start)
        if self._section:
            return []
        if self._key == "registry":
            return [Reference(Ecosystem.NPM, Means.REQUIREMENT, "", raw, start, start + len(raw), 0, raw)]
        return [reference.moved(start, 0) for reference in commands.read(raw)]


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
