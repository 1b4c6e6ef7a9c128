"""Ledger: the append-only, tamper-evident list of entries; and those elsewhere who remember how far it had come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from muster.records.entry import Basis, Entry, Recorded


class Conflict(RuntimeError):  # noqa: N818 - it is a state of the world, not a fault
    """Something that the decision read has changed since: read again and decide again."""


class Tampered(ValueError):  # noqa: N818 - it was found, it is no fault of whoever asked
    """The ledger is not what was written and signed: whoever meets it also raises the alert ``ledger-changed``."""


class Ledger(Protocol):
    """Entries in order. What is read back has been verified against a signed checkpoint."""

    @property
    def size(self) -> int:
        """Number of entries folded and verified so far."""
        ...

    def refresh(self) -> int:
        """Verify and fold what other processes appended; return the new size; raise Tampered where it was changed."""
        ...

    def append(self, entries: Sequence[Entry], expect: Basis | None = None) -> tuple[Recorded, ...]:
        """Append all entries or none, durably; raise Conflict if what ``expect`` covers has changed.

        Where it covers everything, refused attempts do not count: otherwise whoever may do nothing could, by trying
        often enough, keep all others from deciding.
        """
        ...

    def read(self, *, subject: str | None = None, kind: str | None = None, start: int = 0) -> Iterator[Recorded]:
        """Yield entries in order, from ``start``, of one subject or kind or both."""
        ...

    def checkpoint(self, size: int | None = None) -> str:
        """Return the newest signed checkpoint (or that of exactly ``size`` entries) as a C2SP signed note."""
        ...

    def inclusion(self, seq: int, size: int) -> tuple[bytes, ...]:
        """Return the RFC 6962 audit path of entry ``seq`` in the tree of the first ``size`` entries."""
        ...

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """Return the RFC 6962 proof that the tree of ``new`` entries extends that of ``old``."""
        ...

    def verify(self) -> int:
        """Read and hash every entry again; return how many; raise Tampered naming the place of any change."""
        ...


class Anchor(Protocol):
    """A place beside the house that keeps checkpoints, so that what was rewritten here can be told by what is there."""

    @property
    def name(self) -> str:
        """How people call the place, such as ``git:/srv/anchors``."""
        ...

    def keep(self, note: str) -> None:
        """Keep a checkpoint (signed note); raise OSError if it cannot be kept."""
        ...


class Witness(Protocol):
    """Somebody who follows the ledger and cosigns its checkpoints."""

    @property
    def name(self) -> str:
        """How people call it, such as its address."""
        ...

    def cosign(self, note: str, consistency: Callable[[int], Sequence[bytes]]) -> str:
        """Show a checkpoint and have it cosigned.

        Parameters
        ----------
        note
            The checkpoint, signed by the ledger's key.
        consistency
            Gives the RFC 6962 proof from a tree of that size to the checkpoint's.

        Returns
        -------
        str
            Signature lines, not verified yet.

        Raises
        ------
        PermissionError
            If the witness has seen another history of this ledger.
        OSError
            If it does not answer, or not to the point.
        """
        ...
