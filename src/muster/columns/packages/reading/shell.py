"""Shells and Dockerfiles: install commands, code given to an interpreter, and files written by here-documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from muster.columns.packages.reading import commands, specs
from muster.columns.packages.reading.grammar import TOOLS
from muster.columns.packages.reading.javascript import JavaScript
from muster.columns.packages.reading.python import Python
from muster.columns.packages.reading.reader import Reader, Trigger, ended
from muster.columns.packages.reference import Means, Reference

_VARIABLES = ("PIP", "NPM", "NPX", "YARN", "PNPM", "BUN", "UV", "POETRY", "PDM", "PIPENV", "PIPX", "CONDA", "MAMBA")
_TRIGGER = Trigger(
    rf"(?:(?<![\w.-])|(?<=\s-m)|(?<=\t-))(?:(?:{'|'.join(TOOLS)})(?=[\s\"',.\\-]|$)|(?:echo|printf|node)(?=\s|$)"
    rf"|(?:{'|'.join(_VARIABLES)})(?=[\s3)}}]))|(?<!\S)-c(?=\s)|(?<!\w)requirements",
    (*TOOLS, *_VARIABLES, "-c", "echo", "printf", "node", "requirements"),
)
_INLINE = re.compile(r"""python[\d.]*\s+(?:-\w+\s+)*-c\s+(["'])([\s\S]*?)\1""")
_SCRIPT = re.compile(r"""\bnode\s+(?:-\S+\s+)*(?:-e|-p|--eval|--print)\s+(["'])([\s\S]*?)\1""")
_ECHO = re.compile(
    r"""(?:echo|printf)\s+(?:-\w+\s+)*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'>]+))\s*(?:>>?|\|\s*tee(?:\s+-a)?\s)"""
    r"""\s*\S*requirements"""
)
_SPOKEN = re.compile(r"(?:(?!\\n)[^\s;])+(?:;(?:(?!\\n).)*)?")
_SET = re.compile(
    r"""(?:^|[\s;])(\w+)=(?:"([^"\n]*)"|'([^'\n]*)'|\(([^)]*)\)|([^\s;]+))|\bfor\s+(\w+)\s+in\s+([^;\n]+)""",
    re.MULTILINE,
)
_VALUE = re.compile(r"\$\{?(\w+)(?:\[[@*]\])?(?::?[-=]([^}\s]+))?")
_REMARKS = re.compile(r"(?:\n[ \t]*#[^\n]*)+\s*\Z")
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
        self._values: dict[str, str] = {}

    def first(self, line: str, since: int) -> int:
        """Return where a command begins, or what the file that is being written names."""
        if self._inner:
            return self._inner.first(line, since)
        return _TRIGGER.first(line, since, ended=ended(line))

    def more(self, statement: str, since: int) -> bool:
        """Whether a backslash or an open quotation joins the next line."""
        if self._inner:
            return self._inner.more(statement, since)
        if _REMARKS.sub("\n", statement[-2_000:]).rstrip("\r\n").endswith(("\\", "`", "^")):
            return True
        return bool(re.search(r"""-c\s+(["'])(?:(?!\1)[\s\S])*$""", statement[since:])) and statement.count("\n") < 60

    def passed(self, line: str) -> None:
        """Take note of files that begin and end."""
        if self._inner:
            if line.strip() == self._end:
                self._inner = None
            else:
                self._inner.passed(line)
            return
        self._note(line)
        if document := _DOCUMENT.search(line):
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
        self.passed(statement)
        found = [each for reference in commands.read(statement) for each in self._meant(reference)]
        for code in _INLINE.finditer(statement):
            found.extend(each.moved(code.start(2), 0) for each in Python().read(code[2].replace("\\n", "; "), 0))
        for code in _SCRIPT.finditer(statement):
            found.extend(each.moved(code.start(2), 0) for each in JavaScript().read(code[2], 0))
        found.extend(_spoken(statement))
        return [reference for reference in found if reference.start >= since]

    def _note(self, text: str) -> None:
        """Take note of variables that are set, and of what loops go through."""
        if "=" not in text and "for " not in text:
            return
        for given in _SET.finditer(text):
            name, *values = (group for group in given.groups() if group is not None)
            self._values[name] = " ".join(values)

    def _meant(self, reference: Reference) -> Iterator[Reference]:
        """Yield what a variable stands for that is to be installed; a reference itself where it holds none."""
        variable = _VALUE.match(reference.text)
        words = f"{self._values.get(variable[1], '')} {variable[2] or ''}".split() if variable else ()
        if not words:
            yield reference
        for word in words:
            named = specs.of(reference.ecosystem, word.strip("\"'"), reference.start, reference.means, reference.index)
            if named:
                yield replace(named, text=reference.text, end=reference.end)


def _spoken(statement: str) -> Iterator[Reference]:
    """Yield the requirements that are written into a file by ``echo`` and ``printf``."""
    for spoken in _ECHO.finditer(statement):
        group = spoken.lastindex or 0
        for word in _SPOKEN.finditer(spoken[group]):
            text = word[0].removeprefix("\\n")
            start = spoken.start(group) + word.end() - len(text)
            if each := specs.python(text, start, Means.REQUIREMENT):
                yield each
