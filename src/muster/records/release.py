"""Release, deployment and orders: what may be served, and what the gateway is told from day to day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from muster.records.codec import ADDED, kind
from muster.records.decision import Question


@dataclass(frozen=True, slots=True)
class Release:
    """A positive decision, to be signed: this version may serve, on this evidence, until then."""

    question: Question
    served: str
    """Digest of the served artifact; the gateway loads exactly these bytes."""
    policy: str
    library: str
    evidence: tuple[str, ...]
    """Digests of every ledger entry that the decision rests on."""
    checkpoint: str
    """Ledger checkpoint (signed note) that includes them all."""
    issued_at: datetime
    expires_at: datetime


@kind("release.signed")
@dataclass(frozen=True, slots=True)
class SignedRelease:
    """A release in its Sigstore bundle, with the digest of the package that carries its proofs to gateways."""

    version: str
    use_case: str
    environment: str
    scope: str
    package: str
    """Digest of the release package blob: bundle, entries with inclusion proofs, checkpoint."""
    expires_at: datetime
    emergency: str = field(default="", metadata=ADDED)
    """Why it was released before its sign-offs; empty for an ordinary release."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """A ledger entry with its proof: base64 of the stored bytes, place, and audit path (hex) to the checkpoint."""

    seq: int
    raw: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleasePackage:
    """What a gateway needs to convince itself: the signed release and every entry that it rests on, proven."""

    bundle: str
    """JSON text of the Sigstore bundle v0.3 around the DSSE envelope of the release statement."""
    entries: tuple[ProvenEntry, ...]


class Part(StrEnum):
    """What a version is for under the name of a deployment."""

    CHAMPION = "champion"
    """Answers whoever no other version answers."""
    CHALLENGER = "challenger"
    """Answers some of the people, and always the same ones."""
    SHADOW = "shadow"
    """Is asked what others were asked, beside the answering; nobody sees what it says."""


@dataclass(frozen=True, slots=True)
class Buckets:
    """Buckets of people, from ``first`` up to and without ``end``, of 10,000 in all."""

    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Deployment:
    """A named place where a released version answers; versions that share its traffic are one of these each."""

    name: str
    use_case: str
    environment: str
    scope: str
    version: str
    served: str
    package: str
    share: float = 1.0
    """Share of the traffic, 0 to 1."""
    guards: str = field(default="", metadata=ADDED)
    """Name, in the orders, of the guards that stand before it; empty: those that its policy demands."""
    until: datetime | None = field(default=None, metadata=ADDED)
    """When gateways stop serving it, whether or not newer orders come: its release lapsed, and grace ends then."""
    part: Part = field(default=Part.CHAMPION, metadata=ADDED)
    people: tuple[Buckets, ...] = field(default=(), metadata=ADDED)
    """Whom a challenger answers, or whose requests a shadow sees; a champion answers whoever is left."""
    routing: str = field(default="", metadata=ADDED)
    """Of a champion: the input whose value says who somebody is, where a request does not say so itself."""
    cut_seconds: float = field(default=0.0, metadata=ADDED)
    """After so long gateways close what they log under its name, for somebody waits for it; 0: as they see fit."""

    @property
    def arm(self) -> str:
        """What it is called among those that share its name."""
        return self.name if self.part is Part.CHAMPION else f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class GuardOrder:
    """A guard, and what it is told."""

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GuardSet:
    """Guards in the order in which they judge; deployments refer to them by name, so that orders stay small."""

    name: str
    guards: tuple[GuardOrder, ...]


@dataclass(frozen=True, slots=True)
class NamedDigest:
    """A blob in the outbox, and what it is for."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Orders:
    """What one group of gateways shall do: numbered, signed, expiring; the highest number seen wins for good."""

    group: str
    number: int
    issued_at: datetime
    expires_at: datetime
    deployments: tuple[Deployment, ...]
    revoked: tuple[str, ...]
    """Digests of release packages that are withdrawn."""
    checkpoint: str
    root_version: int
    guards: tuple[GuardSet, ...] = field(default=(), metadata=ADDED)
    """Guards that stand before deployments, each set once."""
    reasons: tuple[NamedDigest, ...] = field(default=(), metadata=ADDED)
    """The reason map in force, by use case: what is said to whoever is refused."""
    lists: tuple[NamedDigest, ...] = field(default=(), metadata=ADDED)
    """Lists of names that guards hold answers against, by name, such as ``pypi``."""
    explanations: tuple[NamedDigest, ...] = field(default=(), metadata=ADDED)
    """What reasons are worked out from, by deployment: a form and the sums of a background."""
    stopped: tuple[str, ...] = field(default=(), metadata=ADDED)
    """Names of deployments that people stopped: nothing answers there, whatever else is said, until it is resumed."""


@kind("orders.issued")
@dataclass(frozen=True, slots=True)
class IssuedOrders:
    """Orders as they were signed; ``envelope`` is the JSON text of the DSSE envelope."""

    group: str
    number: int
    envelope: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"gateway-group:{self.group}"


@kind("release.revoked")
@dataclass(frozen=True, slots=True)
class Revocation:
    """A release is withdrawn: no gateway serves it once the next orders reach it."""

    version: str
    package: str
    reason: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"
