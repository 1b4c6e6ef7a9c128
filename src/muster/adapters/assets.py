"""Files that ship inside the package: policies, the control library, reason maps, data contracts and open data."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

FOLDERS = ("clauses", "contracts", "controls", "data", "policies", "prompts", "questionnaires", "reasons", "stories")

LIBRARY = "controls/controls.yaml"
"""The whole control library in one file: it is put together from a file for each family and one for each regime."""

_SECTION = re.compile(r"^(?P<name>objectives|controls|regimes|clauses):$", re.MULTILINE)


def asset(path: str) -> bytes:
    """Return a file such as ``policies/mortgage.yaml``; raise KeyError naming those that there are.

    ``controls/controls.yaml`` is the whole control library, put together from its parts.
    """
    if path == LIBRARY:
        return _library()
    folder, _, name = path.partition("/")
    if folder not in FOLDERS or name not in assets(folder):
        known = ", ".join((LIBRARY, *(f"{place}/{file}" for place in FOLDERS for file in assets(place))))
        msg = f"muster ships no file {path!r}; there are {known}"
        raise KeyError(msg)
    return (_root() / folder / name).read_bytes()


def assets(folder: str) -> tuple[str, ...]:
    """Return the file names of one folder in order; raise KeyError if there is no such folder."""
    if folder not in FOLDERS:
        msg = f"no folder {folder!r} ships with muster; there are {', '.join(FOLDERS)}"
        raise KeyError(msg)
    return tuple(sorted(file.name for file in (_root() / folder).iterdir() if file.is_file()))


@cache
def _library() -> bytes:
    """Put the library together: what all files say of one thing stands under one head, comments and all."""
    sections: dict[str, list[str]] = {"objectives": [], "controls": [], "regimes": [], "clauses": []}
    files = [("controls", name) for name in assets("controls") if name != "library.yaml"]
    for folder, name in (*files, *(("clauses", name) for name in assets("clauses"))):
        text = (_root() / folder / name).read_text(encoding="utf-8")
        heads = list(_SECTION.finditer(text))
        ends = [*(head.start() for head in heads[1:]), len(text)]
        for head, end in zip(heads, ends, strict=True):
            sections[head["name"]].append(text[head.end() : end].strip("\n"))
    opening = (_root() / "controls" / "library.yaml").read_text(encoding="utf-8")
    return "\n".join(
        (opening, *(f"{name}:\n" + "\n\n".join(parts) + "\n" for name, parts in sections.items()))
    ).encode()


def _root() -> Traversable:
    return resources.files("muster") / "assets"
