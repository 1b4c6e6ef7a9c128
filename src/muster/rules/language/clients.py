"""Clients: who may ask a gateway, by keys of which only the SHA-256 is kept."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_LINE = re.compile(
    r"(?P<label>[A-Za-z0-9][A-Za-z0-9._-]{0,63})\s+(?P<use_case>\S{1,128})\s+sha256:(?P<key>[0-9a-f]{64})"
)

BEARER = b"bearer "


@dataclass(frozen=True, slots=True)
class Client:
    """A program that may ask for the models of one use case."""

    label: str
    use_case: str
    key: bytes
    """SHA-256 of its key."""


Clients = Callable[[], Sequence[Client]]
"""Returns those who may ask now; raises ValueError or OSError where that cannot be told."""


def read_clients(text: str, name: str) -> tuple[Client, ...]:
    """Read a file of clients: label, use case and ``sha256:HEX`` a line; ``#`` begins a remark.

    Raises
    ------
    ValueError
        Naming the line that is none, or a label that stands twice; and where nobody is named at all.
    """
    found: dict[str, Client] = {}
    for number, line in enumerate(text.splitlines(), 1):
        written = line.partition("#")[0].strip()
        if not written:
            continue
        read = _LINE.fullmatch(written)
        if read is None:
            msg = f"{name}, line {number}: write LABEL USE-CASE sha256:HEX, as `muster client-key new` does"
            raise ValueError(msg)
        if read["label"] in found:
            msg = f"{name}, line {number}: {read['label']} stands twice; keep one"
            raise ValueError(msg)
        found[read["label"]] = Client(read["label"], read["use_case"], bytes.fromhex(read["key"]))
    if not found:
        msg = f"{name} names nobody, so that nobody could ask: add a line with `muster client-key new`"
        raise ValueError(msg)
    return tuple(found.values())


def client_of(clients: Sequence[Client], authorization: bytes) -> Client | None:
    """Return who sent an ``Authorization`` header, None where nobody here did; it takes as long for any key."""
    if authorization[: len(BEARER)].lower() != BEARER:
        return None
    key = hashlib.sha256(authorization[len(BEARER) :].strip()).digest()
    found = None
    for client in clients:
        if hmac.compare_digest(client.key, key):
            found = client
    return found
