"""What a policy asks of a language model's answers: each guard of them, and what is done about what it finds."""

from __future__ import annotations

from dataclasses import dataclass

from muster.records.language.packages import Action, PackageRules


@dataclass(frozen=True, slots=True)
class AnswerRules:
    """The guards of answers; each is off while it is None."""

    packages: PackageRules | None = None
    secrets: Action | None = None
    """Keys and passwords of known forms."""
    personal: Action | None = None
    """E-mail addresses, bank accounts, payment cards, numbers of people."""
    licences: Action | None = None
    """Headers and notices that say under whose licence copied code stands."""
    commands: Action | None = None
    """Commands that destroy, or that run what they download."""
