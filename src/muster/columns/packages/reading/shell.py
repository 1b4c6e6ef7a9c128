"""Shells and Dockerfiles: install commands, code given to an interpreter, and files written by here-documents."""

from __future__ import annotations

import re
from collections.abc import Callable

from muster.columns.packages.reading import commands, specs
from muster.columns.packages.reading.grammar import TOOLS
from muster.columns.packages.reading.python import Python
from muster.columns.packages.reading.reader import Reader, Trigger, ended
from muster.columns.packages.reference import Means, Reference

_TRIGGER = Trigger(
    rf"(?:(?<![\w.-])|(?<=\s-m))(?:(?:{'|'.join(TOOLS)})(?=[\s\"',.\\]|$)|(?:echo|printf)(?=\s|$))|(?<!\S)-c(?=\s)|(?<!\w)requirements",
    (*TOOLS, "-c", "echo", "printf", "requirements"),
)
_INLINE = re.compile(r"""python[\d.]*\s+(?:-\w+\s+)*-c\s+(["'])([\s\S]*?)\1""")
_ECHO = re.compile(r"""(?:echo|printf)\s+(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'>]+))\s*>>?\s*\S*requirements""")
_DOCUMENT = re.compile(
    r"""(?:>>?|tee(?:\s+-a)?)\s*["']?(?P<file>[^\s"'<>|]+)["']?.*?<<-?\s*["']?(?P<end>\w+)|<<-?\s*["']?(?P<end2>\w+)["']?\s*>>?\s*(?P<file2>\S+)|(?P<run>python[\d.]*|node)\s.*<<-?\s*["']?(?P<end3>\w+)"""
)


class Shell:
    """Reads shell scripts, consoles and Dockerfiles; ``named`` gives the reader of a file by its name."""

    comment = "#"
    within = False

    def __init__(self, named: Callable[[str], Reader | None]) -> None:
        self._named = named
        self._inner: Reader | None = None
        self._end = ""

    def first(self, line: str, since: int) -> int:
        """Return where a command begins, or what the file that is being written names."""
        if self._inner:
            return self._inner.first(line, since)
        return _TRIGGER.first(line, since, ended=ended(line))

    def more(self, statement: str, since: int) -> bool:
        """Whether a backslash or an open quotation joins the next line."""
        if self._inner:
            return self._inner.more(statement, since)
        if statement.rstrip("\r\n").endswith(("\\", "`", "^")):
            return True
        return bool(re.search(r"""-c\s+(["'])(?:(?!\1)[\s\S])*$""", statement[since:])) and statement.count("\n") < 60

    def passed(self, line: str) -> None:
        """Take note of files that begin and end."""
        if self._inner:
            if line.strip() == self._end:
                self._inner = None
            else:
                self._inner.passed(line)
        elif document := _DOCUMENT.search(line):
            run = document["run"]
            name = document["file"] or document["file2"] or ("x.js" if run == "node" else "x.py")
            self._inner = self._named(name)
            self._end = document["end"] or document["end2"] or document["end3"] or ""

    def read(self, statement: str, since: int) -> list[Reference]:
        """Return what the commands name."""
        if self._inner:
            if statement.strip() == self._end:
                self._inner = None
                return []
            return self._inner.read(statement, since)
        found = commands.read(statement)
        for code in _INLINE.finditer(statement):
            found.extend(each.moved(code.start(2), 0) for each in Python().read(code[2].replace("\\n", "; "), 0))
        for spoken in _ECHO.finditer(statement):
            group = spoken.lastindex or 0
            if each := specs.python(spoken[group].rstrip("\\n "), spoken.start(group), Means.REQUIREMENT):
                found.append(each)
        self.passed(statement)
        return [reference for reference in found if reference.start >= since]
