"""Context: what an action works with: the ports, who is asking, and where to tell of progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from muster.columns.packages.names import Lists
from muster.ports.blobs import Blobs
from muster.ports.clock import Clock
from muster.ports.directory import Directory
from muster.ports.executor import Executor, Progress
from muster.ports.keys import Signer, Verify
from muster.ports.ledger import Anchor, Ledger, Witness
from muster.ports.log import Lake, LogReader
from muster.ports.notifier import Notifier
from muster.ports.predictor import Remote
from muster.ports.registry import Registry
from muster.ports.upstream import Upstream
from muster.ports.vault import Vault
from muster.records.access.roles import Scope
from muster.records.codec import decode, encode, kind_of
from muster.records.data import Column
from muster.records.entry import ACCOUNT, LOCAL, Basis, Entry, Recorded
from muster.records.model import Endpoint
from muster.records.people import Role
from muster.records.trust import Duty

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking. ``local`` means that nobody authenticated them: they have the files, and said a name."""

    id: str
    roles: frozenset[Role]
    local: bool = False
    scopes: Mapping[Role, tuple[Scope, ...]] = field(default_factory=dict)
    """Where a role counts; a role that is not named here counts everywhere."""
    responsible: str = ""
    """For a service account: the person who answers for it, who counts as the author of what it does."""
    read_only: bool = False
    session: str = ""
    """Id of the session or token that they came in with."""

    @property
    def actor(self) -> str:
        """The actor as entries name it: local mode shows in every entry, and who answers for a service account."""
        name = f"{self.responsible}{ACCOUNT}{self.id}" if self.responsible else self.id
        return f"{LOCAL}{name}" if self.local else name


@dataclass(frozen=True, slots=True)
class House:
    """The ports of one control plane, bound once by wiring."""

    ledger: Ledger
    blobs: Blobs
    """Everything that is kept: data, artifacts, evidence files."""
    outbox: Blobs
    """What gateways may read: trust roots, orders, release packages, served artifacts; nothing else."""
    registry: Registry
    executor: Executor
    load: Callable[[bytes], Any]
    """Loads a served artifact, which is data only: a Predictor with the ``plan`` that encodes its inputs."""
    log: LogReader
    vault: Vault
    """Personal data, each person's under a key of their own."""
    directory: Directory
    """Who the actors are in life, and their sessions."""
    signers: Mapping[Duty, Signer]
    verify: Verify
    clock: Clock
    fingerprint: str
    """Of the trust root, pinned when the house was made."""
    notify: Notifier
    """Told of everything that people must look at now."""
    anchors: Sequence[Anchor] = ()
    """Where checkpoints are kept beside the house."""
    witnesses: Sequence[Witness] = ()
    """Who cosigns checkpoints."""
    remote: Callable[[Endpoint, Sequence[Column], int | str, str], Remote] | None = None
    """Opens a model that answers at an endpoint: where, its inputs, the positive class, and the output to read."""
    upstream: Upstream | None = None
    """Asks providers of language models; None where this control plane may not."""
    names: Callable[[], Lists] | None = None
    """Opens the lists of package names by which answers are judged."""
    push: Callable[[str], None] | None = None
    """Tells gateways of new orders (their envelope), best effort and without waiting; they poll all the same."""
    typeset: Callable[[str], bytes] | None = None
    """Makes PDF of a source for typst; None where the extra ``report`` is not installed."""
    lake: Lake | None = None
    """Tables of the log; None where the extra ``lake`` is not installed."""


@dataclass(frozen=True, slots=True)
class Context:
    """A house, and the one who acts in it."""

    house: House
    identity: Identity
    progress: Progress

    def entry(self, record: Any) -> Entry:
        """Make the ledger entry of a record: its kind and subject, by this actor, now."""
        return Entry(kind_of(type(record)), record.subject, self.identity.actor, self.house.clock(), encode(record))

    def record(self, *records: Any, expect: Basis | None = None) -> tuple[Recorded, ...]:
        """Append records to the ledger, all or none; raise Conflict if what ``expect`` covers has changed."""
        return self.house.ledger.append([self.entry(record) for record in records], expect)

    def basis(self, *subjects: str) -> Basis:
        """Fix what a decision is about to read, after catching up with what others wrote."""
        return Basis(self.house.ledger.refresh(), frozenset(subjects) or None)

    def history(self, kind: type[T], subject: str | None = None) -> Sequence[tuple[Recorded, T]]:
        """Return every record of a kind, oldest first, with the entry that holds it."""
        read = self.house.ledger.read(kind=kind_of(kind), subject=subject)
        return [(recorded, decode(kind, recorded.entry.body)) for recorded in read]

    def latest(self, kind: type[T], subject: str) -> T:
        """Return the newest record of a kind about a subject; raise LookupError if there is none."""
        found = self.history(kind, subject)
        if not found:
            noun = kind_of(kind).partition(".")[0]
            msg = f"no {noun} {subject.partition(':')[2]!r} is known here; `muster {noun} list` shows what is"
            raise LookupError(msg)
        return found[-1][1]
