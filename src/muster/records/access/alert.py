"""Alert: something that people must look at now, wherever it was noticed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from muster.records.codec import kind


class Severity(StrEnum):
    """How soon people must look."""

    CRITICAL = "critical"
    """Somebody may be attacking, or nothing is served."""
    WARNING = "warning"
    INFO = "info"


@kind("alert.raised")
@dataclass(frozen=True, slots=True)
class Alert:
    """What was noticed, where and when, in words that say what to do next."""

    what: str
    """Stable name in kebab case, such as ``orders-replayed``, to filter and count by."""
    severity: Severity
    about: str
    """Ledger subject, or the process that noticed it, such as ``gateway:credit/g1``."""
    words: str
    at: datetime

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"alert:{self.what}"


class Suspicious(PermissionError):  # noqa: N818 - it is a refusal, not a fault
    """A refusal that smells of attack: whoever catches it also raises the alert that ``what`` names."""

    def __init__(self, words: str, what: str, severity: Severity = Severity.CRITICAL) -> None:
        super().__init__(words)
        self.what = what
        self.severity = severity
