"""Attestations by the house: what it says, in the words of other tools, of what its ledger holds already.

They are signed when somebody asks for them, not when it happened; the entry's own time says when that was.
"""

from __future__ import annotations

from dataclasses import dataclass

from muster.records.codec import kind


@kind("attestation.signed")
@dataclass(frozen=True, slots=True)
class HouseAttestation:
    """An in-toto Statement that the house signs about one of its entries, and that says nothing beyond it."""

    version: str
    about: str
    """Digest of the ledger entry: a decision, a release or a training run."""
    predicate_type: str
    envelope: str
    """JSON text of the DSSE envelope."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"


@kind("model.signed")
@dataclass(frozen=True, slots=True)
class SignedModel:
    """The files of a version, signed by the house in the format of OpenSSF Model Signing."""

    version: str
    bundle: str
    """JSON text of the Sigstore bundle: what is in ``model.sig`` beside the files."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"
