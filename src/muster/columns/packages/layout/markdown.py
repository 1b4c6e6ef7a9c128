"""Markdown, line by line: where fences open and close, also in lists and quotations, and in answers that break off."""

from __future__ import annotations

import re
from enum import Enum

from muster.columns.packages.layout import languages
from muster.columns.packages.layout.marked import Quoted
from muster.columns.packages.layout.prose import Prose
from muster.columns.packages.reading.reader import Reader

_OPEN = re.compile(r"(?:[ \t]|[-*+>]|\d{1,9}[.)]){0,80}?(`{3,}|~{3,})([^\n]*)")
_LEAD = re.compile(r"(?:[ \t]|[-*+>]|\d{1,9}[.)]){0,80}(?:\d{0,9}|[`~]{0,80})")
_CLOSE = re.compile(r"[ \t>]{0,80}(`{3,}|~{3,})[ \t]*\r?\n?")
_INSIDE = re.compile(r"[ \t>]{0,80}(?:`{0,80}|~{0,80})[ \t]*\r?")
_WIDEST = 240
"""Characters of a line after which no fence can begin on it."""


class Turn(Enum):
    """What a line is to the layout."""

    NONE = 0
    OPENS = 1
    CLOSES = 2


class Markdown:
    """Follows the fences of an answer."""

    def __init__(self) -> None:
        self.reader: Reader = Prose(lambda kind: languages.of_fence(languages.info(kind), ""))
        self._prose = self.reader
        self._fence = ""
        self._before = ""

    @property
    def prose(self) -> bool:
        """Whether the next line is outside of fences."""
        return not self._fence

    def waits(self, line: str) -> bool:
        """Whether an unfinished line may yet turn out to be a fence."""
        if self._fence:
            return len(line) <= _WIDEST and bool(_INSIDE.fullmatch(line))
        return bool(_opening(line) or (len(line) <= _WIDEST and _LEAD.fullmatch(line)))

    def turn(self, line: str) -> Turn:
        """Take note of a whole line; a fence changes the reader."""
        if self._fence:
            closing = _CLOSE.fullmatch(line)
            if closing and closing[1].startswith(self._fence):
                self._fence, self.reader, self._before = "", self._prose, ""
                return Turn.CLOSES
            return Turn.NONE
        opening = _opening(line)
        if opening:
            self._fence = opening[1]
            self.reader = languages.of_fence(languages.info(opening[2]), self._before)
            if ">" in line[: opening.start(1)]:
                self.reader = Quoted(self.reader)
            return Turn.OPENS
        if line.strip():
            self._before = languages.mentioned(line)
        return Turn.NONE


class File:
    """A file that is one block from beginning to end."""

    prose = False

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def waits(self, line: str) -> bool:  # noqa: ARG002 - no line is a fence
        """No line changes the reader."""
        return False

    def turn(self, line: str) -> Turn:  # noqa: ARG002 - as above
        """No line changes the reader."""
        return Turn.NONE


def _opening(line: str) -> re.Match[str] | None:
    """Return the match of an opening fence; what follows backticks may hold none, or it is a code span."""
    found = _OPEN.match(line)
    return found if found and not (found[1][0] == "`" and "`" in found[2]) else None
