"""Own: what a project calls its own, so that importing it is no finding: its modules, packages, scopes and aliases."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from muster.cli.packages.files import decoded, found

_REPOSITORY = ".git"
_MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg", "package.json")
_COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*[\s\S]*?\*/')
_TRAILING = re.compile(r",(\s*[}\]])")
LARGEST = 2**20
"""Bytes of a manifest."""


@dataclass(frozen=True, slots=True)
class Own:
    """What a project calls its own."""

    modules: frozenset[str] = frozenset()
    """To be imported."""
    packages: frozenset[str] = frozenset()
    """To be installed by, too: names in its manifests, and aliases of its bundler, which are names or scopes."""


def project_of(path: Path) -> Path | None:
    """Return the folder of the project that a file is in; None where none can be seen above it.

    That is the repository, whose packages may import one another, or else the nearest folder with a manifest.
    """
    start = path.absolute() if path.is_dir() else path.absolute().parent
    above = (start, *start.parents)
    repository = next((folder for folder in above if (folder / _REPOSITORY).exists()), None)
    return repository or next(
        (folder for folder in above if any((folder / name).exists() for name in _MANIFESTS)), None
    )


def own_names(folder: Path) -> Own:
    """Return what a project defines itself."""
    modules: set[str] = set()
    packages: set[str] = set()
    for path in found([str(folder)]):
        if path.suffix in {".py", ".pyi", ".pyx"}:
            modules.update((path.stem, *path.parent.relative_to(folder).parts))
        elif path.name == "package.json":
            packages.update(_strings(_json(path).get("name")))
        elif path.name == "pyproject.toml":
            packages.update(_declared(path))
    for place in (folder, folder / "src"):  # also where a package is called what is passed over as a build elsewhere
        modules.update(path.parent.name for path in place.glob("*/*.py"))
    for path in (*folder.glob("tsconfig*.json"), *folder.glob("jsconfig*.json")):
        packages.update(_aliases(path))
    return Own(frozenset(name for name in modules if name.isidentifier()), frozenset(packages))


def owned(paths: Iterable[Path], files: Iterable[Path]) -> Own:
    """Return what the projects of these paths define, and the modules that lie beside these files."""
    projects = {project_of(path) or (path if path.is_dir() else None) for path in paths}
    each = [own_names(folder) for folder in projects if folder]
    beside = {file.stem for folder in {path.absolute().parent for path in files} for file in folder.glob("*.py")}
    return Own(
        frozenset(beside).union(*(own.modules for own in each)), frozenset().union(*(own.packages for own in each))
    )


def _declared(path: Path) -> Iterator[str]:
    try:
        said = tomllib.loads(_text(path))
    except (OSError, tomllib.TOMLDecodeError):
        return
    for section in (said.get("project"), (said.get("tool") or {}).get("poetry")):
        yield from _strings(section.get("name") if isinstance(section, dict) else None)


def _aliases(path: Path) -> Iterator[str]:
    """Yield the aliases of a tsconfig: ``"@app/*": [...]`` makes ``@app`` the project's own."""
    options = _json(path).get("compilerOptions")
    paths = options.get("paths") if isinstance(options, dict) else None
    for alias in paths if isinstance(paths, dict) else ():
        name = alias.removesuffix("/*").removesuffix("*").rstrip("/")
        yield from (part for part in (name, name.partition("/")[0]) if part)


def _json(path: Path) -> dict[str, Any]:
    """Read JSON as people write it in such files, with comments and commas too many; nothing where it is none."""
    try:
        bare = _COMMENT.sub(lambda match: match[1] or "", _text(path))
        said = json.loads(_TRAILING.sub(r"\1", bare))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return decoded(file.read(LARGEST))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield value
