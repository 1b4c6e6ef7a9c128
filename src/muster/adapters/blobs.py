"""Blobs on anything that obstore speaks: a local folder here, an object store by the same class."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PermissionDeniedError
from obstore.store import LocalStore

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*(/[A-Za-z0-9][A-Za-z0-9.-]*)*")
_OS_ERROR = re.compile(r"os error (\d+)")
LARGEST_DOCUMENT = 16 * 2**20
"""Bytes of one named document that are read; orders have some thousand."""

LARGEST = 4 * 2**30
"""Bytes of one blob or document that are read: whoever may write into the folder must not fill our memory."""

_NEXT_STEP = {
    errno.ENOSPC: "; free some space and try again",
    errno.EDQUOT: "; ask for a larger quota and try again",
    errno.EACCES: "; check who may read and write there",
    errno.EPERM: "; check who may read and write there",
    errno.EROFS: "; it is mounted read-only",
}


class StoreBlobs:
    """Write-once bytes under ``sha256/`` and replaceable documents under ``named/`` of one object store.

    Parameters
    ----------
    store
        Any obstore store.
    where
        How error messages name the store.
    """

    def __init__(self, store: ObjectStore, where: str) -> None:
        self._store = store
        self._where = where

    def put(self, content: bytes) -> str:
        """Store bytes for good and return their digest; raise OSError where they cannot be kept.

        The same bytes may be put again. Should the stored ones be torn or altered, the right ones take their place:
        only bytes of this digest can ever stand under its name.
        """
        digest = _digest(content)
        path = _blob_path(digest)
        with self._failures(f"blob {digest}"):
            try:
                obstore.put(self._store, path, content, mode="create")
            except AlreadyExistsError:
                if _digest(self._read(path)) == digest:
                    return digest
                obstore.put(self._store, path, content)
            self._settle(path)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes; raise KeyError if absent, ValueError if what is stored has another digest."""
        path = _blob_path(digest)
        try:
            with self._failures(f"blob {digest}"):
                content = self._read(path)
        except FileNotFoundError:
            msg = f"no blob {digest} in {self._where}: removed, or another folder? Restore it from a copy"
            raise KeyError(msg) from None
        if (found := _digest(content)) != digest:
            msg = (
                f"blob {digest} in {self._where} was altered: its bytes now have digest {found}; restore it from a copy"
            )
            raise ValueError(msg)
        return content

    def remove(self, digest: str) -> None:
        """Let go of the bytes; raise KeyError if absent, PermissionError where the store forbids it for now.

        A store with object lock, a folder that may not be written: what somebody made immutable stays.
        """
        path = _blob_path(digest)
        try:
            with self._failures(f"blob {digest}"):
                obstore.head(self._store, path)
                obstore.delete(self._store, path)
        except FileNotFoundError:
            msg = f"no blob {digest} in {self._where}: it is gone already"
            raise KeyError(msg) from None
        except OSError as error:
            if isinstance(error.__cause__, PermissionDeniedError) or error.errno in (errno.EACCES, errno.EPERM):
                msg = f"blob {digest} in {self._where} is locked: {error}"
                raise PermissionError(error.errno or errno.EPERM, msg) from error
            raise

    def publish(self, name: str, content: bytes) -> None:
        """Replace the named document in one step: a reader sees the old bytes or the new ones, never a mixture.

        Names are letters, digits, ``.`` and ``-``, in parts divided by ``/``; anything else raises ValueError.
        """
        path = _document_path(name)
        with self._failures(f"document {name}"):
            obstore.put(self._store, path, content)
            self._settle(path)

    def published(self, name: str) -> bytes:
        """Return the named document; raise KeyError if there is none."""
        path = _document_path(name)
        try:
            with self._failures(f"document {name}"):
                return self._read(path)
        except FileNotFoundError:
            msg = f"no document {name!r} in {self._where}"
            raise KeyError(msg) from None

    def _read(self, path: str) -> bytes:
        return bytes(obstore.get(self._store, path).bytes())

    def _settle(self, path: str) -> None:
        """Make what was written outlive a power cut; object stores answer only once it does."""

    @contextmanager
    def _failures(self, what: str) -> Iterator[None]:
        """Turn the store's own errors into OSError with what, where and why in one line."""
        try:
            yield
        except FileNotFoundError:
            raise
        except (BaseError, OSError) as failure:
            code = _OS_ERROR.search(str(failure))
            number = int(code[1]) if code else getattr(failure, "errno", None) or 0
            reason = os.strerror(number) if number else str(failure).split("\n", 1)[0]
            msg = f"{what} in {self._where}: {reason}{_NEXT_STEP.get(number, '')}"
            raise OSError(number, msg) from failure


class FolderBlobs(StoreBlobs):
    """Blobs in a local folder.

    Parameters
    ----------
    path
        The folder.
    create
        Whether to make it where it is missing; readers pass False, so that a mistyped path is an error.
    largest
        Bytes of a file that are read at most.
    """

    def __init__(self, path: Path | str, *, create: bool = True, largest: int = LARGEST) -> None:
        self._largest = largest
        self._folder = Path(path).absolute()
        if not create and not self._folder.is_dir():
            msg = f"no folder {self._folder}: check the path, or let the control plane create it first"
            raise FileNotFoundError(msg)
        self._folder.mkdir(parents=True, exist_ok=True)
        super().__init__(LocalStore(self._folder), str(self._folder))

    def _read(self, path: str) -> bytes:
        """Read a plain file of a size that can be: a pipe at its name would hold up whoever reads it, for ever."""
        most = min(self._largest, LARGEST_DOCUMENT) if path.startswith("named/") else self._largest
        handle = os.open(self._folder / path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode):
                msg = "it is no plain file; remove it and publish it again"
                raise OSError(msg)
            with os.fdopen(handle, "rb", closefd=False) as file:
                content = file.read(most + 1) if facts.st_size <= most else b""
        finally:
            os.close(handle)
        if facts.st_size > most or len(content) > most:
            msg = f"it is larger than the {most} bytes that are read here; somebody else put it there"
            raise OSError(msg)
        return content

    def _settle(self, path: str) -> None:
        """Sync the file, then the folders that name it: the ledger may point to it from now on."""
        target = self._folder / path
        for place in (target, target.parent, *_new_folders(target.parent, self._folder)):
            handle = os.open(place, os.O_RDONLY | os.O_NONBLOCK)  # should another have put a pipe there meanwhile
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _new_folders(folder: Path, root: Path) -> Iterator[Path]:
    """Yield the folders above one that may have just been made: those up to the root."""
    while folder != root:
        folder = folder.parent
        yield folder


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _blob_path(digest: str) -> str:
    if not _DIGEST.fullmatch(digest):
        msg = f"{digest!r} is not a digest of the form sha256:HEX with 64 lower-case hex digits"
        raise ValueError(msg)
    text = digest.removeprefix("sha256:")
    return f"sha256/{text[:2]}/{text}"


def _document_path(name: str) -> str:
    if not _NAME.fullmatch(name):
        msg = f"{name!r} cannot name a document: use letters, digits, '.' and '-', in parts divided by '/'"
        raise ValueError(msg)
    return f"named/{name}"
