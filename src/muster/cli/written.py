"""Written: files that commands leave are whole, or are not there."""

from __future__ import annotations

import os
from pathlib import Path


def write_new(path: Path, content: bytes, *, replace: bool = False) -> None:
    """Write a file whole.

    Parameters
    ----------
    path
        Where it goes; nothing may stand there, unless ``replace`` is set.
    content
        All of it.

    Raises
    ------
    FileExistsError
        If something stands at ``path``; it is left alone.
    OSError
        If it cannot be written; what stood there before stands there still, and nothing new does.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft") if replace else path
    try:
        with draft.open("xb") as file:
            _fill(draft, file.fileno(), content)
        draft.replace(path)
    except OSError as error:  # named for what was asked for, not for the draft or a bare descriptor
        raise OSError(error.errno, error.strerror, str(path)) from None


def _fill(path: Path, descriptor: int, content: bytes) -> None:
    """Write all to disk, or remove the file that was just made."""
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    except BaseException:
        path.unlink()
        raise
