"""A vault in a local folder: one folder a person, with their keys and the list of what is sealed under them.

Destroying a key is what erases: its file is overwritten, synced and removed, and a mark stays that it was. Then the
sealed bytes are removed where no lock forbids it. A copy of the folder made before still holds the key: copies must end
as their own retention says, which ``docs/how-to/erase-a-person.md`` tells operators.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from fcntl import LOCK_EX, flock
from pathlib import Path

from muster.adapters.vault.sealing import KEY_BYTES, key_named, new_key, seal, unseal
from muster.ports.clock import Clock
from muster.ports.vault import Erased
from muster.records.codec import moment, stamp

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class FolderVault:
    """Fills the port Vault.

    Parameters
    ----------
    path
        Folder of the vault; made where it is missing, for its owner only.
    clock
        Tells whether a lock has ended.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._folder = path
        self._clock = clock
        path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def seal(self, subject: str, content: bytes, locked_until: datetime | None = None) -> str:
        """Encrypt and keep bytes about a person; return the digest of the sealed bytes, which are on disk then."""
        with self._turn(subject) as home:
            generation, key = self._living_key(home)
            sealed = seal(key, home.name, generation, content)
            digest = f"sha256:{hashlib.sha256(sealed).hexdigest()}"
            path = self._path(digest)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # First the list, then the bytes: what is listed and absent is harmless, the other way round it is lost.
            _add(home / "held", digest, locked_until)
            _write_new(path, sealed)
        return digest

    def open(self, digest: str) -> bytes:
        """Return the bytes; raise Erased if their key was destroyed, KeyError if absent, ValueError if changed."""
        sealed = self.sealed(digest)
        person, generation = key_named(sealed)
        home = self._folder / "people" / person
        if (home / f"{generation}.erased").exists():
            msg = f"{digest} was erased: the key was destroyed, and nobody can read it any more"
            raise Erased(msg)
        try:
            key = (home / f"{generation}.key").read_bytes()
        except FileNotFoundError:
            msg = f"the key of {digest} is not in {self._folder}, and was not erased: restore the folder from a copy"
            raise KeyError(msg) from None
        return unseal(key, sealed)

    def sealed(self, digest: str) -> bytes:
        """Return the sealed bytes; raise Erased or KeyError if absent, ValueError if changed."""
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError:
            if any(self._erased_lists(digest)):
                msg = f"{digest} was erased: its bytes were removed after their key was destroyed"
                raise Erased(msg) from None
            msg = f"no sealed bytes {digest} in {self._folder}: removed, or another folder? Restore it from a copy"
            raise KeyError(msg) from None
        if f"sha256:{hashlib.sha256(content).hexdigest()}" != digest:
            msg = f"sealed bytes {digest} in {self._folder} were altered: restore them from a copy"
            raise ValueError(msg)
        return content

    def held(self, subject: str) -> Sequence[str]:
        """Return the digests of everything that is sealed for a person and was not erased."""
        home = self._home(subject)
        gone = {digest for digest, _ in _listed(home / "gone")}
        return [digest for digest, _ in _listed(home / "held") if digest not in gone]

    def remove(self, digest: str) -> None:
        """Let go of one sealed blob; raise KeyError if absent, PermissionError while it is locked."""
        home = self._folder / "people" / key_named(self.sealed(digest))[0]
        with self._turned(home):
            listed = _listed(home / "held")
            until = dict(listed).get(digest)
            if until is not None and until > self._clock():
                msg = f"{digest} is locked until {until:%Y-%m-%d}: its bytes stay that long"
                raise PermissionError(errno.EPERM, msg)
            _add(home / "gone", digest, until)
            self._path(digest).unlink(missing_ok=True)

    def locked_until(self, subject: str) -> datetime | None:
        """Return until when some of a person's sealed bytes may not be deleted; None if all may be now."""
        held = (until for _, until in _listed(self._home(subject) / "held"))
        return max((until for until in held if until and until > self._clock()), default=None)

    def erase(self, subject: str) -> None:
        """Destroy a person's key, then remove what may be removed; locked bytes stay, and nobody can read them."""
        with self._turn(subject) as home:
            for key in sorted(home.glob("*.key")):
                _write_new(key.with_suffix(".erased"), b"", again=True)
                _destroy(key)
            now = self._clock()
            for digest, until in _listed(home / "held"):
                if until is None or until <= now:
                    self._path(digest).unlink(missing_ok=True)
                _add(home / "gone", digest, until)
            (home / "held").unlink(missing_ok=True)
            _sync(home)

    def sweep(self) -> int:
        """Remove unreadable bytes whose lock has ended; return how many."""
        removed = 0
        for gone in self._folder.glob("people/*/gone"):
            for digest, until in _listed(gone):
                if (until is None or until <= self._clock()) and self._path(digest).exists():
                    self._path(digest).unlink()
                    removed += 1
        return removed

    def _living_key(self, home: Path) -> tuple[int, bytes]:
        for path in home.glob("*.key"):
            if not path.with_suffix(".erased").exists():  # an erasure that was cut off left the file: it is erased
                return int(path.stem), path.read_bytes()
        generation = 1 + max((int(mark.stem) for mark in home.glob("*.erased")), default=0)
        _write_new(home / f"{generation}.key", key := new_key())
        return generation, key

    @contextmanager
    def _turn(self, subject: str) -> Iterator[Path]:
        """Give one process at a time the folder of a person."""
        home = self._home(subject)
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._turned(home):
            yield home

    @contextmanager
    def _turned(self, home: Path) -> Iterator[None]:
        with (home / "turn").open("wb") as turn:
            flock(turn, LOCK_EX)
            yield

    def _home(self, subject: str) -> Path:
        """Return the folder of a person; its name is a hash with a secret of this vault, so that names stay out."""
        return self._folder / "people" / hashlib.blake2b(subject.encode(), key=self._salt(), digest_size=16).hexdigest()

    def _salt(self) -> bytes:
        path = self._folder / "salt"
        if not path.exists():
            draft = path.with_suffix(f".{secrets.token_hex(4)}")
            _write_new(draft, secrets.token_bytes(KEY_BYTES))
            try:
                os.link(draft, path)  # the first process wins, and its bytes are complete
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_bytes()

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            msg = f"{digest!r} is not a digest of the form sha256:HEX with 64 lower-case hex digits"
            raise ValueError(msg)
        text = digest.removeprefix("sha256:")
        return self._folder / "sealed" / text[:2] / text

    def _erased_lists(self, digest: str) -> Iterator[Path]:
        for gone in self._folder.glob("people/*/gone"):
            if any(name == digest for name, _ in _listed(gone)):
                yield gone


def _listed(path: Path) -> list[tuple[str, datetime | None]]:
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return []
    parted = (line.partition(" ") for line in lines)
    return [(digest, None if until == "-" else moment(until)) for digest, _, until in parted]


def _add(path: Path, digest: str, until: datetime | None) -> None:
    with path.open("a", encoding="ascii") as listed:
        listed.write(f"{digest} {stamp(until) if until else '-'}\n")
        listed.flush()
        os.fsync(listed.fileno())


def _write_new(path: Path, content: bytes, *, again: bool = False) -> None:
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if again else os.O_EXCL) | os.O_NOFOLLOW
    descriptor = os.open(path, flags, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _sync(path.parent)


def _destroy(path: Path) -> None:
    """Overwrite and remove; on disks that write elsewhere the old bytes go when the disk reuses them."""
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
