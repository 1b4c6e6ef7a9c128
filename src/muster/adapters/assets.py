"""Files that ship inside the package: policies, the control library, reason maps, data contracts and open data."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable

FOLDERS = ("contracts", "controls", "data", "policies", "prompts", "reasons", "stories")


def asset(path: str) -> bytes:
    """Return a file such as ``policies/mortgage.yaml``; raise KeyError naming those that there are."""
    folder, _, name = path.partition("/")
    if folder not in FOLDERS or name not in assets(folder):
        known = ", ".join(f"{place}/{file}" for place in FOLDERS for file in assets(place))
        msg = f"muster ships no file {path!r}; there are {known}"
        raise KeyError(msg)
    return (_root() / folder / name).read_bytes()


def assets(folder: str) -> tuple[str, ...]:
    """Return the file names of one folder in order; raise KeyError if there is no such folder."""
    if folder not in FOLDERS:
        msg = f"no folder {folder!r} ships with muster; there are {', '.join(FOLDERS)}"
        raise KeyError(msg)
    return tuple(sorted(file.name for file in (_root() / folder).iterdir() if file.is_file()))


def _root() -> Traversable:
    return resources.files("muster") / "assets"
