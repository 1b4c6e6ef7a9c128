"""TOML manifests: pyproject of every builder, Pipfile, and the metadata of single-file scripts."""

from __future__ import annotations

import re

from muster.columns.packages.reading import specs
from muster.columns.packages.reading.reader import ended, open_brackets
from muster.columns.packages.reference import Means, Reference
from muster.records.language.packages import Ecosystem

_HEADER = re.compile(r"\s*\[{1,2}\s*([^\]\n]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEYED = re.compile(
    r"tool\.poetry(?:\.group\.[^.]+)?\.(?:dev-)?dependencies|(?:dev-)?packages|tool\.pixi(?:\.feature\.[^.]+)?\.(?:pypi-)?dependencies"
)
"""Tables whose keys are packages."""
_ANY = re.compile(
    r"project\.optional-dependencies|dependency-groups|tool\.pdm\.dev-dependencies|tool\.flit\.metadata\.requires-extra"
)
"""Tables in which every key holds a list of requirements."""
_SOURCES = re.compile(r"tool\.(?:poetry|pdm)\.source|tool\.uv\.index|source")
_KEYS = """
    dependencies requires dev-dependencies extra-dependencies optional-dependencies constraint-dependencies
    override-dependencies index-url extra-index-url dependency-groups
"""
_LISTS = _KEYS.split()
_LIST = re.compile(rf"[ \t]*(?:[\w.-]+\.)?(?:{'|'.join(_LISTS)})[ \t]*[.=]")
_OWNERS = re.compile(
    r"$|project|build-system|tool\.(?:uv|pdm|rye|poetry|hatch|flit|setuptools|cibuildwheel|tox|nox)(?:$|\.)|testenv|env"
)
_KEY = re.compile(r"""[ \t]*(["']?)([\w.@/-]+)\1[ \t]*=[ \t]*""")
_STRING = re.compile(r"""(?<!include-group = )(?<!include-group=)("|')((?:(?!\1)[^\n\\]|\\.)*)\1""")
_AWAY = re.compile(r"""\b(git|url|index|source)\s*=\s*["']([^"'\n]+)["']""")


class Toml:
    """Reads TOML by its tables; values run over lines while a bracket is open."""

    comment = "#"
    within = True

    def __init__(self) -> None:
        self._table = ""

    def first(self, line: str, since: int) -> int:
        """Return where a requirement or a key that is one begins."""
        begin = len(line) - len(line.lstrip())
        if begin == len(line) or line[begin] in "#[":
            return -1
        table = self._table
        if _KEYED.fullmatch(table) or _ANY.fullmatch(table) or _SOURCES.fullmatch(table):
            return max(begin, since)
        if not _OWNERS.match(table):
            return -1
        if _LIST.match(line):
            return max(begin, since)
        return max(begin, since) if not ended(line) and re.fullmatch(r"[\w.-]*[ \t]*", line[begin:]) else -1

    def more(self, statement: str, since: int) -> bool:
        """Whether a list or an inline table is still open."""
        return statement.count("\n") < 400 and open_brackets(statement[since:], "#")

    def passed(self, line: str) -> None:
        """Take note of the table."""
        if header := _HEADER.match(line):
            self._table = header[1].replace('"', "").replace("'", "")

    def read(self, statement: str, since: int) -> list[Reference]:  # noqa: ARG002 - a key is held from its beginning
        """Return the requirements in the value of one key."""
        if header := _HEADER.match(statement):
            self._table = header[1]
            return []
        key = _KEY.match(statement)
        if not key:
            return []
        if _KEYED.fullmatch(self._table):
            return _entry(statement, key, self._table)
        text = (
            re.sub(r"#[^\n]*", lambda note: " " * len(note[0]), statement) if "\n" in statement.rstrip() else statement
        )
        strings = list(_STRING.finditer(text, key.end()))
        if "index" in key[2] or _SOURCES.fullmatch(self._table):
            return [_source(each) for each in strings if key[2] == "url" or key[2].endswith("index-url")]
        found = (specs.python(each[2], each.start(2), Means.REQUIREMENT) for each in strings)
        return [reference for reference in found if reference]


def _source(string: re.Match[str]) -> Reference:
    address = string[2]
    return Reference(Ecosystem.PYPI, Means.REQUIREMENT, "", address, string.start(2), string.end(2), 0, address)


def _entry(statement: str, key: re.Match[str], table: str) -> list[Reference]:
    """Read ``name = "^1.2"`` or ``name = {git = "..."}``."""
    value = statement[key.end() :]
    if key[2].lower() == "python" or re.search(r"\bpath\s*=", value):
        return []
    away = _AWAY.search(value)
    ecosystem = Ecosystem.CONDA if table.endswith("pixi.dependencies") else Ecosystem.PYPI
    name, start = key[2], key.start(2)
    source = away[2] if away else ""
    return [Reference(ecosystem, Means.REQUIREMENT, name, name, start, start + len(name), 0, source)]
