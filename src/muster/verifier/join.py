"""Make the one file ``verify.py`` of the files beside this one: ``python src/muster/verifier/join.py > verify.py``.

Like what it joins, it needs nothing but Python. The same sources always give the same bytes.
"""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
PACKAGE = "muster.verifier."
FIRST, LAST = "alone", "main"
TRUSTED = "# From here on everything is imported from Python itself, or from what this installation trusts anyway."


@cache
def joined(folder: Path = FOLDER) -> str:
    """Return the verifier as one file: docstring, imports, then every module after those that it needs.

    Parameters
    ----------
    folder
        Of the modules.

    Raises
    ------
    ValueError
        If a module imports in a way that leaves another name in one file, or two modules define the same name.
    """
    modules = [Module(folder, name) for name in _needed(folder, LAST)]
    first = Module(folder, FIRST)
    owners: dict[str, str] = {}
    for module in [first, *modules]:
        for name in module.defined:
            if owners.setdefault(name, module.name) != module.name:
                msg = f"{owners[name]} and {module.name} both define {name}: give one of them another name"
                raise ValueError(msg)
    parts = [f"# {m.name.replace('.', '/')}: {m.doc[0].lower()}{m.doc[1:]}\n\n{m.body}" for m in modules]
    start = f"{first.head}\n\nimport sys\n\n{first.body}\n\n{TRUSTED}\n{_imports(modules)}"
    return "\n\n\n".join([start, *parts]) + "\n"


class Module:
    """A file of the verifier, taken apart."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        text = folder.joinpath(*name.split(".")).with_suffix(".py").read_text(encoding="utf-8")
        tree = ast.parse(text)
        self.doc = " ".join((ast.get_docstring(tree) or "").split())
        self.imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._require_plain(node)
        lines = text.splitlines()
        self.head = "\n".join(lines[: self.imports[0].end_lineno])
        self.body = "\n".join(lines[self.imports[-1].end_lineno or 0 :]).strip("\n")
        self.defined = {each for node in tree.body if node not in self.imports for each in _defined(name, node)}

    @property
    def own(self) -> list[str]:
        """The modules of the verifier that it imports."""
        named = [node.module or "" for node in self.imports if isinstance(node, ast.ImportFrom)]
        return [name[len(PACKAGE) :] for name in named if name.startswith(PACKAGE)]

    def _require_plain(self, node: ast.Import | ast.ImportFrom) -> None:
        """Require that what is imported has the same name in one file as in many."""
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
        whole = isinstance(node, ast.Import) and any(name.startswith("muster") for name in names)
        if whole or node not in self.imports or any(each.asname for each in node.names):
            msg = f"{self.name}, line {node.lineno}: write `from {PACKAGE}x import name`, by that name, on top"
            raise ValueError(msg)


def _needed(folder: Path, name: str, found: dict[str, None] | None = None) -> list[str]:
    """Return a module behind all that it needs."""
    found = {} if found is None else found
    for other in sorted(Module(folder, name).own):
        if other not in found:
            _needed(folder, other, found)
    found[name] = None
    return [*found]


def _defined(module: str, node: ast.stmt) -> list[str]:
    """Return the names that a statement of a module defines."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)]
    if isinstance(node, ast.Expr) or (isinstance(node, ast.If) and module in (FIRST, LAST)):
        return []
    msg = f"{module}, line {node.lineno}: a module of the verifier defines only functions, classes and constants"
    raise ValueError(msg)


def _imports(modules: list[Module]) -> str:
    """Return what the modules import of Python, once each, in order."""
    whole: set[str] = set()
    names: dict[str, set[str]] = {}
    for node in (node for module in modules for node in module.imports):
        if isinstance(node, ast.Import):
            whole |= {each.name for each in node.names}
        elif node.module != "__future__" and not (node.module or "").startswith(PACKAGE):
            names.setdefault(node.module or "", set()).update(each.name for each in node.names)
    lines = [f"import {name}" for name in sorted(whole - {"sys"})]
    return "\n".join([*lines, *(f"from {name} import {', '.join(sorted(names[name]))}" for name in sorted(names))])


if __name__ == "__main__":
    sys.stdout.write(joined())
