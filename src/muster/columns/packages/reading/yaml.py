"""YAML: conda environments, the dependencies of hooks, and the commands in workflows of continuous integration."""

from __future__ import annotations

import re

from muster.columns.packages.reading import commands, specs
from muster.columns.packages.reading.grammar import TOOLS
from muster.columns.packages.reading.reader import Trigger, ended
from muster.columns.packages.reference import Means, Reference
from muster.records.language.packages import Ecosystem

_TRIGGER = Trigger(
    rf"(?<![\w.-])(?:{'|'.join(TOOLS)})(?=[\s\"',]|$)|(?<!\w)additional_dependencies",
    (*TOOLS, "additional_dependencies"),
)
_SECTION = re.compile(r"(\s*(?:-\s+)?)(dependencies|additional_dependencies|pip)\s*:")
_LABEL = re.compile(r"\s*(?:-\s+)?(?:name|description|title|key|displayName|label|id|uses)\s*:")
_ITEM = re.compile(r"\s*-\s+")
_PART = re.compile(r"""(["']?)([^\s"',\[\]#]+(?:\[[^\]]*\])?[^"',\]#]*)\1""")


class Yaml:
    """Reads YAML by indentation: which list a line is an item of."""

    comment = "#"
    within = True

    def __init__(self) -> None:
        self._sections: list[tuple[int, Ecosystem]] = []

    def first(self, line: str, since: int) -> int:
        """Return where an item of a list of packages, or a command, begins."""
        begin = len(line) - len(line.lstrip())
        if begin == len(line) or line[begin] == "#":
            return -1
        if self._within(line, begin) is not None and (
            _ITEM.match(line) or (not ended(line) and line[begin:].strip() == "-")
        ):
            return max(begin, since)
        return _TRIGGER.first(line, since, ended=ended(line))

    def more(self, statement: str, since: int) -> bool:
        """Whether a backslash or an open list joins the next line."""
        joined = statement.rstrip("\r\n").endswith("\\")
        listed = "additional_dependencies" in statement and statement.count("[") > statement.count("]")
        return joined or (listed and statement.count("\n") < 100 and since >= 0)

    def passed(self, line: str) -> None:
        """Take note of the list that begins or ends here."""
        begin = len(line) - len(line.lstrip())
        if not line.strip() or line.lstrip().startswith("#"):
            return
        self._within(line, begin, leave=True)
        if section := _SECTION.match(line):
            outer = section[2] == "dependencies"
            if not outer or begin == 0:
                self._sections.append((begin, Ecosystem.CONDA if outer else Ecosystem.PYPI))

    def read(self, statement: str, since: int) -> list[Reference]:
        """Return what the items or commands name."""
        begin = len(statement) - len(statement.lstrip())
        ecosystem = self._within(statement, begin)
        if (item := _ITEM.match(statement)) and ecosystem and not _SECTION.match(statement):
            return _specs(statement, item.end(), ecosystem)
        self.passed(statement)
        if "additional_dependencies" in statement:
            return _specs(statement, statement.index(":", since) + 1, Ecosystem.PYPI)
        if _LABEL.match(statement):
            return []
        return [found for found in commands.read(statement) if found.start >= since]

    def _within(self, line: str, begin: int, *, leave: bool = False) -> Ecosystem | None:
        """Return the ecosystem of the list that a line of this indentation is in."""
        item = line[begin : begin + 1] == "-"
        sections = [
            (depth, kind) for depth, kind in self._sections if begin > depth or (begin == depth and item and depth == 0)
        ]
        if leave:
            self._sections = sections
        return sections[-1][1] if sections else None


def _specs(text: str, start: int, ecosystem: Ecosystem) -> list[Reference]:
    found = []
    for part in _PART.finditer(text.partition("\n")[0] if "[" not in text else text, start):
        spec = part[2].rstrip()
        kind = Ecosystem.NPM if ecosystem is Ecosystem.PYPI and re.match(r"@|[\w.-]+@\d", spec) else ecosystem
        if reference := specs.of(kind, spec, part.start(2), Means.REQUIREMENT):
            found.append(reference)
    return found
