"""Register: which credentials, links and sessions the ledger says are good; a fold that is kept in memory."""

from __future__ import annotations

import heapq
import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from muster.ports.ledger import Ledger
from muster.records.access.credentials import ClosedSession, Credential, OpenedSession, SignInBy
from muster.records.access.erasure import Erasure
from muster.records.access.roles import ActorRemoval
from muster.records.codec import decode, kind_of

ACTOR = "actor:"
"""Beginning of the name under which data of somebody who acts here are erased."""

_KINDS: dict[str, type[Any]] = {
    kind_of(kind): kind for kind in (Credential, OpenedSession, ClosedSession, ActorRemoval, Erasure)
}


@dataclass(slots=True)
class Register:
    """What is good now; to be read only."""

    credentials: dict[tuple[str, SignInBy], Credential] = field(default_factory=dict)
    """Newest of each actor and way; those that were closed are not here."""
    links: dict[str, Credential] = field(default_factory=dict)
    """One-time links that nobody has used, by their digest."""
    sessions: dict[str, OpenedSession] = field(default_factory=dict)
    """Sessions that nobody has closed, by id; they may have expired."""

    def copy(self) -> Register:
        """Return a register that can change while others read this one."""
        return Register(dict(self.credentials), dict(self.links), dict(self.sessions))

    def take(self, record: Any, at: datetime) -> None:
        """Take in the next record."""
        if isinstance(record, Credential):
            self._set(record)
        elif isinstance(record, OpenedSession):
            self.sessions = {id_: known for id_, known in self.sessions.items() if known.expires_at > at}
            self.sessions[record.id] = record
        elif isinstance(record, ClosedSession):
            self.sessions.pop(record.id, None)
        else:
            self._forget(record.data_subject.removeprefix(ACTOR) if isinstance(record, Erasure) else record.actor)

    def _set(self, credential: Credential) -> None:
        key = (credential.actor, credential.by)
        if credential.by is SignInBy.LINK and (before := self.credentials.get(key)) is not None:
            self.links.pop(before.digest, None)  # a newer link replaces the one before
        if not credential.digest:
            self.credentials.pop(key, None)
            return
        self.credentials[key] = credential
        if credential.by is SignInBy.LINK:
            self.links[credential.digest] = credential

    def _forget(self, actor: str) -> None:
        for key in [key for key in self.credentials if key[0] == actor]:
            self._set(Credential(actor, key[1], ""))
        self.sessions = {id_: known for id_, known in self.sessions.items() if known.actor != actor}


_REGISTERS: WeakKeyDictionary[Ledger, tuple[int, Register]] = WeakKeyDictionary()
_LOCK = threading.Lock()


def register_of(ledger: Ledger) -> Register:
    """Return what is good now, after catching up with the ledger; each asking must cost next to nothing."""
    size = ledger.refresh()
    with _LOCK:
        upto, register = _REGISTERS.get(ledger, (0, Register()))
        if upto < size:
            new = [(each.seq, each.entry) for kind in _KINDS for each in ledger.read(kind=kind, start=upto)]
            if new:
                register = register.copy()
            for _, entry in heapq.nsmallest(len(new), new, key=lambda each: each[0]):
                register.take(decode(_KINDS[entry.kind], entry.body), entry.at)
            _REGISTERS[ledger] = size, register
    return register
