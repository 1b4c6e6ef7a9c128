"""Files in which packages may be named: those that are given, or all below a folder that are worth reading."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from muster.columns.packages.layout.languages import of_file

LARGEST = 4 * 2**20
"""Bytes of a file that is read."""
_PASSED = frozenset(
    [
        "__pycache__",
        "build",
        "dist",
        "node_modules",
        "site-packages",
        "bower_components",
        "vendor",
        "target",
        "coverage",
        "htmlcov",
        "venv",
        "env",
    ]
)
"""Folders that hold what was installed or built; a hidden folder is passed over too, but for those of CI."""
_CI = frozenset({".github", ".gitlab", ".circleci", ".devcontainer"})
_MARKDOWN = (".md", ".mdx", ".markdown", ".rst", ".qmd", ".rmd")
_DATA = (".json", ".jsonc", ".txt", ".html", ".in")
"""Files that mostly hold something else: read where their name says that they name packages."""
_NAMED = ("package.json", ".ipynb", "pipfile", "composer.json", "devcontainer.json")
_HIDDEN = (".gitlab-ci.yml", ".travis.yml", ".pre-commit-config.yaml")


def found(paths: Iterable[str], exclude: Sequence[str] = ()) -> Iterator[Path]:
    """Yield the files that are given, and those below folders that are given, each once.

    Parameters
    ----------
    exclude
        Patterns of paths, as a shell writes them, that are passed over.

    Raises
    ------
    FileNotFoundError
        If nothing is there.
    """
    seen: set[Path] = set()
    for text in paths:
        path = Path(text)
        if not path.exists():
            msg = f"{text}: nothing is there; name files, folders, or - for standard input"
            raise FileNotFoundError(msg)
        for file in _below(path) if path.is_dir() else (path,):
            if file not in seen and not _passed_over(file, exclude):
                seen.add(file)
                yield file


def _passed_over(file: Path, exclude: Sequence[str]) -> bool:
    return any(fnmatchcase(str(file), pattern) or fnmatchcase(file.name, pattern) for pattern in exclude)


def read(path: Path) -> str:
    """Read a file as text; raise ValueError where it is too large, OSError where it cannot be read."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        msg = f"{path}: more than {LARGEST // 2**20} MiB and not read; pass it over with --exclude"
        raise ValueError(msg)
    return decoded(content)


def decoded(content: bytes) -> str:
    """Return text as its byte order mark says, else as UTF-8; what is neither shows as stand-ins."""
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")


def worth_reading(name: str) -> bool:
    """Whether a file of this name is looked at where its folder was given."""
    lower = name.lower()
    if lower.startswith(".") and lower not in _HIDDEN:
        return False
    if lower.endswith(_DATA) and not lower.endswith(_NAMED):
        return "requirement" in lower or "constraint" in lower
    return lower.endswith(_MARKDOWN) or of_file(name) is not None


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if _entered(Path(place, name)))
        for name in sorted(names):
            path = Path(place, name)
            if worth_reading(name) and path.is_file() and not path.is_symlink():
                yield path


def _entered(folder: Path) -> bool:
    name = folder.name
    hidden = name.startswith(".") and name not in _CI
    return not hidden and name not in _PASSED and not folder.is_symlink() and not (folder / "pyvenv.cfg").exists()
