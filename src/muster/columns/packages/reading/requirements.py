"""Requirements files, and the lists of requirements in setup.cfg and tox.ini."""

from __future__ import annotations

import re

from muster.columns.packages.reading import commands, specs
from muster.columns.packages.reading.grammar import TOOLS
from muster.columns.packages.reading.reader import Trigger
from muster.columns.packages.reference import Means, Reference
from muster.records.language.packages import Ecosystem

_OPTION = re.compile(r"\s*(-i|--index-url|--extra-index-url|-f|--find-links)[ \t=]+(\S+)")
_EDITABLE = re.compile(r"\s*(?:-e|--editable)[ \t=]+")
_REQUIRED = re.compile(r"\s*(?:install_requires|setup_requires|tests_require|requires|deps)\s*[=:]")
_TRIGGER = Trigger(rf"(?<![\w./-])(?:{'|'.join(TOOLS)})(?=\s)", TOOLS)
_GROUP = re.compile(r"\s*\[(options\.extras_require|extras)\]")


class Requirements:
    """Reads one requirement a line."""

    comment = "#"
    within = False

    def __init__(self) -> None:
        self._index = ""

    def first(self, line: str, since: int) -> int:
        """Return where the requirement begins."""
        begin = len(line) - len(line.lstrip())
        return -1 if begin == len(line) or line[begin] == "#" else max(begin, since)

    def more(self, statement: str, since: int) -> bool:  # noqa: ARG002 - the backslash is at the end
        """Whether a backslash joins the next line."""
        return statement.rstrip("\r\n").endswith("\\")

    def passed(self, line: str) -> None:
        """Nothing is remembered of comments."""

    def read(self, statement: str, since: int) -> list[Reference]:  # noqa: ARG002 - a statement is held from its beginning
        """Return the requirement, or the index that the file asks for."""
        if option := _OPTION.match(statement):
            if specs.local(option[2]):
                return []
            self._index = option[2]
            return [
                Reference(
                    Ecosystem.PYPI, Means.REQUIREMENT, "", option[2], option.start(2), option.end(2), 0, option[2]
                )
            ]
        editable = _EDITABLE.match(statement)
        begin = editable.end() if editable else len(statement) - len(statement.lstrip())
        text = re.split(r"\s#|\s+--|\s*\\?\r?\n", statement[begin:])[0].rstrip()
        if not text or text.startswith("-"):
            return []
        found = specs.python(text, begin, Means.REQUIREMENT, index=self._index)
        return [found] if found else []


class Ini:
    """Reads setup.cfg and tox.ini: requirements are indented below their key."""

    comment = ""
    within = True

    def __init__(self) -> None:
        self._list = False
        self._extras = False

    def first(self, line: str, since: int) -> int:
        """Return where a requirement begins, or the key of a list of them."""
        begin = len(line) - len(line.lstrip())
        if begin == len(line) or line[begin] in "#;[":
            return -1
        if (self._list and begin) or self._extras or _REQUIRED.match(line):
            return max(begin, since)
        if re.fullmatch(r"\s*\w*\s*", line) and not line.endswith("\n"):
            return max(begin, since)
        return _TRIGGER.first(line, since, ended=line.endswith("\n"))

    def more(self, statement: str, since: int) -> bool:  # noqa: ARG002 - a line is a requirement
        """Every line is judged by itself."""
        return False

    def passed(self, line: str) -> None:
        """Take note of sections and other keys."""
        if line.startswith(("#", ";")):
            return
        if line.startswith("["):
            self._extras = bool(_GROUP.match(line))
            self._list = False
        elif line.strip() and not line[0].isspace():
            self._list = False

    def read(self, statement: str, since: int) -> list[Reference]:
        """Return the requirements of a line."""
        begin = since
        if not self._list and not self._extras and not _REQUIRED.match(statement):
            return [each for each in commands.read(statement) if each.start >= since]
        if key := re.match(r"\s*[\w-]+\s*[=:](?!=)\s*", statement):
            self._list, begin = True, key.end()
        elif not statement[0].isspace():
            self._list = False
            return []
        text = re.split(r"\s#|\r?\n", statement[begin:])[0].rstrip()
        text = text.partition(":")[2].lstrip() if re.match(r"[\w-]+:\s", text) else text
        found = specs.python(text, statement.index(text, begin), Means.REQUIREMENT) if text else None
        return [found] if found else []
