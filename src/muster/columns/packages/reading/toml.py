"""TOML manifests: pyproject of every builder, Pipfile, and the metadata of single-file scripts."""

from __future__ import annotations

import re

from muster.columns.packages.reading import commands, specs
from muster.columns.packages.reading.grammar import TOOLS
from muster.columns.packages.reading.reader import Trigger, ended, open_brackets
from muster.columns.packages.reference import Means, Reference
from muster.records.language.packages import Ecosystem

_HEADER = re.compile(r"\s*\[{1,2}\s*([^\]\n]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEYED = re.compile(
    r"tool\.poetry(?:\.group\.[^.]+)?\.(?:dev-)?dependencies|(?:dev-)?packages"
    r"|(?:tool\.pixi\.)?(?:feature\.[^.]+\.)?pypi-dependencies|tool\.pixi(?:\.feature\.[^.]+)?\.dependencies"
)
"""Tables whose keys are packages."""
_ANY = re.compile(
    r"project\.optional-dependencies|dependency-groups|tool\.pdm\.dev-dependencies|tool\.flit\.metadata\.requires-extra"
)
"""Tables in which every key holds a list of requirements."""
_SOURCES = re.compile(r"tool\.(?:poetry|pdm)\.source|tool\.uv\.index|source")
_KEYS = """
    dependencies requires dev-dependencies extra-dependencies optional-dependencies constraint-dependencies
    override-dependencies index-url extra-index-url dependency-groups deps test-requires
"""
_LISTS = _KEYS.split()
_LIST = re.compile(rf"[ \t]*(?:[\w.-]+\.)?[\"']?(?:{'|'.join(_LISTS)})[\"']?[ \t]*[.=]")
_TRIGGER = Trigger(rf"(?<![\w./-])(?:{'|'.join(TOOLS)})(?=\s)", TOOLS)
_ENTRY = re.compile(
    r"\s*\[\s*(tool\.poetry\.(?:group\.[\w-]+\.)?(?:dev-)?dependencies|(?:dev-)?packages)\.([\w.-]+)\s*\]"
)
_OWNERS = re.compile(
    r"$|project|build-system|tool\.(?:uv|pdm|rye|poetry|hatch|flit|setuptools|cibuildwheel|tox|nox)(?:$|\.)|testenv|env"
)
_KEY = re.compile(r"""[ \t]*(["']?)([\w.@/-]+)\1[ \t]*=[ \t]*""")
_STRING = re.compile(r"""(?<!include-group = )(?<!include-group=)("|')((?:(?!\1)[^\n\\]|\\.)*)\1""")
_LONGEST = 400
"""Lines of a list that are waited for."""
_AWAY = re.compile(r"""\b(git|url|index|source)\s*=\s*["']([^"'\n]+)["']""")


class Toml:
    """Reads TOML by its tables; values run over lines while a bracket is open."""

    comment = "#"
    within = True

    def __init__(self) -> None:
        self._table = ""
        self._listing = False  # a list is so long that its lines are read one by one

    def first(self, line: str, since: int) -> int:
        """Return where a requirement or a key that is one begins."""
        begin = len(line) - len(line.lstrip())
        if begin == len(line) or line[begin] == "#":
            return -1
        if self._listing:
            return max(begin, since)
        if line[begin] == "[":
            return begin if _ENTRY.match(line) else -1
        return self._keyed(line, begin, since)

    def _keyed(self, line: str, begin: int, since: int) -> int:
        """Return where a key begins that is a package or holds some, or else a command."""
        table = self._table
        if _KEYED.fullmatch(table) or _ANY.fullmatch(table) or _SOURCES.fullmatch(table):
            return max(begin, since)
        if not _OWNERS.match(table):
            return _TRIGGER.first(line, since, ended=ended(line))
        if _LIST.match(line):
            return max(begin, since)
        if not ended(line) and re.fullmatch(r"[\"']?[\w.-]*[\"']?[ \t]*", line[begin:]):
            return max(begin, since)
        return _TRIGGER.first(line, since, ended=ended(line))

    def more(self, statement: str, since: int) -> bool:
        """Whether a list or an inline table is still open."""
        return not self._listing and statement.count("\n") < _LONGEST and open_brackets(statement[since:], "#")

    def passed(self, line: str) -> None:
        """Take note of the table."""
        if header := _HEADER.match(line):
            self._table = re.sub(r"[\"']|\s(?=[\s.])|(?<=\.)\s", "", header[1])

    def read(self, statement: str, since: int) -> list[Reference]:  # noqa: ARG002 - a key is held from its beginning
        """Return the requirements in the value of one key."""
        if entry := _ENTRY.match(statement):
            self._table = entry[0].strip("[] \t\n")
            return [_named(entry[2], entry.start(2), "")]
        if _HEADER.match(statement) and not self._listing:
            self.passed(statement)
            return []
        if self._listing:
            self._listing = "]" not in _STRING.sub("", statement)
            return _required(statement, 0)
        key = _KEY.match(statement)
        return self._valued(statement, key) if key else commands.read(statement)

    def _valued(self, statement: str, key: re.Match[str]) -> list[Reference]:
        if "packages" not in key[2] and (ordered := commands.read(statement, prose=True)):
            return ordered
        self._listing = statement.count("\n") >= _LONGEST and open_brackets(statement, "#")
        if _KEYED.fullmatch(self._table):
            return _entry(statement, key, self._table)
        text = (
            re.sub(r"#[^\n]*", lambda note: " " * len(note[0]), statement) if "\n" in statement.rstrip() else statement
        )
        strings = list(_STRING.finditer(text, key.end()))
        if "index" in key[2] or _SOURCES.fullmatch(self._table):
            return [_source(each) for each in strings if key[2] == "url" or key[2].endswith("index-url")]
        return _required(text, key.end())


def _required(text: str, start: int) -> list[Reference]:
    found = (specs.python(each[2], each.start(2), Means.REQUIREMENT) for each in _STRING.finditer(text, start))
    return [reference for reference in found if reference]


def _source(string: re.Match[str]) -> Reference:
    address = string[2]
    return Reference(Ecosystem.PYPI, Means.REQUIREMENT, "", address, string.start(2), string.end(2), 0, address)


def _entry(statement: str, key: re.Match[str], table: str) -> list[Reference]:
    """Read ``name = "^1.2"`` or ``name = {git = "..."}``."""
    value = statement[key.end() :]
    if key[2].lower() == "python" or re.search(r"\bpath\s*=", _STRING.sub("", value)):
        return []
    away = _AWAY.search(value)
    ecosystem = Ecosystem.CONDA if table.endswith("pixi.dependencies") else Ecosystem.PYPI
    return [_named(key[2], key.start(2), away[2] if away else "", ecosystem)]


def _named(name: str, start: int, source: str, ecosystem: Ecosystem = Ecosystem.PYPI) -> Reference:
    return Reference(ecosystem, Means.REQUIREMENT, name, name, start, start + len(name), 0, source)
