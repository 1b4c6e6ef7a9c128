"""Overrides: a person decided otherwise than a model, or decided what was left to a person."""

from __future__ import annotations

from dataclasses import dataclass

from muster.records.codec import kind

APPROVE, REFUSE, REFER = "approve", "refuse", "refer"
"""What is said of a decision, by a model or by people; what is left to people, a model refers."""


@kind("decision.overridden")
@dataclass(frozen=True, slots=True)
class Override:
    """What a person decided about one logged decision; who it is about is in no field of it."""

    decision: str
    """Id of the decision in the inference log."""
    deployment: str
    version: str
    use_case: str
    was: str
    """``approve``, ``refuse``, or ``refer`` where it had been left to a person."""
    to: str
    """``approve`` or ``refuse``."""
    reason: str
    """Digest of the reason as it is sealed in the vault."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"decision:{self.decision}"
