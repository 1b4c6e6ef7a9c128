"""Sentences: commands outside of fences and spans, where a line, a label's rest or bold text is one and no more."""

from __future__ import annotations

import re
from itertools import islice

from muster.columns.packages.reading import commands
from muster.columns.packages.reading.grammar import TOOLS
from muster.columns.packages.reading.reader import ended
from muster.columns.packages.reference import Reference

_TOOLS = "|".join(sorted(TOOLS, key=len, reverse=True))
FIRST = (*TOOLS, "sudo", "python", "python3", "py", "RUN")
"""Words with which a line begins that is a command."""
_LEAD = re.compile(r"[ \t>|]*+(?:(?:[-+*]|\d{1,3}[.)])[ \t]++)?+(?:<[\w-]{1,30}>)?+[ \t]*+(?:[*_\"'“]{1,3}|\+)?+")
COMMAND = re.compile(
    rf"(?:[$%!#]\s?)?(?:RUN\s+)?(?:sudo\s(?:-\w+\s)*)?(?:(?:python[\d.]*|py)\s(?:-[\w.]+\s)*?-m\s?)?(?:{_TOOLS})[\d.]*\s"
)
BEGUN = re.compile(r"(?:RUN\s?)?(?:sudo|python[\d.]*|py)?(?:\s[\w. -]{0,40})?")
"""What a line may begin with, before its installer."""
_INSIDE = re.compile(rf"(?:(?<=\w):\s+|\*\*|[\"“])((?:python[\d.]*\s-m\s)?(?:{_TOOLS})[\d.]*\s(?=\S))")
_HALF = re.compile(r"(?:\w:\s+|\*\*|[\"“])([a-z][\w.]{0,20}(?:\s-m?)?\s?)$")
_ENDS = "*_\"'”.,;:!)|` \t"
_CLOSING = re.compile(r"</[\w-]{1,30}>\Z")
_WORD = re.compile(
    r"(?:-{1,2}[\w-]+(?:=\S+)?|&&|\|\||\\|['\"]?[@A-Za-z0-9$<{.~/][\w.@/:+$<>{}#-]*(?:\[[\w,.-]*\])?"
    r"(?:(?:[=<>!~^]=?|@)[\w.*,<>=!~^]*)*['\"]?)"
)
_BLANK = frozenset({"npx", "uvx", "bunx", "pnpx"})
"""Installers without a verb: what follows them in a sentence is likelier its verb than a package."""
_VERBAL = "fails works does did is runs lets gives takes makes uses command commands errors issues step steps"
_VERBS = frozenset(_VERBAL.split())


def lead(line: str) -> int:
    """Return where the text of a line begins, behind what marks it as quoted, listed or bold."""
    found = _LEAD.match(line)
    return found.end() if found else 0


def inside(line: str, since: int) -> int:
    """Return where a command begins that a label, a quotation mark or bold text introduces; -1 if nowhere."""
    if found := _INSIDE.search(line, max(since - 3, 0)):
        return found.start(1) if found.start(1) >= since else -1
    half = None if ended(line) else _HALF.search(line, max(since - 3, len(line) - 32, 0))
    if half and half.start(1) >= since and any(word.startswith(half[1].split()[0]) for word in FIRST):
        return half.start(1)
    return -1


def read(statement: str) -> list[Reference]:
    """Return what the command of a line names; nothing where the line is more than a command."""
    line = statement.rstrip("\r\n")
    begin = lead(line)
    if COMMAND.match(line, begin):
        return _whole(line, begin, len(line))
    for found in islice(_INSIDE.finditer(line), 8):  # more commands in one line of prose are an attack on our time
        opened = line[found.start()]
        closing = line.find({"*": "**", "“": "”"}.get(opened, opened), found.end()) if opened in '*"“' else -1
        if named := _whole(line, found.start(1), closing if closing >= 0 else len(line)):
            return named
    return []


def _whole(line: str, begin: int, end: int) -> list[Reference]:
    whole = re.split(r"\s#", line[begin:end], maxsplit=1)[0]
    text = _CLOSING.sub("", whole.rstrip(_ENDS)).rstrip(_ENDS)
    text = whole if any(text.count(quote) % 2 for quote in "\"'`") else text
    words = text.split()
    if any(not _WORD.fullmatch(word) or word.lower() in commands.STOP or word in _VERBS for word in words[1:]):
        return []
    found = [each.moved(begin, 0) for each in commands.read(text)]
    if words and words[0] in _BLANK and not re.search(r"[-@/\d]", " ".join(words[1:])):
        return []
    return found
