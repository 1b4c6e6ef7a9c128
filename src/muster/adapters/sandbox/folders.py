"""Folders of workers: each for one task, gone with it; what a killed process left behind is removed by the next.

They hold rows of data sets, so that none may stay. Whoever uses a folder holds a lock on it, which the kernel lets go
of however the process ends; a folder that nobody holds is nobody's.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_PREFIX: Final = "muster-worker-"

_YOUNG: Final = 60.0
"""Seconds in which a folder may not be locked yet by the process that is making it."""


@contextlib.contextmanager
def own_folder(place: Path | None = None) -> Iterator[Path]:
    """Make a folder for one task, and remove it afterwards; remove those that were left behind first.

    Parameters
    ----------
    place
        Folder of such folders; by default the system's for temporary files.
    """
    around = place or Path(tempfile.gettempdir())
    sweep(around)
    made = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=around, ignore_cleanup_errors=True)
    with made as name, _held(Path(name)):
        yield Path(name).resolve()


def sweep(place: Path) -> None:
    """Remove folders of tasks whose process has ended without removing them; leave what is not ours alone."""
    for folder in place.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            facts = folder.lstat()
            if facts.st_uid != os.getuid() or time.time() - facts.st_ctime < _YOUNG or folder.is_symlink():
                continue
            with _held(folder):
                shutil.rmtree(folder)


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a folder; raise BlockingIOError if another process does."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
