"""Manifest: what a snapshot of names is, and the digest of each of its files; its own digest names the snapshot."""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from muster.records.canonical import canonical, parse
from muster.records.codec import decode, encode
from muster.records.language.packages import Ecosystem

FILE = "manifest.json"
FORMAT = 1
LARGEST = 2**20
"""Bytes of a manifest; one has some hundred."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot is."""

    ecosystem: Ecosystem
    complete: bool
    """Whether a name that is missing does not exist."""
    taken_at: datetime
    names: int
    """How many it holds; for a map of imports, how many modules."""
    source: str
    """``index``, ``file``, or ``starter`` for what ships with muster."""
    files: Mapping[str, str]
    """File name to its SHA-256."""
    licences: tuple[str, ...] = ()
    """What the values of the column ``licence`` stand for, from 1."""
    index: str = ""
    """SHA-256 of the address that it was taken from; the address itself stays on the machine that asked."""
    serial: int | None = None
    """What the index calls the state that was taken."""
    format: int = FORMAT

    @property
    def content(self) -> bytes:
        """The file."""
        return canonical(encode(self))

    @property
    def digest(self) -> str:
        """What names the snapshot."""
        return digest_of(self.content)


def digest_of(content: bytes) -> str:
    """Return a SHA-256 as records write it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a snapshot.

    Raises
    ------
    FileNotFoundError
        If there is none.
    ValueError
        If it is none, or of a format that a later version of muster writes.
    """
    path = folder / FILE
    with path.open("rb") as file:
        content = file.read(LARGEST)
    try:
        return _decoded(content)
    except (ValueError, AttributeError) as error:
        msg = f"{path}: no manifest of a list of names ({error}): take the list again"
        raise ValueError(msg) from None


def _decoded(content: bytes) -> Manifest:
    value: Any = parse(content)
    if (found := value.get("format")) != FORMAT:
        msg = f"format {found!r}, this version of muster reads format {FORMAT}"
        raise ValueError(msg)
    manifest = decode(Manifest, value)
    if manifest.content != content:
        msg = "not in canonical form"
        raise ValueError(msg)
    return manifest


def verify(folder: Path, manifest: Manifest) -> None:
    """Hold every file against its digest; raise ValueError naming one that is missing, no plain file, or altered."""
    for name, digest in manifest.files.items():
        path = folder / name
        problem = "it names a file elsewhere" if Path(name).name != name else ""
        try:
            found = "" if problem else digest_of_file(path)
        except OSError as error:
            found, problem = "", error.strerror or str(error)
        if problem or not hmac.compare_digest(found, digest):
            msg = f"{path}: {problem or 'altered since the list was taken'}; take the list again"
            raise ValueError(msg)


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a plain file; raise OSError where it is none."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe at its name would hold us up for ever
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            msg = "it is no plain file"
            raise OSError(msg)
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
