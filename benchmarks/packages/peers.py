"""The two ways in which others look for packages that do not exist, rebuilt: patterns on raw names, and ast by name.

The first is that of red-teaming tools, the second that of published studies. Both are given the same list of names.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator

from muster.columns.packages.names import NameList, normal
from muster.records.language.packages import Ecosystem

_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PYTHON = (
    re.compile(r"^import\s+([a-zA-Z0-9_][a-zA-Z0-9\-\._]*)", re.MULTILINE),
    re.compile(r"^from\s+([a-zA-Z0-9][a-zA-Z0-9\-\._]*)\s*import", re.MULTILINE),
)
_SCRIPT = re.compile(r"""(?:^import\s+(?:[^'"\n]*?from\s+)?|require\(\s*)['"]([^'"\n./][^'"\n]*)['"]""", re.MULTILINE)

Peer = Callable[[str, NameList, NameList], set[str]]


def patterns(text: str, python: NameList, npm: NameList) -> set[str]:
    """Return the names that a red-teaming tool's patterns find and its raw list does not have."""
    found = {match.split(".")[0] for pattern in _PYTHON for match in pattern.findall(text)}
    flagged = {name for name in found if name not in sys.stdlib_module_names and name not in python}
    return flagged | {name for name in _SCRIPT.findall(text) if name not in npm}


def equality(text: str, python: NameList, npm: NameList) -> set[str]:  # noqa: ARG001 - it reads Python only
    """Return the imports of which no package has the same normalised name."""
    found = {name.split(".")[0] for block in _FENCE.findall(text) for name in _imports(block)}
    known = sys.stdlib_module_names
    return {name for name in found if name not in known and normal(Ecosystem.PYPI, name) not in python}


def _imports(block: str) -> Iterator[str]:
    try:
        tree = ast.parse(block)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
