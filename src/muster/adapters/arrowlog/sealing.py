"""Sealing: a gateway signs each segment when it closes it; what an earlier life left open is closed and sealed first.

How far the chain of seals has come, and which segments grow, stands in the gateway's own state folder: a file that
somebody put into the log meanwhile is not among them, and is never sealed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from muster.adapters.arrowlog.segment import Closed, plain, sync
from muster.ports.keys import Signer
from muster.ports.log import LogCipher
from muster.records.canonical import canonical, parse
from muster.records.codec import decode, encode
from muster.rules.witness.seals import SegmentSeal, write_seal

SUFFIX = ".seal"
"""Of the file beside a segment that holds its seal."""

STATE = "log-chain.json"


@dataclass(frozen=True, slots=True)
class Chain:
    """How far the seals of one gateway have come."""

    number: int = 0
    previous: str = ""
    growing: tuple[str, ...] = ()
    """Segments that are open, by their path in the folder of the log."""


class Sealer:
    """Seals the segments of one gateway; used by the thread of its log only.

    Parameters
    ----------
    signer
        The gateway-log key.
    gateway
        Name of the gateway, as the trust root has it beside the key.
    folder
        Folder of the log.
    state
        State folder of the gateway.
    clock
        The moment that seals carry.
    cipher
        Opens segments that are sealed for those who have a key.
    """

    def __init__(
        self,
        signer: Signer,
        gateway: str,
        folder: Path,
        state: Path,
        clock: Callable[[], datetime],
        cipher: LogCipher | None = None,
    ) -> None:
        self._signer = signer
        self._gateway = gateway
        self._folder = folder
        self._path = state / STATE
        self._clock = clock
        self._cipher = cipher
        self._chain = self._read()

    def recover(self) -> None:
        """Close and seal what an earlier life of this gateway left open; raise OSError, ValueError where it cannot."""
        for name in self._chain.growing:
            self._recover(name)

    def opened(self, path: Path) -> None:
        """Remember that a segment grows, before it is made."""
        self._keep(replace(self._chain, growing=(*self._chain.growing, self._name(path))))

    def grows(self, path: Path) -> bool:
        """Tell whether a segment was opened, and neither closed nor forgotten."""
        return self._name(path) in self._chain.growing

    def closed(self, segment: Closed, grew: Path) -> None:
        """Seal a segment that was closed; ``grew`` is where it grew. Raise OSError if the seal cannot be kept."""
        chain, name = self._chain, self._name(segment.path)
        said = SegmentSeal(
            self._gateway, chain.number + 1, name, segment.digest, segment.rows, chain.previous, self._clock()
        )
        text, named = write_seal(said, self._signer.key, self._signer.sign)
        _write(segment.path.with_name(segment.path.name + SUFFIX), text.encode())
        self._keep(Chain(said.number, named, self._without(grew)))

    def forget(self, grew: Path) -> None:
        """Forget a segment that came to nothing."""
        self._keep(replace(self._chain, growing=self._without(grew)))

    def _recover(self, name: str) -> None:
        grew = self._folder / name
        stem = grew.name.removesuffix(".open")
        found = [path for path in grew.parent.glob(f"{stem}.*-rows.arrows") if path.is_file()]
        if not found and grew.is_file():
            rows = self._rows(grew)
            found = [grew.rename(grew.with_name(f"{stem}.{rows}-rows.arrows"))] if rows else []
            if not rows:
                grew.unlink()
            sync(grew.parent)
        if not found:
            self.forget(grew)
            return
        content = found[0].read_bytes()
        seal = found[0].with_name(found[0].name + SUFFIX)
        if seal.exists():  # the process ended between the seal and its own memory of it: the same seal is made again
            seal.unlink()
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self.closed(Closed(found[0], digest, self._rows(found[0])), grew)

    def _rows(self, path: Path) -> int:
        return _rows(plain(path.read_bytes(), self._cipher, path))

    def _name(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()

    def _without(self, grew: Path) -> tuple[str, ...]:
        gone = self._name(grew)
        return tuple(name for name in self._chain.growing if name != gone)

    def _read(self) -> Chain:
        try:
            return decode(Chain, parse(self._path.read_bytes()), "chain of the log")
        except FileNotFoundError:
            return Chain()
        except ValueError as error:
            msg = f"{self._path} is damaged ({error}): restore it, or take a new name for this gateway (gateway_name)"
            raise ValueError(msg) from error

    def _keep(self, chain: Chain) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        _write(self._path, canonical(encode(chain)))
        self._chain = chain


def _rows(content: bytes) -> int:
    """Count the rows of whole batches; a torn end was never acknowledged."""
    rows = 0
    try:
        reader = pa.ipc.open_stream(content)
        while True:
            rows += reader.read_next_batch().num_rows
    except (StopIteration, pa.ArrowException, OSError):
        return rows


def _write(path: Path, content: bytes) -> None:
    """Replace a file in one step; it is on disk when this returns."""
    draft = path.with_name(f"{path.name}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync(path.parent)
