"""Marked: blocks whose lines begin with marks that are not theirs: of a quotation, or of a patch."""

from __future__ import annotations

import re
from collections.abc import Callable

from muster.columns.packages.layout.guess import Guess
from muster.columns.packages.reading.reader import Reader
from muster.columns.packages.reference import Reference

_QUOTE = re.compile(r"^[ \t]*>[ \t>]*", re.MULTILINE)
_FILE = re.compile(r"(?:\+\+\+ (?:b/)?|\*\*\* (?:Update|Add) File: )(\S+)")
_SIGN = re.compile(r"^[+>]", re.MULTILINE)
_REMOVED = re.compile(r"-(?!--)|--- |\*\*\* |@@ |\+\+\+ |diff --git |index ")


class Quoted:
    """Reads a block within a quotation, as if nothing stood before its lines."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.within = reader.within
        self.comment = reader.comment

    def first(self, line: str, since: int) -> int:
        """Return where a package may be named, behind the marks."""
        return self._reader.first(_bare(line), since)

    def more(self, statement: str, since: int) -> bool:
        """Whether the statement goes on, the marks aside."""
        return self._reader.more(_bare(statement), since)

    def passed(self, line: str) -> None:
        """Let the reader take note of the line."""
        self._reader.passed(_bare(line))

    def read(self, statement: str, since: int) -> list[Reference]:
        """Return what the statement names."""
        return self._reader.read(_bare(statement), since)


class Patch:
    """Reads the lines that a patch adds, each file as its name says."""

    comment = ""
    within = True

    def __init__(self, named: Callable[[str], Reader | None]) -> None:
        self._named = named
        self._reader: Reader = Guess(named)

    def first(self, line: str, since: int) -> int:
        """Return where an added or kept line may name a package."""
        return -1 if _REMOVED.match(line) else self._reader.first(_SIGN.sub(" ", line), since)

    def more(self, statement: str, since: int) -> bool:
        """Whether the statement goes on."""
        return self._reader.more(_SIGN.sub(" ", statement), since)

    def passed(self, line: str) -> None:
        """Take note of the file that the next lines are of."""
        if file := _FILE.match(line):
            self._reader = self._named(file[1]) or Guess(self._named)
        elif not _REMOVED.match(line):
            self._reader.passed(_SIGN.sub(" ", line))

    def read(self, statement: str, since: int) -> list[Reference]:
        """Return what the statement names."""
        return self._reader.read(_SIGN.sub(" ", statement), since)


def _bare(text: str) -> str:
    """Return a text of the same length without the marks of a quotation."""
    return _QUOTE.sub(lambda marks: " " * len(marks[0]), text)
