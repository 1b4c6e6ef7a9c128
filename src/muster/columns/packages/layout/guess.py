"""Guess: blocks that do not say what they are; each line is read as all that it could be."""

from __future__ import annotations

import re
from collections.abc import Callable

from muster.columns.packages.reading import specs
from muster.columns.packages.reading.javascript import JavaScript
from muster.columns.packages.reading.python import Python
from muster.columns.packages.reading.reader import Reader, ended
from muster.columns.packages.reading.shell import Shell
from muster.columns.packages.reference import Means, Reference

_PINNED = re.compile(r"[ \t+]*[A-Za-z0-9][\w.-]*(?:\[[^\]\n]*\])?[ \t]*(?:[=~!<>]=|===)[ \t]*\d")
_PINNING = re.compile(r"[ \t+]*(?:[\w.-]*(?:\[[^\]\n]*\]?)?[ \t]*[=~!<>]{0,3}[ \t]*)$")
_SCRIPT = re.compile(r"""\bimport\b[^\n'"]*\bfrom\s*['"]""")
"""What is an import to JavaScript, and to Python a broken one of other names."""
_OTHER = (
    (re.compile(r"\s*\{"), "package.json"),
    (re.compile(r"(?://|#)\s*package\.json\s*$"), "package.json"),
    (re.compile(r"(?:--- (?:a/|/dev/null)|diff --git |\*\*\* (?:Begin Patch|Update File|Add File))"), "x.diff"),
    (re.compile(r"\[(?:project|tool|build-system|dependency-groups|packages|dev-packages)\b"), "pyproject.toml"),
    (re.compile(r"(?:dependencies|channels):\s*$"), "environment.yml"),
)


class Guess:
    """Reads text of unknown kind, until a line tells the kind."""

    comment = "#"
    within = False

    def __init__(self, named: Callable[[str], Reader | None]) -> None:
        self._named = named
        self._known: Reader | None = None
        self._readers: tuple[Reader, ...] = (Python(), JavaScript(), Shell(named))
        self._any = False

    def first(self, line: str, since: int) -> int:
        """Return the earliest place that any reader would hold."""
        if self._known:
            return self._known.first(line, since)
        if since == 0 and _PINNED.match(line):
            return 0
        if since == 0 and not ended(line) and _PINNING.match(line):
            return 0
        places = [place for reader in self._readers if (place := reader.first(line, since)) >= 0]
        return min(places, default=-1)

    def more(self, statement: str, since: int) -> bool:
        """Whether the statement goes on, by any reading."""
        if self._known:
            return self._known.more(statement, since)
        return any(reader.more(statement, since) for reader in self._readers if reader.first(statement, since) >= 0)

    def passed(self, line: str) -> None:
        """Take the kind from the first line that tells it."""
        if self._known:
            self._known.passed(line)
            return
        for reader in self._readers:
            reader.passed(line)
        kind = next((name for pattern, name in _OTHER if pattern.match(line)), "") if not self._any else ""
        kind = kind or next((name for pattern, name in _OTHER[2:] if pattern.match(line)), "")
        self._any = self._any or bool(line.strip())
        if kind and (found := self._named(kind)):
            self._known = found
            self.comment, self.within = found.comment, found.within
            found.passed(line)

    def read(self, statement: str, since: int) -> list[Reference]:
        """Return what any reader finds, each place once."""
        if self._known:
            return self._known.read(statement, since)
        self._any = True
        if since == 0 and _PINNED.match(statement):
            text = statement.partition("#")[0].rstrip().lstrip(" \t+")
            found = specs.python(text, statement.index(text), Means.REQUIREMENT)
            return [found] if found else []
        readers = self._readers[1 if _SCRIPT.search(statement) else 0 :]
        meant = [reader for reader in readers if reader.first(statement, since) >= 0]
        references = [each for reader in reversed(meant) for each in reader.read(statement, since)]
        return list({each.start: each for each in references}.values())
