"""A small witness as C2SP defines it (c2sp.org/tlog-witness): real HTTP, real signatures, state that outlives it."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ed25519
from tests.servers.running import Answer, Asked, listening

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.records.trust import Duty, KeyGrant, PublicKey
from muster.rules.merkle import verify_consistency
from muster.rules.note import Checkpoint, open_checkpoint, signatures_of
from muster.rules.witness.cosignature import cosign


class Witness:
    """Follows the logs that it is told of, one state file each.

    Parameters
    ----------
    folder
        Where it keeps what it has seen.
    logs
        Public keys of the logs it follows, by name.
    """

    def __init__(self, folder: Path, logs: dict[str, PublicKey], name: str = "witness.example/w1") -> None:
        self.name = name
        self.key = KeyFile(ed25519.Ed25519PrivateKey.generate())
        self._folder = folder
        self._logs = logs
        self._lock = threading.Lock()
        self.shown: list[int] = []

    @property
    def grant(self) -> KeyGrant:
        return KeyGrant(Duty.WITNESS, self.key.key, name=self.name)

    def add(self, body: bytes) -> tuple[int, str, str]:
        """Return status, media type and body of the answer."""
        head, found, note = body.decode().partition("\n\n")
        old, *proof = head.split("\n")
        if not found or not old.startswith("old "):
            return 400, "text/plain", "malformed\n"
        origin = note.partition("\n")[0]
        if origin not in self._logs:
            return 404, "text/plain", "unknown log\n"
        try:
            point = open_checkpoint(note, origin, [self._logs[origin]], verify)
        except PermissionError:
            return 403, "text/plain", "not signed by the log\n"
        with self._lock:
            return self._judge(point, int(old[4:]), [base64.b64decode(step) for step in proof], note)

    def _judge(self, point: Checkpoint, old: int, proof: list[bytes], note: str) -> tuple[int, str, str]:
        self.shown.append(point.size)
        size, root = self._seen(point.origin)
        if old > point.size:
            return 400, "text/plain", "old size is larger\n"
        if old != size:
            return 409, "text/x.tlog.size", f"{size}\n"
        if old == point.size and root != point.root:
            return 409, "text/x.tlog.size", f"{size}\n"
        if old and not verify_consistency(old, root, point.size, point.root, proof):
            return 422, "text/plain", "not consistent\n"
        self._file(point.origin).write_text(f"{point.size} {point.root.hex()}")
        text = signatures_of(note)[0]
        now = datetime.now(UTC)  # noqa: TID251 - a witness has a clock of its own
        return 200, "text/plain", cosign(text, self.name, self.key.key, self.key.sign, now)

    def _seen(self, origin: str) -> tuple[int, bytes]:
        file = self._file(origin)
        if not file.exists():
            return 0, b""
        size, root = file.read_text().split()
        return int(size), bytes.fromhex(root)

    def _file(self, origin: str) -> Path:
        return self._folder / f"{origin.encode().hex()}.seen"


@contextmanager
def answering(witness: Witness) -> Iterator[str]:
    """Answer at an address of this machine while the block runs."""

    def answer(asked: Asked) -> Answer:
        known = asked.path == "/add-checkpoint"
        status, kind, said = witness.add(asked.content) if known else (404, "text/plain", "nothing here\n")
        return status, kind, said.encode()

    with listening(answer) as address:
        yield address
