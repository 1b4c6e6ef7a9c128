"""What the house rules measure: the files of the repository, their functions, names and complexity."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef

_NESTING = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.IfExp, ast.Match)
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@cache
def tracked() -> tuple[Path, ...]:
    """Return the files of the repository as git sees them, new ones too; without git, all but what was built."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        found = (ROOT / name for name in listing.stdout.split("\0") if name)
    else:
        found = (path for path in ROOT.rglob("*") if not {".venv", ".uv", "__pycache__"} & set(path.parts))
    return tuple(sorted(path for path in found if path.is_file()))


def python(*folders: str) -> tuple[Path, ...]:
    """Return the Python files under these folders of the repository."""
    roots = [ROOT / folder for folder in folders]
    return tuple(path for path in tracked() if path.suffix == ".py" and any(map(path.is_relative_to, roots)))


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> Iterator[Function]:
    """Yield every function and method of a file, inner ones too."""
    yield from (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def where(path: Path, node: ast.AST | None = None) -> str:
    """Return a place as ``src/muster/x.py:12 name``."""
    place = str(path.relative_to(ROOT))
    return f"{place}:{getattr(node, 'lineno', 1)} {getattr(node, 'name', '')}".strip() if node else place


def length(node: Function) -> int:
    """Return the lines of a function from ``def`` to its end, without decorators and docstring."""
    doc = node.body[0] if ast.get_docstring(node) is not None else None
    return node.end_lineno - node.lineno + 1 - (doc.end_lineno - doc.lineno + 1 if doc else 0)


def words(name: str) -> set[str]:
    """Split ``HTTPServer_name`` into its words, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def names(path: Path) -> Iterator[tuple[str, ast.AST | None]]:
    """Yield the names of a file, its folder, classes and functions; not of tests, whose names are sentences."""
    yield path.stem, None
    yield path.parent.name, None
    for node in ast.walk(tree(path)):
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("test_"):
            yield node.name, node


def has_code(path: Path) -> bool:
    """Whether a file holds more than declarations: some function does more than return one expression."""
    for node in functions(path):
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        if len(body) > 1 or (body and not isinstance(body[0], ast.Return | ast.Expr | ast.Pass)):
            return True
    return False


def complexity(node: Function) -> int:
    """Return the cognitive complexity of a function.

    Campbell, "Cognitive Complexity", SonarSource 2018: one for each break of the linear flow, one more for each level
    that it is nested, one for each run of like boolean operators, one for recursion.
    """
    inside = sum(_cost(child, 0) for child in node.body)
    recursive = any(
        isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == node.name
        for call in ast.walk(node)
    )
    return inside + recursive


def _cost(node: ast.AST, depth: int) -> int:
    if isinstance(node, ast.If):
        return 1 + depth + _branches(node, depth)
    own, deeper = 0, depth
    if isinstance(node, _NESTING):
        own, deeper = 1 + depth, depth + 1
        own += bool(getattr(node, "orelse", None)) and isinstance(node, ast.For | ast.AsyncFor | ast.While)
    elif isinstance(node, ast.BoolOp):
        own = 1
    elif isinstance(node, _INNER):
        deeper = depth + 1
    return own + sum(_cost(child, deeper) for child in ast.iter_child_nodes(node))


def _branches(node: ast.If, depth: int) -> int:
    cost = _cost(node.test, depth) + sum(_cost(child, depth + 1) for child in node.body)
    if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        return cost + 1 + _branches(node.orelse[0], depth)
    return cost + bool(node.orelse) + sum(_cost(child, depth + 1) for child in node.orelse)
