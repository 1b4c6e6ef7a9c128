"""Reader: how one kind of text is read line by line, so that a stream waits only where a package may be named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from muster.columns.packages.reference import Reference


class Reader(Protocol):
    """Reads the lines of one block, in order. A statement is one line, or several while :meth:`more` says so."""

    comment: str
    """How a comment begins in such text; empty where there are none."""
    within: bool
    """Whether what is stopped is cut out of its line, so that the rest stays; else the statement goes as a whole."""

    def first(self, line: str, since: int) -> int:
        """Return where, at or after ``since``, text begins that may name a package; -1 if it does nowhere.

        The line may be incomplete. What lies before the answer is released, so that no continuation of the line may
        make an earlier place the right one.
        """
        ...

    def more(self, statement: str, since: int) -> bool:
        """Whether the statement that may name a package from ``since`` on goes on in the next line."""
        ...

    def passed(self, line: str) -> None:
        """Take note of a whole line in which :meth:`first` found nothing."""
        ...

    def read(self, statement: str, since: int) -> list[Reference]:
        """Return what a statement names from ``since`` on; offsets from its beginning."""
        ...


class Trigger:
    """Words after which text must be held until it can be judged."""

    def __init__(self, pattern: str, words: Iterable[str]) -> None:
        """Take the pattern of a whole trigger, and the words that begin one, for lines that break off within it."""
        self._whole = re.compile(pattern)
        self._starts = frozenset(word[:length] for word in words for length in range(1, len(word) + 1))
        self._longest = max(map(len, self._starts))

    def first(self, line: str, since: int, *, ended: bool) -> int:
        """Return where a trigger begins, or where the last word of an unfinished line may become one; -1 if nowhere."""
        found = self._whole.search(line, since)
        if found:
            return found.start()
        if ended:
            return -1
        for at in range(max(since, len(line) - self._longest), len(line)):
            if line[at:] in self._starts and not _within_word(line, at):
                return at
        return -1


def _within_word(line: str, at: int) -> bool:
    return at > 0 and line[at].isalnum() and (line[at - 1].isalnum() or line[at - 1] == "_")


def ended(line: str) -> bool:
    """Whether a line is complete."""
    return line.endswith("\n")


_QUOTED = re.compile(
    r'"""[\s\S]*?(?:"""|$)|\'\'\'[\s\S]*?(?:\'\'\'|$)|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`(?:[^`\\]|\\.)*`'
)
_DEPTH = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def open_brackets(text: str, comment: str) -> bool:
    """Whether more brackets open than close, strings and comments aside."""
    bare = re.sub(rf"{re.escape(comment)}[^\n]*", "", _QUOTED.sub("", text))
    return sum(_DEPTH.get(letter, 0) for letter in bare) > 0
