"""Findings of validators: what is wrong with a version or a use case, whose it is, by when, and how it ended.

Titles stay in the ledger for ever, so they name no person; the words of a finding, of its answers and of its end are
sealed in the vault, where they can be erased.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.records.codec import kind
from muster.records.governance.terms import FindingSeverity


@kind("finding.opened")
@dataclass(frozen=True, slots=True)
class OpenedFinding:
    """Something that a validator found wrong."""

    id: str
    about: str
    """Ledger subject: ``version:DIGEST``, or ``use-case:ID``, which then counts for all its versions."""
    use_case: str
    severity: FindingSeverity
    title: str
    words: str
    """Digest of what was found as it is sealed in the vault; empty if the title says it all."""
    owner: str
    """Who sees to it; they never close it."""
    due_at: datetime
    control: str = ""
    """Control that it is about, if any."""
    clause: str = ""
    """Clause of a law or standard that it is about, if any."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return self.about


@kind("finding.answered")
@dataclass(frozen=True, slots=True)
class AnsweredFinding:
    """What its owner means to do, or has done."""

    finding: str
    about: str
    words: str
    """Digest of the answer as it is sealed in the vault."""
    done: bool = False
    """Whether the owner says that it is dealt with; a validator closes it then, or does not."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return self.about


@kind("finding.closed")
@dataclass(frozen=True, slots=True)
class ClosedFinding:
    """A validator is satisfied."""

    finding: str
    about: str
    words: str
    """Digest of the reason as it is sealed in the vault."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return self.about


@kind("finding.reopened")
@dataclass(frozen=True, slots=True)
class ReopenedFinding:
    """It was not dealt with after all."""

    finding: str
    about: str
    words: str
    """Digest of the reason as it is sealed in the vault."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return self.about
