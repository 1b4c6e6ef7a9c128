"""Prose: code spans that install or import, lines that are an import and nothing else, and commands after a prompt.

What merely follows the words ``pip install`` in a sentence is never taken for a package.
"""

from __future__ import annotations

import re

from muster.columns.packages.reading import commands, javascript, python
from muster.columns.packages.reading.grammar import TOOLS
from muster.columns.packages.reading.reader import ended
from muster.columns.packages.reference import Reference

_TOOLS = "|".join(TOOLS)
_BEFORE = ("sudo", "python", "python3", "py", "cd", "conda", "source")
_CODE = ("import", "from", "require", "const", "var", "let", "export")
_WORDS = (*TOOLS, *_BEFORE, *_CODE)
_LINE = re.compile(
    rf"[ \t>]*+(?:(?:from|import|const|let|var|export|require)\b|[$%!]\s?|>>>|(?:(?<=    )|(?<=\t))(?:{_TOOLS})\s)"
)
_LINE_WORDS = ("from", "import", "const", "let", "var", "export", "require", *TOOLS)
_OPENER = re.compile(
    rf"`[\s$!%>]*(?:{'|'.join(map(re.escape, _WORDS))})(?:[\d.]*)(?![\w(:=-])|<(?:code|pre|kbd)\b", re.IGNORECASE
)
_CLOSED = re.compile(r"`([^`\n]+)`(?=[^`])")
_OPENING = re.compile(r"`[\s$!%>]*([\w.]*)$")
_SPAN = re.compile(r"(?<!`)(`+)(?!`)([\s\S]+?)(?<!`)\1(?!`)")
_MARKED = re.compile(r"<(code|pre|kbd)\b[^>]*>([\s\S]*?)(?:</\1>|$)", re.IGNORECASE)
_TAGS = ("<code", "<pre", "<kbd")
_PROMPT = re.compile(rf"[ \t>]*+[$%!]\s?(?:sudo\s)?.*?\b(?:{_TOOLS})\s|(?: {{4,}}|\t)(?:sudo\s)?(?:{_TOOLS})\s")


_LONGEST = 60
"""Lines of a preformatted block that are waited for."""


class Prose:
    """Reads what stands outside of fences."""

    comment = ""
    within = True

    def first(self, line: str, since: int) -> int:
        """Return where a line that is code begins, or a span that may hold a command."""
        begin = _lead(line)
        if begin == len(line):
            return -1
        if since <= begin:
            if _LINE.match(line):
                return begin
            if not ended(line) and any(word.startswith(line[begin:]) for word in _LINE_WORDS):
                return begin
        while opener := _OPENER.search(line, since):
            closed = _CLOSED.match(line, opener.start())
            if closed is None or line[: opener.start()].endswith("`") or _coded(closed[1], 0):
                return opener.start()
            since = closed.end()  # such as `pip` alone
        return -1 if ended(line) else _half_open(line, since)

    def more(self, statement: str, since: int) -> bool:
        """Whether a span is still open; it ends with the paragraph."""
        lines = statement.count("\n")
        if re.match(r"<pre\b", statement[since:], re.IGNORECASE):
            return lines < _LONGEST and "</pre>" not in statement[since:].lower()
        if lines > 3 or statement.endswith("\n\n") or not statement[since:].startswith("`"):
            return False
        rest = _SPAN.sub("", statement[since:])
        return rest.count("`") % 2 == 1

    def passed(self, line: str) -> None:
        """Nothing is remembered."""

    def read(self, statement: str, since: int) -> list[Reference]:
        """Return what spans and lines of code name."""
        found: dict[int, Reference] = {}
        flowing = statement.replace("\n", " ")  # a span goes on in the next line, and means the same
        for span in (*_SPAN.finditer(flowing), *_MARKED.finditer(statement)):
            for each in _coded(span[2], span.start(2)):
                found.setdefault(each.start, each)
        if not found:
            begin = len(statement) - len(statement.lstrip(" \t>"))
            whole = statement[begin:].rstrip()
            lines = commands.read(whole) if _PROMPT.match(statement) else _alone(whole)
            found = {each.start: each for each in (each.moved(begin, 0) for each in lines)}
        return [reference for reference in found.values() if reference.start >= since]


def _lead(line: str) -> int:
    return len(line) - len(line.lstrip(" \t>"))


def _half_open(line: str, since: int) -> int:
    """Return where a span begins whose first word is not complete yet."""
    tail = _OPENING.search(line, max(since, len(line) - 40))
    if tail and any(word.startswith(tail[1].lower()) for word in _WORDS):
        return tail.start()
    tag = line.rfind("<", max(since, len(line) - 5))
    return tag if tag >= 0 and any(word.startswith(line[tag:].lower()) for word in _TAGS) else -1


def _coded(text: str, start: int) -> list[Reference]:
    found = [each.moved(start, 0) for each in commands.read(text)]
    bare = text.strip()
    return found or _alone(bare, start + len(text) - len(text.lstrip()))


def _alone(text: str, start: int = 0) -> list[Reference]:
    """Read an import that stands by itself; ``import duties`` of one English line is not worth a false alarm."""
    bare = text.removeprefix(">>>").lstrip()
    start += len(text) - len(bare)
    return python.plain(bare, start) or javascript.plain(bare, start)
