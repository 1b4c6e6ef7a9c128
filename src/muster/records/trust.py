"""Keys by duty, the trust-root document that names them, and the envelope that carries signatures."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from muster.records.codec import ADDED, kind


class Duty(StrEnum):
    """What a key may sign; no key has two duties."""

    ROOT = "root"
    RELEASE = "release"
    ORDERS = "orders"
    LEDGER = "ledger"
    APPROVER = "approver"
    GATEWAY_LOG = "gateway-log"
    """Signs what a gateway logged."""
    PLATFORM = "platform"
    """Signs sign-offs in the name of people whom the control plane authenticated and who have no key."""
    WITNESS = "witness"
    """Cosigns checkpoints of the ledger, for somebody else than whoever keeps it."""


class Algorithm(StrEnum):
    """Signature algorithm of a key."""

    ECDSA_P256 = "ecdsa-p256"
    """ECDSA on P-256 over SHA-256, signature in DER; all statements and documents."""
    ED25519 = "ed25519"
    """Checkpoints of the ledger, as C2SP signed notes ask."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: algorithm and base64 of its DER SubjectPublicKeyInfo."""

    algorithm: Algorithm
    spki: str

    @property
    def id(self) -> str:
        """SHA-256 of the DER bytes, in hex: how signatures and documents name the key."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def der(self) -> bytes:
        """DER SubjectPublicKeyInfo; raise ValueError where it is not base64."""
        return base64.b64decode(self.spki, validate=True)


@dataclass(frozen=True, slots=True)
class KeyGrant:
    """A key, and the duty that the root gives it; approver keys also name their actor and its roles."""

    duty: Duty
    key: PublicKey
    actor: str = ""
    roles: tuple[str, ...] = ()
    use_cases: tuple[str, ...] = field(default=(), metadata=ADDED)
    """For an approver: the only use cases that they may sign off; none named: all."""
    name: str = field(default="", metadata=ADDED)
    """For a witness or a gateway: the name that it signs under."""


@dataclass(frozen=True, slots=True)
class PolicySeat:
    """How many people of a role must sign a policy before anything is released under it."""

    role: str
    count: int = 1


@kind("trust-root.published")
@dataclass(frozen=True, slots=True)
class TrustRoot:
    """Who is trusted with what. Versions go up by one; each is signed by a threshold of the root keys before it."""

    version: int
    origin: str
    """Name of the ledger, as in the first line of its checkpoints."""
    grants: tuple[KeyGrant, ...]
    threshold: int
    """How many root keys must sign the next version."""
    issued_at: datetime
    expires_at: datetime
    witnesses_needed: int = field(default=0, metadata=ADDED)
    """How many witnesses must have cosigned the checkpoint of orders, and that of an auditor."""
    policy_sign_offs: tuple[PolicySeat, ...] = field(default=(), metadata=ADDED)
    """Who must have signed a policy, with keys of their own, before gateways take a release under it; none: nobody."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return "trust-root"

    def keys(self, duty: Duty) -> tuple[PublicKey, ...]:
        """Return the keys that hold this duty."""
        return tuple(grant.key for grant in self.grants if grant.duty is duty)


@kind("trust-root.signed")
@dataclass(frozen=True, slots=True)
class SignedRoot:
    """A trust root as it was signed, so that its document can be put out again; JSON text of the DSSE envelope."""

    version: int
    envelope: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return "trust-root"


@kind("key.offered")
@dataclass(frozen=True, slots=True)
class KeyOffer:
    """An approver hands in the public half of a key that they made; it counts for nothing until the root grants it."""

    actor: str
    key: PublicKey
    proof: str
    """Base64 of the key's signature over :attr:`challenge`: whoever hands it in holds the private half."""
    origin: str
    """Name of the house's ledger, as in its trust root."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"actor:{self.actor}"

    @property
    def challenge(self) -> bytes:
        """What the key signs: it names house, actor and key, so that it proves nothing for any other."""
        return f"muster key offer\n{self.origin}\n{self.actor}\n{self.key.id}\n".encode()


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature in an envelope: key id and base64 of the signature bytes."""

    keyid: str
    sig: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """A DSSE envelope: payload type, base64 payload and signatures over the pre-authentication encoding."""

    payloadType: str  # noqa: N815 - the field name is DSSE's
    payload: str
    signatures: tuple[Signature, ...]
