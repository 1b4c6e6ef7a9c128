"""Witnesses over HTTP: the client's side of the C2SP protocol (c2sp.org/tlog-witness)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from typing import Any

from muster.adapters.telling.webhook import post, require_address

CONFLICT, UNPROCESSABLE, FORBIDDEN, UNKNOWN = 409, 422, 403, 404

_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n?")
_LARGEST = 16 * 2**10


class HttpWitness:
    """One witness, at its submission prefix.

    Parameters
    ----------
    url
        https, or plain http to this machine.
    transport
        How requests travel, if not over sockets.
    """

    def __init__(self, url: str, transport: Any = None) -> None:
        require_address(url)
        self._url = url.rstrip("/")
        self._transport = transport
        self._size = 0
        """Size of the tree that it cosigned last, as far as we know; it says so where we are wrong."""

    @property
    def name(self) -> str:
        """How people call it."""
        return self._url

    def cosign(self, note: str, consistency: Callable[[int], Sequence[bytes]]) -> str:
        """Show a checkpoint; return the witness's signature lines.

        Raises
        ------
        PermissionError
            If it has seen another history of this ledger, or a longer one.
        OSError
            If it does not answer, does not know this ledger, or answers beside the point.
        """
        size = int(note.split("\n")[1])
        for _ in range(3):  # another process of ours may show it newer checkpoints meanwhile
            if self._size > size:
                msg = f"it has seen {self._size} entries, and is shown {size}: the ledger has lost its end"
                raise PermissionError(msg)
            status, answer = self._show(note, self._size, consistency(self._size))
            if status != CONFLICT:
                return self._taken(status, answer, size)
            seen = _SIZE.fullmatch(answer)
            if not seen or int(seen[1]) == self._size:
                msg = f"it has seen another history of {self._size} entries: the ledger was forked or rewritten"
                raise PermissionError(msg)
            self._size = int(seen[1])
        msg = "it changes its mind about what it has seen"
        raise OSError(msg)

    def _show(self, note: str, old: int, proof: Sequence[bytes]) -> tuple[int, bytes]:
        lines = [f"old {old}", *(base64.b64encode(step).decode() for step in proof), "", note]
        status, answer = post(
            f"{self._url}/add-checkpoint",
            "\n".join(lines).encode(),
            {"content-type": "text/plain; charset=utf-8"},
            taken=(CONFLICT, UNPROCESSABLE, FORBIDDEN, UNKNOWN),
            transport=self._transport,
        )
        return status, answer[:_LARGEST]

    def _taken(self, status: int, answer: bytes, size: int) -> str:
        if status == UNPROCESSABLE:
            msg = f"the ledger of {size} entries does not continue the {self._size} that it has seen: rewritten"
            raise PermissionError(msg)
        if status in (FORBIDDEN, UNKNOWN):
            why = "does not know this ledger" if status == UNKNOWN else "does not know the ledger's key"
            msg = f"it {why}: give its keeper the ledger's name and public key"
            raise OSError(msg)
        self._size = size
        return answer.decode(errors="replace")
