"""Prose: code spans that install or import, lines that are an import or a command and nothing else, and ``<pre>``.

What merely follows the words ``pip install`` in a sentence is never taken for a package.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from muster.columns.packages.layout import markup, sentences
from muster.columns.packages.reading import commands, javascript, python
from muster.columns.packages.reading.grammar import TOOLS
from muster.columns.packages.reading.reader import Reader, Trigger, ended
from muster.columns.packages.reference import Reference

_TOOLS = "|".join(TOOLS)
_CODE = ("import", "from", "require", "const", "var", "let", "export")
_LINE = re.compile(rf"(?:{'|'.join(_CODE)})\b|[$%!]\s?|>>>")
_LINE_WORDS = (*_CODE, *sentences.FIRST)
_SPANNED = re.compile(
    rf"`[\s$!%>]*(?:{'|'.join((*_CODE, *TOOLS))})(?:[\d.]*)(?![\w:=-])|<(?:code|pre|kbd|samp|tt)\b", re.IGNORECASE
)
_CALLED = Trigger(rf"(?:(?<![\w.@-])|(?<=-m))(?:{_TOOLS})[\d.]*(?:\.exe)?(?=[\s\"',]|$)", TOOLS)
_CLOSED = re.compile(r"(?<!`)`([^`\n]+)`(?=[^`])")
_OPENING = re.compile(r"`[\s$!%>]*([\w.]*)$")
_SPAN = re.compile(r"(?<!`)(`+)(?!`)([\s\S]+?)(?<!`)\1(?!`)")
_MARKED = re.compile(r"<(code|pre|kbd|samp|tt)\b[^>]*>([\s\S]*?)(?:</\1>|$)", re.IGNORECASE)
_TAGS = ("<code", "<pre", "<kbd", "<samp", "<tt")
_PROMPT = re.compile(rf"[ \t>]*+[$%!]\s?.*?\b(?:{_TOOLS})\s|(?: {{4,}}|\t).*?\b(?:{_TOOLS})\s")


class Prose:
    """Reads what stands outside of fences; ``block`` makes the reader of preformatted text, or of a patch."""

    comment = ""
    within = True

    def __init__(self, block: Callable[[str], Reader]) -> None:
        self._block = block
        self._inner: Reader | None = None
        self._end = ""
        self._closed = 0  # spans of the line up to here are closed and name nothing

    def first(self, line: str, since: int) -> int:
        """Return where a line that is code begins, or a span that may hold a command."""
        if self._inner:
            return self._inner.first(line, since)
        begin = sentences.lead(line)
        if since <= begin < len(line.rstrip()) and _begins(line, begin):
            return begin
        self._closed = self._closed if since else 0
        span, self._closed = _span(line, since, self._closed)
        places = (span, sentences.inside(line, since), -1 if ended(line) else _half_open(line, since))
        return min((place for place in places if place >= 0), default=-1)

    def more(self, statement: str, since: int) -> bool:
        """Whether a span is still open; it ends with the paragraph."""
        if self._inner:
            return self._inner.more(statement, since)
        lines = statement.count("\n")
        if lines > 3 or statement.endswith("\n\n"):
            return False
        if re.search(r"<code\b[^<]*\Z", statement[since:], re.IGNORECASE):
            return True
        return _SPAN.sub("", statement).count("`") % 2 == 1

    def passed(self, line: str) -> None:
        """Take note of where preformatted text begins and ends."""
        lower = line.lower()
        if self._inner:
            self._inner.passed(line)
            self._inner = None if self._end in lower else self._inner
        elif lower.rfind("<pre") > lower.rfind("</pre"):
            self._inner, self._end = self._block(""), "</pre"
        elif lower.startswith("*** begin patch"):
            self._inner, self._end = self._block("diff"), "*** end patch"

    def read(self, statement: str, since: int) -> list[Reference]:
        """Return what spans and lines of code name."""
        if self._inner:
            found = self._inner.read(markup.plain(statement), since)
            self._inner = None if self._end in statement.lower() else self._inner
            return found
        found = [each for each in _named(statement) if each.start >= since]
        self.passed(statement)
        return found


def _named(statement: str) -> list[Reference]:
    found = {each.start: each for each in (*_spanned(statement), *sentences.read(statement))}
    if not found:
        begin = sentences.lead(statement)
        whole = statement[begin:].rstrip()
        lines = commands.read(whole) if _PROMPT.match(statement) else _alone(whole)
        found = {each.start: each for each in (each.moved(begin, 0) for each in lines)}
    return list(found.values())


def _spanned(statement: str) -> Iterator[Reference]:
    """Yield what code spans name, and what stands between tags for code."""
    flowing = statement.replace("\n", " ")  # a span goes on in the next line, and means the same
    for span in _SPAN.finditer(flowing):
        yield from _coded(span[2], span.start(2))
    for span in _MARKED.finditer(statement):
        for line in re.finditer(r"[^\n]+", markup.plain(span[2])):
            yield from _coded(line[0], span.start(2) + line.start())


def _begins(line: str, begin: int) -> bool:
    """Whether a line is code, or may yet become it."""
    if _LINE.match(line, begin) or sentences.COMMAND.match(line, begin) or _PROMPT.match(line):
        return True
    return not ended(line) and (
        any(word.startswith(line[begin:]) for word in _LINE_WORDS) or bool(sentences.BEGUN.fullmatch(line, begin))
    )


def _span(line: str, since: int, at: int) -> tuple[int, int]:
    """Return where a span, or what in it calls an installer, begins, -1 if nowhere; and where the last one closed."""
    while (tick := line.find("`", at)) >= 0:
        closed = _CLOSED.match(line, tick)
        if closed is None or line[max(tick - 1, 0) : tick] == "`":
            break
        if closed.end() > since and _coded(closed[1], 0):
            return max(tick, since), at
        at = closed.end()  # such as `pip` alone
    marked = _SPANNED.search(line, max(at, since))
    return marked.start() if marked else _unclosed(line, tick, since), at


def _unclosed(line: str, tick: int, since: int) -> int:
    """Return where in a span without an end an installer is called, or where one begins that goes on below."""
    if tick < 0:
        return -1
    if line[tick:].strip("`\r\n \t"):
        return _CALLED.first(line, max(tick, since), ended=ended(line))
    return max(tick, since) if ended(line) and line.count("`", tick) == 1 else -1


def _half_open(line: str, since: int) -> int:
    """Return where a span begins whose first word is not complete yet."""
    tail = _OPENING.search(line, max(since, len(line) - 40))
    if tail and any(word.startswith(tail[1].lower()) for word in (*_CODE, *TOOLS)):
        return tail.start()
    tag = line.rfind("<", max(since, len(line) - 6))
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
