"""YAML: conda environments, the dependencies of hooks, and the commands in workflows of continuous integration."""

from __future__ import annotations

import re

from muster.columns.packages.reading import commands, specs
from muster.columns.packages.reading.grammar import TOOLS
from muster.columns.packages.reading.reader import Trigger, ended
from muster.columns.packages.reference import Means, Reference
from muster.records.language.packages import Ecosystem

_TRIGGER = Trigger(
    rf"(?<![\w.-])(?:{'|'.join(TOOLS)})(?=[\s\"',]|$)|(?<!\w)(?:additional_dependencies|p(?:ip|ython)_packages|pip)(?=:)",
    (*TOOLS, "additional_dependencies", "pip_packages", "python_packages", "pip"),
)
_SECTION = re.compile(
    r"(\s*(?:-\s+)?)(dependencies|additional_dependencies|(?:[\w.]+\.)?pip|pip_packages|python_packages|[\w.]+\.npm)\s*:"
)
_FLOW = re.compile(r"\s*(?:-\s+)?(?:additional_dependencies|pip|pip_packages|python_packages)\s*:\s*\[")
_MODULE = re.compile(r"\s*name\s*:\s*")
_FOLDED = re.compile(r"\s*(?:-\s+)?[\w.-]+\s*:\s*>[-+\d]*\s*$")
_LABEL = re.compile(r"\s*(?:-\s+)?(?:name|description|title|key|displayName|label|id|uses)\s*:")
_ITEM = re.compile(r"\s*-\s+")
_PART = re.compile(r"""(["']?)([^\s"',\[\]#]+(?:\[[^\]]*\])?[^"',\]#]*)\1""")


class Yaml:
    """Reads YAML by indentation: which list a line is an item of."""

    comment = "#"
    within = True

    def __init__(self) -> None:
        self._sections: list[tuple[int, bool, Ecosystem]] = []  # indentation, whether it is an item, what is listed
        self._folded = -1  # indentation of the key whose text is one line, though it is written on many
        self._begun = ""  # of the command in it

    def first(self, line: str, since: int) -> int:
        """Return where an item of a list of packages, or a command, begins."""
        begin = len(line) - len(line.lstrip())
        if begin == len(line) or line[begin] == "#":
            return -1
        if self._within(line, begin) is not None and (
            _ITEM.match(line) or (not ended(line) and line[begin:].strip() == "-")
        ):
            return max(begin, since)
        if self._begun or (self._within(line, begin) and _MODULE.match(line)):
            return max(begin, since)
        return _TRIGGER.first(line, since, ended=ended(line))

    def more(self, statement: str, since: int) -> bool:
        """Whether a backslash or an open list joins the next line."""
        joined = statement.rstrip("\r\n").endswith("\\")
        listed = _FLOW.match(statement) is not None and statement.count("[") > statement.count("]")
        return joined or (listed and statement.count("\n") < 100 and since >= 0)

    def passed(self, line: str) -> None:
        """Take note of the list that begins or ends here."""
        begin = len(line) - len(line.lstrip())
        if not line.strip() or line.lstrip().startswith("#"):
            return
        self._within(line, begin, leave=True)
        self._fold(line, begin)
        if section := _SECTION.match(line):
            outer = section[2] == "dependencies"
            kind = Ecosystem.NPM if section[2].endswith("npm") else Ecosystem.PYPI
            if not outer or begin == 0:
                self._sections.append((begin, "-" in section[1], Ecosystem.CONDA if outer else kind))

    def read(self, statement: str, since: int) -> list[Reference]:
        """Return what the items or commands name."""
        begin = len(statement) - len(statement.lstrip())
        ecosystem = self._within(statement, begin)
        if (item := _ITEM.match(statement)) and ecosystem and not _SECTION.match(statement):
            return _specs(statement, item.end(), ecosystem)
        if ecosystem and (name := _MODULE.match(statement)):
            return _specs(statement, name.end(), ecosystem)
        self.passed(statement)
        if _FLOW.match(statement):
            return _specs(statement, statement.index("[") + 1, Ecosystem.PYPI)
        if begin > self._folded >= 0:
            return self._joined(statement, since)
        if _LABEL.match(statement):
            return []
        return [found for found in commands.read(statement) if found.start >= since]

    def _fold(self, line: str, begin: int) -> None:
        """Take note of where a text begins and ends that is one line, though it is written on many."""
        if begin <= self._folded:
            self._folded, self._begun = -1, ""
        if _FOLDED.match(line):
            self._folded = begin

    def _joined(self, statement: str, since: int) -> list[Reference]:
        """Read a line as the rest of a command that began on one before."""
        before, self._begun = self._begun, f"{self._begun}{statement.rstrip()} "
        found = (each.moved(-len(before), 0) for each in commands.read(before + statement))
        return [each for each in found if each.start >= since]

    def _within(self, line: str, begin: int, *, leave: bool = False) -> Ecosystem | None:
        """Return the ecosystem of the list that a line of this indentation is in."""
        item = line[begin : begin + 1] == "-"
        sections = [
            (depth, listed, kind)
            for depth, listed, kind in self._sections
            if begin > depth or (begin == depth and item and not listed)
        ]
        if leave:
            self._sections = sections
        return sections[-1][2] if sections else None


def _specs(text: str, start: int, ecosystem: Ecosystem) -> list[Reference]:
    found = []
    for part in _PART.finditer(text.partition("\n")[0] if "[" not in text else text, start):
        spec = part[2].rstrip()
        kind = Ecosystem.NPM if ecosystem is Ecosystem.PYPI and re.match(r"@|[\w.-]+@\d", spec) else ecosystem
        if reference := specs.of(kind, spec, part.start(2), Means.REQUIREMENT):
            found.append(reference)
    return found
