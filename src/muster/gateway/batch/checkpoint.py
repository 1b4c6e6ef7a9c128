"""Checkpoint: how far a run has come, on disk; what it does not say did not happen."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from muster.records.canonical import canonical, parse
from muster.records.codec import decode, encode
from muster.records.logs.segments import Aside

FILE = "checkpoint.json"


@dataclass(frozen=True, slots=True)
class Errand:
    """What a run is about; whoever goes on with it must mean the same."""

    deployment: str
    version: str
    served: str
    input: str
    """Digest of the whole file."""
    form: str
    """How the output is written."""
    keep: tuple[str, ...]
    reasons: bool


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a run has come: everything before ``rows`` is on disk, written and logged, and nothing after it."""

    run: str
    errand: Errand
    rows: int = 0
    refused: int = 0
    favoured: int = 0
    referred: int = 0
    parts: tuple[str, ...] = ()
    """Digests of the parts of the output."""
    number: int = 0
    """Of this checkpoint; log segments carry it."""
    segments: tuple[Aside, ...] = ()
    """Those of the log that came with this checkpoint: they are made to count once it is on disk."""


class Kept:
    """The folder beside the output where a run leaves how far it has come.

    Parameters
    ----------
    folder
        There until the output is finished; None: a run between pipes, which cannot be gone on with.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def read(self) -> Checkpoint | None:
        """Return the last checkpoint, None where there is none; raise ValueError where it cannot be read."""
        if self.folder is None or not (path := self.folder / FILE).exists():
            return None
        try:
            return decode(Checkpoint, parse(path.read_bytes()), "checkpoint")
        except ValueError as error:
            msg = f"{path} is damaged ({error}): start over (--restart); what was logged stays logged"
            raise ValueError(msg) from error

    def write(self, checkpoint: Checkpoint) -> None:
        """Replace the checkpoint in one step; it is on disk when this returns."""
        if self.folder is None:
            return
        draft = self.folder / f"{FILE}.draft"
        with draft.open("wb") as file:
            file.write(canonical(encode(checkpoint)))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / FILE)
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
