"""Anchors: where checkpoints of the ledger are kept beside the house: a file, a git repository, or a webhook."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from muster.adapters.telling.webhook import Event, Webhook
from muster.ports.clock import Clock
from muster.ports.ledger import Anchor

GIT_SECONDS = 30.0
"""How long one call of git may take."""

_AUTHOR = {"GIT_AUTHOR_NAME": "muster", "GIT_AUTHOR_EMAIL": "muster@localhost"}
_COMMITTER = {"GIT_COMMITTER_NAME": "muster", "GIT_COMMITTER_EMAIL": "muster@localhost"}
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")


def anchor_of(place: str, secret: bytes, clock: Clock) -> Anchor:
    """Return the anchor that a setting names: ``file:PATH``, ``git:FOLDER`` or an address; raise ValueError."""
    kind, found, where = place.partition(":")
    if kind == "file" and where:
        return FileAnchor(Path(where))
    if kind == "git" and where:
        return GitAnchor(Path(where))
    if found and kind in {"http", "https"}:
        return WebhookAnchor(place, secret, clock)
    msg = f"anchor {place!r}: write file:PATH, git:FOLDER, or the address of a webhook"
    raise ValueError(msg)


class FileAnchor:
    """A file to which checkpoints are only ever added: on another disk, or one that forbids anything else.

    Parameters
    ----------
    path
        The file; its folder must be there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        """How people call the place."""
        return f"file:{self._path}"

    def keep(self, note: str) -> None:
        """Add a checkpoint after an empty line, unless it is the last one there; it is on disk when this returns."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size, added = os.fstat(descriptor).st_size, b"\n" + note.encode()
            if size >= len(added) and os.pread(descriptor, len(added), size - len(added)) == added:
                return
            os.write(descriptor, added)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class GitAnchor:
    """A repository that exists already, in which each checkpoint is a commit; pushing it on is its owner's affair.

    Hooks of the repository are not run, and no settings but its own are read: it may belong to somebody else.

    Parameters
    ----------
    folder
        Work tree of the repository.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def name(self) -> str:
        """How people call the place."""
        return f"git:{self._folder}"

    def keep(self, note: str) -> None:
        """Write the checkpoint into a file named after the ledger, and commit it; nothing happens if it is there."""
        if not (self._folder / ".git").exists():
            msg = f"{self._folder} is no git repository: make one there with git init"
            raise FileNotFoundError(msg)
        origin, size, *_ = note.split("\n")
        path = self._folder / f"{_UNSAFE.sub('-', origin)}.checkpoint"
        if (
            path.is_file()
            and path.read_text(encoding="utf-8") == note
            and not self._run("status", "-s", "--", path.name)
        ):
            return
        path.write_text(note, encoding="utf-8")
        self._run("add", "--", path.name)
        self._run("commit", "--quiet", "--no-verify", "--message", f"{origin}: {size} entries", "--", path.name)

    def _run(self, *words: str) -> str:
        git = shutil.which("git")
        if git is None:
            msg = "git is not installed, and an anchor of the settings needs it"
            raise FileNotFoundError(msg)
        line = [git, "-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", "-C", str(self._folder), *words]
        plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        given = {**plain, **_AUTHOR, **_COMMITTER, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0"}
        try:
            ran = subprocess.run(  # noqa: S603 - git, with a list of arguments
                line, env=given, capture_output=True, text=True, timeout=GIT_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            msg = f"git {words[0]} in {self._folder} took longer than {GIT_SECONDS:g} seconds"
            raise OSError(msg) from None
        if ran.returncode:
            msg = f"git {words[0]} in {self._folder} failed: {(ran.stderr or ran.stdout).strip()[:500]}"
            raise OSError(msg)
        return ran.stdout


class WebhookAnchor:
    """An address that is sent each checkpoint as a signed CloudEvent.

    Parameters
    ----------
    url
        https, or plain http to this machine.
    secret
        Shared with whoever answers there.
    clock
        The moment that events carry.
    """

    def __init__(self, url: str, secret: bytes, clock: Clock) -> None:
        self._url = url
        self._clock = clock
        self._hook = Webhook(url, secret, "/muster/control-plane")

    @property
    def name(self) -> str:
        """How people call the place."""
        return self._url

    def keep(self, note: str) -> None:
        """Send a checkpoint; raise OSError if it was not taken."""
        subject = note.partition("\n")[0]
        self._hook.send(Event("muster.checkpoint.anchored", subject, self._clock(), {"checkpoint": note}))
